"""A record's chain of entries, told in words."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.history_words import Words
from andon.records.models import Account, Entry, Record
from andon.records.trail.verify import is_chain_whole as _is_chain_whole

_AT_ONCE = timedelta(seconds=2)
"""Rows of one act are written within this time of each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history: what one person did at one moment."""

    at: datetime
    actor: str
    text: str
    note: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Act:
    """An entry that was read: its time and its values."""

    entry: Entry
    at: datetime
    old: dict[str, Any]
    new: dict[str, Any]


def lines_of(record: Record, *, most: int = 200) -> list[Line]:
    """Return what happened to a record, newest first."""
    chain = Entry.objects.filter(chain=f"record:{record.pk}").exclude(table__in=_untold())
    entries = chain.order_by("-sequence")[:most]
    words = Words(record)
    names = dict(Account.objects.values_list("username", "name"))
    acts = (_read(entry, record) for entry in entries)
    lines = (_line(act, words, names) for act in _merged(acts, words))
    return [line for line in lines if line.text]


def _untold() -> list[str]:
    """Return the tables whose rows are in the trail but not in the history that people read.

    A model says `is_told = False` when its page shows its rows better, or must not show them yet.
    """
    models = apps.get_models()
    return [one._meta.db_table for one in models if not getattr(one, "is_told", True)]


def withheld_tables(record: Record) -> set[str]:
    """Return the tables whose values in the chain of a record are not to be read now.

    Those of `is_told = False`, until the record itself shows their rows as its content.
    """
    lines = getattr(record, "content_lines", ())
    return set(_untold()) - {getattr(record, name).model._meta.db_table for name in lines}


def values_told(record: Record, stored: str) -> dict[str, Any]:
    """Return the values of an entry of a record, without the fields that it withholds now."""
    hidden = getattr(record, "withheld_fields", ())
    return {name: value for name, value in json.loads(stored).items() if name not in hidden}


def is_chain_whole(record: Record) -> bool:
    """Tell whether every entry of the chain has its digest and its predecessor."""
    return _is_chain_whole(f"record:{record.pk}")


def _read(entry: Entry, record: Record) -> _Act:
    at = datetime.fromisoformat(entry.at).astimezone(clock.site_zone())
    return _Act(entry, at, values_told(record, entry.old), values_told(record, entry.new))


def _merged(acts: Iterable[_Act], words: Words) -> Iterator[_Act]:
    """Yield acts; the two rows of a record (the register's and its type's) are one act."""
    last: _Act | None = None
    for act in acts:
        if last is not None and _is_one_act(last, act, words):
            entry = last.entry if words.is_register(last.entry.table) else act.entry
            last = replace(act, entry=entry, old=last.old | act.old, new=last.new | act.new)
            continue
        if last is not None:
            yield last
        last = act
    if last is not None:
        yield last


def _is_one_act(one: _Act, other: _Act, words: Words) -> bool:
    a, b = one.entry, other.entry
    return (
        a.table != b.table
        and words.is_own(a.table)
        and words.is_own(b.table)
        and (a.actor, a.action, a.reason) == (b.actor, b.action, b.reason)
        and abs(one.at - other.at) < _AT_ONCE
    )


def _line(act: _Act, words: Words, names: dict[str, str]) -> Line:
    entry = act.entry
    text, changes = _said(act, words)
    actor = names.get(entry.actor, entry.actor or _("somebody outside Andon"))
    note = " · ".join(filter(None, [entry.reason, f"#{entry.digest[:8]}"]))
    return Line(act.at, actor, text, note, changes)


def _said(act: _Act, words: Words) -> tuple[str, tuple[str, ...]]:
    """Return what was done, and the values that changed by it."""
    table, action = act.entry.table, act.entry.action
    changes = tuple(words.changes(table, act.old, act.new)) if action == "change" else ()
    if words.is_own(table):
        if action == "create":
            return _("created it as “%(title)s”") % {"title": words.title}, ()
        if "state" in act.new:
            return _("moved it to “%(state)s”") % {"state": words.state(act.new["state"])}, changes
        return (_("changed it") if changes else ""), changes
    told = words.summary(table, act.new or act.old)
    if action == "change":
        return (_("changed %(what)s") % {"what": words.table(table)} if changes else ""), changes
    patterns = {
        "records_signature": _("signed %(told)s"),
        "records_comment": _("commented %(told)s"),
        "records_attachment": _("attached %(told)s"),
        "records_link": _("linked %(told)s"),
        "records_trailreview": _("reviewed the trail: %(told)s"),
    }
    pattern = patterns.get(table, _("added %(what)s %(told)s"))
    if action == "remove":
        pattern = _("removed %(what)s %(told)s")
    return (pattern % {"what": words.table(table), "told": told}).strip(), ()
