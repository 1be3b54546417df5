"""Capability of a process of any shape: ISO 22514 percentiles of a fitted distribution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, ndtri_exp

from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.capability_indices import Estimate, Specification, ratio_bounds
from andon.stats.distributions import (
    FAMILIES,
    FittedDistribution,
    best_distribution,
    fit_distribution,
)
from andon.stats.errors import NoVariation
from andon.stats.results import Interval, Result

__all__ = ["QuantileCapability", "quantile_capability"]

LOW, MIDDLE, HIGH = 0.00135, 0.5, 0.99865
FEWEST_EMPIRICAL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileCapability(Result):
    """Capability by percentiles.

    Attributes:
        low, middle, high: the 0.135 %, 50 % and 99.865 % percentiles.
        distribution: the fit they are from; None when taken from the values themselves.
        pp, ppk: indices of the overall variation; pp is None with one limit.
        ppm_below, ppm_above: expected (of the fit) or observed parts per million outside.
        z_bench: normal quantile of the fraction outside.
    """

    count: int
    specification: Specification
    distribution: FittedDistribution | None
    low: float
    middle: float
    high: float
    pp: Estimate | None
    ppk: Estimate
    ppm_below: float
    ppm_above: float
    z_bench: float


def quantile_capability(
    values: ArrayLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    distribution: str = "best",
    level: float = 0.95,
) -> QuantileCapability:
    """Return Pp = (U - L) / (X99.865 - X0.135) and Ppk, the smaller of its two sides.

    Args:
        values: shape (n,), n >= 8 (1,000 for "empirical").
        lower, upper: specification limits; one may be missing.
        distribution: a family of `distributions.FAMILIES`, "best" (least AIC), or "empirical".
        level: of the intervals. They are Bissell's and the chi-square of a normal process with
            the same indices: an approximation, too short for heavy tails.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError (family cannot hold
        the values).

    Source: ISO 22514-2, -4; Clements 1989, Quality Progress 22(9).

    >>> x = np.random.default_rng(1).lognormal(0.0, 0.5, 400)
    >>> found = quantile_capability(x, upper=6.0, distribution="lognormal")
    >>> round(found.ppk.value, 2)
    1.8
    """
    require_between("level", level, 0.0, 1.0)
    require_choice("distribution", distribution, ("best", "empirical", *FAMILIES))
    limits = Specification(lower, upper)
    x = as_values(
        values, minimum=FEWEST_EMPIRICAL if distribution == "empirical" else 8, must_vary=True
    )
    fit = _fitted(x, distribution)
    low, middle, high = _percentiles(x, fit)
    below, above = _outside(x, fit, limits)
    pp, ppk = _indices(limits, (low, middle, high), x.size, level)
    return QuantileCapability(
        method="quantile_capability",
        options={"distribution": distribution, "level": level},
        convention="percentiles 0.135, 50, 99.865 of the overall variation; normal-theory interval",
        source="ISO 22514-2; Clements 1989",
        count=x.size,
        specification=limits,
        distribution=fit,
        low=low,
        middle=middle,
        high=high,
        pp=pp,
        ppk=ppk,
        ppm_below=1e6 * below,
        ppm_above=1e6 * above,
        z_bench=_z(below + above),
    )


def _fitted(x: FloatArray, distribution: str) -> FittedDistribution | None:
    if distribution == "empirical":
        return None
    if distribution == "best":
        return best_distribution(x)
    return fit_distribution(x, family=distribution)


def _percentiles(x: FloatArray, fit: FittedDistribution | None) -> tuple[float, float, float]:
    chances = (LOW, MIDDLE, HIGH)
    if fit is None:
        low, middle, high = np.quantile(x, chances, method="median_unbiased").tolist()
    else:
        low, middle, high = (fit.quantile(p) for p in chances)
    if not low < middle < high:
        raise NoVariation("percentiles 0.135, 50 and 99.865 of the values")
    return low, middle, high


def _outside(
    x: FloatArray, fit: FittedDistribution | None, limits: Specification
) -> tuple[float, float]:
    below, above = 0.0, 0.0
    if limits.lower is not None:
        below = float((x < limits.lower).mean()) if fit is None else fit.below(limits.lower)
    if limits.upper is not None:
        above = float((x > limits.upper).mean()) if fit is None else fit.above(limits.upper)
    return below, above


def _indices(
    limits: Specification, at: tuple[float, float, float], count: int, level: float
) -> tuple[Estimate | None, Estimate]:
    low, middle, high = at
    sides = []
    if limits.lower is not None:
        sides.append((middle - limits.lower) / (middle - low))
    if limits.upper is not None:
        sides.append((limits.upper - middle) / (high - middle))
    z = float(ndtri(0.5 + level / 2.0))
    ppk = min(sides)
    half = z * float(np.sqrt(1.0 / (9.0 * count) + ppk**2 / (2.0 * (count - 1.0))))
    actual = Estimate(ppk, Interval(ppk - half, ppk + half, level))
    if limits.lower is None or limits.upper is None:
        return None, actual
    pp = (limits.upper - limits.lower) / (high - low)
    factor = ratio_bounds(count - 1.0, level)
    return Estimate(pp, Interval(pp * factor[0], pp * factor[1], level)), actual


def _z(outside: float) -> float:
    return float(-ndtri_exp(np.log(outside))) if outside > 0.0 else float("inf")
