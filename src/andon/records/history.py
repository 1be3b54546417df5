"""A record's chain of entries, told in words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from andon.records.models import Account, Entry, Record
from andon.records.trail.canonical import entry_digest

_SILENT = frozenset({"version", "state_since", "record_ptr_id", "id"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history: what one person did at one moment."""

    at: datetime
    actor: str
    text: str
    note: str
    changes: tuple[str, ...]


def lines_of(record: Record, *, most: int = 200) -> list[Line]:
    """Return what happened to a record, newest first."""
    entries = Entry.objects.filter(chain=f"record:{record.pk}").order_by("-sequence")[:most]
    names = dict(Account.objects.values_list("username", "name"))
    return [_line(entry, names) for entry in entries]


def is_chain_whole(record: Record) -> bool:
    """Tell whether every entry of the chain has its digest and its predecessor."""
    previous, expected = "", 1
    for entry in Entry.objects.filter(chain=f"record:{record.pk}").order_by("sequence"):
        if entry.sequence != expected or entry.previous != previous:
            return False
        if entry.digest != digest_of(entry):
            return False
        previous, expected = entry.digest, expected + 1
    return expected > 1


def digest_of(entry: Entry) -> str:
    """Return the digest an entry must have."""
    return entry_digest(
        entry.chain, entry.sequence, entry.at, entry.actor, entry.action, entry.table,
        entry.row, entry.old, entry.new, entry.reason, entry.previous,
    )  # fmt: skip


def _line(entry: Entry, names: dict[str, str]) -> Line:
    at = datetime.fromisoformat(entry.at.replace("Z", "+00:00")).astimezone(UTC)
    old, new = json.loads(entry.old), json.loads(entry.new)
    return Line(
        at,
        names.get(entry.actor, entry.actor or _("somebody outside Andon")),
        _said(entry, new),
        " · ".join(filter(None, [entry.reason, f"#{entry.digest[:8]}"])),
        tuple(_changes(old, new)) if entry.action == "change" else (),
    )


def _said(entry: Entry, new: dict[str, Any]) -> str:
    what = _label(entry.table)
    if entry.table == "records_signature":
        return _("signed “%(meaning)s”") % {"meaning": new.get("meaning", "")}
    if entry.table == "records_comment":
        return _("commented")
    if entry.table == "records_record" and "state" in new and entry.action == "change":
        return _("moved it to “%(state)s”") % {"state": new["state"]}
    words = {"create": _("added"), "change": _("changed"), "remove": _("removed")}
    return f"{words[entry.action]} {what}"


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for name, value in new.items():
        if name not in _SILENT:
            yield f"{name}: {_short(old.get(name))} → {_short(value)}"


def _short(value: Any) -> str:
    text = "–" if value in (None, "") else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _label(table: str) -> str:
    for model in apps.get_models():
        if model._meta.db_table == table:
            return str(model._meta.verbose_name)
    return table
