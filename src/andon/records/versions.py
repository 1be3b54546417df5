"""Two versions of a record: what somebody wanted to store, and what was stored meanwhile."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from andon.records import lists
from andon.records.models import Entry, Record


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which two versions disagree."""

    name: str
    label: str
    stored: str
    mine: str
    was_changed_by_others: bool


def differences(stored: Record, mine: Mapping[str, Any], *, read_version: int) -> list[Difference]:
    """Return the fields in which the values somebody sent differ from those stored now."""
    wanted = type(stored)(pk=stored.pk, state=stored.state, **mine)
    touched = columns_changed_since(stored, read_version)
    return [
        Difference(
            name,
            lists.heading(type(stored), name),
            lists.cell(stored, name),
            lists.cell(wanted, name),
            _column(stored, name) in touched,
        )
        for name in _differing(stored, mine)
    ]


def columns_changed_since(record: Record, version: int) -> set[str]:
    """Return the columns that others changed after a version, as the trail tells."""
    tables = [Record._meta.db_table, type(record)._meta.db_table]
    entries = Entry.objects.filter(chain=f"record:{record.pk}", table__in=tables, action="change")
    changed: set[str] = set()
    for old, new in entries.order_by("-sequence").values_list("old", "new").iterator():
        changed |= set(json.loads(new))
        if json.loads(old).get("version", version + 1) <= version:
            break
    return changed


def _differing(stored: Record, mine: Mapping[str, Any]) -> Iterable[str]:
    return (name for name, value in mine.items() if getattr(stored, name) != value)


def _column(record: Record, name: str) -> str:
    return str(record._meta.get_field(name).column)  # type: ignore[union-attr]
