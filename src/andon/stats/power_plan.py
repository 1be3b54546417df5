"""What a plan of a test gives, and the search for the smallest number that has the power."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from scipy import special

from andon.stats.arrays import require_between, require_choice
from andon.stats.errors import InvalidOption
from andon.stats.results import Result

__all__ = ["PowerPlan", "Sides", "check_ratio", "critical_z", "make_plan"]

Sides = Literal["two-sided", "one-sided"]
MOST = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerPlan(Result):
    """The number per group, the power it gives, and the number over all groups."""

    count: int
    power: float
    total: int


def check_ratio(option: str, ratio: float) -> None:
    """Refuse a ratio that is not above 0, or is 1."""
    if not 0 < ratio < np.inf or ratio == 1:
        raise InvalidOption(option, ratio, "above 0 and other than 1")


def critical_z(alpha: float, sides: str) -> float:
    """Return the normal quantile at the level of the test."""
    return -float(special.ndtri(alpha / (2 if sides == "two-sided" else 1)))


def make_plan(
    method: str,
    reached: Callable[[float], float],
    count: int | None,
    power: float | None,
    *,
    alpha: float,
    sides: str,
    known: dict[str, Any],
    groups: int = 1,
) -> PowerPlan:
    """Return the plan: the power of the count given, or the smallest count with the power given.

    Raises:
        InvalidOption: both or neither given, or an option outside its range.
    """
    require_between("alpha", alpha, 0, 0.5)
    require_choice("sides", sides, get_args(Sides))
    if (count is None) == (power is None):
        raise InvalidOption("count and power", (count, power), "given one at a time, not both")
    if count is not None and count < 2:
        raise InvalidOption("count", count, "at least 2")
    found = count if count is not None else _smallest(reached, power or 0.0, alpha)
    return PowerPlan(
        count=found,
        power=reached(found),
        total=found * groups,
        method=method,
        options=known | {"count": count, "power": power, "alpha": alpha, "sides": sides},
        convention="equal counts per group" if groups > 1 else "one group",
        source="Cohen 1988; see the function",
    )


def _smallest(reached: Callable[[float], float], power: float, alpha: float) -> int:
    require_between("power", power, alpha, 1)
    high = 2
    while reached(high) < power:
        high *= 2
        if high > MOST:
            raise InvalidOption("power", power, f"one that fewer than {MOST} values reach")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) >= power else (middle, high)
    return max(high, 2)
