"""Inspections per second over HTTP, beside a bare Django endpoint of the same server.

Each inspection is one durable request: token, permissions, control plan, instrument, history,
monitor state, trail. The bare endpoint answers {"status": "live"} and touches nothing. Rounds of
both are interleaved; the ratio of their medians is what counts on a shared machine.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

ROUNDS, SECONDS = 5, 2.0
ROOT = Path(__file__).parents[1]
SETUP = """
import django; django.setup()
from datetime import date
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


class Client(threading.Thread):
    """One keep-alive connection that sends inspections until told to stop."""

    def __init__(self, port: int, token: str, size: int, *, is_bare: bool, number: int) -> None:
        super().__init__(daemon=True)
        self.port, self.size, self.is_bare, self.number = port, size, is_bare, number
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.times: list[float] = []
        self.failures = 0
        self.until = 0.0

    def run(self) -> None:
        """Send until the time is over, counting answers and failures."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = 0
        while time.perf_counter() < self.until:
            start = time.perf_counter()
            if self.is_bare:
                connection.request("GET", "/health/live")
            else:
                connection.request("POST", "/api/v1/measurements", self.body(sent), self.headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status not in (200, 201):
                self.failures += 1
                print(answer.status, text[:300], file=sys.stderr)
            self.times.append(time.perf_counter() - start)
            sent += 1

    def body(self, sent: int) -> bytes:
        """Return an inspection of its own: no two are alike."""
        rows = [
            {
                "characteristic": "PD", "machine": "L3" if self.number % 2 else "L1", "unit": "mm",
                "value": f"{0.7400 + 0.0001 * ((sent + place) % 9):.4f}", "lot": f"B-{self.number}",
                "serial": f"{time.time_ns()}-{self.number}-{place}", "instrument": "MIC-01",
                "subgroup": f"{self.number}-{sent}",
            }
            for place in range(self.size)
        ]  # fmt: skip
        return json.dumps({"rows": rows}).encode()


def round_of(
    port: int, token: str, size: int, clients: int, *, is_bare: bool
) -> tuple[float, float, int]:
    """Return requests per second, the 99th percentile and the failures of one round."""
    threads = [Client(port, token, size, is_bare=is_bare, number=n) for n in range(clients)]
    until = time.perf_counter() + SECONDS
    for thread in threads:
        thread.until = until
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(one for thread in threads for one in thread.times)
    failures = sum(thread.failures for thread in threads)
    return len(times) / SECONDS, times[int(len(times) * 0.99)] if times else 0.0, failures


def served(folder: str) -> tuple[subprocess.Popen[bytes], int, str]:
    """Start a server on a fresh data folder and return it with its port and a token."""
    environment = {
        **os.environ,
        "ANDON_DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "andon.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}",
    }
    subprocess.run(
        [sys.executable, "-m", "andon.cli", "init"],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    token = subprocess.run(
        [sys.executable, "-c", SETUP], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "andon.cli", "serve", "--port", str(port)], env=environment
    )
    for _try in range(600):
        try:
            HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/health/live")
            break
        except OSError:
            time.sleep(0.1)
    return server, port, token


def measured(port: int, token: str, size: int, clients: int) -> tuple[str, ...]:
    """Return one line of the table: medians of interleaved rounds."""
    real, bare = [], []
    for _round in range(ROUNDS):
        bare.append(round_of(port, token, size, clients, is_bare=True))
        real.append(round_of(port, token, size, clients, is_bare=False))
    rate, ceiling = (statistics.median(one[0] for one in rounds) for rounds in (real, bare))
    p99 = statistics.median(one[1] for one in real) * 1000
    failures = sum(one[2] for one in real)
    figures = (f"{rate:.0f}", f"{ceiling:.0f}", f"{rate / ceiling:.2f}", f"{p99:.1f}")
    return (str(size), str(clients), *figures, str(failures))


def main() -> None:
    """Print one line per size and number of clients."""
    head = ("values", "clients", "inspections/s", "bare/s", "ratio", "p99 ms", "failures")
    with tempfile.TemporaryDirectory() as folder:
        server, port, token = served(folder)
        try:
            print("".join(f"{name:>15}" for name in head))
            for size, clients in ((5, 1), (5, 8), (100, 1), (100, 8)):
                line = measured(port, token, size, clients)
                print("".join(f"{value:>15}" for value in line), flush=True)
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
