"""The likelihood of lifetimes: log-location-scale models with any kind of censoring."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from andon.stats.arrays import BoolArray, FloatArray
from andon.stats.errors import StatisticsError

__all__ = ["FAMILIES", "Family", "Lifetimes", "Likelihood", "Peak"]

Function = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Family:
    """A standard distribution of z = (ln t - location) / scale.

    Attributes:
        log_density, log_survival, log_share: of z; share is the cumulated probability.
        density_slope: derivative of the log density.
        quantile: z at a probability.
        is_scale_fixed: whether the scale is 1 (exponential).
    """

    log_density: Function
    log_survival: Function
    log_share: Function
    density_slope: Function
    quantile: Callable[[float], float]
    is_scale_fixed: bool = False


def _log_normal_density(z: FloatArray) -> FloatArray:
    return np.asarray(-(z**2) / 2 - np.log(2 * np.pi) / 2)


def _smallest_density(z: FloatArray) -> FloatArray:
    return np.asarray(z - np.exp(z))


def _smallest_survival(z: FloatArray) -> FloatArray:
    return np.asarray(-np.exp(z))


def _smallest_share(z: FloatArray) -> FloatArray:
    # far below, the share is exp(z) itself, where the exact form would underflow
    return np.asarray(np.where(z < -30, z, np.log(-np.expm1(-np.exp(np.maximum(z, -30))))))


def _smallest_quantile(p: float) -> float:
    return float(np.log(-np.log1p(-p)))


FAMILIES = {
    "weibull": Family(
        _smallest_density,
        _smallest_survival,
        _smallest_share,
        lambda z: np.asarray(1 - np.exp(z)),
        _smallest_quantile,
    ),
    "exponential": Family(
        _smallest_density,
        _smallest_survival,
        _smallest_share,
        lambda z: np.asarray(1 - np.exp(z)),
        _smallest_quantile,
        is_scale_fixed=True,
    ),
    "lognormal": Family(
        _log_normal_density,
        lambda z: np.asarray(special.log_ndtr(-z)),
        lambda z: np.asarray(special.log_ndtr(z)),
        lambda z: np.asarray(-z),
        lambda p: float(special.ndtri(p)),
    ),
}


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Lifetimes on the log scale, each with the number of parts that share it.

    low = high: failed then; high infinite: still running at low; else failed between the two.
    """

    low: FloatArray
    high: FloatArray
    counts: FloatArray

    @property
    def failed(self) -> BoolArray:
        """Which rows are exact failures."""
        return np.asarray(self.low == self.high)


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest likelihood: location, log of the scale, its log, and the covariance there."""

    location: float
    log_scale: float
    log_likelihood: float
    covariance: FloatArray


class Likelihood:
    """The log likelihood of a family at the lifetimes given, its slope and its peak."""

    def __init__(self, family: Family, times: Lifetimes) -> None:
        self.family, self.times = family, times
        exact = times.failed
        running = np.isinf(times.high)
        self.exact = times.low[exact], times.counts[exact]
        self.running = times.low[running], times.counts[running]
        between = ~exact & ~running
        self.between = times.low[between], times.high[between], times.counts[between]

    def value(self, location: float, log_scale: float) -> float:
        """Return the log likelihood; where it cannot be computed, far below any that matters."""
        found = self._with_slope(location, log_scale)[0]
        return found if np.isfinite(found) else -1e100

    def _with_slope(self, location: float, log_scale: float) -> tuple[float, FloatArray]:
        """Return the log likelihood and its slope over location and log scale."""
        scale, family = float(np.exp(np.clip(log_scale, -30, 30))), self.family
        log_t, weight = self.exact
        z = (log_t - location) / scale
        total = _dot(weight, family.log_density(z) - log_scale - log_t)
        turn = family.density_slope(z)
        slope = np.array([-_dot(weight, turn) / scale, -_dot(weight, turn * z + 1)])
        log_t, weight = self.running
        if weight.size:
            z = (log_t - location) / scale
            survival = family.log_survival(z)
            hazard = np.exp(family.log_density(z) - survival)
            total += _dot(weight, survival)
            slope += [_dot(weight, hazard) / scale, _dot(weight, hazard * z)]
        if self.between[2].size:
            part, part_slope = self._between(location, scale)
            total, slope = total + part, slope + part_slope
        return total, slope

    def _between(self, location: float, scale: float) -> tuple[float, FloatArray]:
        low, high, weight = self.between
        z_low, z_high = (low - location) / scale, (high - location) / scale
        log_gap = self._log_gap(z_low, z_high)
        # each density over the gap, on the log scale, so that neither underflows alone
        late, early = (np.exp(self.family.log_density(z) - log_gap) for z in (z_high, z_low))
        begun = np.isfinite(z_low)  # a part that failed before its first look has no low end
        turn = late * z_high - np.where(begun, early * np.where(begun, z_low, 0.0), 0.0)
        slope = np.array([-_dot(weight, late - early) / scale, -_dot(weight, turn)])
        return _dot(weight, log_gap), slope

    def _log_gap(self, z_low: FloatArray, z_high: FloatArray) -> FloatArray:
        """Return the log probability between, from whichever tail keeps its digits."""
        share_low, share_high = self.family.log_share(z_low), self.family.log_share(z_high)
        left_low, left_high = self.family.log_survival(z_low), self.family.log_survival(z_high)
        from_below = share_high + np.log(-np.expm1(np.minimum(share_low - share_high, -1e-300)))
        from_above = left_low + np.log(-np.expm1(np.minimum(left_high - left_low, -1e-300)))
        return np.asarray(np.where(z_low > 0, from_above, from_below))

    def peak(self) -> Peak:
        """Return the maximum by a quasi-Newton search from moment-like starting values.

        Raises:
            StatisticsError: the search does not settle.
        """
        start = self._start()
        free = 1 if self.family.is_scale_fixed else 2

        def loss(x: FloatArray) -> tuple[float, FloatArray]:
            value, slope = self._with_slope(float(x[0]), float(x[1]) if free == 2 else 0.0)
            return -value, -slope[:free]

        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = optimize.minimize(loss, start[:free], jac=True, method="BFGS", tol=1e-10)
        x = np.asarray(found.x, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            slope, bend = np.abs(loss(x)[1]).max(), _bend(loss, x)
        settled = np.isfinite(found.fun) and slope <= 1e-3 * self.times.counts.sum()
        if not settled or not np.linalg.eigvalsh(np.nan_to_num(bend)).min() > 1e-9:
            raise StatisticsError(
                "no likeliest fit was found; more failures at different times are needed"
            )
        return Peak(
            float(x[0]),
            float(x[1]) if free == 2 else 0.0,
            -float(found.fun),
            _padded(np.asarray(np.linalg.inv(bend), dtype=np.float64)),
        )

    def _start(self) -> FloatArray:
        finite = np.where(np.isinf(self.times.high), self.times.low, self.times.high)
        weight = self.times.counts / self.times.counts.sum()
        centre = float(weight @ finite)
        spread = float(np.sqrt(weight @ (finite - centre) ** 2)) or 1.0
        return np.array([centre + spread / 2, np.log(spread)])


def _dot(one: FloatArray, two: FloatArray) -> float:
    # not by BLAS: its threads cost more than they save at these lengths
    return float(np.einsum("i,i->", one, two))


def _bend(loss: Callable[[FloatArray], tuple[float, FloatArray]], x: FloatArray) -> FloatArray:
    """Return the second derivatives of the loss by central differences of its slope."""
    step = 1e-5
    columns = [
        (loss(x + step * unit)[1] - loss(x - step * unit)[1]) / (2 * step)
        for unit in np.eye(x.size)
    ]
    bend = np.array(columns)
    return np.asarray((bend + bend.T) / 2)


def _padded(covariance: FloatArray) -> FloatArray:
    if covariance.shape == (2, 2):
        return covariance
    out = np.zeros((2, 2))
    out[0, 0] = covariance[0, 0]
    return out
