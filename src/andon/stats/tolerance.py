"""Tolerance intervals: where a stated part of the population lies, with stated confidence."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats
from scipy.special import bdtr, ndtr, ndtri

from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.errors import InvalidOption, TooFewValues
from andon.stats.noncentral_t import noncentral_quantile
from andon.stats.results import Interval, Result

__all__ = [
    "ToleranceInterval",
    "distribution_free_size",
    "distribution_free_tolerance",
    "normal_tolerance",
    "one_sided_factor",
    "two_sided_factor",
]

SIDES = ("two", "lower", "upper")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToleranceInterval(Result):
    """An interval that holds at least `proportion` of the population.

    Attributes:
        interval: with the confidence as its level; an open side is infinite.
        proportion: the part of the population it holds.
        factor: k of mean -/+ k s; None when distribution-free.
        confidence: reached; above the asked one when distribution-free.
    """

    count: int
    interval: Interval
    proportion: float
    factor: float | None
    confidence: float


def normal_tolerance(
    values: ArrayLike, *, proportion: float = 0.99, confidence: float = 0.95, sides: str = "two"
) -> ToleranceInterval:
    """Return mean -/+ k s, exact for a normal population.

    Args:
        values: shape (n,), n >= 2; sides: "two" (the middle part), "lower" or "upper".

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: ISO 16269-6; Krishnamoorthy and Mathew 2009, Statistical Tolerance Regions, ch. 2.

    >>> round(normal_tolerance([1.0, 2.0, 3.0, 4.0, 5.0], proportion=0.9, sides="upper").factor, 3)
    3.407
    """
    require_choice("sides", sides, SIDES)
    x = as_values(values, minimum=2, must_vary=True)
    make = two_sided_factor if sides == "two" else one_sided_factor
    factor = make(x.size, proportion, confidence)
    half = factor * float(x.std(ddof=1))
    mean = float(x.mean())
    return ToleranceInterval(
        method="normal_tolerance",
        options={"proportion": proportion, "confidence": confidence, "sides": sides},
        convention="exact factor, not Howe's approximation",
        source="ISO 16269-6; Krishnamoorthy and Mathew 2009",
        count=x.size,
        interval=Interval(
            -np.inf if sides == "upper" else mean - half,
            np.inf if sides == "lower" else mean + half,
            confidence,
        ),
        proportion=proportion,
        factor=factor,
        confidence=confidence,
    )


@lru_cache(maxsize=512)
def one_sided_factor(count: int, proportion: float, confidence: float) -> float:
    """Return k = t'(confidence; n - 1, z_proportion sqrt(n)) / sqrt(n), exact.

    >>> round(one_sided_factor(10, 0.95, 0.95), 4)
    2.911
    """
    _check(count, proportion, confidence)
    root = float(np.sqrt(count))
    return noncentral_quantile(confidence, count - 1.0, float(ndtri(proportion)) * root) / root


@lru_cache(maxsize=512)
def two_sided_factor(count: int, proportion: float, confidence: float) -> float:
    """Return k so that mean -/+ k s holds the proportion with the confidence, exact.

    Over the mean's error x / sqrt(n), the half width r(x) that holds the proportion needs
    s >= r / k: int 2 phi(x) P(chi2_(n-1) > (n - 1) r(x)^2 / k^2) dx = confidence.

    >>> round(two_sided_factor(10, 0.95, 0.95), 3)
    3.393
    """
    _check(count, proportion, confidence)
    nodes, weights = np.polynomial.legendre.leggauss(120)
    x = 4.25 * (nodes + 1.0)
    density = 2.0 * 4.25 * weights * np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi)
    width = _half_widths(x / np.sqrt(count), proportion)
    freedom = count - 1.0

    def excess(k: float) -> float:
        held = stats.chi2.sf(freedom * (width / k) ** 2, freedom)
        return float(np.dot(density, held)) - confidence

    low = high = float(ndtri(0.5 + proportion / 2.0))
    while excess(high) < 0.0:
        high *= 2.0
    while excess(low) > 0.0:
        low /= 2.0
    return float(optimize.brentq(excess, low, high, xtol=1e-12, rtol=1e-13))


def distribution_free_tolerance(
    values: ArrayLike, *, proportion: float = 0.95, confidence: float = 0.95, sides: str = "two"
) -> ToleranceInterval:
    """Return order statistics that hold the proportion whatever the (continuous) distribution.

    The tightest symmetric pair: of the n + 1 gaps, r are left outside with
    P(Bin(n, 1 - proportion) >= r) >= confidence.

    Raises TooFewValues naming the size needed when even the extremes do not suffice.

    Source: ISO 16269-6; Wilks 1941, Annals of Mathematical Statistics 12.

    >>> distribution_free_tolerance(np.arange(93.0)).interval
    Interval(low=0.0, high=92.0, level=0.95)
    """
    require_choice("sides", sides, SIDES)
    needed = distribution_free_size(proportion, confidence, sides)
    x = np.sort(as_values(values))
    if x.size < needed:
        raise TooFewValues(needed, x.size)
    outside = _gaps_outside(x.size, proportion, confidence)
    low, high = _bounds(x, outside, sides)
    return ToleranceInterval(
        method="distribution_free_tolerance",
        options={"proportion": proportion, "confidence": confidence, "sides": sides},
        convention="order statistics; of an odd number of gaps one more is left out below",
        source="ISO 16269-6; Wilks 1941",
        count=x.size,
        interval=Interval(low, high, confidence),
        proportion=proportion,
        factor=None,
        confidence=float(bdtr(x.size - outside, x.size, proportion)),
    )


def distribution_free_size(proportion: float, confidence: float, sides: str = "two") -> int:
    """Return the fewest values whose extremes hold the proportion with the confidence.

    One side: 1 - P^n >= confidence; two: 1 - n P^(n-1) + (n - 1) P^n >= confidence.

    >>> distribution_free_size(0.95, 0.95), distribution_free_size(0.95, 0.95, "upper")
    (93, 59)
    """
    require_choice("sides", sides, SIDES)
    _check(2, proportion, confidence)
    gaps = 2 if sides == "two" else 1
    high = 2
    while _gaps_outside(high, proportion, confidence) < gaps:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        enough = _gaps_outside(middle, proportion, confidence) >= gaps
        low, high = (low, middle) if enough else (middle, high)
    return high


def _gaps_outside(count: int, proportion: float, confidence: float) -> int:
    # n + 1 gaps lie between and beyond n values; m adjacent ones hold Beta(m, n + 1 - m).
    return count - int(stats.binom.ppf(confidence, count, proportion))


def _bounds(x: FloatArray, outside: int, sides: str) -> tuple[float, float]:
    if sides == "upper":
        return float("-inf"), float(x[x.size - outside])
    if sides == "lower":
        return float(x[outside - 1]), float("inf")
    above = outside // 2
    return float(x[outside - above - 1]), float(x[x.size - above])


def _check(count: int, proportion: float, confidence: float) -> None:
    require_between("proportion", proportion, 0.0, 1.0)
    require_between("confidence", confidence, 0.0, 1.0)
    if count < 2:
        raise InvalidOption("count", count, "at least 2")


def _half_widths(away: FloatArray, proportion: float) -> FloatArray:
    # Newton steps on Phi(a + r) - Phi(a - r) = proportion polish the noncentral chi-square.
    r = np.sqrt(stats.ncx2.ppf(proportion, 1, away**2))
    for _ in range(3):
        slope = (np.exp(-0.5 * (away + r) ** 2) + np.exp(-0.5 * (away - r) ** 2)) / _ROOT
        r -= (ndtr(away + r) - ndtr(away - r) - proportion) / slope
    return np.asarray(r, dtype=np.float64)


_ROOT = float(np.sqrt(2.0 * np.pi))
