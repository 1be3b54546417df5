"""The baseline of a monitored stream: what it did in phase I, frozen as a yardstick."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, as_table
from andon.stats.chart_factors import d2, d3
from andon.stats.errors import NoVariation, StatisticsError
from andon.stats.results import Result

__all__ = ["Baseline", "freeze_baseline", "model_scale"]

# The expected moving range of two normal values, in sigma: 2 / sqrt(pi).
_D2_OF_TWO = 1.1283791670955126


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline(Result):
    """What a stream did in phase I: the frozen yardstick of later subgroups.

    Attributes:
        mean: mu, the mean of the subgroup means, on the scale of the model.
        sigma_of_means: s, the standard deviation of the subgroup means.
        sigma_within: w, the standard deviation pooled within subgroups.
        subgroups: how many subgroups it was frozen from.
        is_logarithmic: whether values are judged by their natural logarithm.
        size: of the subgroups it was frozen from; None when every mean counts alike.
    """

    mean: float
    sigma_of_means: float
    sigma_within: float
    subgroups: int
    is_logarithmic: bool = False
    size: int | None = None

    def z(self, mean: float, n: int | None = None) -> float:
        """Return how many s the mean of n values (on the model's scale) lies from mu."""
        return (mean - self.mean) / self.sigma_for(n)

    def sigma_for(self, n: int | None) -> float:
        """Return s as it is for means of n values: what varies between subgroups, and w^2 / n.

        Between is s^2 - w^2 / size, and nothing where the means vary less than that. Without n, or
        with the usual size, it is s itself. Source: components of variance by analysis of variance,
        Searle, Casella and McCulloch, Variance Components, 3.6.

        >>> usual = Baseline(mean=0, sigma_of_means=1.0, sigma_within=2.0, subgroups=30, size=5)
        >>> usual.sigma_for(5), round(usual.sigma_for(1), 4), round(usual.sigma_for(20), 4)
        (1.0, 2.0494, 0.6325)
        """
        if n is None or self.size is None or n == self.size:
            return self.sigma_of_means
        within = self.sigma_within**2
        between = self.sigma_of_means**2 - within / self.size
        return math.sqrt(max(between, 0.0) + within / n)

    def levelled(self, mean: float, n: int) -> float:
        """Return the mean of the usual size that lies as far off, in its own s, as this one.

        >>> usual = Baseline(mean=0, sigma_of_means=1.0, sigma_within=2.0, subgroups=30, size=5)
        >>> usual.levelled(3.0, 5), round(usual.levelled(3.0, 1), 4)
        (3.0, 1.4639)
        """
        sigma = self.sigma_for(n)
        if sigma == self.sigma_of_means:
            return mean
        return self.mean + (mean - self.mean) / sigma * self.sigma_of_means

    def range_limits(self, n: int) -> tuple[float, float | None]:
        """Return the limits of the range of n values: d2 w +/- 3 d3 w; no upper one below two.

        >>> usual = Baseline(mean=0, sigma_of_means=1.0, sigma_within=2.0, subgroups=30, size=5)
        >>> [round(limit, 3) for limit in usual.range_limits(5)]
        [0.0, 9.836]
        """
        if n < 2:
            return 0.0, None
        centre, spread, sigma = d2(n), d3(n), self.sigma_within
        return max(0.0, (centre - 3 * spread) * sigma), (centre + 3 * spread) * sigma


def model_scale(values: ArrayLike, *, logarithmic: bool) -> FloatArray:
    """Return the values as the model judges them: as they are, or their natural logarithms.

    Raises:
        StatisticsError: a value is not positive though the model is logarithmic.

    >>> model_scale([1.0, np.e], logarithmic=True).tolist()
    [0.0, 1.0]
    """
    numbers = np.asarray(values, dtype=np.float64)
    if not logarithmic:
        return numbers
    if numbers.size and not numbers.min() > 0:
        raise StatisticsError("a logarithmic model needs positive values: correct or leave out")
    scaled: FloatArray = np.log(numbers)
    return scaled


def freeze_baseline(
    subgroups: ArrayLike, *, logarithmic: bool = False, minimum: int = 25
) -> Baseline:
    """Return the baseline of phase I subgroups, one row each, of equal size.

    mu = mean of the row means; s^2 = sum (mean - mu)^2 / (m - 1); w^2 = mean of the row variances.
    For single values w = mean moving range / 1.128.

    Raises:
        TooFewValues: fewer than `minimum` subgroups; NotFinite: a value is missing;
        NoVariation: s or w is zero; StatisticsError: rows of unequal size, or not positive for
        the logarithm.

    >>> phase = np.arange(60.0).reshape(2, 30).T + np.tile([[-1.0], [1.0]], (15, 1))
    >>> baseline = freeze_baseline(phase)
    >>> baseline.subgroups, baseline.mean, round(baseline.sigma_within, 3)
    (30, 29.5, 21.213)
    """
    table = model_scale(
        as_table(subgroups, rows=minimum, what="phase I subgroups"), logarithmic=logarithmic
    )
    means = table.mean(axis=1)
    within = _sigma_within(table)
    spread = float(means.std(ddof=1))
    if spread == 0 or within == 0:
        raise NoVariation("phase I subgroups")
    return Baseline(
        mean=float(means.mean()),
        sigma_of_means=spread,
        sigma_within=within,
        subgroups=len(table),
        is_logarithmic=logarithmic,
        size=table.shape[1],
        method="freeze_baseline",
        options={"logarithmic": logarithmic, "minimum": minimum},
        convention="s with divisor m - 1; w pooled within, by moving range for single values",
        source="Montgomery, Introduction to Statistical Quality Control, 6.2 and 6.4",
    )


def _sigma_within(table: FloatArray) -> float:
    if table.shape[1] == 1:
        return float(np.abs(np.diff(table[:, 0])).mean() / _D2_OF_TWO)
    return float(np.sqrt(table.var(axis=1, ddof=1).mean()))
