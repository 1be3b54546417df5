"""The mark of a database into which a move has begun and not ended."""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_MARK = "andon_unfinished_move"
TOLD = (
    "This database is the target of a move that did not end, and holds no installation:"
    " run `andon move` again."
)


def is_unfinished() -> bool:
    """Tell whether the configured database bears the mark."""
    return _MARK in connection.introspection.table_names()


def mark(target: BaseDatabaseWrapper) -> None:
    """Say that a move begins here; it stays said when the move is killed."""
    with target.cursor() as cursor:
        # nosemgrep: sql-made-of-text - a name of this file
        cursor.execute(f"CREATE TABLE {_MARK} (begun integer)")


def unmark(target: BaseDatabaseWrapper) -> None:
    """Take the mark away, in the transaction that makes the move whole."""
    with target.cursor() as cursor:
        # nosemgrep: sql-made-of-text - a name of this file
        cursor.execute(f"DROP TABLE {_MARK}")


def bears_mark(tables: list[str]) -> bool:
    """Tell whether one of a database's tables is the mark."""
    return _MARK in tables
