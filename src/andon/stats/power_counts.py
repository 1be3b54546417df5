"""Power of a test of proportions or rates, or the number of parts it needs."""

import numpy as np
from scipy import special

from andon.stats.arrays import require_between
from andon.stats.errors import InvalidOption
from andon.stats.power_plan import PowerPlan, Sides, check_ratio, critical_z, make_plan

__all__ = ["plan_proportion", "plan_proportions", "plan_rates"]


def plan_proportion(
    target: float,
    actual: float,
    *,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
    sides: Sides = "two-sided",
) -> PowerPlan:
    """Plan a one-sample test of a proportion, normal approximation without correction.

    Args:
        target, actual: proportions under the null hypothesis and to be found, within 0 to 1.
        count: number of units; or power. Exactly one of the two is given.
        alpha, sides: of the test.

    Raises:
        InvalidOption.

    Source: Fleiss, Levin and Paik 2003, 2.5; NIST e-Handbook 7.2.4.2.

    >>> plan_proportion(0.10, 0.20, power=0.9, alpha=0.05, sides="one-sided").count
    102
    """
    errors = [np.sqrt(p * (1 - p)) for p in (_share("target", target), _share("actual", actual))]
    gap = _gap(target, actual)

    def reached(n: float) -> float:
        z = critical_z(alpha, sides)
        return float(special.ndtr((gap * np.sqrt(n) - z * errors[0]) / errors[1]))

    return make_plan(
        "plan_proportion",
        reached,
        count,
        power,
        alpha=alpha,
        sides=sides,
        known={"target": target, "actual": actual},
    )


def plan_proportions(
    first: float,
    second: float,
    *,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
    sides: Sides = "two-sided",
) -> PowerPlan:
    """Plan a test of two proportions with equal counts, pooled under the null hypothesis.

    Args:
        first, second: the proportions to be told apart, within 0 to 1.
        count: number per group; or power. Exactly one of the two is given.
        alpha, sides: of the test.

    Raises:
        InvalidOption.

    Source: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, 4.2.

    >>> plan_proportions(0.6, 0.7, power=0.8, alpha=0.05).count
    356
    """
    pooled = (_share("first", first) + _share("second", second)) / 2
    at_null = np.sqrt(2 * pooled * (1 - pooled))
    at_truth = np.sqrt(first * (1 - first) + second * (1 - second))
    gap = _gap(first, second)

    def reached(n: float) -> float:
        z = critical_z(alpha, sides)
        return float(special.ndtr((gap * np.sqrt(n) - z * at_null) / at_truth))

    return make_plan(
        "plan_proportions",
        reached,
        count,
        power,
        alpha=alpha,
        sides=sides,
        groups=2,
        known={"first": first, "second": second},
    )


def plan_rates(
    rate: float,
    ratio: float,
    *,
    count: int | None = None,
    power: float | None = None,
    alpha: float = 0.05,
    sides: Sides = "two-sided",
) -> PowerPlan:
    """Plan a comparison of two rates by the log-normal rate ratio, equal exposure.

    Power = Phi(|ln ratio| / sqrt(1 / (n rate) + 1 / (n rate ratio)) - z).

    Args:
        rate: events per part before, above 0.
        ratio: rate after over rate before to be found, above 0, not 1.
        count: parts inspected on each side; or power. Exactly one of the two is given.
        alpha, sides: of the test.

    Raises:
        InvalidOption.

    Source: Rothman, Greenland and Lash 2008, ch. 14 (interval on which the plan rests).

    >>> plan_rates(0.006, 0.5, power=0.9).count
    10935
    """
    require_between("rate", rate, 0, np.inf)
    check_ratio("ratio", ratio)

    def reached(n: float) -> float:
        error = np.sqrt(1 / (n * rate) + 1 / (n * rate * ratio))
        return float(special.ndtr(abs(np.log(ratio)) / error - critical_z(alpha, sides)))

    return make_plan(
        "plan_rates",
        reached,
        count,
        power,
        alpha=alpha,
        sides=sides,
        groups=2,
        known={"rate": rate, "ratio": ratio},
    )


def _share(option: str, share: float) -> float:
    return require_between(option, share, 0, 1)


def _gap(one: float, two: float) -> float:
    if one == two:
        raise InvalidOption("proportions", (one, two), "two that differ")
    return abs(one - two)
