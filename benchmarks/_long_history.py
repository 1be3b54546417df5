"""A long history for benchmarks: a small factory, and as many measurements of a year as wanted."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

STREAMS, SUBGROUP, BLOCK = 400, 5, 100_000
CHARTED, START, YEAR = "PD/L3", datetime(2025, 1, 1, tzinfo=UTC), timedelta(days=364)
NOW = START + timedelta(days=366)
ROOT = Path(__file__).parents[1]


def begin(folder: str) -> None:
    """Start Andon on a fresh data folder with a small factory."""
    os.environ |= {"ANDON_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "andon.settings"}
    os.environ.setdefault("ANDON_SECRET_KEY", "for-benchmarks-only-and-long-enough-for-django")
    os.environ["ANDON_ALLOWED_HOSTS"] = "testserver,127.0.0.1"
    sys.path.insert(0, str(ROOT / "tests"))
    import django

    django.setup()
    from andon.cli import prepare
    from andon.records.accounts import create_account, system_account
    from andon.records.trail.context import acting
    from small_factory import PASSWORD, build_small_factory

    prepare()
    with acting(system_account()):
        build_small_factory()
    create_account(
        username="bench", name="bench", password=PASSWORD, roles=["QE", "INS"],
        actor=system_account(),
    )  # fmt: skip


def rows(first: int, count: int, every: float, *, stream: str = "") -> pl.DataFrame:
    """Return rows number `first` to `first + count`: all streams in turn, or one, in subgroups."""
    from andon.history.frame import SCHEMA

    number = np.arange(first, first + count)
    group = number // SUBGROUP
    which = group % STREAMS
    turn = group if stream else group // STREAMS
    seconds = (turn * every).astype(np.int64) + number % SUBGROUP
    wave = np.random.default_rng(first).normal(0, 20, count)
    ticks = (7400 + wave + (0 if stream else which % 7)).round().astype(np.int64)
    frame = pl.DataFrame(
        {"seconds": seconds, "which": which, "turn": turn, "ticks": ticks, "x": ticks / 10_000}
    )
    at = pl.lit(START).cast(SCHEMA["measured_at"]) + pl.duration(seconds="seconds")
    code = pl.format("C{}", (pl.col("which") // 4).cast(pl.String).str.zfill(3))
    machine = pl.format("M{}", pl.col("which") % 4)
    if stream:
        code, machine = (pl.lit(part) for part in stream.split("/"))
    shift = pl.lit("ELN").str.slice(at.dt.hour() // 8, 1)
    values: dict[str, pl.Expr] = {
        "stream": pl.format("{}/{}", code, machine), "characteristic": code, "machine": machine,
        "product": pl.lit("PROBE"), "lot": pl.format("{}-{}", machine, at.dt.date()),
        "serial": pl.lit(""), "shift": shift, "operator": pl.format("op-{}", at.dt.day() % 9),
        "instrument": pl.lit("MIC-01"), "measured_at": at, "received_at": at,
        "produced_on": at.dt.date(), "subgroup": pl.format("{}-{}", at.dt.date(), "turn"),
        "value": pl.col("x"),
        "text": pl.format("0.{}", pl.col("ticks").cast(pl.String).str.zfill(4)),
        "unit": pl.lit("mm"), "inspected": pl.lit(None), "comment": pl.lit(""),
        "is_out_of_specification": ~pl.col("ticks").is_between(7330, 7470),
        "factors": pl.lit("{}"), "supersedes": pl.lit(""),
    }  # fmt: skip
    named = {name: value.cast(SCHEMA[name]) for name, value in values.items()}
    return frame.select(**{name: named[name] for name in SCHEMA if name in named})


def append_many(count: int, *, stream: str = "", first: int = 0, year: timedelta = YEAR) -> None:
    """Append so many rows to the history, spread over the year, block by block."""
    from andon.history.log import Batch, append

    turns = max(1, count // SUBGROUP // (1 if stream else STREAMS))
    for start in range(0, count, BLOCK):
        part = rows(start, min(BLOCK, count - start), year.total_seconds() / turns, stream=stream)
        append([Batch(f"{stream} {first} {start}", part, str(start))], at=NOW)


def medians(runs: int, *works: Callable[[], object]) -> list[float]:
    """Return the median seconds of each work, all of them interleaved."""
    times: list[list[float]] = [[] for _work in works]
    for _run in range(runs):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def watch_charted() -> None:
    """Give the charted stream frozen limits, as if its first weeks had been phase I."""
    from datetime import date

    from andon.analyze.monitoring.models import Stream, StreamState
    from andon.analyze.monitoring.services import begin_phase
    from andon.organization.processes.models import Machine
    from andon.organization.products.models import Characteristic
    from andon.records.models import Account

    code, machine = CHARTED.split("/")
    stream = Stream.objects.create(
        code=CHARTED, characteristic=Characteristic.objects.get(code=code),
        machine=Machine.objects.get(code=machine),
    )  # fmt: skip
    StreamState.objects.create(stream=stream, content={})
    account = Account.objects.get(username="bench")
    days = {"since": date(2025, 1, 1), "until": date(2025, 1, 20)}
    begin_phase(stream, **days, reason="The benchmark's phase I.", actor=account)


def told(name: str, lines: Sequence[Mapping[str, object]]) -> None:
    """Print figures as a table, and keep them as JSON."""
    heads = list(lines[0])
    widths = [max(len(str(line[head])) for line in (*lines, {head: head})) for head in heads]
    for line in ({head: head for head in heads}, *lines):
        cells = (str(line[head]).ljust(width) for head, width in zip(heads, widths, strict=True))
        print("  ".join(cells).rstrip(), flush=True)
    folder = ROOT / "benchmarks" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps([*map(dict, lines)], indent=1) + "\n")
