"""The demo year as a whole: what must be found is found on its day, and nothing else."""

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, time
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.request import urlopen

import pytest

from andon.analyze.monitoring.models import Stream
from andon.analyze.monitoring.queries import told_findings
from andon.analyze.problems.models import Problem
from andon.control.plans.master_data import load_master
from andon.demo import build
from andon.demo.facts import lots_of, rows_of, uses_of
from andon.demo.year import FactoryYear, ProductionDay, factory_year
from andon.demo.year_findings import count_findings, value_findings
from andon.identify.measurements.services import take_in
from andon.organization.products.services import link_many, state_lots
from andon.records import clock

SEED = 20250101
# Found on, streams, best driver's factor and level, state: DOMAIN 4.3, P1 P2 P8 P4 P3 P7 P5.
PROBLEMS = [
    ("2025-03-11", {"PD/L3"}, "machine", "L3", "solved"),
    ("2025-05-14", {"AU/PL2", "CR/T1"}, "lot", "PL2-250514-E", "new"),
    ("2025-06-13", {"BURR"}, "", "", "under_action"),
    ("2025-06-25", {"SF/SF-02"}, "instrument", "SF-02", "new"),
    ("2025-07-04", {"CRIMP/A2/N"}, "machine × shift", "A2/N", "solved"),
    ("2025-09-02", {"BO/L5", "BO/L6"}, "instrument", "MIC-07", "new"),
    ("2025-10-06", {"SF/A1", "SF/A2", "SF/A3"}, "supplier", "S-B", "new"),
]


