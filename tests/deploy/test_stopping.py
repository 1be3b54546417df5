"""A server that is told to stop answers what it has taken, finishes its job, and ends with 0."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from own_installation import own_environment

_SERVE = """
import json, os, sys
import django; django.setup()
from django.db import connections
from django_tasks_db.models import DBTaskResult
from andon.board.server import serve_forever
from andon.records.accounts import create_account, create_token, system_account
from andon.records.models import Record
from andon.records.trail.verify import verify
port, workers = map(int, sys.argv[1:])
system = system_account()
someone = create_account(username="engineer", name="Engineer", password="correct horse battery",
                         roles=("QE",), actor=system)
token = create_token(someone, name="test", actor=system)
connections.close_all()
server = os.fork()
if server == 0:
    serve_forever(host="127.0.0.1", port=port, threads=8, workers=workers, works=True)
print(token, server, flush=True)
status = os.waitstatus_to_exitcode(os.waitpid(server, 0)[1])
states = list(DBTaskResult.objects.values_list("status", flat=True))
numbers = list(Record.objects.values_list("number", flat=True))
print(json.dumps({"status": status, "jobs": states, "numbers": numbers, "found": verify().found}))
"""
_GRACE = 20
_JOBS = "django_tasks_database_dbtaskresult"


@dataclass
class Callers:
    """People who raise one nonconformity after the other, and what they heard."""

    port: int
    token: str
    told: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def raise_on(self, number: int) -> None:
        """Raise until the door is shut, each on a connection of its own."""
        place = 0
        while not self.is_over.is_set():
            place += 1
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                line.connect()
            except ConnectionRefusedError:
                return
            try:
                self.told.append(self._raised(line, f"{number}-{place}"))
            except (OSError, http.client.HTTPException) as error:
                self.cut_off.append(f"{number}-{place}: {error!r}")

    def _raised(self, line: http.client.HTTPConnection, key: str) -> str:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
                   "Idempotency-Key": key}  # fmt: skip
        line.request("POST", "/api/v1/nc/", json.dumps({"title": f"Burr {key}"}), headers)
        answer = line.getresponse()
        body = json.loads(answer.read())
        assert answer.status == 201, body
        return str(body["number"])


@contextmanager
def _asked(named: dict[str, str], folder: Path) -> Iterator[Callable[[str], list[Any]]]:
    """Ask the installation's database from outside."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "andon.sqlite3")) as own:
            yield lambda text: own.execute(text).fetchall()
        return
    with psycopg.connect(named["ANDON_DATABASE_URL"], autocommit=True) as asking:
        yield lambda text: asking.execute(text).fetchall()  # type: ignore[arg-type]


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if is_so():
            return
        time.sleep(0.005)
    pytest.fail("it does not become so")


def _answers(port: int) -> bool:
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        line.request("GET", "/health/ready")
        return line.getresponse().status == 200
    except OSError:
        return False


@pytest.mark.django_db
def test_what_was_taken_is_answered_and_the_job_under_way_is_finished(tmp_path: Path) -> None:
    port, workers = _free_port(), 2 if connection.vendor == "postgresql" else 1
    named = own_environment(tmp_path) | {"ANDON_API_REQUESTS_PER_MINUTE": "0"}
    with _asked(named, tmp_path) as ask:
        stage = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(port), str(workers)], env=named,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert stage.stdout is not None
        token, server = stage.stdout.readline().split()
        callers = Callers(port, token)
        threads = [threading.Thread(target=callers.raise_on, args=[n]) for n in range(6)]
        try:
            _wait_until(lambda: _answers(port))
            for thread in threads:
                thread.start()
            begun = f"SELECT 1 FROM {_JOBS} WHERE status <> 'READY' LIMIT 1"
            _wait_until(lambda: bool(ask(begun)) and len(callers.told) > 20)
        finally:
            os.kill(int(server), signal.SIGTERM)
            stopped = time.monotonic()
            told = json.loads(stage.communicate(timeout=_GRACE + 10)[0].splitlines()[-1])
            took = time.monotonic() - stopped
            callers.is_over.set()
        for thread in threads:
            thread.join(10)
    assert told["status"] == 0
    assert took < _GRACE
    assert callers.cut_off == []
    assert sorted(callers.told) == sorted(told["numbers"])
    assert len(set(callers.told)) == len(callers.told) > 20
    assert "RUNNING" not in told["jobs"]
    assert told["found"] == 0
