"""From texts to typed rows: each record becomes a row or a report, never half of one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from andon.control.plans.models import PlanLine
from andon.history.append import Rows, framed
from andon.identify.measurements.context import Masters, Place, Unknown
from andon.identify.measurements.submission import KNOWN, Reported, Row
from andon.identify.measurements.values import Unreadable, count, instant, number
from andon.organization.products.models import Characteristic
from andon.records import clock

TEXTS = ("product", "lot", "serial", "operator", "instrument", "comment")
LONGEST_TEXT = 300
_ATTRIBUTE = Characteristic.Kind.ATTRIBUTE
_FREQUENCY = PlanLine.Frequency


@dataclass(frozen=True, slots=True)
class Read:
    """The records that can be stored, and the others with their reasons."""

    typed: Rows
    reported: tuple[Reported, ...]

    @property
    def rows(self) -> pl.DataFrame:
        """The records as a frame; many small submissions become one frame later."""
        return self.typed if isinstance(self.typed, pl.DataFrame) else framed(self.typed)


def read_each(rows: Sequence[Row], masters: Masters, received_at: datetime) -> Read:
    """Read every record of a submission by itself."""
    reader = _Reader(masters, received_at)
    typed: list[dict[str, Any]] = []
    reported: list[Reported] = []
    for place, row in enumerate(rows, start=1):
        try:
            typed.append(reader.read(row))
        except Unknown as error:
            reported.append(Reported(place, error.column, error.reason, error.is_conflict))
    return Read(typed, tuple(reported))


class _Reader:
    """Reads one submission; what records share is looked up once."""

    def __init__(self, masters: Masters, received_at: datetime) -> None:
        self.masters, self.received_at, self.zone = masters, received_at, clock.site_zone()
        self._places: dict[tuple[str, ...], Place] = {}

    def read(self, row: Row) -> dict[str, Any]:
        """Return the typed row, or raise `Unknown` with the column and the reason."""
        place = self._place(row)
        at = self._measured_at(row)
        day, shift = self.masters.produced(at, row.get("shift", ""))
        self.masters.refuse_unusable(row.get("instrument", ""), day)
        value, inspected = _numbers(row, place.characteristic)
        return {
            "stream": stream_of(place, shift),
            "characteristic": place.characteristic.code,
            "machine": place.machine,
            "shift": shift,
            "measured_at": at,
            "received_at": self.received_at,
            "produced_on": day,
            "subgroup": subgroup_of(place.line, row, day, shift, at),
            "value": value,
            "text": row["value"].strip(),
            "unit": place.characteristic.unit,
            "inspected": inspected,
            "is_out_of_specification": is_out(value, place.characteristic),
            "factors": factors_of(row),
            "supersedes": row.get("supersedes", ""),
            **{name: _text(row, name) for name in TEXTS},
        }

    def _place(self, row: Row) -> Place:
        key = tuple(row.get(name, "") for name in ("characteristic", "machine", "product", "unit"))
        if key not in self._places:
            self._places[key] = self.masters.place(row)
        return self._places[key]

    def _measured_at(self, row: Row) -> datetime:
        text = row.get("measured_at", "")
        if not text:
            return self.received_at
        try:
            at = instant(text, self.zone)
        except Unreadable as error:
            raise Unknown("measured_at", str(error)) from error
        if at > self.received_at + timedelta(days=1):
            raise Unknown("measured_at", _("This lies in the future."))
        return at


def is_out(value: float, characteristic: Characteristic) -> bool | None:
    """Tell whether a value is outside specification; None when there is none to be outside of."""
    lower, upper = characteristic.lower_specification, characteristic.upper_specification
    if lower is None and upper is None:
        return None
    return (lower is not None and value < lower) or (upper is not None and value > upper)


def _numbers(row: Row, characteristic: Characteristic) -> tuple[float, int | None]:
    """Return the value and, for a count of defects, the number of pieces inspected."""
    value = _parsed(number, row, "value")
    if characteristic.kind != _ATTRIBUTE:
        if characteristic.model == Characteristic.Model.LOG and value <= 0:
            raise Unknown("value", _("This characteristic is always above zero."))
        return value, None
    inspected = _parsed(count, row, "inspected")
    if not 0 <= _parsed(count, row, "value") <= inspected:
        raise Unknown("value", _("There cannot be more defective pieces than inspected ones."))
    return value, inspected


def _parsed(read: Any, row: Row, column: str) -> Any:
    text = row.get(column, "")
    if not text.strip():
        raise Unknown(column, _("This column must be filled."))
    try:
        return read(text)
    except Unreadable as error:
        raise Unknown(column, str(error)) from error


def _text(row: Row, column: str) -> str:
    text = row.get(column, "").strip()
    if len(text) > LONGEST_TEXT or "\x00" in text:
        message = _("At most %(most)d characters, without control characters.")
        raise Unknown(column, message % {"most": LONGEST_TEXT})
    return text


def factors_of(row: Row) -> str:
    """Return any further columns as JSON, so that drivers can be ranked by them."""
    known = (*KNOWN, "supersedes", "subgroup")
    further = {name: _text(row, name) for name in row if name not in known and row[name].strip()}
    return json.dumps(further, sort_keys=True, ensure_ascii=False) if further else "{}"


def stream_of(place: Place, shift: str) -> str:
    """Return the stream a value is judged in; defects are judged by cell and shift."""
    stream = f"{place.characteristic.code}/{place.machine}"
    return f"{stream}/{shift}" if place.characteristic.kind == _ATTRIBUTE else stream


def subgroup_of(line: PlanLine | None, row: Row, day: date, shift: str, at: datetime) -> str:
    """Return the subgroup a value belongs to: what the plan line samples together."""
    if row.get("subgroup"):
        return _text(row, "subgroup")
    frequency = _FREQUENCY(line.frequency) if line else _FREQUENCY.PER_SHIFT
    if frequency == _FREQUENCY.PER_PIECE:
        return f"{at:%Y-%m-%dT%H:%M:%S.%f} {row.get('serial', '')}".strip()
    if frequency == _FREQUENCY.PER_HOUR:
        return f"{at:%Y-%m-%dT%H}"
    if frequency == _FREQUENCY.PER_DAY:
        return f"{day}"
    if frequency == _FREQUENCY.PER_LOT and row.get("lot"):
        return row["lot"]
    return f"{day} {shift}"
