"""Confidence intervals of sums and differences of independent mean squares.

With mean squares S_q of n_q degrees of freedom, a component is gamma = sum c_q E(S_q).

Source: Ting, Burdick, Graybill, Jeyaratnam, Lu (1990) J. Stat. Comput. Simul. 35, 135-143
(modified large sample, MLS); Graybill and Wang (1980) JASA 75 for sums; Satterthwaite (1946);
as collected in Burdick, Borror, Montgomery (2005) Design and Analysis of Gauge R&R Studies.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import optimize, special

from andon.stats.arrays import FloatArray, IntArray
from andon.stats.results import Interval

__all__ = ["MeanSquares", "mls_interval", "satterthwaite_interval", "share_interval"]


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares and their degrees of freedom, in one order."""

    values: FloatArray
    degrees: FloatArray


def mls_interval(coefficients: FloatArray, squares: MeanSquares, level: float = 0.95) -> Interval:
    """Return the MLS interval of gamma = sum c_q E(S_q), cut at zero.

    Exact (chi-square) for a single mean square; Graybill-Wang when all coefficients are positive.

    >>> squares = MeanSquares(np.array([4.0]), np.array([10.0]))
    >>> interval = mls_interval(np.array([1.0]), squares)
    >>> round(interval.low, 4), round(interval.high, 4)
    (1.9528, 12.3192)
    """
    low, high = _mls_bounds(coefficients, squares, level)
    return Interval(max(0.0, low), max(0.0, high), level)


def satterthwaite_interval(
    coefficients: FloatArray, squares: MeanSquares, level: float = 0.95
) -> Interval:
    """Return the chi-square interval with Satterthwaite's degrees of freedom.

    df = gamma^2 / sum(c_q^2 S_q^2 / n_q). Poor when differences dominate: MLS is the default.

    >>> squares = MeanSquares(np.array([4.0]), np.array([10.0]))
    >>> round(satterthwaite_interval(np.array([1.0]), squares).high, 4)
    12.3192
    """
    terms = coefficients * squares.values
    estimate = float(terms.sum())
    if estimate <= 0:
        return Interval(0.0, mls_interval(coefficients, squares, level).high, level)
    degrees = estimate**2 / float((terms**2 / squares.degrees).sum())
    return chi_square_interval(estimate, degrees, level)


def chi_square_interval(variance: float, degrees: float, level: float) -> Interval:
    """Return the interval of a variance whose estimate is scaled chi-square.

    >>> round(chi_square_interval(4.0, 10.0, 0.95).low, 4)
    1.9528
    """
    tail = (1 - level) / 2
    scaled = variance * degrees
    above, below = _chi_square(1 - tail, degrees), _chi_square(tail, degrees)
    low = scaled / float(above) if above > 0 else 0.0
    return Interval(low, scaled / float(below) if below > 0 else math.inf, level)


def share_interval(
    part: FloatArray, whole: FloatArray, squares: MeanSquares, level: float = 0.95
) -> Interval:
    """Return the interval of the share rho = gamma_part / gamma_whole, between 0 and 1.

    The MLS bounds of gamma_part - rho gamma_whole are inverted: the interval holds every rho
    whose bounds include zero.

    >>> squares = MeanSquares(np.array([9.0, 1.0]), np.array([9.0, 20.0]))
    >>> rest = share_interval(np.array([0.0, 1.0]), np.array([0.5, 0.5]), squares)
    >>> 0 < rest.low < 0.2 < rest.high < 1
    True
    """

    def bound(side: int) -> Callable[[float], float]:
        return lambda rho: _mls_bounds(part - rho * whole, squares, level)[side]

    return Interval(_root_of_share(bound(0)), _root_of_share(bound(1)), level)


def _root_of_share(bound: Callable[[float], float]) -> float:
    if bound(0.0) <= 0:
        return 0.0
    if bound(1.0) >= 0:
        return 1.0
    return float(optimize.brentq(bound, 0.0, 1.0, xtol=1e-12))


def _mls_bounds(
    coefficients: FloatArray, squares: MeanSquares, level: float
) -> tuple[float, float]:
    tail = (1 - level) / 2
    terms = coefficients * squares.values
    estimate = float(terms.sum())
    below = _half_width(terms, squares.degrees, tail)
    # The upper bound of gamma is minus the lower bound of minus gamma.
    above = _half_width(-terms, squares.degrees, tail)
    return estimate - below, estimate + above


def _half_width(terms: FloatArray, degrees: FloatArray, tail: float) -> float:
    """Distance from the estimate down to its lower bound."""
    up, down = terms > 0, terms < 0
    g, h = _g(degrees, tail), _h(degrees, tail)
    variance = float(((g * terms)[up] ** 2).sum() + ((h * terms)[down] ** 2).sum())
    if up.any() and down.any():
        variance += _mixed(terms, degrees, tail)
        variance += _same_sign(np.flatnonzero(up), terms, degrees, tail)
    return math.sqrt(max(variance, 0.0))


def _chi_square(probability: float, degrees: FloatArray | float) -> FloatArray:
    # special functions: the quantiles of scipy.stats cost fifty times as much per call
    return np.asarray(2 * special.gammaincinv(np.asarray(degrees) / 2, probability))


def _g(degrees: FloatArray, tail: float) -> FloatArray:
    return np.asarray(1 - degrees / _chi_square(1 - tail, degrees), dtype=np.float64)


def _h(degrees: FloatArray, tail: float) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.asarray(degrees / _chi_square(tail, degrees) - 1, dtype=np.float64)


def _mixed(terms: FloatArray, degrees: FloatArray, tail: float) -> float:
    """Sum of G_qr c_q c_r S_q S_r over pairs of a positive and a negative term."""
    up, down = np.flatnonzero(terms > 0), np.flatnonzero(terms < 0)
    n, m = degrees[up][:, None], degrees[down][None, :]
    f = special.fdtri(n, m, 1 - tail)
    weight = ((f - 1) ** 2 - (_g(n, tail) * f) ** 2 - _h(m, tail) ** 2) / f
    return float((weight * terms[up][:, None] * -terms[down][None, :]).sum())


def _same_sign(up: IntArray, terms: FloatArray, degrees: FloatArray, tail: float) -> float:
    """Sum of G*_qt c_q c_t S_q S_t over pairs of positive terms (none for a single one)."""
    total = 0.0
    for q, t in combinations(up, 2):
        n, m = degrees[[q]], degrees[[t]]
        joint = (_g(n + m, tail) * (n + m)) ** 2 / (n * m)
        weight = joint - _g(n, tail) ** 2 * n / m - _g(m, tail) ** 2 * m / n
        total += float(weight[0] * terms[q] * terms[t]) / (len(up) - 1)
    return total
