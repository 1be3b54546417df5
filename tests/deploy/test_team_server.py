"""Several processes on PostgreSQL outlive the loss of their database; SQLite gets one process."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from records.moving.installations_at_hand import Installation, Postgres, private_postgres

pytestmark = pytest.mark.once

_SESSION = """
import django; django.setup()
from importlib import import_module
from django.conf import settings
from andon.records.accounts import create_account, create_token, system_account
system = system_account()
someone = create_account(username="engineer", name="Engineer", password="correct horse battery",
                         roles=("QE",), actor=system)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session["_auth_user_id"] = str(someone.pk)
session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
session["_auth_user_hash"] = someone.get_session_auth_hash()
session.create()
print(session.session_key, create_token(someone, name="test", actor=system))
"""


@dataclass(frozen=True)
class Team:
    """A server of two processes, its database, and somebody who is signed in."""

    port: int
    database: Any
    session: str
    token: str

    def ask(self, path: str) -> tuple[int, str | None]:
        """Return status and Retry-After of an answer."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        # What looks after the health of a server is not signed in.
        headers = {} if path.startswith("/health/") else {"Cookie": f"sessionid={self.session}"}
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.token}"}
        caller.request("GET", path, headers=headers)
        answer = caller.getresponse()
        answer.read()
        return answer.status, answer.getheader("Retry-After")

    def wait_for(self, path: str, status: int) -> None:
        """Wait until a page is answered so."""
        last: Any = None
        for _ in range(400):
            try:
                last = self.ask(path)
            except OSError as error:
                last = error
            else:
                if last[0] == status:
                    return
            time.sleep(0.2)
        pytest.fail(f"{path} answered {last}, not {status}")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with private_postgres() as place:
        there = Installation(tmp_path_factory.mktemp("team"), place.url("postgres"))
        assert there.run("init").returncode == 0
        with _serving(there, place) as team:
            yield team


@contextmanager
def _serving(there: Installation, place: Postgres) -> Iterator[Team]:
    signed_in = subprocess.run(
        [sys.executable, "-c", _SESSION], env=there.environment(), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    session, token = signed_in.stdout.split()
    port = _free_port()
    command = [sys.executable, "-m", "andon.cli", "serve", "--workers", "2", "--no-worker",
               "--no-migrate", "--port", str(port)]  # fmt: skip
    serving = subprocess.Popen(command, env=there.environment())
    team = Team(port, place.server, session, token)
    try:
        team.wait_for("/health/ready", 200)
        yield team
    finally:
        serving.terminate()
        serving.wait(30)


def test_a_lost_database_is_told_and_found_again_without_a_restart(team: Team) -> None:
    addresses = ("/health/ready", "/", "/inbox/", "/nc/", "/api/v1/nc/")
    known = {path: team.ask(path)[0] for path in addresses}
    assert set(known.values()) == {200}
    team.database.stop()
    for path in addresses:
        assert (path, *team.ask(path)) == (path, 503, "5")
    assert team.ask("/health/live")[0] == 200
    team.database.start()
    for path in addresses:
        team.wait_for(path, 200)
    # Neither process keeps a broken connection: each finds the database again by itself.
    told: list[int] = []
    for _ in range(300):
        told.append(team.ask("/inbox/")[0])
        if told[-20:] == [200] * 20:
            return
    pytest.fail(f"one process did not find its database again: {told}")


def test_the_threads_of_a_process_share_a_pool(team: Team) -> None:
    team.wait_for("/health/ready", 200)
    told = team.database.psql(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND pid <> pg_backend_pid();"
    )
    count = int(next(word for word in told.split() if word.isdecimal()))
    assert 1 <= count <= 2 * 10


def test_several_processes_on_sqlite_are_refused_in_words(tmp_path: Path) -> None:
    told = Installation(tmp_path).run("serve", "--workers", "2")
    assert told.returncode == 1
    assert "SQLite lets one process write" in told.stderr
    assert list(tmp_path.iterdir()) == []


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
        return port
