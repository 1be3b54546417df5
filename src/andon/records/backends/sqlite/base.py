"""Django's SQLite backend, whose connections know who acts.

A connection without these functions cannot change an audited row at all: the trigger fails.
"""

from typing import Any

from django.db.backends.sqlite3 import base

from andon.records.trail.canonical import changed_values, entry_digest
from andon.records.trail.context import acting_at, acting_name, acting_reason


class DatabaseWrapper(base.DatabaseWrapper):
    """Registers the trail's functions on each new connection."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection and teach it the trail's functions."""
        connection = super().get_new_connection(conn_params)
        connection.create_function("andon_actor", 0, acting_name)
        connection.create_function("andon_reason", 0, acting_reason)
        connection.create_function("andon_now", 0, acting_at)
        connection.create_function("andon_changed", 2, changed_values, deterministic=True)
        connection.create_function("andon_digest", 11, entry_digest, deterministic=True)
        return connection
