"""Comparing proportions: nonconforming units among units inspected."""

from typing import Literal, get_args

import numpy as np
from scipy import special, stats

from andon.stats.arrays import require_between, require_choice
from andon.stats.comparison import (
    Alternative,
    Comparison,
    check_options,
    open_ends,
    t_interval,
    t_p,
    tail_p,
    tail_share,
)
from andon.stats.comparison_rates import exact_share, score_share
from andon.stats.comparison_scores import (
    Counts,
    katz_limits,
    koopman_limits,
    miettinen_nurminen_limits,
)
from andon.stats.errors import InvalidOption
from andon.stats.results import Interval

__all__ = ["compare_proportion_to", "compare_proportions", "ratio_of_proportions"]

ShareConvention = Literal["exact", "score", "wald"]
DifferenceConvention = Literal["score", "miettinen-nurminen", "wald"]
RatioConvention = Literal["log-normal", "score"]

# Beyond it hypergeometric terms lose so many digits that one tail of Fisher's test goes missing.
LARGEST_SAMPLE = 10**10


def compare_proportion_to(
    count: int,
    inspected: int,
    *,
    target: float,
    convention: ShareConvention = "exact",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return a proportion with its interval, tested against the target.

    Args:
        count: units with the property, 0 to inspected.
        inspected: units, at least 1.
        target: proportion under the null hypothesis, strictly between 0 and 1.
        convention: "exact" (Clopper-Pearson, binomial tails), "score" (Wilson) or "wald".
        alternative: "two-sided", "greater" or "less".
        level: confidence level of the interval.

    Raises:
        InvalidOption: a count outside 0 to inspected, or an option outside its range.

    Source: Clopper and Pearson 1934; Wilson 1927; NIST e-Handbook 7.2.4.

    >>> result = compare_proportion_to(0, 100, target=0.05, alternative="less")
    >>> round(result.interval.high, 4)
    0.0295
    """
    check_options(alternative, level)
    require_choice("convention", convention, get_args(ShareConvention))
    require_between("target", target, 0, 1)
    _check("", count, inspected)
    share = count / inspected
    low, high = _share_limits(count, inspected, convention, tail_share(alternative, level))
    statistic, p_value = _share_test(count, inspected, target, convention, alternative)
    return Comparison(
        quantity="proportion",
        estimate=share,
        interval=_clipped(open_ends(low, high, alternative, level), 0.0, 1.0),
        null_value=target,
        statistic=statistic,
        degrees_of_freedom=float("nan" if convention == "exact" else "inf"),
        p_value=p_value,
        counts=(float(inspected),),
        method="compare_proportion_to",
        options={
            "target": target,
            "convention": convention,
            "alternative": alternative,
            "level": level,
        },
        convention=f"{convention} interval; two-sided exact p is twice the smaller tail",
        source="Clopper and Pearson 1934" if convention == "exact" else "Wilson 1927",
    )


def compare_proportions(
    first_count: int,
    first_inspected: int,
    second_count: int,
    second_inspected: int,
    *,
    convention: DifferenceConvention = "score",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the difference of two proportions, second minus first, with interval and exact test.

    score: Newcombe's hybrid of two Wilson intervals; miettinen-nurminen: inverted score test with
    the proportions restricted to the difference; wald: normal with the observed proportions. The p
    value is Fisher's exact one, whatever the interval.

    Args:
        first_count, second_count: units with the property.
        first_inspected, second_inspected: units, at least 1.
        convention: "score", "miettinen-nurminen" or "wald".
        alternative: "two-sided", "greater" (second is higher) or "less".
        level: confidence level of the interval.

    Raises:
        InvalidOption: a count outside 0 to inspected, or an option outside its range.

    Source: Newcombe 1998, Statistics in Medicine 17, 873-890 (method 10); Miettinen and Nurminen
    1985; Fisher 1935.

    >>> result = compare_proportions(48, 80, 56, 70)
    >>> round(result.interval.low, 4), round(result.interval.high, 4)
    (0.0524, 0.3339)
    """
    check_options(alternative, level)
    require_choice("convention", convention, get_args(DifferenceConvention))
    _check("first_", first_count, first_inspected)
    _check("second_", second_count, second_inspected)
    counts = (first_count, first_inspected, second_count, second_inspected)
    difference = second_count / second_inspected - first_count / first_inspected
    interval = _difference_interval(counts, convention, alternative, level)
    return Comparison(
        quantity="difference of proportions, second minus first",
        estimate=difference,
        interval=_clipped(interval, -1.0, 1.0),
        null_value=0.0,
        statistic=float("nan"),
        degrees_of_freedom=float("nan"),
        p_value=fisher_p(counts, alternative),
        counts=(float(first_inspected), float(second_inspected)),
        method="compare_proportions",
        options={"convention": convention, "alternative": alternative, "level": level},
        convention=f"{convention} interval; Fisher's exact p",
        source="Newcombe 1998; Miettinen and Nurminen 1985; Fisher 1935",
    )


def ratio_of_proportions(
    first_count: int,
    first_inspected: int,
    second_count: int,
    second_inspected: int,
    *,
    convention: RatioConvention = "score",
    level: float = 0.95,
) -> Comparison:
    """Return the ratio of two proportions, second over first, with interval and exact test.

    log-normal: Katz's interval on the log scale, which needs both counts above 0; score: Koopman's
    interval by inverting the score test, which does not.

    Args:
        first_count, second_count: units with the property, not both 0.
        first_inspected, second_inspected: units, at least 1.
        convention: "score" or "log-normal".
        level: confidence level of the interval.

    Raises:
        InvalidOption: a count outside its range, or 0 where the convention cannot hold it.

    Source: Koopman 1984, Biometrics 40, 513-517; Katz et al. 1978.

    >>> result = ratio_of_proportions(25, 40, 15, 40)
    >>> round(result.estimate, 3), result.interval.high < 1
    (0.6, True)
    """
    require_choice("convention", convention, get_args(RatioConvention))
    require_between("level", level, 0, 1)
    _check("first_", first_count, first_inspected)
    _check("second_", second_count, second_inspected)
    if (first_count == 0 and second_count == 0) or (
        convention == "log-normal" and 0 in (first_count, second_count)
    ):
        raise InvalidOption("convention", convention, "score with at least one count above 0")
    counts = (first_count, first_inspected, second_count, second_inspected)
    limits = katz_limits if convention == "log-normal" else koopman_limits
    low, high = limits(counts, (1 - level) / 2)
    first_share, second_share = first_count / first_inspected, second_count / second_inspected
    return Comparison(
        quantity="ratio of proportions, second over first",
        estimate=second_share / first_share if first_count else float("inf"),
        interval=Interval(low, high, level),
        null_value=1.0,
        statistic=float("nan"),
        degrees_of_freedom=float("nan"),
        p_value=fisher_p(counts, "two-sided"),
        counts=(float(first_inspected), float(second_inspected)),
        method="ratio_of_proportions",
        options={"convention": convention, "level": level},
        convention=f"{convention} interval; Fisher's exact p",
        source="Koopman 1984" if convention == "score" else "Katz et al. 1978",
    )


def fisher_p(counts: Counts, alternative: Alternative) -> float:
    """Return Fisher's exact p of equal proportions (two-sided: as or less likely tables)."""
    first, first_of, second, second_of = counts
    table = np.array([[second, second_of - second], [first, first_of - first]])
    # Its odds ratio, which is not used, overflows whole numbers beyond 1e9.
    with np.errstate(over="ignore", invalid="ignore"):
        return float(stats.fisher_exact(table, alternative=alternative).pvalue)


def _check(which: str, count: int, inspected: int) -> None:
    if not 1 <= inspected <= LARGEST_SAMPLE:
        raise InvalidOption(f"{which}inspected", inspected, f"from 1 to {LARGEST_SAMPLE}")
    if not (0 <= count <= inspected and count == int(count)):
        raise InvalidOption(f"{which}count", count, f"a whole number from 0 to {inspected}")


def _clipped(interval: Interval, low: float, high: float) -> Interval:
    return Interval(max(interval.low, low), min(interval.high, high), interval.level)


def _share_limits(count: int, inspected: int, convention: str, tail: float) -> tuple[float, float]:
    if convention == "wald":
        share = count / inspected
        half = -float(special.ndtri(tail)) * float(np.sqrt(share * (1 - share) / inspected))
        return share - half, share + half
    limits = exact_share if convention == "exact" else score_share
    return limits(count, inspected, tail)


def _share_test(
    count: int, inspected: int, target: float, convention: str, alternative: str
) -> tuple[float, float]:
    if convention == "exact":
        lower = float(special.bdtr(count, inspected, target))
        upper = float(special.bdtrc(count - 1, inspected, target)) if count else 1.0
        return float("nan"), tail_p(lower, upper, alternative)
    z = (count / inspected - target) / float(np.sqrt(target * (1 - target) / inspected))
    return z, t_p(z, np.inf, alternative)


def _difference_interval(
    counts: Counts, convention: str, alternative: str, level: float
) -> Interval:
    tail = tail_share(alternative, level)
    first, second = counts[0] / counts[1], counts[2] / counts[3]
    difference = second - first
    if convention == "wald":
        error = np.sqrt(first * (1 - first) / counts[1] + second * (1 - second) / counts[3])
        return t_interval(difference, float(error), np.inf, alternative=alternative, level=level)
    if convention == "miettinen-nurminen":
        low, high = miettinen_nurminen_limits(counts, tail)
        return open_ends(low, high, alternative, level)
    one, two = score_share(*counts[:2], tail), score_share(*counts[2:], tail)
    low = difference - np.hypot(second - two[0], one[1] - first)
    high = difference + np.hypot(two[1] - second, first - one[0])
    return open_ends(float(low), float(high), alternative, level)
