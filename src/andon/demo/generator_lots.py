"""Lots and what was made from what: material, component lot, plating lot, assembly lot, shipment.

The flow is fixed, in working days: plungers are turned on day i, hardened on i + 1, plated on line
PL2 on i + 2; barrels are turned on i and plated on line PL1 on i + 1; a plating lot is used up by
its cells on the next two days. So the lots that share one plating lot are told apart from their
neighbours, which is what a trace needs. Cell A1 is tested on T1; T2 tests A2 and A3 in turn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from andon.demo.calendar import is_delivery_day, iso_week, working_days
from andon.demo.generator import spring_supplier

__all__ = [
    "Edge",
    "Lot",
    "Shipment",
    "consumed_by",
    "lot_number",
    "lots_made",
    "shipments",
    "tested_lot",
]

_PLUNGER_LATHES, _BARREL_LATHES = ("L1", "L2", "L3", "L4"), ("L5", "L6")
_CELLS = ("A1", "A2", "A3")
# Which cells a plating lot serves: (line, shift) -> cells.
_SERVED_CELLS = {
    ("PL1", "E"): ("A1", "A2"),
    ("PL1", "L"): ("A3",),
    ("PL2", "E"): ("A1",),
    ("PL2", "L"): ("A2", "A3"),
}
# 41 customers are served in turn; the lots of 15 and 16 May from cell A1 go to C-07.
_CUSTOMERS, _FIRST_CUSTOMER = 41, 32


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot with the machine that made it, or for material the lathe it is put on.

    `kind` is material, plunger, barrel, hardened, plated or assembly.
    """

    number: str
    kind: str
    source: str
    made_on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Edge:
    """`parent` was consumed in making `child`."""

    parent: str
    child: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """Assembly lots sent to one customer."""

    number: str
    customer: str
    shipped_on: date
    lots: tuple[str, ...]


def lot_number(machine: str, day: date, shift: str) -> str:
    """Return the number of the lot a machine makes in a shift.

    >>> lot_number("L3", date(2025, 3, 11), "E"), lot_number("PL2", date(2025, 5, 14), "E")
    ('PD-L3-250311-E', 'PL2-250514-E')
    """
    prefix = {"L1": "PD-", "L2": "PD-", "L3": "PD-", "L4": "PD-", "L5": "BO-", "L6": "BO-"}
    return f"{prefix.get(machine, '')}{machine}-{day:%y%m%d}-{shift}"


def tested_lot(machine: str, day: date, shift: str) -> str:
    """Return the assembly lot a tester measures in a shift.

    >>> tested_lot("T1", date(2025, 5, 15), "N")
    'A1-250515-N'
    """
    if machine == "T1":
        return lot_number("A1", day, shift)
    in_turn = working_days().index(day) + "ELN".index(shift)
    return lot_number(_CELLS[1 + in_turn % 2], day, shift)


def lots_made(day: date) -> list[Lot]:
    """Return the lots made or opened on a working day, springs excepted: they are deliveries."""
    lots = [Lot(bar, "material", machine, day, pieces) for bar, machine, pieces in _bars(day)]
    lots += _shift_lots(day, _PLUNGER_LATHES, "EL", "plunger", 2700)
    lots += _shift_lots(day, _BARREL_LATHES, "EL", "barrel", 5400)
    lots += _shift_lots(day, ("HT1",), "E", "hardened", 21600)
    lots += _shift_lots(day, ("PL1", "PL2"), "EL", "plated", 10800)
    lots += _shift_lots(day, _CELLS, "ELN", "assembly", 2400)
    return lots


def consumed_by(day: date) -> list[Edge]:
    """Return what the lots of a working day were made from.

    Stock from before the year is not recorded, so the first days have fewer parents.

    >>> [e.parent for e in consumed_by(date(2025, 5, 15)) if e.child == "A1-250515-E"]
    ['PL1-250513-E', 'PL2-250513-E', 'PL1-250514-E', 'PL2-250514-E', 'S-B-250508']
    """
    edges = [Edge(_bar(machine, day), lot) for machine, lot in _turned(day)]
    edges += [
        Edge(lot, lot_number("HT1", day, "E"))
        for machine, lot in _turned(_days_before(day, 1))
        if machine in _PLUNGER_LATHES
    ]
    edges += _edges_of_plating(day)
    for cell in _CELLS:
        parents = _parents_of_cell(cell, day)
        edges += [Edge(p, lot_number(cell, day, shift)) for shift in "ELN" for p in parents]
    return edges


