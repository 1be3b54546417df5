"""The one door: every measurement, however it comes, is stored by `record`."""

import hashlib
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from andon.identify.measurements import repetition
from andon.identify.measurements.columns import read_rows
from andon.identify.measurements.reading import Read
from andon.identify.measurements.storing import Submitted, outcome_of
from andon.identify.measurements.submission import Outcome, Reported, Row, names_of, texts_of
from andon.identify.measurements.together import store
from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.rest.idempotency import Answer, Claim
from andon.records.trail.context import acting
from andon.records.workflow import Refusal


def record(rows: Sequence[Row], *, actor: Account, key: str = "") -> Outcome:
    """Store all records of a submission, or refuse them all naming record, column and reason.

    A form and a device send what belongs together, so nothing of it is stored when a part is
    wrong. The same key again changes nothing and gives the same answer. What comes at the same
    moment is committed together.

    Raises:
        Refused: a record is malformed or names something unknown (422).
        Conflict: an instrument must not be used, or the key was used for other rows (409).
        Busy: too many wait to be stored (503).
    """
    read, digest = _read(rows, actor)
    submitted = Submitted(read=read, actor=actor, key=key or digest, digest=digest)
    return outcome_of(store(submitted))


def record_once(
    rows: Sequence[Row], *, actor: Account, claim: Claim, answer: Callable[[Outcome], Answer]
) -> Outcome | None:
    """Record, and keep the answer under the request's key; None when it was answered before."""
    read, digest = _read(rows, actor)
    submitted = Submitted(
        read=read, actor=actor, key=digest, digest=digest, claim=claim, answer=answer
    )
    result = store(submitted)
    return result if isinstance(result, Outcome) else None


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
        key = f"rows:{repetition.digest(fresh)}"
        submitted = Submitted(read=Read(fresh, read.reported), actor=actor, key=key, digest="")
        outcome = outcome_of(store(submitted))
    return Outcome(
        records=len(rows), stored=read.rows.height, repeated=repeated, reported=read.reported,
        batch=outcome.batch, notes=outcome.notes,
    )  # fmt: skip


def digest_of(rows: Sequence[Row]) -> str:
    """Return the digest of a submission as it was sent: of its columns, by name."""
    digest = hashlib.sha256(f"{len(rows)}".encode())
    for name in sorted(names_of(rows)):
        # No text holds NUL, so that it parts them without doubt; absent is another than empty.
        texts = "\x00".join(texts_of(rows, name, "\x00"))
        digest.update(f"{name}\x00\x00\x00{texts}\x00\x00\x00".encode())
    return digest.hexdigest()


def _read(rows: Sequence[Row], actor: Account) -> tuple[Read, str]:
    """Return the typed rows of a submission that is right, and its digest."""
    require(actor, "measurements.record")
    _refuse_empty(rows)
    read = read_rows(rows, clock.now())
    if read.reported:
        _refuse(read.reported)
    return read, digest_of(rows)


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
