"""What a record refers to: characteristic, machine, instrument, lot, each looked up once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from andon.control.instruments.models import Instrument
from andon.control.instruments.queries import refusal_to_use
from andon.control.plans.models import PlanLine
from andon.identify.measurements.submission import Row
from andon.organization.processes.models import Machine
from andon.organization.processes.queries import Calendar
from andon.organization.products.models import Characteristic, Product
from andon.records.trail.versions import version_of

TABLES = (
    "products_characteristic", "processes_machine", "instruments_instrument", "products_product",
    "processes_shift", "processes_workweek", "processes_closedday", "plans_planline",
    "plans_controlplan",
)  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class MasterData:
    """All that measurements refer to, read once per change of any of it."""

    characteristics: Mapping[str, Characteristic]
    machines: Mapping[str, Machine]
    instruments: Mapping[str, Instrument]
    products: Mapping[str, Product]
    shifts: frozenset[str]
    calendar: Calendar
    lines: Mapping[tuple[int, int | None], PlanLine]

    def line(self, characteristic: int, machine: int) -> PlanLine | None:
        """Return the effective line of a stream; one for its machine goes before one for all."""
        return self.lines.get((characteristic, machine)) or self.lines.get((characteristic, None))


def master_data() -> MasterData:
    """Return the present master data; the trail tells when what is in memory is out of date."""
    return master_data_at(version_of(TABLES))


@lru_cache(maxsize=4)
def master_data_at(_version: str) -> MasterData:
    """Return the master data of a version of `TABLES`, and maybe of others."""
    calendar = Calendar.load()
    lines = PlanLine.objects.filter(plan__is_effective=True).select_related("characteristic")
    return MasterData(
        _by_code(Characteristic), _by_code(Machine), _by_code(Instrument), _by_code(Product),
        frozenset(shift.code for shift in calendar.shifts), calendar,
        {(line.characteristic_id, line.machine_id): line for line in lines},
    )  # fmt: skip


class Masters:
    """The master data as one submission asks for it."""

    def __init__(self) -> None:
        self.data = master_data()
        self._usable: dict[tuple[str, date], str] = {}

    def place(self, row: Row) -> Place:
        """Return the characteristic, machine and plan line a record names."""
        characteristic = self._named(row, "characteristic", self.data.characteristics)
        machine = self._named(row, "machine", self.data.machines)
        if row.get("product"):
            self._named(row, "product", self.data.products)
        _refuse_unit(row.get("unit", ""), characteristic.unit)
        line = self.data.line(characteristic.pk, machine.pk)
        return Place(characteristic, machine.code, line)

    def refuse_unusable(self, code: str, on: date) -> None:
        """Refuse an instrument that is unknown, overdue or quarantined on that day."""
        if not code:
            return
        if code not in self.data.instruments:
            raise Unknown("instrument", _("There is no instrument “%(code)s”.") % {"code": code})
        if (code, on) not in self._usable:
            self._usable[code, on] = refusal_to_use(self.data.instruments[code], on)
        if self._usable[code, on]:
            raise Unknown("instrument", self._usable[code, on], is_conflict=True)

    def produced(self, at: datetime, shift: str) -> tuple[date, str]:
        """Return the production day and shift of an instant; a given shift must exist."""
        day, derived = self.data.calendar.production_day(at)
        if shift and shift not in self.data.shifts:
            raise Unknown("shift", _("There is no shift “%(code)s”.") % {"code": shift})
        return day, shift or derived

    def _named(self, row: Row, column: str, known: Mapping[str, Any]) -> Any:
        code = row.get(column, "")
        if not code:
            raise Unknown(column, _("This column must be filled."))
        if code not in known:
            message = _("There is no %(column)s “%(code)s”; load it first.")
            raise Unknown(column, message % {"column": column, "code": code[:60]})
        return known[code]


def _by_code(model: Any) -> dict[str, Any]:
    return {row.code: row for row in model.objects.all()}


def _refuse_unit(given: str, wanted: str) -> None:
    if given and given.translate(_MICRO) != wanted.translate(_MICRO):
        message = _("The unit is %(wanted)s, not “%(given)s”.")
        raise Unknown("unit", message % {"wanted": wanted, "given": given[:20]})
