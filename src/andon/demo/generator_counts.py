"""Counted defects of the assembly cells and the deliveries of springs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from andon.demo.calendar import is_delivery_day, working_days
from andon.demo.generator import uniforms
from andon.demo.story import DeliveryChange, RateChange

__all__ = ["DEFECT_SHARES", "SPRING_SUPPLIERS", "Delivery", "draw_counts", "draw_deliveries"]

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

# Share of pieces with each defect code when nothing is wrong; the order is that of the draws.
DEFECT_SHARES = {
    "BURR": 0.006,
    "CRIMP": 0.003,
    "STAIN": 0.0025,
    "BENT": 0.0015,
    "HIGHR": 0.001,
    "LEN": 0.0005,
}
SPRING_SUPPLIERS = ("S-A", "S-B")
_SPRING_SHARE, _DELIVERED_PIECES = 0.001, 5000
_MOST_DEFECTS = 80


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivered lot of springs; its sample is decided by its own draw, whatever size is taken."""

    lot: str
    supplier: str
    delivered_on: date
    quantity: int
    nonconforming_share: float
    draw: float

    def nonconforming(self, sample_size: int) -> int:
        """Return how many of a sample of that size are nonconforming.

        >>> Delivery("S-A-250107", "S-A", date(2025, 1, 7), 5000, 0.04, 0.5).nonconforming(200)
        8
        """
        share = np.array([self.nonconforming_share])
        found = _inverse_binomial(np.array([self.draw]), np.array([sample_size]), share)
        return int(found[0])


def draw_counts(
    seed: int, cell: str, shift: str, changes: Sequence[RateChange] = ()
) -> tuple[IntArray, IntArray]:
    """Return the year's inspected pieces (days) and defects (days x codes) of a cell and shift."""
    days = working_days()
    draws = uniforms(f"{seed}/ATT/{cell}/{shift}", len(days) * (1 + len(DEFECT_SHARES)))
    rows = draws.reshape(1 + len(DEFECT_SHARES), len(days))
    inspected: IntArray = 380 + np.floor(41 * rows[0]).astype(np.int64)
    defects = [
        _inverse_binomial(row, inspected, _shares(code, cell, shift, changes))
        for code, row in zip(DEFECT_SHARES, rows[1:], strict=True)
    ]
    return inspected, np.stack(defects, axis=1)


def draw_deliveries(
    seed: int, supplier: str, changes: Sequence[DeliveryChange] = ()
) -> tuple[Delivery, ...]:
    """Return the supplier's deliveries of the year in the order of their dates."""
    days = [day for day in working_days() if is_delivery_day(day)]
    draws = uniforms(f"{seed}/INC/{supplier}", len(days))
    return tuple(
        Delivery(
            f"{supplier}-{day:%y%m%d}",
            supplier,
            day,
            _DELIVERED_PIECES,
            _delivered_share(supplier, day, changes),
            float(draw),
        )
        for day, draw in zip(days, draws, strict=True)
    )


def _delivered_share(supplier: str, day: date, changes: Sequence[DeliveryChange]) -> float:
    changed = [c.share for c in changes if c.supplier == supplier and day >= c.first_on]
    return changed[-1] if changed else _SPRING_SHARE


def _shares(code: str, cell: str, shift: str, changes: Sequence[RateChange]) -> FloatArray:
    shares = np.full(len(working_days()), DEFECT_SHARES[code])
    for change in changes:
        if (change.code, change.cell, change.shift) == (code, cell, shift):
            hit = [change.first_on <= day <= change.last_on for day in working_days()]
            shares[np.array(hit)] = change.share
    return shares


def _inverse_binomial(draws: FloatArray, sizes: IntArray, shares: FloatArray) -> IntArray:
    """Return the smallest count whose binomial distribution function reaches the draw."""
    counts = np.arange(_MOST_DEFECTS, dtype=np.float64)[:, None]
    reached = bdtr(np.minimum(counts, sizes), sizes, shares)
    found: IntArray = (reached < draws).sum(axis=0)
    return found
