"""How people come to each step of a record type: what they do before it, and what they may not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from andon.records.models import Record
from andon.records.services import change
from edges.people import People

Preparation = Callable[[People, Any], Mapping[str, Any] | None]
"""Does by public services what a step asks for; returns the values given to the step's form."""
Misdeed = tuple[str, type[Exception], Callable[[], Any]]
"""What nobody may do in this state, the error that says so, and the attempt."""


def nothing(_people: People, _record: Any) -> None:
    """Some steps need nothing."""


def no_misdeeds(_people: People, _record: Any) -> Iterator[Misdeed]:
    """Some records have no lines."""
    return iter(())


@dataclass(frozen=True)
class Playbook:
    """One record type."""

    kind: str
    begin: Callable[[People], Record]
    ready: Mapping[str, Preparation] = field(default_factory=dict)
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Steps that lead to a state from which different steps go on; the first is the usual one."""
    takes: Mapping[str, Callable[[People, Any], Any]] = field(default_factory=dict)
    """Steps that are taken by a service of their own."""
    blocked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Variant -> steps whose gate stays shut after it."""
    misdeeds: Callable[[People, Any], Iterator[Misdeed]] = no_misdeeds


def set_fields(people: People, record: Record, **values: Any) -> Record:
    """Change fields as a quality engineer."""
    fresh = type(record)._default_manager.get(pk=record.pk)
    return change(
        fresh, actor=people["QE"], values=values, version=fresh.version, reason="prepared"
    )


def by_sql(record: Record, state: str) -> Callable[[], Any]:
    """Return the attempt to set a state past every service."""

    def attempt() -> None:
        with transaction.atomic():
            Record.objects.filter(pk=record.pk).update(state=state)

    return attempt
