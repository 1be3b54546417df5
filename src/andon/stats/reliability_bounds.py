"""Intervals of a lifetime fit: profile likelihood, or normal on the log scale."""

from collections.abc import Callable

import numpy as np
from scipy import optimize, special

from andon.stats.reliability_likelihood import Likelihood, Peak
from andon.stats.results import Interval

__all__ = ["Bounds"]


class Bounds:
    """Intervals of the quantiles and the scale from a likelihood and its peak."""

    def __init__(self, likelihood: Likelihood, peak: Peak, level: float) -> None:
        self.likelihood, self.peak, self.level = likelihood, peak, level
        self.z = float(special.ndtri((1 + level) / 2))
        self.sigma = float(np.exp(peak.log_scale))

    def by(self, convention: str) -> tuple[Callable[[float], Interval], Callable[[], Interval]]:
        """Return the intervals of a quantile and of sigma: "wald" or "likelihood"."""
        if convention == "wald":
            return self.wald_quantile, self.wald_scale
        return self.profile_quantile, self.profile_scale

    def quantile(self, z: float) -> float:
        """Return the time at the standard quantile z."""
        return float(np.exp(self.peak.location + z * self.sigma))

    def _quantile_error(self, z: float) -> float:
        turn = np.array([1.0, z * self.sigma])
        return float(np.sqrt(turn @ self.peak.covariance @ turn))

    def wald_quantile(self, z: float) -> Interval:
        """Return the interval of a quantile, normal on the log scale."""
        half, middle = self.z * self._quantile_error(z), np.log(self.quantile(z))
        return Interval(float(np.exp(middle - half)), float(np.exp(middle + half)), self.level)

    def wald_scale(self) -> Interval:
        """Return the interval of sigma, normal on the log scale."""
        half = self.z * float(np.sqrt(self.peak.covariance[1, 1]))
        return Interval(self.sigma * np.exp(-half), self.sigma * np.exp(half), self.level)

    def profile_quantile(self, z: float) -> Interval:
        """Return the interval of a quantile from its profile likelihood."""

        def loss(log_time: float) -> float:
            if self.likelihood.family.is_scale_fixed:
                return self.likelihood.value(log_time - z, 0.0)
            return self._highest(lambda s: (log_time - z * float(np.exp(s)), s))

        middle = float(np.log(self.quantile(z)))
        low, high = self._ends(loss, middle, self._quantile_error(z))
        return Interval(float(np.exp(low)), float(np.exp(high)), self.level)

    def profile_scale(self) -> Interval:
        """Return the interval of sigma from its profile likelihood."""
        centre, spread = self.peak.location, float(np.sqrt(self.peak.covariance[0, 0]))

        def loss(log_scale: float) -> float:
            return _highest(lambda m: self.likelihood.value(m, log_scale), centre, spread)

        error = float(np.sqrt(self.peak.covariance[1, 1]))
        low, high = self._ends(loss, self.peak.log_scale, error)
        return Interval(float(np.exp(low)), float(np.exp(high)), self.level)

    def _highest(self, at: Callable[[float], tuple[float, float]]) -> float:
        centre, spread = self.peak.log_scale, float(np.sqrt(self.peak.covariance[1, 1]))
        return _highest(lambda s: self.likelihood.value(*at(s)), centre, spread)

    def _ends(
        self, profile: Callable[[float], float], middle: float, error: float
    ) -> tuple[float, float]:
        """Return where twice the log likelihood has fallen by the chi-square limit."""
        floor = self.peak.log_likelihood - self.z**2 / 2

        def end(side: float) -> float:
            reach = error
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                while profile(middle + side * reach) > floor:
                    reach *= 1.5
                return float(
                    optimize.brentq(
                        lambda x: profile(x) - floor,
                        middle,
                        middle + side * reach,
                        xtol=1e-10,
                        rtol=1e-10,
                    )
                )

        return end(-1.0), end(1.0)


def _highest(height: Callable[[float], float], centre: float, spread: float) -> float:
    """Return the largest height within reach of the peak; further out lies nothing but overflow."""
    reach = 1 + 6 * spread
    found = optimize.minimize_scalar(
        lambda x: -height(float(x)),
        bounds=(centre - reach, centre + reach),
        method="bounded",
        options={"xatol": 1e-7},
    )
    return -float(found.fun)
