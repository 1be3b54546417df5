"""Put the triggers in place after each migration, and tell when one is missing."""

from collections.abc import Iterator

from django.db import connection, transaction

from andon.records.trail import postgresql, sqlite
from andon.records.trail.rules import database_rules
from andon.records.trail.subjects import append_only_tables, subjects

_SQLITE_PRESENT = (
    "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'andon!_%'"
    " ESCAPE '!'"
)
_POSTGRESQL_PRESENT = (
    "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE tgname LIKE 'andon!_%' ESCAPE '!' AND pg_table_is_visible(pg_class.oid)"
)


def install() -> int:
    """Replace all triggers by the present ones and return how many there are.

    SQLite drops a table's triggers when a migration rebuilds it, so this runs after each migrate.
    """
    with transaction.atomic():
        remove()
        wanted = list(_wanted())
        with connection.cursor() as cursor:
            for statement in wanted:
                cursor.execute(statement)
    return len(wanted)


def remove() -> None:
    """Drop every trigger: before a migration that rewrites rows, and between tests."""
    with connection.cursor() as cursor:
        for name, table in present():
            place = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            # nosemgrep: sql-made-of-text - triggers of the code's own names
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{place}')


def present() -> list[tuple[str, str]]:
    """Return the triggers in the database as (name, table)."""
    query = _POSTGRESQL_PRESENT if connection.vendor == "postgresql" else _SQLITE_PRESENT
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted((str(name), str(table)) for name, table in cursor.fetchall())


def missing() -> list[str]:
    """Return the tables of which a trigger is absent or disabled."""
    counts: dict[str, int] = {}
    for _name, table in present():
        counts[table] = counts.get(table, 0) + 1
    language = postgresql if connection.vendor == "postgresql" else sqlite
    wanted = {subject.table: len(list(language.statements(subject))) for subject in subjects()}
    for table in append_only_tables():
        wanted[table] = wanted.get(table, 0) + language.REFUSALS
    for rule in database_rules():
        wanted[rule.table] = wanted.get(rule.table, 0) + rule.trigger_count()
    return sorted(table for table, count in wanted.items() if counts.get(table, 0) < count)


def _wanted() -> Iterator[str]:
    language = postgresql if connection.vendor == "postgresql" else sqlite
    if connection.vendor == "postgresql":
        yield from postgresql.FUNCTIONS
    for subject in subjects():
        yield from language.statements(subject)
    for table, exceptions in append_only_tables().items():
        yield from language.refusals(table, exceptions)
    for rule in database_rules():
        yield from rule.statements()
