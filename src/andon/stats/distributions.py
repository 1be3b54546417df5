"""Distributions fitted to values: families by maximum likelihood, Box-Cox and Johnson."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_values, require_choice, require_finite
from andon.stats.distribution_fits import FITS, POSITIVE
from andon.stats.distribution_shapes import shape_of
from andon.stats.errors import StatisticsError
from andon.stats.johnson import fit_johnson
from andon.stats.normality import anderson_darling
from andon.stats.results import Result

__all__ = ["FAMILIES", "FittedDistribution", "best_distribution", "box_cox", "fit_distribution"]

FAMILIES = (*FITS, "johnson")


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedDistribution(Result):
    """A distribution with its parameters and how well it fits.

    Attributes:
        family: one of `FAMILIES`; parameters: by name, as in `shape_of`.
        log_likelihood: of the values; aic: 2 k - 2 log-likelihood, less is better.
        anderson_darling: A^2 of the fit, less is better.
    """

    family: str
    parameters: dict[str, float]
    count: int
    log_likelihood: float
    aic: float
    anderson_darling: float

    def below(self, x: float) -> float:
        """Return the fraction below x."""
        return float(shape_of(self.family, self.parameters).cdf(np.array(x)))

    def above(self, x: float) -> float:
        """Return the fraction above x, exact in the tail."""
        return float(shape_of(self.family, self.parameters).sf(np.array(x)))

    def quantile(self, p: float) -> float:
        """Return the value below which the fraction p lies."""
        return float(shape_of(self.family, self.parameters).ppf(np.array(p)))


def fit_distribution(values: ArrayLike, *, family: str) -> FittedDistribution:
    """Return the family fitted to the values.

    Maximum likelihood; Johnson by quantiles (Slifker and Shapiro 1980), its type and spacing
    chosen by Anderson-Darling (Chou, Polansky and Mason 1998); positive families start at 0.

    Raises:
        TooFewValues: fewer than 8; NotFinite; NoVariation; StatisticsError: values not positive
        where the family needs it; InvalidOption.

    >>> fit_distribution(range(1, 11), family="exponential").parameters
    {'scale': 5.5}
    """
    require_choice("family", family, FAMILIES)
    x = as_values(values, minimum=8, must_vary=True)
    if family in POSITIVE and not x.min() > 0.0:
        raise StatisticsError(f"{family} needs values above 0; the least is {x.min():g}")
    name, parameters = _parameters(x, family)
    shape = shape_of(name, parameters)
    with np.errstate(all="ignore"):
        likelihood = float(shape.logpdf(x).sum())
    if not np.isfinite(likelihood):
        raise StatisticsError(f"no {family} distribution holds these values")
    ordered = np.sort(x)
    with np.errstate(divide="ignore"):
        fit = anderson_darling(np.log(shape.cdf(ordered)), np.log(shape.sf(ordered)))
    return FittedDistribution(
        method="fit_distribution",
        options={"family": family},
        convention="maximum likelihood; Johnson by quantiles; positive families start at 0",
        source="ISO 22514-4; Slifker and Shapiro 1980, Technometrics 22(2); Box and Cox 1964",
        family=name,
        parameters=parameters,
        count=x.size,
        log_likelihood=likelihood,
        aic=2.0 * len(parameters) - 2.0 * likelihood,
        anderson_darling=fit,
    )


def _parameters(x: FloatArray, family: str) -> tuple[str, dict[str, float]]:
    try:
        with np.errstate(all="ignore"):
            return fit_johnson(x) if family == "johnson" else (family, FITS[family](x))
    except (ValueError, ArithmeticError) as error:
        raise StatisticsError(f"no {family} distribution fits these values") from error


def best_distribution(values: ArrayLike) -> FittedDistribution:
    """Return the family of least AIC among all that can hold the values.

    >>> best_distribution(np.random.default_rng(1).lognormal(0.0, 1.0, 300)).family
    'lognormal'
    """
    x = as_values(values, minimum=8, must_vary=True)
    fits = []
    for name in FAMILIES:
        # A family that cannot hold the values is no candidate, and no reason to fail.
        with suppress(StatisticsError):
            fits.append(fit_distribution(x, family=name))
    return min(fits, key=lambda fit: fit.aic)


def box_cox(values: ArrayLike, power: float) -> FloatArray:
    """Return (x^power - 1) / power, ln x where power is 0. Values must be positive.

    >>> box_cox([1.0, 4.0], 0.5)
    array([0., 2.])
    """
    require_finite("power", power)
    x = as_values(values)
    if not x.min() > 0.0:
        raise StatisticsError(f"Box-Cox needs values above 0; the least is {x.min():g}")
    return np.asarray(special.boxcox(x, power), dtype=np.float64)
