"""What a disposition costs, computed once from standard cost and rates (DOMAIN 2.3)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from andon.identify.nonconformities.quantities import in_pieces
from andon.organization.processes.models import Process
from andon.organization.products.queries import cost_per_piece, rate

if TYPE_CHECKING:
    from andon.identify.nonconformities.models import Nonconformity
    from andon.organization.products.models import Lot

CENT = Decimal("0.01")
REWORK_RATE = "rework per piece"
SORTING_RATE = "sorting per hour"
SORTING_SPEED = "sorting pieces per hour"


def cost_of(
    record: "Nonconformity", kind: str, quantity: Decimal, lot: "Lot | None"
) -> Decimal | None:
    """Return the cost of a disposition; None when a price it needs is not stated.

    Scrap costs what the piece has cost so far; rework and repair, sorting by their rates. Returned
    material is credited by its supplier; used, regraded and faultless parts cost nothing here.
    """
    pieces = in_pieces(record, quantity)
    if kind == "scrap":
        return _cents(_times(pieces, standard_cost(record, lot)))
    if kind in ("rework", "repair"):
        return _cents(_times(pieces, rate(REWORK_RATE)))
    if kind == "sort":
        return _cents(_times(pieces, _sorting_per_piece()))
    return Decimal("0.00")


def cost_of_lost(record: "Nonconformity", lost: Decimal, lot: "Lot | None") -> Decimal | None:
    """Return what the parts that rework lost have cost so far."""
    return _cents(_times(in_pieces(record, lost), standard_cost(record, lot))) if lost else CENT * 0


def standard_cost(record: "Nonconformity", lot: "Lot | None" = None) -> Decimal | None:
    """Return what a piece has cost at the process where it was found."""
    process = process_of(record, lot)
    product = record.product or (lot.product if lot else None)
    return cost_per_piece(process, product) if process else None


def process_of(record: "Nonconformity", lot: "Lot | None" = None) -> Process | None:
    """Return the process a nonconformity belongs to: its own, its machine's, or its lot's."""
    if record.process is not None:
        return record.process
    if record.machine is not None:
        return record.machine.process
    if lot is not None and lot.process is not None:
        return lot.process
    return record.characteristic.process if record.characteristic else None


def _sorting_per_piece() -> Decimal | None:
    hour, speed = rate(SORTING_RATE), rate(SORTING_SPEED)
    return hour / speed if hour is not None and speed else None


def _times(quantity: Decimal, price: Decimal | None) -> Decimal | None:
    return None if price is None else quantity * price


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)
