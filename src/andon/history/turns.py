"""Only one compaction at a time, in whichever process, thread or machine."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

_LOCK = 0x616E646F6E
"""The number of the advisory lock on PostgreSQL."""


@contextmanager
def compacting() -> Iterator[bool]:
    """Take the turn to compact for a while; False where another one has it.

    The lock goes with its holder: with the session on PostgreSQL, else with the process.
    """
    holder = _session_lock() if connection.vendor == "postgresql" else _file_lock()
    with holder as has_turn:
        yield has_turn


@contextmanager
def _session_lock() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        has_turn = bool(cursor.fetchone()[0])
    try:
        yield has_turn
    finally:
        if has_turn and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@contextmanager
def _file_lock() -> Iterator[bool]:
    path = Path(settings.DATA_DIR) / "compaction.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
