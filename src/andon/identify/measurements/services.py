"""The one door: every measurement, however it comes, is stored by `record`."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from andon.history import log
from andon.history.frame import tuples
from andon.identify.measurements import repetition
from andon.identify.measurements.events import Recorded
from andon.identify.measurements.reading import Read, read_rows
from andon.identify.measurements.submission import Outcome, Reported, Row
from andon.organization.products.services import record_lots
from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.events import announce
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.trail.context import acting
from andon.records.workflow import Refusal

_LOT_COLUMNS = ("lot", "machine", "product", "produced_on")


def record(rows: Sequence[Row], *, actor: Account, key: str = "") -> Outcome:
    """Store all records of a submission, or refuse them all naming record, column and reason.

    A form and a device send what belongs together, so nothing of it is stored when a part is
    wrong. The same key again changes nothing and gives the same answer.

    Raises:
        Refused: a record is malformed or names something unknown (422).
        Conflict: an instrument must not be used, or the key was used for other rows (409).
    """
    require(actor, "measurements.record")
    _refuse_empty(rows)
    read = read_rows(rows, clock.now())
    if read.reported:
        _refuse(read.reported)
    with acting(actor):
        return _stored(read, actor, key or digest_of(rows), digest_of(rows))


def take_in(rows: Sequence[Row], *, actor: Account, is_dry: bool = False) -> Outcome:
    """Store every good record of a file and report every other one; again changes nothing.

    What was stored before, by this file or by an earlier state of it, is recognised row by row.
    """
    require(actor, "measurements.record")
    read = read_rows(rows, clock.now())
    with acting(actor):
        fresh = repetition.without_stored(read.rows)
        repeated = read.rows.height - fresh.height
        if is_dry or not fresh.height:
            return Outcome(
                records=len(rows),
                stored=read.rows.height,
                repeated=repeated,
                reported=read.reported,
            )
        outcome = _stored(Read(fresh, read.reported), actor, f"rows:{repetition.digest(fresh)}", "")
    return Outcome(
        records=len(rows), stored=read.rows.height, repeated=repeated, reported=read.reported,
        batch=outcome.batch, notes=outcome.notes,
    )  # fmt: skip


def digest_of(rows: Sequence[Row]) -> str:
    """Return the digest of a submission as it was sent."""
    return hashlib.sha256(
        json.dumps([dict(row) for row in rows], sort_keys=True).encode()
    ).hexdigest()


def _stored(read: Read, actor: Account, key: str, digest: str) -> Outcome:
    """Append, name new lots and announce, all in the caller's transaction."""
    with transaction.atomic():
        receipt = log.append([log.Batch(key, read.rows, digest)], at=clock.now())[0]
        if receipt.is_other:
            raise Conflict(_("This key was used before for other measurements."))
        event = Recorded(read.rows, receipt.batch, actor)
        if receipt.is_new:
            _record_lots(read.rows, actor)
            announce(event)
    repeated = 0 if receipt.is_new else receipt.rows
    return Outcome(
        records=read.rows.height + len(read.reported), stored=receipt.rows, repeated=repeated,
        reported=read.reported, batch=receipt.batch, notes=tuple(event.notes),
    )  # fmt: skip


def _record_lots(rows: pl.DataFrame, actor: Account) -> None:
    """Give each lot that was named for the first time its place in the genealogy."""
    named: dict[str, dict[str, Any]] = {}
    for lot, machine, product, day in tuples(rows, *_LOT_COLUMNS):
        if lot and lot not in named:
            named[lot] = {"lot": lot, "machine": machine, "product": product, "produced_on": day}
    if named:
        record_lots(list(named.values()), actor=actor)


def _refuse_empty(rows: Sequence[Row]) -> None:
    if not rows:
        raise Refused.because(_("There is no measurement in it."), "rows")


def _refuse(reported: Sequence[Reported]) -> None:
    """Raise all reasons at once; a conflict only when nothing else stands against it."""
    if all(report.is_conflict for report in reported):
        raise Conflict(" ".join(dict.fromkeys(report.reason for report in reported)))
    raise Refused(
        [Refusal(report.reason, f"rows.{report.record}.{report.column}") for report in reported]
    )
