"""The share of variation that a factor explains: eta squared, omega squared and the F behind it."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from andon.stats.results import Interval

__all__ = ["VarianceShare", "share_interval", "variance_share"]


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """A factor's sum of squares against the rest.

    Attributes:
        eta_squared: between over total sum of squares.
        omega_squared: the same less what chance alone would give; at least 0.
        f: F ratio; infinite when nothing is left within.
        df: degrees of freedom between and within.
        p_value: upper tail of F.
    """

    eta_squared: float
    omega_squared: float
    f: float
    df: tuple[int, int]
    p_value: float


def variance_share(between: float, total: float, df: tuple[int, int]) -> VarianceShare:
    """Return the share from sums of squares; both degrees of freedom must be above 0.

    eta^2 = SSB / SST; omega^2 = (SSB - df1 MSW) / (SST + MSW).

    Source: Fisher 1925; Hays 1963.

    >>> round(variance_share(60.0, 100.0, (2, 12)).f, 6)
    9.0
    """
    within = max(total - between, 0.0)
    mean_within = within / df[1]
    f = between / df[0] / mean_within if within > 1e-13 * total else float("inf")
    return VarianceShare(
        eta_squared=between / total,
        omega_squared=max((between - df[0] * mean_within) / (total + mean_within), 0.0),
        f=f,
        df=df,
        p_value=float(special.fdtrc(*df, f)) if np.isfinite(f) else 0.0,
    )


def share_interval(share: VarianceShare, level: float) -> Interval:
    """Return the interval of the population eta squared by inverting the noncentral F.

    Each limit is lambda / (lambda + N) where lambda puts the observed F at a tail of the noncentral
    distribution; N = df1 + df2 + 1.

    Source: Steiger 2004, Psychological Methods 9, 164-182.

    >>> interval = share_interval(variance_share(60.0, 100.0, (2, 12)), 0.9)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.178, 0.723)
    """
    if not np.isfinite(share.f):
        return Interval(1.0, 1.0, level)
    tail = (1 - level) / 2
    low, high = (_noncentrality(share, p) for p in (1 - tail, tail))
    n = share.df[0] + share.df[1] + 1
    return Interval(low / (low + n), high / (high + n), level)


def _noncentrality(share: VarianceShare, probability: float) -> float:
    df1, df2 = share.df
    if special.fdtr(df1, df2, share.f) <= probability:
        return 0.0

    def excess(lam: float) -> float:
        return float(special.ncfdtr(df1, df2, lam, share.f)) - probability

    spread = 10 * float(np.sqrt(2 * df1 + 4 * share.f * df1)) + 20
    high = share.f * df1 * (1 + 20 / np.sqrt(df2)) + spread
    while excess(high) > 0:
        high *= 2
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-10, rtol=1e-12))
