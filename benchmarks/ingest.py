"""Inspections per second over HTTP, beside a bare Django endpoint of the same server.

Each inspection is one durable request: token, permissions, control plan, instrument, history,
monitor state, trail. Three columns stand beside it, in interleaved rounds: the bare endpoint, which
answers {"status": "live"} and touches nothing; the request path's own ceiling, which is the same
request with everything but the storing; and one transaction for each inspection. What counts on a
shared machine are the ratios of the medians.
"""

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from _figures import Line, keep

ROUNDS, SECONDS = 5, 2.0
SIZES, CLIENTS = (5, 100), (1, 8, 32)
LARGE = 10_000
ROOT = Path(__file__).parents[1]
SETUP = """
import django; django.setup()
from small_factory import build_small_factory
from andon.records.accounts import create_account, create_token, system_account
from andon.records.trail.context import acting
with acting(system_account()):
    build_small_factory()
account = create_account(
    username="bench", name="bench", password="a long enough word", roles=["INS"],
    actor=system_account(),
)
print(create_token(account, name="bench", actor=account))
"""
SERVE = "from andon.cli import main; main()"
WITHOUT_STORING = """
import django; django.setup()
from andon.identify.measurements import services
from andon.identify.measurements.submission import Outcome
services.store = lambda one: Outcome(records=len(one.read.typed), stored=len(one.read.typed))
"""
"""The ceiling of the request path: only here, in the benchmark's own process."""


@dataclass(frozen=True)
class Server:
    """A server on a data folder of its own."""

    port: int
    token: str


