"""Capability indices with their intervals from mean and sigma."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, log_ndtr, ndtr, ndtri, ndtri_exp

from andon.stats.arrays import LARGEST
from andon.stats.capability_within import Spread
from andon.stats.chart_factors import c4
from andon.stats.errors import InvalidOption
from andon.stats.noncentral_t import noncentrality
from andon.stats.results import Interval

__all__ = ["Estimate", "Indices", "Specification", "indices_of"]

INTERVALS = ("bissell", "noncentral t")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its confidence interval."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Specification:
    """Specification limits; either may be missing, not both. The target is the middle if open."""

    lower: float | None = None
    upper: float | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        if self.lower is None and self.upper is None:
            raise InvalidOption("lower and upper", None, "given, at least one of them")
        for name in ("lower", "upper", "target"):
            limit = getattr(self, name)
            if limit is not None and not abs(limit) <= LARGEST:
                raise InvalidOption(name, limit, f"a number within -/+{LARGEST:g}, or left out")
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise InvalidOption("lower", self.lower, f"below upper ({self.upper})")

    @property
    def aim(self) -> float | None:
        """The target, else the middle of two limits."""
        if self.target is not None or self.lower is None or self.upper is None:
            return self.target
        return (self.lower + self.upper) / 2.0


@dataclass(frozen=True, slots=True)
class Indices:
    """Indices from one estimate of sigma, never mixed with another.

    Attributes:
        basis: "within" (Cp, Cpk) or "overall" (Pp, Ppk).
        sigma, freedom, estimator: the spread used.
        potential: Cp or Pp; None with one limit.
        lower_index, upper_index: (mean - L) / 3 sigma and (U - mean) / 3 sigma.
        actual: Cpk or Ppk, the smaller of the two.
        taguchi: Cpm, (U - L) / 6 sqrt(sigma^2 + (mean - T)^2); None with one limit.
        z_bench: the normal quantile of the expected fraction outside.
        ppm_below, ppm_above: expected parts per million outside.
    """

    basis: str
    sigma: float
    freedom: float
    estimator: str
    potential: Estimate | None
    lower_index: Estimate | None
    upper_index: Estimate | None
    actual: Estimate
    taguchi: Estimate | None
    z_bench: float
    ppm_below: float
    ppm_above: float

    @property
    def ppm(self) -> float:
        """Expected parts per million outside the specification."""
        return self.ppm_below + self.ppm_above


def indices_of(
    basis: str,
    mean: float,
    count: int,
    spread: Spread,
    limits: Specification,
    *,
    level: float,
    interval: str,
) -> Indices:
    """Return the indices of a normal process.

    Intervals: potential by chi-square; actual by Bissell (index -/+ z sqrt(1 / 9n + index^2 / 2f))
    or the noncentral t of its side; taguchi by Boyles 1991 (chi-square with
    (1 + d^2)^2 / (1 / f + 2 d^2 / n) degrees of freedom, d = (mean - T) / sigma).
    """
    sigma = spread.sigma
    distances = (
        None if limits.lower is None else (mean - limits.lower) / sigma,
        None if limits.upper is None else (limits.upper - mean) / sigma,
    )
    below, above = (
        None if z is None else _one_side(z / 3.0, count, spread, level, interval) for z in distances
    )
    sides = [side for side in (below, above) if side is not None]
    far = [z for z in distances if z is not None]
    ppm = [0.0 if z is None else 1e6 * float(ndtr(-z)) for z in distances]
    return Indices(
        basis=basis,
        sigma=sigma,
        freedom=spread.freedom,
        estimator=spread.estimator,
        potential=_potential(limits, spread, level),
        lower_index=below,
        upper_index=above,
        actual=min(sides, key=lambda side: side.value),
        taguchi=_taguchi(mean, count, spread, limits, level),
        z_bench=z_bench(far),
        ppm_below=ppm[0],
        ppm_above=ppm[1],
    )


def z_bench(distances: list[float]) -> float:
    """Return -Phi^-1(sum Phi(-z)), exact far out in the tail too.

    >>> round(z_bench([3.0, 3.0]), 4)
    2.7822
    """
    log_outside = np.logaddexp.reduce([float(log_ndtr(-z)) for z in distances])
    return float(-ndtri_exp(min(float(log_outside), 0.0)))


def ratio_bounds(freedom: float, level: float) -> tuple[float, float]:
    """Return sqrt(chi-square quantile / f), the factors of an interval for 1 / sigma."""
    tail = (1.0 - level) / 2.0
    low, high = chdtri(freedom, 1.0 - tail), chdtri(freedom, tail)
    return float(np.sqrt(low / freedom)), float(np.sqrt(high / freedom))


def _potential(limits: Specification, spread: Spread, level: float) -> Estimate | None:
    if limits.lower is None or limits.upper is None:
        return None
    value = (limits.upper - limits.lower) / (6.0 * spread.sigma)
    low, high = ratio_bounds(spread.freedom, level)
    base = value / (c4(spread.freedom + 1.0) if spread.is_unbiased else 1.0)
    return Estimate(value, Interval(base * low, base * high, level))


def _one_side(index: float, count: int, spread: Spread, level: float, interval: str) -> Estimate:
    if interval == "bissell":
        z = float(ndtri(0.5 + level / 2.0))
        half = z * np.sqrt(1.0 / (9.0 * count) + index**2 / (2.0 * spread.freedom))
        return Estimate(index, Interval(index - float(half), index + float(half), level))
    scale = 3.0 * np.sqrt(count)
    tail = (1.0 - level) / 2.0
    low, high = (
        noncentrality(index * scale, spread.freedom, p) / scale for p in (1.0 - tail, tail)
    )
    return Estimate(index, Interval(low, high, level))


def _taguchi(
    mean: float, count: int, spread: Spread, limits: Specification, level: float
) -> Estimate | None:
    aim = limits.aim
    if limits.lower is None or limits.upper is None or aim is None:
        return None
    away = ((mean - aim) / spread.sigma) ** 2
    value = (limits.upper - limits.lower) / (6.0 * spread.sigma * float(np.sqrt(1.0 + away)))
    freedom = (1.0 + away) ** 2 / (1.0 / spread.freedom + 2.0 * away / count)
    low, high = ratio_bounds(float(freedom), level)
    return Estimate(value, Interval(value * low, value * high, level))
