"""Kill a server again and again while clients write, then hold their ledger against the database.

Every client writes under a key and, when it gets no answer, sends the same again under the same
key. What was answered must be there once and whole, whatever was killed at whatever moment.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
VALUES, _FEWEST = 5, 6
_PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from andon.records.accounts import create_account, create_token, system_account
from andon.records.trail.context import acting
from small_factory import build_small_factory
with acting(system_account()):
    build_small_factory()
account = create_account(username="gauge", name="gauge", password="correct horse battery",
                         roles=["INS", "QE"], actor=system_account())
print(create_token(account, name="gauge", actor=account))
"""
# A server that dies by itself: after the commit, before anybody is told of it.
_SERVE = """
import os, random, signal, sys, django
django.setup()
sys.argv = ["andon", "serve", "--port", sys.argv[1], "--threads", "8", *sys.argv[2:]]
from andon.cli import main
from andon.identify.measurements import together
share, whole = float(os.environ["DRILL_SHARE"]), together._store_all
def stored_then_dead(group):
    whole(group)
    if random.random() < share:
        os.killpg(0, signal.SIGKILL)
together._store_all = stored_then_dead
main()
"""
_TELL = """
import json, django; django.setup()
import polars as pl
from andon.history import log
from andon.history.models import BatchKey
from andon.records.models import Record
from andon.records.trail.verify import verify
rows = log.scan({"characteristic": "PD"}, columns=["serial", "batch"]).collect()
report = verify()
print(json.dumps({
    "serials": rows["serial"].to_list(),
    "mixed": rows.with_columns(key=pl.col("serial").str.split("/").list.first())
             .group_by("batch").agg(pl.col("key").n_unique()).filter(pl.col("key") > 1).height,
    "batches": BatchKey.objects.count(),
    "titles": list(Record.objects.values_list("title", flat=True)),
    "problems": [str(one) for one in report.problems], "entries": report.entries}))
"""


@dataclass(slots=True)
class Ledger:
    """What the clients were told, and what they sent without ever being told."""

    measured: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    repeated: int = 0


class Drill:
    """An installation whose server is killed."""

    def __init__(self, folder: Path, *, share: float, database: str = "") -> None:
        self.folder, self.share, self.ledger = folder, share, Ledger()
        self.environment = {
            **{name: text for name, text in os.environ.items() if name[:6] != "ANDON_"},
            "ANDON_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "andon.settings",
            "ANDON_SECRET_KEY": "the secret of an installation that lives for one drill only",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
            "DRILL_SHARE": "0",
            **({"ANDON_DATABASE_URL": database} if database else {}),
        }  # fmt: skip
        self.token = self._python(_PREPARE)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.server: subprocess.Popen[bytes] | None = None

    def run(self, kills: int, *, clients: int = 4) -> dict[str, Any]:
        """Kill the server so many times, let the clients finish, and return what is stored."""
        threads = [threading.Thread(target=self._write, args=(n,)) for n in range(clients)]
        self._serve()
        for thread in threads:
            thread.start()
        for kill in range(kills):
            # Every second one dies by itself between commit and answer, the others anywhere.
            self._end(after=random.uniform(0.05, 0.6), waits=bool(kill % 2))
            self._serve(share=self.share if kill % 2 == 0 and kill < kills - 1 else 0.0)
        self._over.set()
        for thread in threads:
            thread.join()
        self.stop()
        told: dict[str, Any] = json.loads(self._python(_TELL).splitlines()[-1])
        return told

    def stop(self) -> None:
        """End the server in peace."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait(60)

    def _serve(self, *, share: float = 0.0) -> None:
        environment = {**self.environment, "DRILL_SHARE": str(share)}
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-c", _SERVE, str(self.port)], env=environment,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 90
        while time.monotonic() < until and self.server.poll() is None:
            try:
                self._ask("GET", "/health/ready", {}, None)
            except (OSError, HTTPException):
                time.sleep(0.05)
            else:
                return
        if not share:  # one that dies by itself may do so before it is asked
            raise AssertionError((self.folder / "server.log").read_text()[-3000:])

    def _end(self, *, after: float, waits: bool) -> None:
        assert self.server is not None
        self._until_some_are_answered()
        try:
            self.server.wait(20 if waits else after)
        except subprocess.TimeoutExpired:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(20)

    def _until_some_are_answered(self) -> None:
        assert self.server is not None
        enough, until = self._answered() + _FEWEST, time.monotonic() + 60
        while self._answered() < enough and time.monotonic() < until:
            if self.server.poll() is not None:
                return
            time.sleep(0.01)

    def _answered(self) -> int:
        return len(self.ledger.measured) + len(self.ledger.raised)

    def _write(self, number: int) -> None:
        turn = 0
        while not self._over.is_set():
            turn += 1
            key = f"{number}-{turn}"
            if turn % 3:
                rows = [
                    {"characteristic": "PD", "machine": "L3" if number % 2 else "L1",
                     "value": f"0.74{turn % 10}{place}", "serial": f"{key}/{place}"}
                    for place in range(VALUES)
                ]  # fmt: skip
                self._until_answered("/api/v1/measurements", {"rows": rows}, key, "measured")
            else:
                self._until_answered("/api/v1/nc/", {"title": key}, key, "raised")

    def _until_answered(self, path: str, body: Any, key: str, kind: str) -> None:
        """Send until there is an answer; when the drill is over, say that there was none."""
        headers = {"Idempotency-Key": key}
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                status, text = self._ask("POST", path, headers, json.dumps(body))
            except (OSError, HTTPException) as error:
                with self._lock:
                    # Nobody there is no attempt; an answer that never came is one.
                    self.ledger.repeated += not isinstance(error, ConnectionRefusedError)
                time.sleep(0.05)
                continue
            with self._lock:
                if status == 201:
                    getattr(self.ledger, kind).append(key)
                    return
                if status != 503:
                    self.ledger.refused.append(f"{status} {text[:200]!r}")
                    return
            time.sleep(0.05)
        with self._lock:
            self.ledger.unanswered.append(key)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: str | None
    ) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        told = {**headers, "Authorization": f"Bearer {self.token}"}
        try:
            connection.request(method, path, body, {**told, "Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def _python(self, script: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script], env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()


def faults(ledger: Ledger, told: dict[str, Any]) -> dict[str, int]:
    """Return what went wrong: how much was lost, doubled, in part, invented, or not verified."""
    serials, titles = told["serials"], told["titles"]
    whole = {f"{key}/{place}" for key in ledger.measured for place in range(VALUES)}
    known = set(ledger.measured) | set(ledger.unanswered)
    keys = [serial.partition("/")[0] for serial in serials]
    return {
        "lost": len(whole - set(serials)) + len(set(ledger.raised) - set(titles)),
        "doubled": len(serials) - len(set(serials)) + len(titles) - len(set(titles)),
        "in part": sum(keys.count(key) % VALUES != 0 for key in set(keys)),
        "mixed": told["mixed"],
        "invented": len(set(keys) - known),
        "refused": len(ledger.refused),
        "trail": len(told["problems"]),
    }
