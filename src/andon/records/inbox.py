"""Inbox: what is mine, what waits for others, what is overdue; bounded, whatever the register."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from andon.records import clock
from andon.records.models import Account, Record
from andon.records.permissions import may
from andon.records.registry import record_types

MOST = 50


@dataclass(frozen=True, slots=True)
class Inbox:
    """The open records that concern one person."""

    mine: tuple[Record, ...]
    waiting: tuple[Record, ...]
    overdue: tuple[Record, ...]
    looked_at: int
    """How many open records of one's kinds there are: told when nothing is to do."""


def inbox(account: Account) -> Inbox:
    """Return what is mine, by date; what I wait for; and what of mine is late."""
    kinds = [kind for kind in record_types() if may(account, f"{kind}.view")]
    open_ones = Record.objects.filter(closed_at=None, kind__in=kinds).select_related("owner")
    mine = _by_due(open_ones.filter(owner=account))
    others = Q(owner__isnull=False) & ~Q(owner=account)
    waiting = _by_due(open_ones.filter(others, created_by=account))
    now = clock.now()
    return Inbox(
        mine=mine,
        waiting=waiting,
        overdue=tuple(record for record in mine if record.is_overdue(now)),
        looked_at=open_ones.count(),
    )


def urgency(record: Record, now: datetime) -> str:
    """Return late, today or later, by the due instant."""
    if record.due_at is None:
        return "later"
    if record.due_at < now:
        return "late"
    zone = clock.site_zone()
    is_today = record.due_at.astimezone(zone).date() == now.astimezone(zone).date()
    return "today" if is_today else "later"


def _by_due(records: QuerySet[Record]) -> tuple[Record, ...]:
    return tuple(records.order_by(F("due_at").asc(nulls_last=True), "-id")[:MOST])