class Client(threading.Thread):
    """One keep-alive connection that sends inspections until told to stop."""

    def __init__(self, server: Server, size: int, *, is_bare: bool, number: int) -> None:
        super().__init__(daemon=True)
        self.server, self.size, self.is_bare, self.number = server, size, is_bare, number
        self.headers = {
            "Authorization": f"Bearer {server.token}",
            "Content-Type": "application/json",
        }
        self.templates = [body(size, number, turn) for turn in range(20)]
        self.times: list[float] = []
        self.failures = 0
        self.until = 0.0

    def run(self) -> None:
        """Send until the time is over, counting answers and failures."""
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        while time.perf_counter() < self.until:
            start = time.perf_counter()
            if self.is_bare:
                connection.request("GET", "/health/live")
            else:
                # No two inspections are alike; making them anew each time is not what is measured.
                template = self.templates[len(self.times) % len(self.templates)]
                own = template.replace(b"SENT", b"%d" % time.time_ns())
                connection.request("POST", "/api/v1/measurements", own, self.headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status not in (200, 201):
                self.failures += 1
                print(answer.status, text[:300], file=sys.stderr)
            self.times.append(time.perf_counter() - start)
        connection.close()


def body(size: int, number: int, turn: int) -> bytes:
    """Return an inspection in control whose serial numbers and subgroups are to be filled in.

    A large one goes by columns, as a device would send it.
    """
    chance = random.Random(100 * number + turn)
    rows = [
        {
            "characteristic": "PD", "machine": "L3" if number % 2 else "L1", "unit": "mm",
            "value": f"{chance.gauss(0.74, 0.002):.4f}", "lot": f"B-{number}",
            "serial": f"{number}-SENT-{place}", "instrument": "MIC-01",
            "subgroup": f"{number}-SENT-{place // 100}",
        }
        for place in range(size)
    ]  # fmt: skip
    if size < LARGE:
        return json.dumps({"rows": rows}).encode()
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    same = {name: texts[0] if len(set(texts)) == 1 else texts for name, texts in columns.items()}
    return json.dumps({"columns": same}).encode()


def round_of(
    server: Server, size: int, clients: int, *, is_bare: bool = False
) -> tuple[float, float, int]:
    """Return requests per second, the 99th percentile and the failures of one round."""
    threads = [Client(server, size, is_bare=is_bare, number=n) for n in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.until = start + SECONDS
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    times = sorted(one for thread in threads for one in thread.times)
    failures = sum(thread.failures for thread in threads)
    return len(times) / seconds, times[int(len(times) * 0.99)] if times else 0.0, failures


@contextmanager
def served(before: str = "", **settings: str) -> Iterator[Server]:
    """Start a server on a fresh data folder."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        paths = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
        environment = {
            **os.environ, "ANDON_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "andon.settings",
            "PYTHONPATH": paths, "ANDON_API_REQUESTS_PER_MINUTE": "0", **settings,
        }  # fmt: skip
        run = [sys.executable, "-c"]
        subprocess.run([*run, SERVE, "init"], env=environment, check=True, capture_output=True)
        made = subprocess.run([*run, SETUP], env=environment, check=True, capture_output=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [*run, before + SERVE, "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment)
        try:
            _wait_for(port)
            yield Server(port, made.stdout.decode().strip())
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _try in range(600):
        try:
            HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/health/live")
        except OSError:
            time.sleep(0.1)
        else:
            return


def measured(
    together: Server, ceiling: Server, alone: Server, size: int, clients: int
) -> dict[str, float]:
    """Return one line of the table: medians of interleaved rounds."""
    rounds: dict[str, list[tuple[float, float, int]]] = {}
    for _round in range(ROUNDS):
        for name, found in (
            ("bare", round_of(together, size, clients, is_bare=True)),
            ("together", round_of(together, size, clients)),
            ("ceiling", round_of(ceiling, size, clients)),
            ("alone", round_of(alone, size, clients)),
        ):
            rounds.setdefault(name, []).append(found)
    rate = {name: statistics.median(one[0] for one in found) for name, found in rounds.items()}
    return {
        "values": size,
        "clients": clients,
        "inspections/s": round(rate["together"], 1),
        "bare/s": round(rate["bare"], 1),
        "ratio": round(rate["together"] / rate["bare"], 3),
        "ceiling/s": round(rate["ceiling"], 1),
        "of ceiling": round(rate["together"] / rate["ceiling"], 3),
        "one each/s": round(rate["alone"], 1),
        "values/s": round(rate["together"] * size),
        "p99 ms": round(statistics.median(one[1] for one in rounds["together"]) * 1000, 1),
        "failures": sum(one[2] for one in rounds["together"]),
    }


def main() -> None:
    """Print one line per size and number of clients, and write them as JSON."""
    lines: list[dict[str, float]] = []
    with ExitStack() as stack:
        together = stack.enter_context(served())
        ceiling = stack.enter_context(served(WITHOUT_STORING))
        alone = stack.enter_context(served(ANDON_MOST_TOGETHER="1"))
        for server in (together, ceiling, alone):
            round_of(server, SIZES[0], 4)  # what a process does once is not what is measured
        for size, clients in [(s, c) for s in SIZES for c in CLIENTS] + [(LARGE, 1), (LARGE, 2)]:
            line = measured(together, ceiling, alone, size, clients)
            if not lines:
                print("".join(f"{name:>14}" for name in line))
            lines.append(line)
            print("".join(f"{value:>14}" for value in line.values()), flush=True)
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "ingest.json").write_text(json.dumps(lines, indent=1))
    keep("ingest", [told for line in lines for told in figures(line)])


def figures(line: dict[str, float]) -> list[Line]:
    """Return what the table of all benchmarks tells of a line."""
    what = f"{line['values']} values, {line['clients']} clients"
    if line["values"] == LARGE:
        told = f"{line['values/s']:,} values/s"
        return [(f"{what}, over HTTP", told, ">= 300,000/s", line["values/s"] >= 300_000)]
    found: list[Line] = [
        (f"{what}, beside the bare endpoint", f"{line['ratio']:.2f}x", ">= 0.33x",
         line["ratio"] >= 1 / 3 if line["values"] == SIZES[0] else None),
        (f"{what}, beside the path without storing", f"{line['of ceiling']:.2f}x", "", None),
        (f"{what}, beside one transaction each",
         f"{line['inspections/s'] / line['one each/s']:.1f}x", "", None),
    ]  # fmt: skip
    if line["clients"] == 8:
        told = f"{line['failures']:.0f} failures, p99 {line['p99 ms']:.0f} ms"
        is_good = line["failures"] == 0 and line["p99 ms"] < 500
        found.append((f"{what}, on SQLite", told, "0, < 500 ms", is_good))
    return found


if __name__ == "__main__":
    main()
