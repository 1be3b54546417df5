"""The noncentral t distribution, exact for any size: library routines fail for large ones.

With s = chi / sqrt(f): P(T <= t) = int Phi(t s - delta) f(s) ds, by Gauss-Legendre.
"""

from functools import lru_cache

import numpy as np
from scipy import optimize, stats
from scipy.special import chdtri, ndtr

from andon.stats.arrays import FloatArray

__all__ = ["noncentral_quantile", "noncentral_t_below", "noncentrality", "relative_deviations"]


@lru_cache(maxsize=128)
def relative_deviations(freedom: float) -> tuple[FloatArray, FloatArray]:
    """Return nodes of s / sigma and their weights, which add up to 1.

    >>> round(float(relative_deviations(9.0)[1].sum()), 12)
    1.0
    """
    low, high = np.sqrt(chdtri(freedom, np.array([1.0 - 1e-15, 1e-16])) / freedom)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    chi = low + (high - low) / 2.0 * (nodes + 1.0)
    density = 2.0 * freedom * chi * stats.chi2.pdf(freedom * chi**2, freedom)
    return chi, density * weights * (high - low) / 2.0


def noncentral_t_below(t: float, freedom: float, delta: float) -> float:
    """Return P(T <= t) of the noncentral t with this noncentrality.

    >>> round(noncentral_t_below(0.0, 5.0, 0.0), 12)
    0.5
    """
    chi, weight = relative_deviations(freedom)
    return float(np.dot(weight, ndtr(t * chi - delta)))


def noncentrality(t: float, freedom: float, p: float) -> float:
    """Return the noncentrality at which P(T <= t) = p.

    >>> round(noncentral_t_below(4.0, 9.0, noncentrality(4.0, 9.0, 0.3)), 9)
    0.3
    """
    width = 10.0 * np.sqrt(1.0 + t**2 / (2.0 * freedom)) + 10.0
    while noncentral_t_below(t, freedom, t + width) > p:
        width *= 2.0
    return float(
        optimize.brentq(
            lambda delta: noncentral_t_below(t, freedom, delta) - p,
            t - width - abs(t),
            t + width,
            xtol=1e-10,
        )
    )


def noncentral_quantile(p: float, freedom: float, delta: float) -> float:
    """Return the t below which the fraction p lies.

    >>> round(noncentral_quantile(0.95, 9.0, 0.0), 6)
    1.833113
    """
    low, high = min(delta, 0.0) - 1.0, max(delta, 0.0) + 1.0
    while noncentral_t_below(high, freedom, delta) < p:
        high *= 2.0
    while noncentral_t_below(low, freedom, delta) > p:
        low *= 2.0
    return float(
        optimize.brentq(lambda t: noncentral_t_below(t, freedom, delta) - p, low, high, xtol=1e-10)
    )
