"""A year of the factory as facts, day by day, in the order in which they would arrive."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from andon.demo.calendar import instant, working_days
from andon.demo.generator import (
    SERIES,
    Series,
    draw_series,
    instrument_of,
    spring_supplier,
)
from andon.demo.generator_counts import (
    DEFECT_SHARES,
    SPRING_SUPPLIERS,
    Delivery,
    draw_counts,
    draw_deliveries,
)
from andon.demo.generator_lots import (
    Edge,
    Lot,
    Shipment,
    consumed_by,
    lot_number,
    lots_made,
    shipments,
    tested_lot,
)
from andon.demo.story import DELIVERY_CHANGES, RATE_CHANGES, VALUE_CHANGES

__all__ = ["CountRow", "FactoryYear", "ProductionDay", "Subgroup", "factory_year"]

FloatArray = NDArray[np.float64]
_CELLS = ("A1", "A2", "A3")
# Values of a subgroup are read two minutes apart, machines start four minutes after each other.
_MINUTES_BETWEEN_VALUES, _MINUTES_BETWEEN_MACHINES, _FIRST_MINUTE = 2, 4, 10
_COUNTED_AFTER_MINUTES = 110


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The values measured together on one machine in one shift, with all that may explain them.

    `decimals` is the resolution of the reading, in which `texts` spells the values.
    `supplier` is that of the springs, empty where none are built in; `lot` is the lot made, for a
    tester the assembly lot it tests.
    """

    characteristic: str
    machine: str
    made_on: date
    shift: str
    values: tuple[float, ...]
    decimals: int
    measured_at: datetime
    instrument: str
    operator: str
    supplier: str
    lot: str

    @property
    def instants(self) -> tuple[datetime, ...]:
        """The UTC instant of each value."""
        step = timedelta(minutes=_MINUTES_BETWEEN_VALUES)
        return tuple(self.measured_at + number * step for number in range(len(self.values)))

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as typed, with the digits the instrument shows."""
        return tuple(f"{value:.{self.decimals}f}" for value in self.values)


@dataclass(frozen=True, slots=True)
class CountRow:
    """Pieces inspected and defects found per code on one cell in one shift."""

    cell: str
    made_on: date
    shift: str
    inspected: int
    defects: dict[str, int]
    counted_at: datetime
    operator: str
    lot: str


@dataclass(frozen=True, slots=True)
class ProductionDay:
    """Everything that becomes known on one working day."""

    on: date
    lots: tuple[Lot, ...]
    edges: tuple[Edge, ...]
    deliveries: tuple[Delivery, ...]
    subgroups: tuple[Subgroup, ...]
    counts: tuple[CountRow, ...]
    shipments: tuple[Shipment, ...]


@dataclass(frozen=True, slots=True)
class FactoryYear:
    """A drawn year: its seed, its readings per series, its counts, and the facts of each day."""

    seed: int
    is_healthy: bool
    readings: dict[tuple[str, str], FloatArray]
    inspected: dict[tuple[str, str], NDArray[np.int64]]
    defects: dict[tuple[str, str], NDArray[np.int64]]
    deliveries: dict[str, tuple[Delivery, ...]]

    def days(self) -> Iterator[ProductionDay]:
        """Yield the working days in order, each with its facts in the order they arise."""
        shipped: dict[date, list[Shipment]] = {}
        for shipment in shipments():
            shipped.setdefault(shipment.shipped_on, []).append(shipment)
        for index, day in enumerate(working_days()):
            yield ProductionDay(
                day,
                tuple(lots_made(day)),
                tuple(consumed_by(day)),
                tuple(
                    d for lots in self.deliveries.values() for d in lots if d.delivered_on == day
                ),
                tuple(self._subgroups_of(index)),
                tuple(self._counts_of(index)),
                tuple(shipped.get(day, ())),
            )

    def digest(self) -> str:
        """Return the SHA-256 over all readings, one line per subgroup, sorted by series."""
        lines = [
            f"{subgroup.characteristic},{subgroup.machine},{subgroup.made_on},{subgroup.shift},"
            + ",".join(f"{value:.6g}" for value in subgroup.values)
            + "\n"
            for subgroup in sorted(
                (s for index in range(len(working_days())) for s in self._subgroups_of(index)),
                key=lambda s: (s.characteristic, s.machine),
            )
        ]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def _subgroups_of(self, day_index: int) -> Iterator[Subgroup]:
        """Yield the day's subgroups, shift after shift, within a shift machine after machine."""
        for shift in "ELN":
            start = _FIRST_MINUTE
            for series in SERIES:
                for machine in series.machines:
                    if shift in series.shifts:
                        row = day_index * len(series.shifts) + series.shifts.index(shift)
                        values = self.readings[series.characteristic, machine][row]
                        day = working_days()[day_index]
                        yield _subgroup(
                            series, machine, day=day, shift=shift, values=values, minute=start
                        )
                    start += _MINUTES_BETWEEN_MACHINES

    def _counts_of(self, day_index: int) -> Iterator[CountRow]:
        day = working_days()[day_index]
        for (cell, shift), inspected in self.inspected.items():
            defects = self.defects[cell, shift][day_index]
            yield CountRow(
                cell,
                day,
                shift,
                int(inspected[day_index]),
                {code: int(n) for code, n in zip(DEFECT_SHARES, defects, strict=True)},
                instant(day, shift, _COUNTED_AFTER_MINUTES),
                f"OP-{cell}-{shift}",
                lot_number(cell, day, shift),
            )


def factory_year(seed: int, *, healthy: bool = False) -> FactoryYear:
    """Return the year drawn from the seed; a healthy one is drawn without the seeded problems.

    >>> factory_year(20250101).readings["AU", "PL2"][182].tolist()
    [0.87, 0.83, 0.92, 0.94, 1.01]
    """
    values, rates = ((), ()) if healthy else (VALUE_CHANGES, RATE_CHANGES)
    counts = {
        (cell, shift): draw_counts(seed, cell, shift, rates) for shift in "ELN" for cell in _CELLS
    }
    return FactoryYear(
        seed=seed,
        is_healthy=healthy,
        readings={
            (series.characteristic, machine): draw_series(seed, series, machine, values)
            for series in SERIES
            for machine in series.machines
        },
        inspected={place: inspected for place, (inspected, _) in counts.items()},
        defects={place: defects for place, (_, defects) in counts.items()},
        deliveries={
            supplier: draw_deliveries(seed, supplier, () if healthy else DELIVERY_CHANGES)
            for supplier in SPRING_SUPPLIERS
        },
    )


def _subgroup(
    series: Series, machine: str, *, day: date, shift: str, values: FloatArray, minute: int
) -> Subgroup:
    is_tester = machine.startswith("T")
    return Subgroup(
        characteristic=series.characteristic,
        machine=machine,
        made_on=day,
        shift=shift,
        values=tuple(values.tolist()),
        decimals=series.decimals,
        measured_at=instant(day, shift, minute),
        instrument=instrument_of(series.characteristic, machine, day, shift),
        operator=f"OP-{machine}-{shift}",
        supplier=spring_supplier(machine, day) if series.is_assembled else "",
        lot=(tested_lot if is_tester else lot_number)(machine, day, shift),
    )
