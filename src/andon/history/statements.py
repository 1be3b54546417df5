"""Plain statements for what happens with every measurement: no model, no cursor of Django's.

A cursor of Django's costs as much as the statement itself on SQLite. Errors are still Django's.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def ran(statement: str, told: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement with `%s` for each told value, and return its rows.

    Raises:
        django.db.Error: what the database refused.
    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        statement = statement.replace("%s", "?")
    with connection.wrap_database_errors:
        return list(connection.connection.execute(statement, told).fetchall())
