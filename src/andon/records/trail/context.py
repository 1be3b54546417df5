"""Who acts, why and when: carried to the triggers by the connection's context."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from andon.records import clock

if TYPE_CHECKING:
    from andon.records.models.account import Account


@dataclass(frozen=True, slots=True)
class _Acting:
    actor: str
    reason: str


_acting: ContextVar[_Acting | None] = ContextVar("andon_acting", default=None)


@contextmanager
def acting(actor: "Account", *, reason: str = "") -> Iterator[None]:
    """Run a block as one transaction whose changes are told under this account's name."""
    outer = _acting.get()
    with (
        transaction.atomic(),
        told_under(actor.username, reason or (outer.reason if outer else "")),
    ):
        yield


@contextmanager
def told_under(actor: str, reason: str = "") -> Iterator[None]:
    """Tell what a block changes under another name, within the transaction that is open."""
    outer, inner = _acting.get(), _Acting(actor, reason)
    token = _acting.set(inner)
    try:
        _tell_postgresql(inner, outer)
        yield
    finally:
        _acting.reset(token)
    if outer is not None:
        _tell_postgresql(outer, inner)


def _tell_postgresql(present: _Acting, previous: _Acting | None) -> None:
    """Set the transaction's variables; SQLite's functions read the context themselves."""
    if connection.vendor != "postgresql" or present == previous:
        return
    at = acting_at() if clock.is_shifted() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('andon.actor', %s, true), set_config('andon.reason', %s, true),"
            " set_config('andon.now', %s, true)",
            [present.actor, present.reason, at],
        )


def acting_name() -> str:
    """Return the acting account's user name; empty when no service is under way."""
    acting_now = _acting.get()
    return acting_now.actor if acting_now else ""


def acting_reason() -> str:
    """Return the reason given for the changes under way."""
    acting_now = _acting.get()
    return acting_now.reason if acting_now else ""


def acting_at() -> str:
    """Return the present instant as an entry tells it: UTC with microseconds."""
    return clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
