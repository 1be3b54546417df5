"""The database that is left: held still while it is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from andon.records.errors import Refused
from andon.records.moving.standing import opened
from andon.records.moving.tables import tables

SOURCE = "source"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@contextmanager
def held_still() -> Iterator[BaseDatabaseWrapper]:
    """Open the configured database alone: nobody else is connected, and nobody can write."""
    connections[DEFAULT_DB_ALIAS].close()
    usual: dict[str, Any] = connections.settings[DEFAULT_DB_ALIAS]
    is_sqlite = "sqlite" in usual["ENGINE"]
    with opened(SOURCE, _alone_on_sqlite(usual) if is_sqlite else _without_pool(usual)) as source:
        try:
            with transaction.atomic(using=SOURCE):
                if not is_sqlite:
                    _hold_postgresql(source)
                _require_present_schema(source)
                yield source
        except OperationalError as error:
            if "locked" in str(error) or "could not obtain lock" in str(error):
                raise Refused.because(_in_use()) from error
            raise


def _alone_on_sqlite(usual: dict[str, Any]) -> dict[str, Any]:
    """Return how the file is opened so that any other process that has it open is noticed."""
    options = usual["OPTIONS"] | {
        "timeout": 2,
        "transaction_mode": "EXCLUSIVE",
        "init_command": f"PRAGMA locking_mode=EXCLUSIVE; {usual['OPTIONS']['init_command']}",
    }
    return {"OPTIONS": options}


def _without_pool(usual: dict[str, Any]) -> dict[str, Any]:
    return {"OPTIONS": {name: v for name, v in usual["OPTIONS"].items() if name != "pool"}}


def _hold_postgresql(source: BaseDatabaseWrapper) -> None:
    """Lock every table against writers first, and take the snapshot after."""
    with source.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        present = set(source.introspection.table_names(cursor))
    names = [table.name for table in tables() if table.name in present]
    with source.cursor() as cursor:
        if names:
            told = ", ".join(f'"{name}"' for name in names)
            # nosemgrep: sql-made-of-text - names of tables are the code's own
            cursor.execute(f"LOCK TABLE {told} IN SHARE MODE NOWAIT")
        cursor.execute(_OTHERS)
        if cursor.fetchone()[0]:
            raise Refused.because(_in_use())


def _require_present_schema(source: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused.because(
            _("This installation has not this version's schema: run `andon migrate` first.")
        )


def _in_use() -> str:
    return _("Andon is running on this database: stop `andon serve` and `andon worker` first.")
