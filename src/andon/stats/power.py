"""Power of a test of means or variances, or the number of values it needs.

Each function gives what it is not given: the power of a count, or the smallest count with a power.
"""

from typing import Any

import numpy as np
from scipy import special

from andon.stats.arrays import require_between
from andon.stats.errors import InvalidOption
from andon.stats.power_plan import PowerPlan, Sides, check_ratio, make_plan

__all__ = [
    "PowerPlan",
    "plan_equal_means",
    "plan_groups",
    "plan_mean",
    "plan_means",
    "plan_variance",
    "plan_variances",
]


def plan_mean(
    shift: float,
    *,
    sigma: float,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
    sides: Sides = "two-sided",
) -> PowerPlan:
    """Plan a one-sample or paired t test: noncentral t with shift / sigma x sqrt(n).

    Args:
        shift: difference to be found, not 0, in the unit of the values.
        sigma: standard deviation of the values (of the differences for pairs), above 0.
        count: number of values (pairs), at least 2; or
        power: wanted power, between alpha and 1. Exactly one of the two is given.
        alpha: level of the test.
        sides: "two-sided" or "one-sided".

    Raises:
        InvalidOption.

    Source: Cohen 1988, Statistical Power Analysis, ch. 2; NIST e-Handbook 7.2.2.2.

    >>> plan_mean(0.5, sigma=1.0, power=0.8).count
    34
    """
    effect = _effect(shift, sigma)

    def reached(n: float) -> float:
        return _t_power(effect * float(np.sqrt(n)), n - 1, alpha, sides)

    return make_plan(
        "plan_mean",
        reached,
        count,
        power,
        alpha=alpha,
        sides=sides,
        known=_shift_options(shift, sigma),
    )


def plan_means(
    shift: float,
    *,
    sigma: float,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
    sides: Sides = "two-sided",
) -> PowerPlan:
    """Plan a two-sample t test with equal counts: noncentral t with shift / sigma x sqrt(n / 2).

    Args:
        shift: difference of the means to be found, not 0.
        sigma: standard deviation within each group, above 0.
        count: number per group, at least 2; or power. Exactly one of the two is given.
        alpha, sides: of the test.

    Raises:
        InvalidOption.

    Source: Cohen 1988, ch. 2.

    >>> plan_means(0.5, sigma=1.0, power=0.8).count
    64
    """
    effect = _effect(shift, sigma)

    def reached(n: float) -> float:
        return _t_power(effect * float(np.sqrt(n / 2)), 2 * n - 2, alpha, sides)

    return make_plan(
        "plan_means",
        reached,
        count,
        power,
        alpha=alpha,
        sides=sides,
        groups=2,
        known=_shift_options(shift, sigma),
    )


def plan_equal_means(
    margin: float,
    *,
    sigma: float,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
) -> PowerPlan:
    """Plan an equivalence test of two means that are truly equal (normal approximation).

    Power = 2 Phi(margin / (sigma sqrt(2 / n)) - t(1 - alpha)) - 1, floored at 0.

    Args:
        margin: largest difference that does not matter, above 0.
        sigma: standard deviation within each group, above 0.
        count: number per group; or power. Exactly one of the two is given.
        alpha: level of each one-sided test.

    Raises:
        InvalidOption.

    Source: Julious 2004, Statistics in Medicine 23, 1921-1986, 5.1.

    >>> plan_equal_means(1.0, sigma=1.0, power=0.9).count
    23
    """
    effect = _effect(margin, sigma)

    def reached(n: float) -> float:
        limit = float(special.stdtrit(2 * n - 2, 1 - alpha))
        return max(2 * float(special.stdtr(2 * n - 2, effect * np.sqrt(n / 2) - limit)) - 1, 0.0)

    return make_plan(
        "plan_equal_means",
        reached,
        count,
        power,
        alpha=alpha,
        sides="one-sided",
        groups=2,
        known=_shift_options(margin, sigma),
    )


