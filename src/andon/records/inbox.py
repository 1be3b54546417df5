"""Inbox: what is mine, what waits for others, what is overdue; bounded, whatever the register.

Every query is led by an index and ends at a limit, so that a register of a million records
answers as fast as one of a hundred.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from andon.records import clock
from andon.records.lists import bounded_count
from andon.records.models import Account, Entry, Record
from andon.records.path import is_onward
from andon.records.permissions import may
from andon.records.registry import record_types
from andon.records.workflow import Workflow

MOST = 50
MOST_DUE = 500
_ENTRIES_BACK = 1000
"""How far back in one's own entries one's last moves are looked for."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The open records that concern one person."""

    mine: tuple[Record, ...]
    waiting: tuple[Record, ...]
    overdue: tuple[Record, ...]
    looked_at: int
    """How many open records of one's kinds there are (counting ends at a bound): told when
    nothing is to do."""


def inbox(account: Account) -> Inbox:
    """Return what is mine, by date; what I wait for; and what of mine is late.

    Mine: I own it and it is not paused, or nobody owns it and the next step is one of my role.
    Waiting: I reported or last moved it, and somebody else owns it or it is paused.
    """
    flows = _flows(account)
    open_ones = Record.objects.filter(closed_at=None, kind__in=flows).select_related("owner")
    mine = _mine(open_ones, flows, account)
    now = clock.now()
    return Inbox(
        mine=mine,
        waiting=_waiting(open_ones, flows, account),
        overdue=tuple(record for record in mine if record.is_overdue(now)),
        looked_at=sum(_open_count(kind, flow) for kind, flow in flows.items()),
    )


def due_before(account: Account, until: datetime) -> list[Record]:
    """Return what is mine and due before an instant, by date."""
    flows = _flows(account)
    due = Record.objects.filter(closed_at=None, kind__in=flows, due_at__lt=until)
    owned = due.filter(owner=account).exclude(_paused(flows))
    waiting_for_my_role = due.filter(_next_is_mine(flows, account), owner=None)
    found = [
        *owned.order_by("due_at")[:MOST_DUE],
        *waiting_for_my_role.order_by("due_at")[:MOST_DUE],
    ]
    return sorted(found, key=_due_first)


def urgency(record: Record, now: datetime) -> str:
    """Return late, today or later, by the due instant."""
    if record.due_at is None:
        return "later"
    if record.due_at < now:
        return "late"
    zone = clock.site_zone()
    is_today = record.due_at.astimezone(zone).date() == now.astimezone(zone).date()
    return "today" if is_today else "later"


def _flows(account: Account) -> dict[str, Workflow]:
    """Return the workflows of the types that an account may see."""
    types = record_types().items()
    return {kind: model.WORKFLOW for kind, model in types if may(account, f"{kind}.view")}


def _mine(
    open_ones: QuerySet[Record], flows: dict[str, Workflow], account: Account
) -> tuple[Record, ...]:
    owned = _by_due(open_ones.filter(owner=account).exclude(_paused(flows)))
    waiting_for_my_role = _by_due(open_ones.filter(_next_is_mine(flows, account), owner=None))
    return tuple(sorted((*owned, *waiting_for_my_role), key=_due_first)[:MOST])


def _waiting(
    open_ones: QuerySet[Record], flows: dict[str, Workflow], account: Account
) -> tuple[Record, ...]:
    others = Q(owner__isnull=False) & ~Q(owner=account)
    elsewhere = open_ones.filter(others | _paused(flows))
    found = [
        *_by_due(elsewhere.filter(created_by=account)),
        *_by_due(elsewhere.filter(pk__in=_moved_by(account))),
        *_by_due(open_ones.filter(_paused(flows), owner=account)),
    ]
    return tuple(sorted({record.pk: record for record in found}.values(), key=_due_first)[:MOST])


def _next_is_mine(flows: dict[str, Workflow], account: Account) -> Q:
    """Return the kinds and states from which this account may take a step onward."""
    found = Q(pk__in=())
    for kind, flow in flows.items():
        states = {
            source
            for step in flow.transitions
            for source in step.sources
            if not step.is_automatic
            and is_onward(flow, step, source)
            and not (flow.state(step.target).is_final and step.needs_reason)
            and may(account, step.permission)
        }
        found |= Q(kind=kind, state__in=states)
    return found


def _paused(flows: dict[str, Workflow]) -> Q:
    found = Q(pk__in=())
    for kind, flow in flows.items():
        found |= Q(kind=kind, state__in=[s.name for s in flow.states if s.is_paused])
    return found


def _moved_by(account: Account) -> set[int]:
    """Return the records whose latest known move this account made, from its last entries."""
    told = Entry.objects.filter(actor=account.username).order_by("-id")
    recent = told.values_list("table", "action", "row", "new")[:_ENTRIES_BACK]
    moves = {
        int(row): json.loads(new)["state"]
        for table, action, row, new in reversed(recent)
        if (table, action) == (Record._meta.db_table, "change") and '"state"' in new
    }
    stored = Record.objects.filter(pk__in=moves, closed_at=None).values_list("pk", "state")
    return {key for key, state in stored if moves[key] == state}


def _open_count(kind: str, flow: Workflow) -> int:
    states = [state.name for state in flow.states if not state.is_final]
    return bounded_count(Record.objects.filter(kind=kind, state__in=states))


def _by_due(records: QuerySet[Record]) -> list[Record]:
    """Return the first by due instant, then those without one: each part straight from an index."""
    due = list(records.filter(due_at__isnull=False).order_by("due_at", "-id")[:MOST])
    return [*due, *records.filter(due_at=None).order_by("-id")[: MOST - len(due)]]


def _due_first(record: Record) -> tuple[bool, float, int]:
    due = record.due_at
    return (due is None, due.timestamp() if due else 0.0, -record.pk)
