"""From texts to typed rows: each record becomes a row or a report, never half of one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from andon.control.plans.models import PlanLine
from andon.history.frame import SCHEMA
from andon.identify.measurements.context import Masters, Place, Unknown
from andon.identify.measurements.submission import KNOWN, Reported, Row
from andon.identify.measurements.values import Unreadable, count, instant, number
from andon.organization.products.models import Characteristic
from andon.records import clock

_TEXTS = ("product", "lot", "serial", "operator", "instrument", "comment")
_LONGEST_TEXT = 300
_ATTRIBUTE = Characteristic.Kind.ATTRIBUTE
_FREQUENCY = PlanLine.Frequency


@dataclass(frozen=True, slots=True)
class Read:
    """The records that can be stored, as a frame, and the others with their reasons."""

    rows: pl.DataFrame
    reported: tuple[Reported, ...]


def read_rows(rows: Sequence[Row], received_at: datetime) -> Read:
    """Read every record of a submission."""
    reader = _Reader(Masters(), received_at)
    typed: list[dict[str, Any]] = []
    reported: list[Reported] = []
    for place, row in enumerate(rows, start=1):
        try:
            typed.append(reader.read(row))
        except Unknown as error:
            reported.append(Reported(place, error.column, error.reason, error.is_conflict))
    wanted = {name: kind for name, kind in SCHEMA.items() if name not in {"batch", "position"}}
    return Read(pl.DataFrame(typed, schema=wanted, orient="row"), tuple(reported))


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
            "stream": _stream(place, shift),
            "characteristic": place.characteristic.code,
            "machine": place.machine,
            "shift": shift,
            "measured_at": at,
            "received_at": self.received_at,
            "produced_on": day,
            "subgroup": _subgroup(place.line, row, day, shift, at),
            "value": value,
            "text": row["value"].strip(),
            "unit": place.characteristic.unit,
            "inspected": inspected,
            "is_out_of_specification": is_out(value, place.characteristic),
            "factors": _factors(row),
            "supersedes": row.get("supersedes", ""),
            **{name: _text(row, name) for name in _TEXTS},
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
    if len(text) > _LONGEST_TEXT or "\x00" in text:
        message = _("At most %(most)d characters, without control characters.")
        raise Unknown(column, message % {"most": _LONGEST_TEXT})
    return text


def _factors(row: Row) -> str:
    """Return any further columns as JSON, so that drivers can be ranked by them."""
    known = (*KNOWN, "supersedes", "subgroup")
    further = {name: _text(row, name) for name in row if name not in known and row[name].strip()}
    return json.dumps(further, sort_keys=True, ensure_ascii=False) if further else "{}"


def _stream(place: Place, shift: str) -> str:
    """Return the stream a value is judged in; defects are judged by cell and shift."""
    stream = f"{place.characteristic.code}/{place.machine}"
    return f"{stream}/{shift}" if place.characteristic.kind == _ATTRIBUTE else stream


def _subgroup(line: PlanLine | None, row: Row, day: date, shift: str, at: datetime) -> str:
    """Return the subgroup a value belongs to: what the plan line samples together."""
    if row.get("subgroup"):
        return _text(row, "subgroup")
    frequency = line.frequency if line else _FREQUENCY.PER_SHIFT
    keys = {
        _FREQUENCY.PER_PIECE: f"{at:%Y-%m-%dT%H:%M:%S.%f} {row.get('serial', '')}".strip(),
        _FREQUENCY.PER_HOUR: f"{at:%Y-%m-%dT%H}",
        _FREQUENCY.PER_DAY: f"{day}",
        _FREQUENCY.PER_LOT: row.get("lot", "") or f"{day} {shift}",
    }
    return keys.get(_FREQUENCY(frequency), f"{day} {shift}")
