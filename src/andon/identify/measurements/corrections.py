"""Correcting a measurement that was mistyped or misread: with a reason, and without erasing it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from andon.history.corrections import is_superseded, row_at, supersede
from andon.history.frame import SCHEMA
from andon.history.log import Batch
from andon.identify.measurements.reading import is_out
from andon.identify.measurements.submission import Note
from andon.identify.measurements.values import Unreadable, number
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.events import announce
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.trail.context import acting

_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Corrected:
    """A measurement was corrected. Handlers may add notes for the one who did it."""

    before: dict[str, Any]
    """The row that is superseded."""
    rows: pl.DataFrame
    """The one row that takes its place, as `Recorded` tells rows."""
    batch: int
    actor: Account
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """What became of a correction."""

    place: str
    """Where the new row is: a further correction names it."""
    stream: str
    before: str
    after: str
    notes: tuple[Note, ...] = ()


def correct(place: str, value: str, *, reason: str, actor: Account) -> CorrectedValue:
    """Supersede the measurement at a place (batch:position) by another value, with a reason.

    Everything else about it stays: when, where and by whom it was measured. The same correction
    again changes nothing and gives the same answer.

    Raises:
        Refused: the value cannot be read, the reason is missing, or there is no such place (422).
        Conflict: it was corrected before to something else: correct that correction (409).
    """
    require(actor, "measurements.correct")
    reason, value = reason.strip()[:_LONGEST_REASON], value.strip()
    if not reason:
        raise Refused.because(_("Say why the measurement is corrected."), "reason")
    where = _place_of(place)
    before = row_at(*where)
    if before is None:
        raise Refused.because(_("There is no measurement at %(place)s.") % _named(place), "place")
    rows = _corrected(before, value, place, reason)
    digest = hashlib.sha256(f"{value}\x1f{reason}".encode()).hexdigest()
    with acting(actor, reason=reason):
        was_corrected = is_superseded(where)
        receipt = supersede(where, Batch(f"correction:{place}", rows, digest), at=clock.now())
        if receipt.is_other or (was_corrected and receipt.is_new):
            message = _("The measurement at %(place)s was corrected before: correct that one.")
            raise Conflict(message % _named(place))
        event = Corrected(before, rows, receipt.batch, actor)
        if receipt.is_new:
            announce(event)
    return CorrectedValue(
        f"{receipt.batch}:0", before["stream"], before["text"], value, tuple(event.notes)
    )


def _place_of(place: str) -> tuple[int, int]:
    batch, _colon, position = place.partition(":")
    is_place = batch.isascii() and batch.isdecimal() and position.isascii()
    if not (is_place and position.isdecimal() and len(place) <= 30):
        message = _("A place is written as batch:position, such as 17:3, not “%(place)s”.")
        raise Refused.because(message % _named(place), "place")
    return int(batch), int(position)


def _named(place: str) -> dict[str, str]:
    return {"place": place[:40]}


def _corrected(before: dict[str, Any], text: str, place: str, reason: str) -> pl.DataFrame:
    characteristic = Characteristic.objects.get(code=before["characteristic"])
    value = _value(before, text, characteristic)
    changed = {
        "value": value, "text": text, "supersedes": place, "comment": reason,
        "received_at": clock.now(),
        "is_out_of_specification": is_out(value, characteristic),
    }  # fmt: skip
    wanted = {name: kind for name, kind in SCHEMA.items() if name not in {"batch", "position"}}
    row = {name: changed.get(name, before[name]) for name in wanted}
    return pl.DataFrame([row], schema=wanted, orient="row")


def _value(before: dict[str, Any], text: str, characteristic: Characteristic) -> float:
    try:
        value = number(text)
    except Unreadable as error:
        raise Refused.because(str(error), "value") from error
    if _is_count(before) and not (value.is_integer() and 0 <= value <= before["inspected"]):
        message = _("Write a whole number of pieces, at most the %(n)d inspected.")
        raise Refused.because(message % {"n": before["inspected"]}, "value")
    if characteristic.model == Characteristic.Model.LOG and value <= 0:
        raise Refused.because(_("This characteristic is always above zero."), "value")
    return value


def _is_count(row: dict[str, Any]) -> bool:
    return row["inspected"] is not None
