"""Verifying the trail: every chain whole, and replaying to the present state of every row."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from andon.records.trail.canonical import entry_digest
from andon.records.trail.install import missing
from andon.records.trail.subjects import Subject, subjects

_COLUMNS = 'chain, sequence, at, actor, action, "table", "row", old, new, reason, previous, digest'
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the trail says, and where."""

    place: str
    """Chain and sequence, or table and row."""
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(slots=True)
class VerifyReport:
    """What was looked at and what was found."""

    entries: int = 0
    chains: int = 0
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)


def verify() -> VerifyReport:
    """Walk every chain in order, then hold the replayed rows against the tables."""
    report = VerifyReport()
    report.problems += [Problem(table, "a trigger of the trail is missing") for table in missing()]
    present: dict[tuple[str, str], dict[str, Any]] = {}
    chain, expected, previous = "", 1, ""
    for entry in _entries():
        report.entries += 1
        if entry[0] != chain:
            chain, expected, previous = entry[0], 1, ""
            report.chains += 1
        report.problems += _broken(entry, expected, previous)
        expected, previous = entry[1] + 1, entry[11]
        _replay(entry, present, report)
    for subject in subjects():
        _compare(subject, present, report)
    report.problems += [
        Problem(f"{table} {row}", "the row is gone, and no entry removed it")
        for table, row in sorted(present)
    ]
    return report


def _entries() -> Iterator[tuple[Any, ...]]:
    """Yield every entry by chain and sequence, a part at a time."""
    chain, sequence = "", 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_COLUMNS} FROM records_entry"  # noqa: S608 - own column names
                " WHERE chain > %s OR (chain = %s AND sequence > %s)"
                " ORDER BY chain, sequence LIMIT %s",
                [chain, chain, sequence, _CHUNK],
            )
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < _CHUNK:
            return
        chain, sequence = rows[-1][0], rows[-1][1]


def _broken(entry: tuple[Any, ...], expected: int, previous: str) -> Iterator[Problem]:
    place = f"{entry[0]} {entry[1]}"
    if entry[1] != expected:
        yield Problem(place, f"entry {expected} should stand here: entries are missing")
    elif entry[10] != previous:
        yield Problem(place, "it does not follow the entry before it")
    if entry_digest(*entry[:11]) != entry[11]:
        yield Problem(place, "its content is not what was chained")


def _replay(
    entry: tuple[Any, ...], present: dict[tuple[str, str], dict[str, Any]], report: VerifyReport
) -> None:
    action, table, row = entry[4], entry[5], entry[6]
    try:
        new = json.loads(entry[8])
    except ValueError:
        return  # its digest was found wrong already
    if action == "create":
        present[table, row] = new
    elif action == "remove":
        present.pop((table, row), None)
    elif (table, row) in present:
        present[table, row] |= new
    else:
        report.problems.append(
            Problem(f"{table} {row}", "a change of a row that was never created")
        )


def _compare(
    subject: Subject, present: dict[tuple[str, str], dict[str, Any]], report: VerifyReport
) -> None:
    """Hold a table against what its entries say; what is left over afterwards is gone."""
    names = [column for column, kind in subject.columns if kind != "binary"]
    kinds = dict(subject.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{subject.key}", {columns} FROM "{subject.table}"')  # noqa: S608
        while rows := cursor.fetchmany(_CHUNK):
            for key, *values in rows:
                report.rows += 1
                told = present.pop((subject.table, str(key)), None)
                place = f"{subject.table} {key}"
                if told is None:
                    report.problems.append(Problem(place, "no entry created this row"))
                    continue
                for name, value in zip(names, values, strict=True):
                    if not _is_same(kinds[name], told.get(name), value):
                        text = f"{name} is {value!r}, the trail says {told.get(name)!r}"
                        report.problems.append(Problem(place, text))


def _is_same(kind: str, told: Any, value: Any) -> bool:
    """Compare a value of the trail with one of the table, whatever the database wrote them as."""
    if told is None or value is None:
        return told is None and value is None
    if kind == "real":
        return float(told) == float(value)
    if isinstance(value, datetime) or _is_instant(told):
        return _instant(told) == _instant(value)
    if isinstance(told, dict | list) or (isinstance(value, str) and value[:1] in "[{"):
        return bool(_plain(told) == _plain(value))
    if isinstance(told, bool) or isinstance(value, bool):
        return bool(told) == bool(value)
    return bool(_number_or_text(told) == _number_or_text(value))


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and value[13:14] == ":"


def _instant(value: Any) -> datetime | str:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        told = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _number_or_text(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)