def shipments() -> tuple[Shipment, ...]:
    """Return the year's shipments: a cell's lots of two working days leave three days later.

    >>> [s.number for s in shipments() if "A1-250515-E" in s.lots and s.customer == "C-07"]
    ['SH-250521-A1']
    """
    days = working_days()
    pairs = enumerate(zip(days[0::2], days[1::2], strict=False))
    return tuple(
        _shipment(number, cell, pair)
        for number, pair in pairs
        if _days_after(pair[1], 3) is not None
        for cell in _CELLS
    )


def _shipment(number: int, cell: str, pair: tuple[date, date]) -> Shipment:
    shipped_on = _days_after(pair[1], 3) or pair[1]
    customer = (3 * number + _CELLS.index(cell) + _FIRST_CUSTOMER) % _CUSTOMERS + 1
    lots = tuple(lot_number(cell, day, shift) for day in pair for shift in "ELN")
    return Shipment(f"SH-{shipped_on:%y%m%d}-{cell}", f"C-{customer:02}", shipped_on, lots)


def _shift_lots(
    day: date, machines: tuple[str, ...], shifts: str, kind: str, quantity: int
) -> list[Lot]:
    return [
        Lot(lot_number(machine, day, shift), kind, machine, day, quantity)
        for machine in machines
        for shift in shifts
    ]


def _bar(machine: str, day: date) -> str:
    return f"BAR-{machine}-{day:%y}W{iso_week(day):02}"


def _bars(day: date) -> Iterator[tuple[str, str, int]]:
    """Yield the bars put on the lathes on the first working day of each week."""
    before = _days_before(day, 1)
    if before is None or iso_week(before) != iso_week(day):
        for machine in _PLUNGER_LATHES + _BARREL_LATHES:
            yield _bar(machine, day), machine, 54000 if machine in _BARREL_LATHES else 27000


def _turned(day: date | None) -> list[tuple[str, str]]:
    """Return the lathes with their lots of the day; none when the day is before the year."""
    lathes = _PLUNGER_LATHES + _BARREL_LATHES if day else ()
    return [(lathe, lot_number(lathe, day, shift)) for lathe in lathes for shift in "EL" if day]


def _edges_of_plating(day: date) -> list[Edge]:
    before = _days_before(day, 1)
    if before is None:
        return []
    barrels = [lot for machine, lot in _turned(before) if machine in _BARREL_LATHES]
    hardened = [lot_number("HT1", before, "E")]
    return [
        Edge(parent, lot_number(line, day, shift))
        for line, parents in (("PL1", barrels), ("PL2", hardened))
        for shift in "EL"
        for parent in parents
    ]


def _parents_of_cell(cell: str, day: date) -> list[str]:
    plated = [
        lot_number(line, before, shift)
        for before in (_days_before(day, 2), _days_before(day, 1))
        if before
        for (line, shift), cells in _SERVED_CELLS.items()
        if cell in cells
    ]
    spring = _spring_lot(cell, day)
    return [*plated, spring] if spring else plated


def _spring_lot(cell: str, day: date) -> str | None:
    """Return the newest delivery of the cell's supplier after three days of incoming inspection."""
    delivered = [d for d in working_days() if is_delivery_day(d) and d <= day - timedelta(days=3)]
    return f"{spring_supplier(cell, day)}-{delivered[-1]:%y%m%d}" if delivered else None


def _days_before(day: date, number: int) -> date | None:
    index = working_days().index(day) - number
    return working_days()[index] if index >= 0 else None


def _days_after(day: date, number: int) -> date | None:
    index = working_days().index(day) + number
    return working_days()[index] if index < len(working_days()) else None
