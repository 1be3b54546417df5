"""Sigma within subgroups, or between neighbours, with the degrees of freedom its noise is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from andon.stats.arrays import FloatArray, as_values, require_choice
from andon.stats.chart_factors import c4, c4_of, d2, d2_of, d3_of, median_range_factor
from andon.stats.charts_individuals import moving_ranges
from andon.stats.errors import NoVariation
from andon.stats.moments import Moments
from andon.stats.subgroups import ESTIMATORS, Subgroups, within_sigma

__all__ = ["NEIGHBOUR_ESTIMATORS", "Spread", "neighbour_spread", "overall_spread", "within_spread"]

NEIGHBOUR_ESTIMATORS = ("mean moving range", "median moving range", "successive differences")
_MEDIAN = 0.6744897501960817


@dataclass(frozen=True, slots=True)
class Spread:
    """An estimate of sigma.

    Attributes:
        sigma: the estimate.
        freedom: the estimate is as precise as s with this many degrees of freedom.
        is_unbiased: True when the estimate is s / c4 rather than s.
        estimator: its name.
    """

    sigma: float
    freedom: float
    is_unbiased: bool
    estimator: str


def overall_spread(moments: Moments) -> Spread:
    """Return the standard deviation of all values, n - 1 degrees of freedom."""
    if not moments.deviation > 0.0:
        raise NoVariation()
    return Spread(moments.deviation, moments.count - 1.0, False, "standard deviation")


def within_spread(groups: Subgroups, estimator: str) -> Spread:
    """Return sigma within subgroups.

    Degrees of freedom: sum(n_i - 1) when pooled, else those at which s / c4 has the same relative
    variance as the mean of R / d2 or s / c4.
    """
    sigma = within_sigma(groups, require_choice("within", estimator, ESTIMATORS))
    groups = groups.of(groups.sizes >= 2)
    if estimator.startswith("pooled"):
        freedom = float((groups.sizes - 1.0).sum())
        return Spread(sigma, freedom, estimator == "pooled deviation", estimator)
    return Spread(sigma, _equal_freedom(_variance(groups, estimator)), True, estimator)


def neighbour_spread(values: FloatArray, moments: Moments, estimator: str) -> Spread:
    """Return sigma from differences of neighbours (single values in order of making).

    Degrees of freedom from the exact variance of the mean range (Cryer and Ryan 1990, Journal of
    Quality Technology 22(3)) and of the mean squared difference (von Neumann 1941), and from the
    large-sample variance of the median.
    """
    require_choice("within", estimator, NEIGHBOUR_ESTIMATORS)
    n = moments.count
    if estimator == "successive differences":
        sigma, freedom = np.sqrt(moments.mean_square_step / 2.0), 2.0 * (n - 1) ** 2 / (3 * n - 4)
    elif estimator == "mean moving range":
        sigma, freedom = moments.mean_range / d2(2), _equal_freedom(_mean_range_variance(n))
    else:
        sigma = np.median(moving_ranges(values)[1:]) / median_range_factor(2)
        freedom = _equal_freedom(_median_range_variance() / (n - 1))
    if not sigma > 0.0:
        raise NoVariation()
    return Spread(float(sigma), float(freedom), estimator != NEIGHBOUR_ESTIMATORS[2], estimator)


def values_and_groups(
    values: ArrayLike | Sequence[ArrayLike], sizes: ArrayLike | None
) -> tuple[FloatArray, bool]:
    """Return all values as one row, and whether they come as subgroups."""
    if sizes is not None:
        return as_values(values, minimum=2), True  # type: ignore[arg-type]
    if isinstance(values, np.ndarray):
        return as_values(values.ravel(), minimum=2), values.ndim > 1
    rows: Sequence[ArrayLike] = values  # type: ignore[assignment]
    if not np.isscalar(values) and len(rows) and np.ndim(rows[0]) > 0:
        return as_values(np.concatenate([as_values(row) for row in rows]), minimum=2), True
    return as_values(values, minimum=2), False  # type: ignore[arg-type]


def _variance(groups: Subgroups, estimator: str) -> float:
    if estimator.endswith("range"):
        single = (d3_of(groups.sizes) / d2_of(groups.sizes)) ** 2
    else:
        single = c4_of(groups.sizes) ** -2 - 1.0
    if estimator.startswith("weighted"):
        return float(1.0 / (1.0 / single).sum())
    return float(single.sum() / single.size**2)


def _equal_freedom(variance: float) -> float:
    def difference(log_freedom: float) -> float:
        return float(c4(float(np.exp(log_freedom)) + 1.0) ** -2 - 1.0 - variance)

    # 1 / (2 variance) is the large-sample answer, and c4 loses its digits far beyond 1e5.
    rough = 0.5 / variance
    if rough > 1e5:
        return rough
    if difference(0.0) <= 0.0:
        return 1.0
    return float(np.exp(optimize.brentq(difference, 0.0, np.log(2.0 * rough + 10.0))))


def _mean_range_variance(n: int) -> float:
    own = 2.0 - 4.0 / np.pi
    neighbour = (4.0 / np.pi) * (np.sqrt(3.0) / 2.0 + np.pi / 12.0 - 1.0)
    total = (n - 1) * own + 2.0 * (n - 2) * neighbour
    return float(total / ((n - 1) * d2(2)) ** 2)


@lru_cache(maxsize=1)
def _median_range_variance() -> float:
    pair = stats.multivariate_normal(mean=[0.0, 0.0], cov=[[1.0, -0.5], [-0.5, 1.0]])
    a = _MEDIAN
    both = pair.cdf([a, a]) - 2.0 * pair.cdf([-a, a]) + pair.cdf([-a, -a])
    density = 2.0 * stats.norm.pdf(a)
    return float((0.25 + 2.0 * (both - 0.25)) / (density * a) ** 2)
