"""Reading the trail and the audited tables as the database itself writes them to the trail."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from andon.records.trail.sqlite import row_as_json
from andon.records.trail.subjects import Subject

_COLUMNS = 'chain, sequence, at, actor, action, "table", "row", old, new, reason, previous, digest'
_CHUNK = 5000


class Told(NamedTuple):
    """One entry as stored, in the order in which its digest is made."""

    chain: str
    sequence: int
    at: str
    actor: str
    action: str
    table: str
    row: str
    old: str
    new: str
    reason: str
    previous: str
    digest: str


def entries(chain: str = "") -> Iterator[Told]:
    """Yield the entries of all chains, or of one, by chain and sequence, a part at a time."""
    place: tuple[str, int] = (chain, -1)
    only = " AND chain = %s" if chain else ""
    query = (
        f"SELECT {_COLUMNS} FROM records_entry WHERE (chain, sequence) > (%s, %s){only}"  # noqa: S608
        f" ORDER BY chain, sequence LIMIT {_CHUNK}"
    )
    while True:
        rows = _rows(query, [*place, chain] if chain else [*place])
        yield from map(Told._make, rows)
        if len(rows) < _CHUNK:
            return
        place = (rows[-1][0], rows[-1][1])


def stored_rows(subject: Subject, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return rows of a table by key, told exactly as the triggers would tell them."""
    # A key that was edited in the trail may be no number any more.
    wanted = [
        key if subject.has_text_key else int(key)
        for key in keys
        if subject.has_text_key or key.isdecimal()
    ]
    content = (
        "to_jsonb(t)::text" if connection.vendor == "postgresql" else row_as_json("t", subject)
    )
    places = ", ".join(["%s"] * len(wanted))
    query = (
        f'SELECT t."{subject.key}", {content} FROM "{subject.table}" t'  # noqa: S608
        f' WHERE t."{subject.key}" IN ({places})'
    )
    return {str(key): plain(text) for key, text in _rows(query, wanted)}


def rows_without_entry(subject: Subject, record: int | None = None) -> Iterator[str]:
    """Yield the keys of rows of which the trail knows nothing, of all records or of one."""
    key = f't."{subject.key}"'
    chain = f"'record:' || t.\"{subject.chain_column}\""
    own = chain if subject.chain_column else f"'{subject.table}:' || {key}"
    query = (
        f'SELECT {key} FROM "{subject.table}" t WHERE NOT EXISTS (SELECT 1 FROM records_entry e'  # noqa: S608
        f' WHERE e.chain = {own} AND e."table" = %s AND e."row" = CAST({key} AS TEXT))'
    )
    given: list[Any] = [subject.table]
    if record is not None:
        query, given = f'{query} AND t."{subject.chain_column}" = %s', [*given, record]
    for (found,) in _rows(query, given):
        yield str(found)


def plain(text: str) -> dict[str, Any]:
    """Return an object of the trail; fractions stay as they are written."""
    content: dict[str, Any] = json.loads(text, parse_float=str)
    return content


def _rows(query: str, given: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())