def plan_groups(
    means: tuple[float, ...],
    *,
    sigma: float,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
) -> PowerPlan:
    """Plan a one-way analysis of variance: noncentral F with n sum(mean - middle)^2 / sigma^2.

    Args:
        means: the group means to be told apart, at least 2, not all equal.
        sigma: standard deviation within groups, above 0.
        count: number per group, at least 2; or power. Exactly one of the two is given.
        alpha: level of the test.

    Raises:
        InvalidOption.

    Source: Cohen 1988, ch. 8; Montgomery, Design and Analysis of Experiments, 3.7.

    >>> plan_groups((575.0, 600.0, 650.0, 675.0), sigma=25.0, power=0.9, alpha=0.01).count
    4
    """
    middles = np.asarray(means, dtype=np.float64)
    if middles.size < 2 or np.ptp(middles) == 0:
        raise InvalidOption("means", means, "at least 2 that differ")
    require_between("sigma", sigma, 0, np.inf)
    spread, k = float(((middles - middles.mean()) ** 2).sum()) / sigma**2, middles.size

    def reached(n: float) -> float:
        df = (k - 1, k * (n - 1))
        limit = float(special.fdtri(*df, 1 - alpha))
        return 1 - float(special.ncfdtr(*df, n * spread, limit))

    return make_plan(
        "plan_groups",
        reached,
        count,
        power,
        alpha=alpha,
        sides="one-sided",
        groups=k,
        known={"means": list(means), "sigma": sigma},
    )


def plan_variance(
    ratio: float,
    *,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
) -> PowerPlan:
    """Plan a one-sided chi-square test that a variance changed by this ratio.

    Args:
        ratio: true variance over the one under the null hypothesis, above 0, not 1.
        count: number of values, at least 2; or power. Exactly one of the two is given.
        alpha: level of the one-sided test, in the direction of the ratio.

    Raises:
        InvalidOption.

    Source: NIST e-Handbook 7.2.3.2.

    >>> plan_variance(1.55, power=0.99, alpha=0.05).count
    171
    """
    check_ratio("ratio", ratio)

    def reached(n: float) -> float:
        if ratio > 1:
            return float(special.chdtrc(n - 1, _chi_limit(n - 1, alpha) / ratio))
        return float(special.chdtr(n - 1, _chi_limit(n - 1, 1 - alpha) / ratio))

    return make_plan(
        "plan_variance",
        reached,
        count,
        power,
        alpha=alpha,
        sides="one-sided",
        known={"ratio": ratio},
    )


def plan_variances(
    ratio: float,
    *,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
) -> PowerPlan:
    """Plan a one-sided F test that two variances differ by this ratio, equal counts.

    Args:
        ratio: larger over smaller or the inverse, above 0, not 1.
        count: number per group, at least 2; or power. Exactly one of the two is given.
        alpha: level of the one-sided test.

    Raises:
        InvalidOption.

    Source: Montgomery, Applied Statistics and Probability for Engineers, 10-5.

    >>> plan_variances(4.0, count=20).power > 0.8
    True
    """
    check_ratio("ratio", ratio)
    up = max(ratio, 1 / ratio)

    def reached(n: float) -> float:
        limit = float(special.fdtri(n - 1, n - 1, 1 - alpha))
        return float(special.fdtrc(n - 1, n - 1, limit / up))

    return make_plan(
        "plan_variances",
        reached,
        count,
        power,
        alpha=alpha,
        sides="one-sided",
        groups=2,
        known={"ratio": ratio},
    )


def _shift_options(shift: float, sigma: float) -> dict[str, Any]:
    return {"shift": shift, "sigma": sigma}


def _effect(shift: float, sigma: float) -> float:
    require_between("sigma", sigma, 0, np.inf)
    if not 0 < abs(shift) < np.inf:
        raise InvalidOption("shift", shift, "a difference other than 0")
    return abs(shift) / sigma


def _t_power(noncentrality: float, df: float, alpha: float, sides: str) -> float:
    limit = float(special.stdtrit(df, 1 - alpha / (2 if sides == "two-sided" else 1)))
    power = 1 - float(special.nctdtr(df, noncentrality, limit))
    if sides == "two-sided":
        power += float(special.nctdtr(df, noncentrality, -limit))
    return power


def _chi_limit(df: float, upper: float) -> float:
    return float(special.chdtri(df, upper))
