"""What a record refers to: characteristic, machine, instrument, lot, each looked up once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from andon.control.instruments.models import Instrument
from andon.control.instruments.queries import refusal_to_use
from andon.control.plans.models import PlanLine
from andon.identify.measurements.submission import Row
from andon.organization.processes.models import Machine, Shift
from andon.organization.processes.queries import Calendar
from andon.organization.products.models import Characteristic, Product

_MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u"})


class Unknown(ValueError):
    """A record names something that does not exist or must not be used."""

    def __init__(self, column: str, reason: str, *, is_conflict: bool = False) -> None:
        self.column, self.reason, self.is_conflict = column, reason, is_conflict
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Place:
    """What all records of one context share."""

    characteristic: Characteristic
    machine: str
    line: PlanLine | None


class Masters:
    """The master data that a submission names, read with one query each."""

    def __init__(self, rows: Iterable[Row]) -> None:
        names: dict[str, set[str]] = {}
        for row in rows:
            for column in ("characteristic", "machine", "instrument", "product"):
                names.setdefault(column, set()).add(row.get(column, ""))
        wanted = {column: {"code__in": found - {""}} for column, found in names.items()}
        self.characteristics = _by_code(Characteristic, wanted.get("characteristic", {}))
        self.machines = _by_code(Machine, wanted.get("machine", {}))
        self.instruments = _by_code(Instrument, wanted.get("instrument", {}))
        self.products = _by_code(Product, wanted.get("product", {}))
        self.shifts = set(Shift.objects.values_list("code", flat=True))
        self.calendar = Calendar.load()
        self.lines = _lines(self.characteristics.values())
        self._usable: dict[tuple[str, date], str] = {}

    def place(self, row: Row) -> Place:
        """Return the characteristic, machine and plan line a record names."""
        characteristic = self._named(row, "characteristic", self.characteristics)
        machine = self._named(row, "machine", self.machines)
        if row.get("product"):
            self._named(row, "product", self.products)
        _refuse_unit(row.get("unit", ""), characteristic.unit)
        line = self.lines.get((characteristic.pk, machine.pk))
        return Place(
            characteristic, machine.code, line or self.lines.get((characteristic.pk, None))
        )

    def refuse_unusable(self, code: str, on: date) -> None:
        """Refuse an instrument that is unknown, overdue or quarantined on that day."""
        if not code:
            return
        if code not in self.instruments:
            raise Unknown("instrument", _("There is no instrument “%(code)s”.") % {"code": code})
        if (code, on) not in self._usable:
            self._usable[code, on] = refusal_to_use(self.instruments[code], on)
        if self._usable[code, on]:
            raise Unknown("instrument", self._usable[code, on], is_conflict=True)

    def produced(self, at: datetime, shift: str) -> tuple[date, str]:
        """Return the production day and shift of an instant; a given shift must exist."""
        day, derived = self.calendar.production_day(at)
        if shift and shift not in self.shifts:
            raise Unknown("shift", _("There is no shift “%(code)s”.") % {"code": shift})
        return day, shift or derived

    def _named(self, row: Row, column: str, known: dict[str, Any]) -> Any:
        code = row.get(column, "")
        if not code:
            raise Unknown(column, _("This column must be filled."))
        if code not in known:
            message = _("There is no %(column)s “%(code)s”; load it first.")
            raise Unknown(column, message % {"column": column, "code": code[:60]})
        return known[code]


def _by_code(model: Any, wanted: dict[str, set[str]]) -> dict[str, Any]:
    return {row.code: row for row in model.objects.filter(**wanted)} if wanted else {}


def _lines(characteristics: Iterable[Characteristic]) -> dict[tuple[int, int | None], PlanLine]:
    lines = PlanLine.objects.filter(characteristic__in=characteristics, plan__is_effective=True)
    return {(line.characteristic_id, line.machine_id): line for line in lines}


def _refuse_unit(given: str, wanted: str) -> None:
    if given and given.translate(_MICRO) != wanted.translate(_MICRO):
        message = _("The unit is %(wanted)s, not “%(given)s”.")
        raise Unknown("unit", message % {"wanted": wanted, "given": given[:20]})
