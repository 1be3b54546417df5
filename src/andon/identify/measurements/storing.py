"""Store what was read: history, new lots, judgement and trail of several submissions at once."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from andon.history import log
from andon.history.frame import tuples
from andon.identify.measurements.events import Gathered, Recorded
from andon.identify.measurements.reading import Read
from andon.identify.measurements.submission import Outcome
from andon.organization.products.services import record_lots
from andon.records import clock
from andon.records.errors import Conflict
from andon.records.events import announce
from andon.records.models import Account
from andon.records.trail.context import acting

_LOT_COLUMNS = ("lot", "machine", "product", "produced_on")


@dataclass(frozen=True, slots=True)
class Submitted:
    """What one caller wants stored, already read and found right."""

    read: Read
    actor: Account
    key: str
    digest: str
    finish: Callable[[Outcome], None] | None = None
    """Runs in the same transaction, once the outcome is known."""


Result = Outcome | Conflict


def stored(submissions: Sequence[Submitted]) -> list[Result]:
    """Store submissions in one transaction, in their order; all of them or none.

    A key that was used for other rows is that submission's own result and stops no other.
    """
    gathered, results = Gathered(), []
    first = submissions[0].actor
    with acting(first):
        for name, part in groupby(submissions, key=lambda one: one.actor.username):
            parts = list(part)
            # A further name costs a savepoint; most transactions have one sender only.
            with nullcontext() if name == first.username else acting(parts[0].actor):
                results += _stored_by_one(parts, gathered)
        announce(gathered)
        for submission, result in zip(submissions, results, strict=True):
            if submission.finish is not None and isinstance(result, Outcome):
                submission.finish(result)
    return results


def _stored_by_one(submissions: Sequence[Submitted], gathered: Gathered) -> list[Result]:
    """Store what one account sent, so that the trail tells its name."""
    batches = [log.Batch(one.key, one.read.rows, one.digest) for one in submissions]
    receipts = log.append(batches, at=clock.now())
    both = list(zip(submissions, receipts, strict=True))
    fresh = [one.read.rows for one, receipt in both if receipt.is_new]
    _record_lots(fresh, submissions[0].actor)
    return [_told(one, receipt, gathered) for one, receipt in both]


def _told(submission: Submitted, receipt: log.Receipt, gathered: Gathered) -> Result:
    """Announce what is new, and say what became of a submission."""
    if receipt.is_other:
        return Conflict(_("This key was used before for other measurements."))
    read = submission.read
    event = Recorded(read.rows, receipt.batch, submission.actor, gathered=gathered)
    if receipt.is_new:
        announce(event)
    return Outcome(
        records=read.rows.height + len(read.reported), stored=receipt.rows,
        repeated=0 if receipt.is_new else receipt.rows, reported=read.reported,
        batch=receipt.batch, notes=tuple(event.notes),
    )  # fmt: skip


def _record_lots(frames: Sequence[pl.DataFrame], actor: Account) -> None:
    """Give each lot that was named for the first time its place in the genealogy."""
    named: dict[str, dict[str, Any]] = {}
    for rows in frames:
        for lot, machine, product, day in tuples(rows, *_LOT_COLUMNS):
            if lot and lot not in named:
                facts = {"lot": lot, "machine": machine, "product": product, "produced_on": day}
                named[lot] = facts
    if named:
        record_lots(list(named.values()), actor=actor)
