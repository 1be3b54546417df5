"""Numbers without gaps or duplicates: the sequence's row is locked until the commit."""

from django.db import connection

from andon.records import clock
from andon.records.models.keeping import NumberSequence


def next_number(prefix: str) -> str:
    """Return the next number of this prefix and year, such as NC-2025-0001.

    Must run inside the transaction that stores the record: a rollback gives the number back.
    """
    key = f"{prefix}-{clock.today().year}"
    table = NumberSequence._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("key", last) VALUES (%s, 1)'  # noqa: S608
            f' ON CONFLICT ("key") DO UPDATE SET last = {table}.last + 1 RETURNING last',
            [key],
        )
        return f"{key}-{cursor.fetchone()[0]:04d}"
