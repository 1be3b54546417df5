"""A real installation: a data folder, a server process with its own clock, and its log."""

import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from own_installation import copy_tables

ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0


class Installation:
    """What somebody has who installed Andon on one machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "server.log"
        self.port = _free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._server: subprocess.Popen[bytes] | None = None
        copy_tables(folder / "andon.sqlite3")

    def run(self, *words: str, at: datetime | None = None) -> str:
        """Run a command of the product to its end and return what it prints."""
        return self._finished([sys.executable, "-m", "andon.cli", *words], at)

    def feed(self, *words: str) -> str:
        """Run the test's own script on this installation; return what it prints."""
        return self._finished(
            [sys.executable, str(Path(__file__).with_name("feed.py")), *words], None
        )

    def serve(self, *, at: datetime) -> None:
        """Start the server so that its clock stands at a moment, and wait until it answers."""
        self.stop()
        words = ["-m", "andon.cli", "serve", "--port", str(self.port), "--threads", "4"]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, *words], env=self._environment(at), stdout=log, stderr=log
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End the server that was started here."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(_PATIENCE)
            self._server = None

    def _finished(self, command: list[str], at: datetime | None) -> str:
        done = subprocess.run(
            command, env=self._environment(at), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def _environment(self, at: datetime | None) -> dict[str, str]:
        inherited = {name: text for name, text in os.environ.items() if name[:6] != "ANDON_"}
        offset = (at - datetime.now(UTC)).total_seconds() if at else 0.0
        return {
            **inherited,
            "ANDON_DATA_DIR": str(self.folder),
            "ANDON_SECRET_KEY": "the secret of an installation that lives for one test only",
            "ANDON_CLOCK_OFFSET_SECONDS": str(offset),
            "DJANGO_SETTINGS_MODULE": "andon.settings",
            "PYTHONPATH": str(ROOT / "tests"),
            "PYTHONUNBUFFERED": "1",
        }

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            try:
                with urlopen(f"{self.origin}/health/live", timeout=5):
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
