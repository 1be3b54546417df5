"""Control chart factors computed from the normal distribution, never read from rounded tables.

Source: ASTM E2587; Montgomery, Introduction to Statistical Quality Control, appendix VI.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy import optimize
from scipy.special import gammaln, ndtr

from andon.stats.arrays import FloatArray, require_between
from andon.stats.errors import InvalidOption

__all__ = [
    "c4",
    "c4_of",
    "chart_factors",
    "d2",
    "d2_of",
    "d2_star",
    "d3",
    "d3_of",
    "median_range_factor",
]

_WIDEST_RANGE = 20.0


def d2(n: int) -> float:
    """Return the mean of the range of n standard normal values, the integral of 1 - G(r).

    G is the distribution of the range. Raises InvalidOption when n < 2.

    >>> round(d2(5), 5)
    2.32593
    """
    return _range_moments(_checked(n))[0]


def d3(n: int) -> float:
    """Return the standard deviation of the range of n standard normal values.

    >>> round(d3(5), 4)
    0.8641
    """
    return _range_moments(_checked(n))[1]


@lru_cache(maxsize=1024)
def c4(n: float) -> float:
    """Return the mean of s / sigma: sqrt(2 / (n - 1)) G(n / 2) / G((n - 1) / 2).

    >>> round(c4(5), 4)
    0.94
    """
    if n < 2:
        raise InvalidOption("n", n, "at least 2")
    return float(np.sqrt(2.0 / (n - 1.0)) * np.exp(gammaln(n / 2.0) - gammaln((n - 1.0) / 2.0)))


def d2_star(n: int, groups: int) -> float:
    """Return sqrt(d2^2 + d3^2 / groups), the divisor of a mean range of few groups.

    >>> round(d2_star(2, 1), 4)
    1.4142
    """
    if groups < 1:
        raise InvalidOption("groups", groups, "at least 1")
    return float(np.hypot(d2(n), d3(n) / np.sqrt(groups)))


@lru_cache(maxsize=64)
def median_range_factor(n: int) -> float:
    """Return the median of the range of n standard normal values (d4 of some tables).

    >>> round(median_range_factor(2), 4)
    0.9539
    """
    _checked(n)

    def below_half(r: float) -> float:
        return float(_range_distribution(np.array([r]), n)[0]) - 0.5

    return float(optimize.brentq(below_half, 1e-6, _WIDEST_RANGE, xtol=1e-14))


def chart_factors(n: int, *, sigmas: float = 3.0) -> dict[str, float]:
    """Return every chart factor for subgroups of n: A A2 A3 D3 D4 B3 B4 B5 B6 E2 d2 d3 c4.

    >>> round(chart_factors(5)["A2"], 3), round(chart_factors(5)["D4"], 3)
    (0.577, 2.114)
    """
    require_between("sigmas", sigmas, 0.0, np.inf)
    mean_range, bias = d2(n), c4(n)
    root = float(np.sqrt(n))
    range_ratio = sigmas * d3(n) / mean_range
    deviation_spread = sigmas * float(np.sqrt(1.0 - bias**2))
    return {
        "A": sigmas / root,
        "A2": sigmas / (mean_range * root),
        "A3": sigmas / (bias * root),
        "D3": max(0.0, 1.0 - range_ratio),
        "D4": 1.0 + range_ratio,
        "B3": max(0.0, 1.0 - deviation_spread / bias),
        "B4": 1.0 + deviation_spread / bias,
        "B5": max(0.0, bias - deviation_spread),
        "B6": bias + deviation_spread,
        "E2": sigmas / mean_range,
        "d2": mean_range,
        "d3": d3(n),
        "c4": bias,
    }


def d2_of(sizes: FloatArray) -> FloatArray:
    """Return d2 for each subgroup size; NaN where a single value has no range."""
    return _for_each_size(d2, sizes)


def d3_of(sizes: FloatArray) -> FloatArray:
    """Return d3 for each subgroup size; NaN where a single value has no range."""
    return _for_each_size(d3, sizes)


def c4_of(sizes: FloatArray) -> FloatArray:
    """Return c4 for each subgroup size; NaN where a single value has no deviation."""
    return _for_each_size(c4, sizes)


def _for_each_size(factor: Callable[[int], float], sizes: FloatArray) -> FloatArray:
    if sizes.size and (sizes == sizes[0]).all():
        # Equal sizes are the rule, and sorting them would cost more than all else.
        return np.full(sizes.size, factor(int(sizes[0])) if sizes[0] >= 2 else np.nan)
    distinct, where = np.unique(sizes, return_inverse=True)
    of_size = [factor(int(n)) if n >= 2 else np.nan for n in distinct]
    return np.array(of_size, dtype=np.float64)[where]


def _checked(n: int) -> int:
    if n < 2 or n != int(n):
        raise InvalidOption("n", n, "a whole number of at least 2")
    return int(n)


@lru_cache(maxsize=256)
def _range_moments(n: int) -> tuple[float, float]:
    nodes, weights = np.polynomial.legendre.leggauss(160)
    r = (nodes + 1.0) * _WIDEST_RANGE / 2.0
    above = (1.0 - _range_distribution(r, n)) * weights * _WIDEST_RANGE / 2.0
    mean = float(above.sum())
    return mean, float(np.sqrt(2.0 * (r * above).sum() - mean**2))


def _range_distribution(r: FloatArray, n: int) -> FloatArray:
    # The trapezoid rule over the whole line is exact to rounding for such smooth integrands.
    x, step = np.linspace(-_WIDEST_RANGE, 9.0, 1161, retstep=True)
    density = np.exp(-(x**2) / 2.0) / np.sqrt(2.0 * np.pi)
    inside = ndtr(x[None, :] + r[:, None]) - ndtr(x)[None, :]
    total: FloatArray = n * (density * inside ** (n - 1)).sum(axis=1) * step
    return np.minimum(total, 1.0)
