"""Holds each act to what must follow: accepted and told once, or refused and told nowhere."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.db import DatabaseError

from andon.records.errors import Conflict, Forbidden, Refused
from andon.records.models import Account, Entry, Record
from andon.records.workflow import Transition

Act = Callable[[], Any]
TYPED = (Refused, Forbidden, Conflict, DatabaseError)


class Violation(Exception):
    """Something happened that must not, or did not happen that must."""


@dataclass
class Ledger:
    """What was tried so far."""

    walked: set[tuple[str, str, str]] = field(default_factory=set)
    held: set[tuple[str, str]] = field(default_factory=set)
    """Gates that refused who came without what they ask for."""
    cells: set[tuple[str, str, str, str]] = field(default_factory=set)
    """Kind, state, step and role of each illegal step that was refused."""
    accepted: int = 0
    refused: int = 0

    def accept(self, act: Act, what: str) -> tuple[Any, list[Entry]]:
        """Do what must be possible; return its result and the entries it left."""
        before = last_entry()
        try:
            result = act()
        except TYPED as error:
            fail(f"{what}: refused by {type(error).__name__}: {error}")
        self.accepted += 1
        return result, list(Entry.objects.filter(pk__gt=before).order_by("pk"))

    def refuse(self, act: Act, what: str, kind: type[Exception]) -> None:
        """Try what must not be possible; nothing may be left of it."""
        before = last_entry()
        try:
            act()
        except TYPED as error:
            if not isinstance(error, kind):
                fail(f"{what}: {type(error).__name__} instead of {kind.__name__}: {error}")
        else:
            fail(f"{what}: accepted")
        if last_entry() != before:
            fail(f"{what}: refused, and yet told in the trail")
        self.refused += 1


def last_entry() -> int:
    """Return the place of the newest entry."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def fail(text: str) -> NoReturn:
    """Say what is not as it must be."""
    raise Violation(text)


def hold_change(entries: Iterable[Entry], before: Record, actor: Account) -> Record:
    """Hold a change to its trail: one rise of the version, in the name of who did it."""
    after = type(before)._default_manager.get(pk=before.pk)
    told = [
        (entry.actor, json.loads(entry.new))
        for entry in entries
        if (entry.table, entry.row) == ("records_record", str(before.pk))
    ]
    risen = [(name, new["version"]) for name, new in told if "version" in new]
    if risen != [(actor.username, before.version + 1)] or after.version != before.version + 1:
        fail(f"{before.number}: the change of version {before.version} is told as {risen}")
    return after


def hold_step(
    entries: list[Entry], before: Record, step: Transition, actor: Account, reason: str
) -> Record:
    """Hold a step to its trail: the change, its target, its reason and its one signature."""
    after = hold_change(entries, before, actor)
    signed = [
        json.loads(entry.new)["transition"]
        for entry in entries
        if entry.table == "records_signature" and entry.chain == f"record:{before.pk}"
    ]
    if after.state != step.target or signed != [step.name] * bool(step.meaning):
        fail(f"{before.number} {step.name}: came to {after.state}, signed {signed}")
    if step.needs_reason and not any(entry.reason == reason for entry in entries):
        fail(f"{before.number} {step.name}: its reason is not told")
    return after


def hold_new(entries: list[Entry], table: str) -> None:
    """Hold the creation of a row to its one entry."""
    if [(entry.action, entry.table) for entry in entries] != [("create", table)]:
        fail(f"{table}: told as {[str(entry) for entry in entries]}")
