"""The balance of a nonconformity: every suspect piece is disposed of once, or still open."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum

if TYPE_CHECKING:
    from andon.identify.nonconformities.models import Nonconformity

NONE = Decimal(0)
REENTERING = ("sort", "rework", "repair")
"""Dispositions of which a part may fail and be open again."""
LOSING = ("rework", "repair")
"""Dispositions in which a part may be lost."""
REMOVING = ("scrap", "return to supplier")
"""Dispositions that book parts out of their lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """suspect + rejected again = disposed + split off + open."""

    suspect: Decimal
    rejected_again: Decimal
    """Found bad by sorting or rework: open again until a new line takes it."""
    disposed: Decimal
    split_off: Decimal

    @property
    def open(self) -> Decimal:
        """What no line has taken yet."""
        return self.suspect + self.rejected_again - self.disposed - self.split_off

    @property
    def total(self) -> Decimal:
        """All that lines must take."""
        return self.suspect + self.rejected_again


def balance_of(record: "Nonconformity") -> Balance:
    """Return the present balance of a nonconformity."""
    valid = record.executions.filter(line__counter_entry__isnull=True)
    return Balance(
        suspect=record.quantity_suspect or NONE,
        rejected_again=valid.aggregate(sum=Sum("rejected"))["sum"] or NONE,
        disposed=record.dispositions.aggregate(sum=Sum("quantity"))["sum"] or NONE,
        split_off=record.parts.aggregate(sum=Sum("quantity_suspect"))["sum"] or NONE,
    )


def in_pieces(record: "Nonconformity", quantity: Decimal) -> Decimal:
    """Return a quantity of this record as pieces."""
    if record.unit == "kg" and record.piece_weight:
        return quantity * 1000 / record.piece_weight
    return quantity


def plain(quantity: Decimal) -> str:
    """Return a quantity without idle zeros, thousands apart: 8,640 or 1.25."""
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
