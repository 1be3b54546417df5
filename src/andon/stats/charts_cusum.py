"""Tabular CUSUM chart with fast initial response."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from andon.stats.arrays import PIECE, FloatArray, as_values
from andon.stats.charts import Baseline
from andon.stats.charts_individuals import individuals_chart
from andon.stats.errors import InvalidOption
from andon.stats.results import Result

__all__ = ["CusumChart", "cusum_chart"]

ABOVE, BELOW = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CusumChart(Result):
    """Two one-sided sums, in the unit of the values.

    Attributes:
        upper_sums, lower_sums: C+ and C-, both from 0 upwards, shape (n,).
        reference: K; decision: H, a sum beyond it is a signal.
        baseline: centre and sigma they are measured by.
        violations: 1 where C+ > H, 2 where C- > H, 3 where both.
    """

    upper_sums: FloatArray
    lower_sums: FloatArray
    reference: float
    decision: float
    baseline: Baseline
    violations: NDArray[np.uint8]

    @property
    def is_stable(self) -> bool:
        """True when no sum exceeds the decision interval."""
        return not self.violations.any()

    def onset(self, at: int, *, above: bool = True) -> int:
        """Return the first point of the rise that led to point `at`: where the shift began.

        >>> cusum_chart([0, 0, 2, 2, 2], baseline=Baseline(0.0, 1.0)).onset(4)
        2
        """
        sums = self.upper_sums if above else self.lower_sums
        zeros = np.flatnonzero(sums[: at + 1] == 0.0)
        return int(zeros[-1]) + 1 if zeros.size else 0


def cusum_chart(
    values: ArrayLike,
    *,
    k: float = 0.5,
    h: float = 5.0,
    headstart: float = 0.0,
    baseline: Baseline | None = None,
    size: int = 1,
    start: tuple[float, float] | None = None,
) -> CusumChart:
    """Return C+ = max(0, x - (T + K) + C+') and C- = max(0, (T - K) - x + C-'). O(n).

    Args:
        values: single values, or means of subgroups of `size`.
        k, h: reference value and decision interval in standard errors (sigma / sqrt(size)).
        headstart: fast initial response, part of H from which both sums start (0.5 is usual).
        baseline: target and sigma of single values; from the values when not given (size 1).
        start: the last C+ and C-, to continue a stream.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: ISO 7870-4; Lucas and Crosier 1982, Technometrics 24(3); Montgomery, section 9.1.

    >>> cusum_chart([10.0, 12.0, 12.0], baseline=Baseline(10.0, 1.0)).upper_sums
    array([0. , 1.5, 3. ])
    """
    if not (0.0 <= k < np.inf and 0.0 < h < np.inf and 0.0 <= headstart < 1.0):
        raise InvalidOption("k, h, headstart", (k, h, headstart), "k >= 0, h > 0, 0 <= part < 1")
    if size < 1 or (baseline is None and size > 1):
        raise InvalidOption("size", size, "1, or more with a baseline")
    x = as_values(values, minimum=2 if baseline is None else 1)
    base = baseline or individuals_chart(x).baseline
    error = base.sigma / float(np.sqrt(size))
    reference, decision = k * error, h * error
    starts = start or (headstart * decision, headstart * decision)
    upper, lower = _sums(x, base.centre, reference, starts)
    violations = (upper > decision) * np.uint8(ABOVE) | (lower > decision) * np.uint8(BELOW)
    return CusumChart(
        method="cusum_chart",
        options={"k": k, "h": h, "headstart": headstart, "size": size},
        convention="sums go on after a signal; K and H in standard errors",
        source="ISO 7870-4; Lucas and Crosier 1982",
        upper_sums=upper,
        lower_sums=lower,
        reference=reference,
        decision=decision,
        baseline=base,
        violations=violations,
    )


def _sums(
    x: FloatArray, centre: float, reference: float, starts: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return C+ and C-; the values are read once, in pieces."""
    upper, lower = np.empty(x.size), np.empty(x.size)
    above, below = starts
    for at in range(0, x.size, PIECE):
        rise = np.subtract(x[at : at + PIECE], centre, out=upper[at : at + PIECE])
        below = _piled(np.subtract(-reference, rise, out=lower[at : at + PIECE]), below)
        rise -= reference
        above = _piled(rise, above)
    return upper, lower


def _piled(steps: FloatArray, start: float) -> float:
    # C_t = S_t - min(0, min S_j): pieces keep S small, so that no digits are lost.
    steps[0] += start
    np.cumsum(steps, out=steps)
    low = np.minimum.accumulate(steps)
    steps -= np.minimum(low, 0.0, out=low)
    return float(steps[-1])
