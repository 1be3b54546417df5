"""The database that is moved to: empty at first, marked until all is there."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from andon.records.errors import Refused
from andon.records.moving.standing import as_default
from andon.records.moving.tables import Row, Table
from andon.records.moving.unfinished import bears_mark, mark

TARGET = "target"
_MANY = 1000


def prepare(target: BaseDatabaseWrapper) -> None:
    """Give an empty database this version's schema and the mark; refuse any other database."""
    names = target.introspection.table_names()
    if bears_mark(names):
        _clear(target, names)
    elif names:
        raise Refused.because(_why_not_empty(target, names))
    mark(target)
    # Django's own command: Andon's would put the triggers in place, which comes last here.
    with as_default(target):
        call_command(migrate.Command(), database=TARGET, verbosity=0, interactive=False)


def write(target: BaseDatabaseWrapper, table: Table, rows: Iterable[Row]) -> None:
    """Write rows exactly as they are; the schema's own first rows make way."""
    columns = ", ".join(f'"{field.column}"' for field in table.fields)
    into = f'"{table.name}" ({columns})'
    stored = (_stored(table, row, target) for row in rows)
    with target.cursor() as cursor, target.wrap_database_errors:
        if target.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in stored:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(table.fields))
        for part in _parts(stored):
            # nosemgrep: sql-made-of-text - names of tables are the code's own
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", part)  # noqa: S608


def empty(target: BaseDatabaseWrapper, tables: Iterable[Table]) -> None:
    """Remove what making the schema has written: content types and permissions."""
    with target.cursor() as cursor:
        for table in tables:
            # nosemgrep: sql-made-of-text - names of tables are the code's own
            cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608


def last_numbers(source: BaseDatabaseWrapper, tables: Iterable[Table]) -> dict[str, int]:
    """Return the last number that the database gave in each table, removed rows counted too."""
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return {str(name): int(last) for name, last in cursor.fetchall()}
        found = {}
        for table in tables:
            if not table.counted_column:
                continue
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s))",
                [f'"{table.name}"', table.counted_column],
            )
            found[table.name] = int(cursor.fetchone()[0] or 0)
        return found


def set_numbers(target: BaseDatabaseWrapper, tables: Iterable[Table], last: dict[str, int]) -> None:
    """Let each table count on from where it stood: no number of a removed row comes again."""
    for table in tables:
        number = last.get(table.name, 0)
        if not (table.counted_column and number):
            continue
        with target.cursor() as cursor:
            if target.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
                    [table.name, number],
                )
            else:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                    [f'"{table.name}"', table.counted_column, number],
                )


def _clear(target: BaseDatabaseWrapper, names: list[str]) -> None:
    """Remove what a move that did not end has left."""
    if target.vendor == "sqlite":
        target.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{target.settings_dict['NAME']}{ending}").unlink(missing_ok=True)
        return
    with target.cursor() as cursor:
        for name in names:
            # nosemgrep: sql-made-of-text - names of tables are the code's own
            cursor.execute(f'DROP TABLE IF EXISTS "{name}" CASCADE')


def _why_not_empty(target: BaseDatabaseWrapper, names: list[str]) -> str:
    if MigrationRecorder.Migration._meta.db_table not in names:
        return _("The target is not empty: it holds %(count)d tables.") % {"count": len(names)}
    applied = set(MigrationRecorder(target).applied_migrations())
    wanted = set(MigrationLoader(None).disk_migrations)
    if applied != wanted:
        return _("The target is not empty and has another version's schema.")
    return _("The target is not empty: it holds an installation already.")


def _stored(table: Table, row: Row, target: BaseDatabaseWrapper) -> tuple[Any, ...]:
    return tuple(
        _stored_value(field, value, target) for field, value in zip(table.fields, row, strict=True)
    )


def _stored_value(field: Any, value: Any, target: BaseDatabaseWrapper) -> Any:
    if value is None and field.null:
        return None
    if isinstance(field, models.JSONField):  # its own way would turn JSON's null into SQL's
        return target.ops.adapt_json_value(value, field.encoder)
    return field.get_db_prep_save(value, target)


def _parts(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    part: list[tuple[Any, ...]] = []
    for row in rows:
        part.append(row)
        if len(part) == _MANY:
            yield part
            part = []
    if part:
        yield part
