"""Further databases beside the configured one, and how one stands in for it for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def opened(alias: str, database: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Open a database under a name of its own, and forget it at the end."""
    connections.settings[alias] = {**connections.settings[DEFAULT_DB_ALIAS], **database}
    opening = connections[alias]
    try:
        yield opening
    finally:
        opening.close()
        del connections[alias]
        del connections.settings[alias]


@contextmanager
def as_default(other: BaseDatabaseWrapper) -> Iterator[None]:
    """Let a database stand in for the configured one: its triggers and its trail are meant."""
    usual = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
