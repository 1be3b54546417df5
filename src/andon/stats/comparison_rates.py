"""Comparing rates: events per part inspected (or per hour, metre, lot), before and after.

The counts are taken as Poisson with the inspected amount as exposure, which is what defects are,
and what defective units are nearly as long as they are rare.
"""

from typing import Literal, get_args

import numpy as np
from scipy import special

from andon.stats.arrays import require_choice
from andon.stats.comparison import (
    Alternative,
    Comparison,
    check_options,
    open_ends,
    t_p,
    tail_p,
    tail_share,
)
from andon.stats.errors import InvalidOption
from andon.stats.results import Interval

__all__ = ["RatioConvention", "compare_rate_to", "compare_rates"]

RatioConvention = Literal["log-normal", "score", "exact"]
SOURCES = {
    "log-normal": "Rothman, Greenland and Lash 2008, Modern Epidemiology, ch. 14 (Wald, log scale)",
    "score": "Graham, Mayo and Ng 2003 (score interval, Wilson on the conditional share)",
    "exact": "Przyborowski and Wilenski 1940; Clopper and Pearson 1934 (conditional binomial)",
}


def compare_rates(
    first_count: float,
    first_inspected: float,
    second_count: float,
    second_inspected: float,
    *,
    convention: RatioConvention = "log-normal",
    ratio: float = 1.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the rate ratio, second over first, with its interval and test.

    log-normal: exp(ln ratio -/+ z sqrt(1/c1 + 1/c2)). exact and score: given c1 + c2, c2 is
    binomial with share ratio x t2 / (t1 + ratio x t2); Clopper-Pearson or Wilson limits of that
    share are turned into limits of the ratio. With a zero count the log-normal interval does not
    exist: the exact one is given, and `convention` says so.

    Args:
        first_count, second_count: events, at least 0.
        first_inspected, second_inspected: exposures, above 0, one unit.
        convention: "log-normal", "score" or "exact".
        ratio: the ratio under the null hypothesis.
        alternative: "two-sided", "greater" (second is higher) or "less".
        level: confidence level of the interval.

    Raises:
        InvalidOption: a negative count, an exposure or a ratio not above 0.

    Source: see `SOURCES`, one per convention.

    >>> result = compare_rates(264, 17_623, 45, 17_841)
    >>> round(result.estimate, 3), round(result.interval.low, 3), round(result.interval.high, 3)
    (0.168, 0.123, 0.231)
    """
    check_options(alternative, level)
    require_choice("convention", convention, get_args(RatioConvention))
    check_rate("first", first_count, first_inspected)
    check_rate("second", second_count, second_inspected)
    _require_positive("ratio", ratio)
    used = convention if min(first_count, second_count) > 0 else _without_zero(convention)
    exposure = second_inspected / first_inspected
    statistic, p_value = _test(first_count, second_count, ratio * exposure, used, alternative)
    return Comparison(
        quantity="rate ratio, second over first",
        estimate=rate_ratio(first_count, second_count, exposure),
        interval=_interval(
            first_count,
            second_count,
            exposure,
            convention=used,
            alternative=alternative,
            level=level,
        ),
        null_value=ratio,
        statistic=statistic,
        degrees_of_freedom=float("nan" if used == "exact" else "inf"),
        p_value=p_value,
        counts=(float(first_inspected), float(second_inspected)),
        method="compare_rates",
        options={
            "convention": convention,
            "ratio": ratio,
            "alternative": alternative,
            "level": level,
        },
        convention=f"{used} interval" + ("" if used == convention else ", because a count is 0"),
        source=SOURCES[used],
    )


def compare_rate_to(
    count: float,
    inspected: float,
    *,
    target: float,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the rate per unit of exposure with its exact interval, tested against the target.

    Limits: chi-square quantiles with 2c and 2c + 2 degrees of freedom, halved (Garwood). The
    two-sided p value is twice the smaller Poisson tail.

    Args:
        count: events, at least 0.
        inspected: exposure, above 0.
        target: the rate under the null hypothesis, per unit of exposure, above 0.
        alternative: "two-sided", "greater" or "less".
        level: confidence level of the interval.

    Raises:
        InvalidOption: a negative count, an exposure or a target not above 0.

    Source: Garwood 1936, Biometrika 28.

    >>> round(compare_rate_to(0, 1000, target=0.001, alternative="less").interval.high, 6)
    0.002996
    """
    check_options(alternative, level)
    check_rate("", count, inspected)
    _require_positive("target", target)
    tail, mean = tail_share(alternative, level), target * inspected
    low = float(special.gammaincinv(count, tail)) if count else 0.0
    high = float(special.gammainccinv(count + 1, tail))
    upper_tail = float(special.gammainc(count, mean)) if count else 1.0
    return Comparison(
        quantity="rate",
        estimate=count / inspected,
        interval=open_ends(low / inspected, high / inspected, alternative, level),
        null_value=target,
        statistic=float("nan"),
        degrees_of_freedom=float("nan"),
        p_value=tail_p(float(special.gammaincc(count + 1, mean)), upper_tail, alternative),
        counts=(float(inspected),),
        method="compare_rate_to",
        options={"target": target, "alternative": alternative, "level": level},
        convention="exact (Garwood); two-sided p is twice the smaller tail",
        source="Garwood 1936",
    )


def rate_ratio(first_count: float, second_count: float, exposure: float) -> float:
    """Return (second / first) / exposure; infinite over a zero count, NaN when both are zero."""
    if first_count == 0:
        return float("nan") if second_count == 0 else float("inf")
    return second_count / first_count / exposure


def check_rate(which: str, count: float, inspected: float) -> None:
    """Refuse a count that is no whole number from 0 and an exposure that is not above 0."""
    name = f"{which}_" if which else ""
    if not (0 <= count < np.inf and count == int(count)):
        raise InvalidOption(f"{name}count", count, "a whole number, at least 0")
    _require_positive(f"{name}inspected", inspected)


def _require_positive(option: str, value: float) -> None:
    if not 0 < value < np.inf:
        raise InvalidOption(option, value, "above 0")


def _without_zero(convention: str) -> str:
    return "exact" if convention == "log-normal" else convention


def _test(
    first: float, second: float, odds: float, convention: str, alternative: str
) -> tuple[float, float]:
    share, total = odds / (1 + odds), first + second
    if total == 0:
        return float("nan"), 1.0
    if convention == "exact":
        upper = float(special.betainc(second, first + 1, share)) if second else 1.0
        lower = float(special.betaincc(second + 1, first, share)) if first else 1.0
        return float("nan"), tail_p(lower, upper, alternative)
    if convention == "score":
        z = (second - total * share) / np.sqrt(total * share * (1 - share))
    else:
        z = np.log(second / first / odds) / np.sqrt(1 / first + 1 / second)
    return float(z), t_p(float(z), np.inf, alternative)


def _interval(
    first: float, second: float, exposure: float, *, convention: str, alternative: str, level: float
) -> Interval:
    tail = tail_share(alternative, level)
    if convention == "log-normal":
        half = -special.ndtri(tail) * np.sqrt(1 / first + 1 / second)
        centre = np.log(second / first / exposure)
        low, high = np.exp(centre - half), np.exp(centre + half)
    else:
        limits = exact_share if convention == "exact" else score_share
        low, high = (_odds(share) / exposure for share in limits(second, first + second, tail))
    interval = open_ends(float(low), float(high), alternative, level)
    return Interval(max(interval.low, 0.0), interval.high, level)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else float("inf")


def exact_share(count: float, total: float, tail: float) -> tuple[float, float]:
    """Return Clopper and Pearson's limits of a share, `tail` beyond each.

    >>> low, high = exact_share(0, 10, 0.025)
    >>> low, round(high, 4)
    (0.0, 0.3085)
    """
    low = float(special.betaincinv(count, total - count + 1, tail)) if count > 0 else 0.0
    high = float(special.betainccinv(count + 1, total - count, tail)) if count < total else 1.0
    return low, high


def score_share(count: float, total: float, tail: float) -> tuple[float, float]:
    """Return Wilson's score limits of a share, `tail` beyond each.

    >>> low, high = score_share(15, 148, 0.025)
    >>> round(low, 4), round(high, 4)
    (0.0624, 0.1605)
    """
    if total == 0:
        return 0.0, 1.0
    z = -float(special.ndtri(tail))
    centre = (count + z * z / 2) / (total + z * z)
    spread = count * (total - count) / total + z * z / 4
    half = z * float(np.sqrt(spread)) / (total + z * z)
    return (centre - half if count else 0.0), (centre + half if count < total else 1.0)
