"""An installation that lives for one drill, and the process that forks its servers."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from kills.calling import Caller

ROOT = Path(__file__).parents[2]
_SECRET = "the secret of an installation that lives for one drill only"


class Installation:
    """A data folder, perhaps a database elsewhere, and a server that may be killed."""

    def __init__(
        self, folder: Path, *, database: str = "", workers: int = 1, ready: Path | None = None
    ) -> None:
        self.folder, self.workers = folder, workers
        self.pages = folder / "pages"
        """While this file is there, a SQLite database gets no more pages."""
        self.has_database = bool(database)
        self.log = folder / "server.log"
        self.environment = {
            **{name: text for name, text in os.environ.items() if name[:6] != "ANDON_"},
            "ANDON_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "andon.settings",
            "ANDON_SECRET_KEY": _SECRET, "ANDON_API_REQUESTS_PER_MINUTE": "0",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
            **({"ANDON_DATABASE_URL": database} if database else {}),
        }  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.server = 0
        self._nursery = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py"))], env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert self._nursery.stdout is not None
        assert self._nursery.stdout.readline() == "ready\n"
        self.facts: dict[str, Any] = self.ask("build", ready=str(ready or ""))

    def caller(self) -> Caller:
        """Return somebody who calls the server, with the device's token and the account."""
        return Caller(self.port, self.facts)

    def ask(self, run: str, **asked: Any) -> Any:
        """Let a process of this installation find something out, and return what it says."""
        to = self.folder / f"{run}.json"
        return self.awaited(self.fork(run, to=str(to), **asked), to)

    def awaited(self, child: int, to: Path) -> Any:
        """Wait until a process has ended, and return what it says."""
        while is_there(child):
            time.sleep(0.01)
        assert to.exists(), self.log.read_text()[-3000:]
        told = json.loads(to.read_text())
        to.unlink()
        return told

    def fork(self, run: str, **asked: Any) -> int:
        """Let the nursery fork what is asked; return the leader of its process group."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        line = json.dumps({"run": run, "log": str(self.log), **asked})
        self._nursery.stdin.write(line + "\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def serve(self, **shares: Any) -> None:
        """Start a server that dies by itself in so many of all cases; wait until it answers."""
        options = ["--threads", "8", "--workers", str(self.workers), "--no-worker", "--no-migrate"]
        held = {} if self.has_database else {"pages": str(self.pages)}
        asked = {"port": self.port, "options": options, **held, **shares}
        self.server = self.fork("serve", **asked)
        if not self.is_ready() and is_there(self.server):
            raise AssertionError(self.log.read_text()[-3000:])

    def is_ready(self, *, within: float = 60) -> bool:
        """Wait until the server answers; tell whether it does."""
        until = time.monotonic() + within
        while time.monotonic() < until and is_there(self.server):
            with contextlib.suppress(OSError, HTTPException):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == 200:
                    return True
            time.sleep(0.02)
        return False

    def kill(self, victim: str) -> None:
        """Kill the server, its first process, or one of the processes that answer."""
        with contextlib.suppress(ProcessLookupError):
            if victim == "worker":
                os.kill(random.choice(children(self.server) or [self.server]), signal.SIGKILL)
            elif victim == "master":
                os.kill(self.server, signal.SIGKILL)
            else:
                os.killpg(self.server, signal.SIGKILL)

    def close(self) -> None:
        """End server and nursery, whatever state they are in."""
        if self.server:
            end(self.server, signal.SIGTERM)
        self._nursery.communicate(timeout=20)


def children(process: int) -> list[int]:
    """Return the processes that a process has forked."""
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(word) for word in text.split()]


def is_there(group: int) -> bool:
    """Tell whether any process of a group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end(group: int, number: int, *, within: float = 30) -> None:
    """Send a signal to a group and wait until nobody of it lives; then insist."""
    for sent, seconds in ((number, within), (signal.SIGKILL, 10)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, sent)
        until = time.monotonic() + seconds
        while is_there(group) and time.monotonic() < until:
            time.sleep(0.01)
