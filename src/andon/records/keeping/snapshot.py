"""The database of one moment as a SQLite file, whichever database it comes from.

SQLite gives an online copy; of PostgreSQL every table is written over within one snapshot. Nobody
has to stop working for it. SQLite's file format is open and meant for keeping (sqlite.org).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from andon.records.databases import database_at
from andon.records.moving import target as destination
from andon.records.moving.move import _move
from andon.records.moving.source import SOURCE
from andon.records.moving.standing import as_default, opened
from andon.records.moving.tables import digest_of, tables
from andon.records.moving.target import TARGET
from andon.records.moving.unfinished import unmark
from andon.records.trail.install import install


def write_snapshot(file: Path) -> None:
    """Write the configured database as it is at this moment to a SQLite file."""
    if connection.vendor == "sqlite":
        _copy_sqlite(file)
    else:
        _copy_postgresql(file)


def table_digests(alias: str) -> dict[str, dict[str, Any]]:
    """Return rows and digest of every table of a database."""
    found = {}
    for table in tables():
        digest = digest_of(table, alias)
        found[table.name] = {"rows": digest.rows, "digest": digest.text}
    return found


@contextmanager
def sqlite_opened(file: Path, alias: str) -> Iterator[BaseDatabaseWrapper]:
    """Open a SQLite file under a name of its own."""
    with opened(alias, database_at(f"sqlite:///{file}")) as database:
        yield database


def write_over(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """Write every table of the database opened as source to the empty one opened as target."""
    destination.prepare(target)
    with transaction.atomic(using=TARGET):
        _move(source, target)
        with as_default(target):
            install()
        unmark(target)


def _copy_sqlite(file: Path) -> None:
    connection.ensure_connection()
    copy = sqlite3.connect(file)
    try:
        connection.connection.backup(copy)  # in one piece: writers go on in the log beside it
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()


def _copy_postgresql(file: Path) -> None:
    usual: dict[str, Any] = dict(connections.settings["default"])
    options = {n: v for n, v in usual.get("OPTIONS", {}).items() if n != "pool"}
    with sqlite_opened(file, TARGET) as target, opened(SOURCE, usual | {"OPTIONS": options}) as own:
        with transaction.atomic(using=SOURCE):
            with own.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            write_over(own, target)
        with target.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=DELETE")
