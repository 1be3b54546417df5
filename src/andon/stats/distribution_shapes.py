"""The shape behind a fitted distribution: fractions, quantiles and density from its parameters."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special, stats

from andon.stats.arrays import FloatArray
from andon.stats.errors import InvalidOption

__all__ = ["BoxCoxShape", "Shape", "shape_of"]


class Shape(Protocol):
    """What a fitted distribution can tell."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return the fraction below x."""
        ...

    def sf(self, x: FloatArray) -> FloatArray:
        """Return the fraction above x."""
        ...

    def ppf(self, q: FloatArray) -> FloatArray:
        """Return the quantile."""
        ...

    def logpdf(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        ...


@dataclass(frozen=True, slots=True)
class BoxCoxShape:
    """Values whose power (x^power - 1) / power is normal."""

    power: float
    mean: float
    sigma: float

    def _z(self, x: FloatArray) -> FloatArray:
        transformed = np.asarray(special.boxcox(np.maximum(x, 0.0), self.power), dtype=np.float64)
        return (transformed - self.mean) / self.sigma

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return the fraction below x."""
        return special.ndtr(self._z(x))

    def sf(self, x: FloatArray) -> FloatArray:
        """Return the fraction above x."""
        return special.ndtr(-self._z(x))

    def ppf(self, q: FloatArray) -> FloatArray:
        """Return the quantile; 0 where the transformed quantile has no preimage."""
        z = self.mean + self.sigma * special.ndtri(q)
        return np.asarray(np.nan_to_num(special.inv_boxcox(z, self.power)), dtype=np.float64)

    def logpdf(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        jacobian = (self.power - 1.0) * np.log(x)
        normal = -0.5 * self._z(x) ** 2 - 0.5 * np.log(2.0 * np.pi)
        return np.asarray(normal - np.log(self.sigma) + jacobian, dtype=np.float64)


def shape_of(family: str, parameters: dict[str, float]) -> Shape:
    """Return the distribution of this family with these parameters.

    >>> float(shape_of("exponential", {"scale": 2.0}).cdf(np.array(0.0)))
    0.0
    """
    if family == "box-cox":
        return BoxCoxShape(**parameters)
    values = list(parameters.values())
    if family in _DIRECT:
        shape: Shape = _DIRECT[family](*values)
    elif family in _SCALED:
        shape = _SCALED[family](*values[:-1], scale=values[-1])
    elif family == "lognormal":
        shape = stats.lognorm(values[1], scale=np.exp(values[0]))
    elif family == "johnson lognormal":
        gamma, eta, shift = values
        shape = stats.lognorm(1.0 / eta, loc=shift, scale=np.exp(-gamma / eta))
    else:
        raise InvalidOption("family", family, "a fitted family")
    return shape


# Parameters in the order that scipy takes: location and scale, or shapes, location and scale.
_DIRECT = {
    "normal": stats.norm,
    "smallest extreme value": stats.gumbel_l,
    "largest extreme value": stats.gumbel_r,
    "logistic": stats.logistic,
    "johnson unbounded": stats.johnsonsu,
    "johnson bounded": stats.johnsonsb,
}
_SCALED = {"exponential": stats.expon, "weibull": stats.weibull_min, "gamma": stats.gamma}
