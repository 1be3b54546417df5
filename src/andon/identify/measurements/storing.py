"""Store what was read: history, new lots, judgement and trail of several submissions at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from andon.history.append import Batch, Receipt, append_told
from andon.history.frame import tuples
from andon.identify.measurements.events import Gathered, Recorded
from andon.identify.measurements.reading import Read
from andon.identify.measurements.submission import Outcome
from andon.organization.products.services import record_lots
from andon.records import clock
from andon.records.errors import Conflict
from andon.records.events import announce
from andon.records.models import Account
from andon.records.rest.idempotency import Answer, Claim
from andon.records.trail.context import told_under

_LOT_COLUMNS = ("lot", "machine", "product", "produced_on")
_FEW = 500
_SEVERAL = "andon"
"""Under this name the trail tells what several senders have in common: their block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What one caller wants stored, already read and found right."""

    read: Read
    actor: Account
    key: str
    digest: str
    claim: Claim | None = None
    """The idempotency key of the request, under which its answer is kept in the transaction."""
    answer: Callable[[Outcome], Answer] | None = None
    """What is answered under the claim."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The request's idempotency key has its answer already: nothing of it was stored."""


Result = Outcome | Repeated | Conflict


def outcome_of(result: Outcome | Repeated) -> Outcome:
    """Return the outcome of what was sent without an idempotency key."""
    assert isinstance(result, Outcome)
    return result


def stored(submissions: Sequence[Submitted]) -> list[Result]:
    """Store submissions in one transaction, in their order; all of them or none.

    A key that was used for other rows is that submission's own result and stops no other.
    """
    names = {one.actor.username for one in submissions}
    name = names.pop() if len(names) == 1 else _SEVERAL
    with transaction.atomic(), told_under(name), timezone.override(clock.site_zone()):
        numbers = [one.claim.insert() if one.claim else None for one in submissions]
        is_repeated = [
            one.claim is not None and number is None
            for one, number in zip(submissions, numbers, strict=True)
        ]
        fresh = [one for one, is_kept in zip(submissions, is_repeated, strict=True) if not is_kept]
        outcomes = iter(_stored(fresh))
        results = [Repeated() if is_kept else next(outcomes) for is_kept in is_repeated]
        refused: dict[tuple[int, str], Result] = {}
        for one, number, result in zip(submissions, numbers, results, strict=True):
            if one.claim is not None and number is not None and not _is_kept(one, number, result):
                refused[one.claim.account, one.claim.key] = result
    return [
        refused.get((one.claim.account, one.claim.key), result) if one.claim else result
        for one, result in zip(submissions, results, strict=True)
    ]


def _is_kept(submission: Submitted, number: int, result: Result) -> bool:
    """Keep the answer under the claim; a refusal is no answer, so its key stays free."""
    claim, answer = submission.claim, submission.answer
    assert claim is not None
    assert answer is not None
    if isinstance(result, Outcome):
        claim.keep(number, answer(result))
    else:
        claim.drop(number)
    return isinstance(result, Outcome)


def _stored(submissions: Sequence[Submitted]) -> list[Result]:
    """Append, name new lots and announce; each under the name of who sent it."""
    if not submissions:
        return []
    batches = [
        Batch(one.key, one.read.typed, one.digest, one.actor.username) for one in submissions
    ]
    receipts, rows = append_told(batches, at=clock.now(), speaking=told_under)
    parts, start = [], 0
    for receipt in receipts:
        height = receipt.rows if receipt.is_new else 0
        parts.append(rows.slice(start, height))
        start += height
    _record_lots(zip(submissions, parts, strict=True))
    gathered = Gathered([receipt.batch for receipt in receipts if receipt.is_new])
    told = [
        _told(one, receipt, part, gathered)
        for one, receipt, part in zip(submissions, receipts, parts, strict=True)
    ]
    announce(gathered)
    return told


def _told(
    submission: Submitted, receipt: Receipt, rows: pl.DataFrame, gathered: Gathered
) -> Result:
    """Announce what is new, and say what became of a submission."""
    if receipt.is_other:
        return Conflict(_("This key was used before for other measurements."))
    event = Recorded(rows, receipt.batch, submission.actor, gathered=gathered)
    if receipt.is_new:
        with told_under(submission.actor.username):
            announce(event)
    reported = submission.read.reported
    return Outcome(
        records=len(submission.read.typed) + len(reported), stored=receipt.rows,
        repeated=0 if receipt.is_new else receipt.rows, reported=reported,
        batch=receipt.batch, notes=tuple(event.notes),
    )  # fmt: skip


def _record_lots(parts: Iterable[tuple[Submitted, pl.DataFrame]]) -> None:
    """Give each lot that was named for the first time its place in the genealogy."""
    for _name, group in groupby(parts, key=lambda part: part[0].actor.username):
        some = list(group)
        named: dict[str, dict[str, Any]] = {}
        for _submission, rows in some:
            lots = rows.unique("lot", keep="first") if rows.height > _FEW else rows
            for told in tuples(lots, *_LOT_COLUMNS):
                named.setdefault(told[0], dict(zip(_LOT_COLUMNS, told, strict=True)))
        named.pop("", None)
        if named:
            record_lots(list(named.values()), actor=some[0][0].actor)