def andon(folder: Path, *words: str) -> Any:
    """Run a command of the product on a data folder and return what it printed."""
    done = subprocess.run(
        [*_ANDON, *words, "--data", str(folder)], env=of_a_user(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout) if "--json" in words else done.stdout


def of_a_user() -> dict[str, str]:
    """Return the environment without what the tests name in it."""
    return {k: v for k, v in os.environ.items() if k not in _OF_THE_TEST}


_ANDON = [sys.executable, "-m", "andon.cli"]


_OF_THE_TEST = (
    "ANDON_DATA_DIR",
    "ANDON_DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "ANDON_SECRET_KEY",
)


def expected(year: FactoryYear) -> set[tuple[str, str, str, str]]:
    """Return the findings as the pure rules give them, without database or order of arrival."""
    found = [*value_findings(year), *count_findings(year)]
    return {(f.stream, f.rule, str(f.found_on), f.shift) for f in found}


def as_set(told: list[dict[str, str]]) -> set[tuple[str, str, str, str]]:
    """Return told findings for comparison, those of missed effects and studies apart."""
    values = [f for f in told if f["rule"] not in ("EFFECT", "GAUGE")]
    return {(f["stream"], f["rule"], f["found_on"], f["shift"]) for f in values}


@pytest.fixture(scope="module")
def year_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as `make demo` builds and serves it: interrupted once, then left to itself."""
    folder = tmp_path_factory.mktemp("year")
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = str(place.getsockname()[1])
    words = ["demo", "--data", str(folder), "--seed", str(SEED), "--port", port]
    interrupt(words, folder)
    with subprocess.Popen([*_ANDON, *words], env=of_a_user(), stdout=subprocess.DEVNULL) as demo:
        try:
            wait_until(demo, 300, lambda: is_served(port))
            wait_until(demo, 60, lambda: has_worked(folder))
        finally:
            demo.terminate()
    return folder


def interrupt(words: list[str], folder: Path) -> None:
    """Kill a first demo in the middle of taking its year in."""
    with subprocess.Popen([*_ANDON, *words], env=of_a_user(), stdout=subprocess.DEVNULL) as demo:
        try:
            wait_until(demo, 60, (folder / "andon.sqlite3").is_file)
            wait_until(demo, 60, lambda: blocks_in(folder) > 3)
        finally:
            demo.kill()


def blocks_in(folder: Path) -> int:
    """Return how many days or so a demo has taken in so far."""
    with closing(sqlite3.connect(folder / "andon.sqlite3")) as file:
        try:
            return int(file.execute("SELECT count(*) FROM history_block").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def wait_until(demo: subprocess.Popen[bytes], seconds: float, is_so: Callable[[], bool]) -> None:
    """Wait for what the demo has to reach."""
    until = monotonic() + seconds
    while not is_so():
        assert demo.poll() is None, "the demo has ended"
        assert monotonic() < until, f"not reached in {seconds} s"
        sleep(0.5)


def is_served(port: str) -> bool:
    """Tell whether the demo answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def has_worked(folder: Path) -> bool:
    """Tell whether each job of the server's worker has run."""
    jobs = andon(folder, "worker", "--status", "--json")["jobs"]
    return all(job["state"] == "successful" for job in jobs)


@pytest.mark.once
def test_the_year_holds_exactly_the_published_findings(year_folder: Path) -> None:
    told = andon(year_folder, "findings", "--json")
    assert as_set(told) == expected(factory_year(SEED))
    assert [f["found_on"] for f in told if f["rule"] == "EFFECT"] == ["2025-06-13"]
    assert [f["found_on"] for f in told if f["rule"] == "GAUGE"] == ["2025-06-25"]


@pytest.mark.once
def test_they_are_merged_to_the_seeded_problems_with_their_drivers(year_folder: Path) -> None:
    told = []
    for problem in andon(year_folder, "problems", "--json"):
        driver = problem["best_driver"] or {"factor": "", "level": ""}
        streams = set(problem["streams"])
        place = driver["factor"], driver["level"]
        told.append((problem["found_on"], streams, *place, problem["state"]))
    assert told == PROBLEMS


@pytest.mark.once
def test_the_trail_of_the_whole_year_is_whole(year_folder: Path) -> None:
    report = andon(year_folder, "verify", "--json")
    assert report["problems"] == []
    assert report["entries"] > 20_000


@pytest.mark.once
def test_building_again_starts_at_once_and_keeps_the_data(year_folder: Path) -> None:
    before = andon(year_folder, "verify", "--json")["entries"]
    andon(year_folder, "demo", "--no-serve")
    assert andon(year_folder, "verify", "--json")["entries"] == before


def days_of_spring() -> list[ProductionDay]:
    """Return January to the middle of March: phase I and the first days of the tool wear."""
    return list(factory_year(SEED).days())[:52]


def load(first: ProductionDay, actor: Any) -> None:
    """Load the factory's master data on the morning of its first day."""
    master = Path(build.__file__).with_name("factory.toml")
    with clock.fixed(datetime.combine(first.on, time(5), clock.site_zone())):
        assert not load_master(master, actor=actor).refused


def take(days: list[ProductionDay], rows: list[dict[str, str]], actor: Any) -> None:
    """Take in the lots of some days and all their rows at once."""
    evening = datetime.combine(days[-1].on, time(23, 55), clock.site_zone())
    with clock.fixed(evening):
        for day in days:
            state_lots(lots_of(day), actor=actor)
            link_many(uses_of(day), actor=actor)
        assert take_in(rows, actor=actor).reported == ()


@pytest.mark.parametrize("arrival", ["at once", "shuffled within each day"])
def test_the_order_and_size_of_submissions_change_no_finding(system: Any, arrival: str) -> None:
    days = days_of_spring()
    load(days[0], system)
    if arrival == "at once":
        take(days, [row for day in days for row in rows_of(day)], system)
    else:
        for day in days:
            take(
                [day],
                random.Random(day.on.toordinal()).sample(rows := rows_of(day), len(rows)),
                system,
            )
    last = str(days[-1].on)
    wanted = {f for f in expected(factory_year(SEED)) if f[2] <= last and f[1] != "RATE"}
    assert {f for f in as_set(told_findings()) if f[1] != "RATE"} == wanted
    assert len(wanted) >= 2


@pytest.mark.once
def test_a_healthy_year_has_no_problem(system: Any) -> None:
    days = list(factory_year(SEED, healthy=True).days())
    load(days[0], system)
    take(days, [row for day in days for row in rows_of(day)], system)
    assert Stream.objects.filter(limits__isnull=False).distinct().count() == 20
    assert told_findings() == []
    assert not Problem.objects.exists()
