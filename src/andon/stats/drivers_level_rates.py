"""Every level of a factor against its rest: rate ratio, interval and p, all levels at once."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special, stats

from andon.stats.arrays import FloatArray
from andon.stats.comparison_rates import exact_share
from andon.stats.comparison_scores import koopman_limits

__all__ = ["CountModel", "LevelRatios", "ratios_against_rest"]

CountModel = Literal["poisson", "binomial"]


@dataclass(frozen=True, slots=True)
class LevelRatios:
    """Rate of each level over the rate of all others, with limits and two-sided p, shape (k,)."""

    ratio: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray


def ratios_against_rest(
    counts: FloatArray,
    inspected: FloatArray,
    *,
    model: CountModel,
    level: float,
    dispersion: float = 1.0,
) -> LevelRatios:
    """Return each level's ratio; log-normal limits, exact ones (poisson) or score (binomial) at 0.

    p: twice the smaller tail of the conditional binomial (poisson) or hypergeometric (binomial);
    with a dispersion above 1 the normal p of the log ratio, its error widened by its root.

    >>> found = ratios_against_rest(np.array([20.0, 10.0]), np.array([1e3, 1e3]), model="poisson",
    ...     level=0.95)
    >>> found.ratio.tolist()
    [2.0, 0.5]
    """
    rest, rest_of = counts.sum() - counts, inspected.sum() - inspected
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (counts / inspected) / (rest / rest_of)
        error = 1 / counts + 1 / rest
        if model == "binomial":
            error = error - 1 / inspected - 1 / rest_of
        error = np.sqrt(error * dispersion)
        half = special.ndtri((1 + level) / 2) * error
        low, high = ratio * np.exp(-half), ratio * np.exp(half)
        z = np.abs(np.log(ratio)) / error
    for k in np.flatnonzero((counts == 0) | (rest == 0)):
        sides = (rest[k], rest_of[k], counts[k], inspected[k])
        low[k], high[k] = _limits_at_zero(sides, model, (1 - level) / 2)
    exact = _exact_p(counts, inspected, model)
    p_value = np.where(np.isfinite(z), 2 * special.ndtr(-z), exact) if dispersion > 1 else exact
    return LevelRatios(ratio, low, high, p_value)


def _limits_at_zero(
    sides: tuple[float, float, float, float], model: CountModel, tail: float
) -> tuple[float, float]:
    rest, rest_of, count, inspected = sides
    if rest + count == 0:
        return 0.0, np.inf
    if model == "binomial":
        return koopman_limits((int(rest), int(rest_of), int(count), int(inspected)), tail)
    low, high = exact_share(count, rest + count, tail)
    scale = rest_of / inspected
    return low / (1 - low) * scale, high / (1 - high) * scale if high < 1 else np.inf


def _exact_p(counts: FloatArray, inspected: FloatArray, model: CountModel) -> FloatArray:
    total, of = counts.sum(), inspected.sum()
    if model == "binomial":
        lower = stats.hypergeom.cdf(counts, of, total, inspected)
        upper = stats.hypergeom.sf(counts - 1, of, total, inspected)
    else:
        share = inspected / of
        upper = np.where(counts > 0, special.betainc(counts, total - counts + 1, share), 1.0)
        inside = counts < total
        lower = np.where(inside, special.betaincc(counts + 1, total - counts, share), 1.0)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(lower, upper)), dtype=np.float64)
