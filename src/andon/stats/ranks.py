"""Comparisons that rest on ranks and signs: for values that are not near normal."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from andon.stats.arrays import FloatArray, as_values, require_finite
from andon.stats.comparison import (
    Alternative,
    Comparison,
    check_options,
    open_ends,
    t_interval,
    tail_p,
    tail_share,
)
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.results import Interval

__all__ = [
    "compare_group_medians",
    "compare_group_ranks",
    "compare_median_to",
    "compare_ranks",
    "compare_signed_ranks",
]

NAN = float("nan")


def compare_ranks(
    first: ArrayLike,
    second: ArrayLike,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the chance that a second value exceeds a first one, with Mann and Whitney's test.

    Estimate: U / (m n), ties half; interval: Brunner and Munzel's t. p: exact without ties up to 8
    values in one group, else normal with tie and continuity correction.

    Args:
        first, second: values, shape (n,), at least 2 each.
        alternative: "two-sided", "greater" (second tends to be higher) or "less".
        level: confidence level of the interval.

    Raises:
        TooFewValues, NotFinite, InvalidOption; NoVariation: all values equal.

    Source: Mann and Whitney 1947; Brunner and Munzel 2000, Biometrical Journal 42.

    >>> result = compare_ranks([1.1, 2.2, 3.3, 4.4], [2.5, 4.5, 5.5, 6.5])
    >>> result.estimate, round(result.p_value, 4)
    (0.875, 0.1143)
    """
    check_options(alternative, level)
    one, two = as_values(first, minimum=2), as_values(second, minimum=2)
    both = np.concatenate((one, two))
    if both.min() == both.max():
        raise NoVariation("values of both groups")
    test = stats.mannwhitneyu(two, one, alternative=alternative)
    u = float(test.statistic)
    estimate = u / (one.size * two.size)
    return Comparison(
        quantity="chance that a second value is higher (ties half)",
        estimate=estimate,
        interval=_superiority_interval(one, two, estimate, alternative, level),
        null_value=0.5,
        statistic=u,
        degrees_of_freedom=NAN,
        p_value=float(test.pvalue),
        counts=(float(one.size), float(two.size)),
        method="compare_ranks",
        options={"alternative": alternative, "level": level},
        convention="U of the second group; exact p for small groups without ties, else normal",
        source="Mann and Whitney 1947; Brunner and Munzel 2000",
    )


def _superiority_interval(
    one: FloatArray, two: FloatArray, estimate: float, alternative: str, level: float
) -> Interval:
    ranks = stats.rankdata(np.concatenate((one, two)))
    own_one = ranks[: one.size] - stats.rankdata(one)
    own_two = ranks[one.size :] - stats.rankdata(two)
    parts = (
        own_one.var(ddof=1) / (two.size**2 * one.size),
        own_two.var(ddof=1) / (one.size**2 * two.size),
    )
    error = float(np.sqrt(sum(parts)))
    if error == 0:
        return open_ends(0.0, 1.0, alternative, level)
    df = sum(parts) ** 2 / (parts[0] ** 2 / (one.size - 1) + parts[1] ** 2 / (two.size - 1))
    found = t_interval(estimate, error, float(df), alternative=alternative, level=level)
    return Interval(max(found.low, 0.0), min(found.high, 1.0), level)


def compare_signed_ranks(
    first: ArrayLike,
    second: ArrayLike,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the median of the paired differences with Wilcoxon's signed-rank test.

    Interval: order statistics of the differences (exact for the median). p: exact without ties or
    zeros up to 50 pairs, else normal; zero differences are left out.

    Args:
        first, second: values of the same parts in the same order, shape (n,), at least 2.
        alternative: "two-sided", "greater" (second is higher) or "less".
        level: confidence level, reached or exceeded by the interval.

    Raises:
        TooFewValues, NotFinite, InvalidOption, StatisticsError; NoVariation: all differences 0.

    Source: Wilcoxon 1945, Biometrics Bulletin 1.

    >>> result = compare_signed_ranks([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.6, 3.7, 4.8, 5.9])
    >>> round(result.estimate, 6), result.p_value
    (0.7, 0.0625)
    """
    check_options(alternative, level)
    one, two = as_values(first, minimum=2), as_values(second, minimum=2)
    if one.size != two.size:
        raise StatisticsError(f"pairs need equal lengths, {one.size} and {two.size} given")
    differences = two - one
    if not differences.any():
        raise NoVariation("differences (all are 0)")
    test = stats.wilcoxon(differences, alternative=alternative)
    return Comparison(
        quantity="median of the differences, second minus first",
        estimate=float(np.median(differences)),
        interval=median_interval(differences, alternative, level),
        null_value=0.0,
        statistic=float(test.statistic),
        degrees_of_freedom=NAN,
        p_value=float(test.pvalue),
        counts=(float(differences.size),),
        method="compare_signed_ranks",
        options={"alternative": alternative, "level": level},
        convention="zero differences left out; exact p without ties up to 50 pairs, else normal",
        source="Wilcoxon 1945",
    )


def compare_median_to(
    values: ArrayLike,
    *,
    target: float,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the median with its order-statistic interval and the exact sign test.

    Args:
        values: shape (n,), at least 1; values equal to the target count for neither side.
        target: the median under the null hypothesis.
        alternative: "two-sided", "greater" or "less".
        level: confidence level, reached or exceeded by the interval.

    Raises:
        TooFewValues, NotFinite, InvalidOption; NoVariation: all values equal the target.

    Source: Conover 1999, Practical Nonparametric Statistics, 3.4.

    >>> compare_median_to([1, 2, 3, 4, 5, 6, 7, 8], target=0.5).p_value
    0.0078125
    """
    check_options(alternative, level)
    require_finite("target", target)
    x = as_values(values)
    above, below = int((x > target).sum()), int((x < target).sum())
    n = above + below
    if n == 0:
        raise NoVariation("values (all equal the target)")
    upper = float(special.bdtrc(above - 1, n, 0.5)) if above else 1.0
    return Comparison(
        quantity="median",
        estimate=float(np.median(x)),
        interval=median_interval(x, alternative, level),
        null_value=target,
        statistic=float(above),
        degrees_of_freedom=NAN,
        p_value=tail_p(float(special.bdtr(above, n, 0.5)), upper, alternative),
        counts=(float(x.size),),
        method="compare_median_to",
        options={"target": target, "alternative": alternative, "level": level},
        convention="exact binomial p; ties with the target left out",
        source="Conover 1999, 3.4",
    )


def median_interval(values: FloatArray, alternative: str, level: float) -> Interval:
    """Return the narrowest pair of order statistics that holds the median with at least `level`.

    >>> median_interval(np.arange(1.0, 11.0), "two-sided", 0.95)
    Interval(low=2.0, high=9.0, level=0.95)
    """
    n, tail = values.size, tail_share(alternative, level)
    # largest k with P(B <= k) <= tail: the (k + 1)-th smallest and largest values are the limits
    k = int(np.floor(stats.binom.ppf(tail, n, 0.5)))
    if special.bdtr(k, n, 0.5) > tail:
        k -= 1
    if k < 0:
        return Interval(-np.inf, np.inf, level)
    ordered = np.partition(values, (k, n - 1 - k))
    return open_ends(float(ordered[k]), float(ordered[n - 1 - k]), alternative, level)


def compare_group_ranks(groups: Sequence[ArrayLike]) -> Comparison:
    """Return Kruskal and Wallis's test of equal locations, with epsilon squared.

    H with tie correction, chi-square with k - 1 degrees of freedom; estimate: H / (n - 1), the
    share of rank variation explained.

    Args:
        groups: at least 2, each of at least 1 value.

    Raises:
        TooFewValues, NotFinite; NoVariation: all values equal.

    Source: Kruskal and Wallis 1952, JASA 47, 583-621.

    >>> round(compare_group_ranks([[1, 2, 3], [4, 5, 6]]).p_value, 4)
    0.0495
    """
    arrays = _groups(groups)
    ranks = stats.rankdata(np.concatenate(arrays))
    n = ranks.size
    ends = np.cumsum([0] + [x.size for x in arrays])
    sums = np.add.reduceat(ranks, ends[:-1])
    between = float((sums**2 / np.diff(ends)).sum()) - n * (n + 1) ** 2 / 4
    h = between / float(ranks.var(ddof=1))
    return _of_groups(
        arrays,
        "share of rank variation explained (epsilon squared)",
        h / (n - 1),
        h,
        method="compare_group_ranks",
        convention="chi-square of H with tie correction",
        source="Kruskal and Wallis 1952",
    )


def compare_group_medians(groups: Sequence[ArrayLike]) -> Comparison:
    """Return Mood's median test: counts above the common median, by Pearson's chi-square.

    The estimate is the spread of the shares above the median, largest minus smallest.

    Args:
        groups: at least 2, each of at least 1 value; values at the median count as not above.

    Raises:
        TooFewValues, NotFinite; NoVariation: no value above the median.

    Source: Mood 1954; Conover 1999, 4.3.

    >>> round(compare_group_medians([[1, 2, 3, 4], [5, 6, 7, 8]]).statistic, 6)
    8.0
    """
    arrays = _groups(groups)
    middle = float(np.median(np.concatenate(arrays)))
    above = np.array([(x > middle).sum() for x in arrays], dtype=np.float64)
    sizes = np.array([x.size for x in arrays], dtype=np.float64)
    share = above.sum() / sizes.sum()
    if share == 0:
        raise NoVariation("values (none is above the median)")
    statistic = float(((above - sizes * share) ** 2 / (sizes * share * (1 - share))).sum())
    return _of_groups(
        arrays,
        "spread of the shares above the common median",
        float(np.ptp(above / sizes)),
        statistic,
        method="compare_group_medians",
        convention="above against not above the common median, no continuity correction",
        source="Mood 1954",
    )


def _groups(groups: Sequence[ArrayLike]) -> list[FloatArray]:
    if len(groups) < 2:
        raise TooFewValues(2, len(groups), "groups")
    arrays = [as_values(group) for group in groups]
    if min(x.min() for x in arrays) == max(x.max() for x in arrays):
        raise NoVariation("values of all groups")
    return arrays


def _of_groups(
    arrays: list[FloatArray],
    quantity: str,
    estimate: float,
    statistic: float,
    *,
    method: str,
    convention: str,
    source: str,
) -> Comparison:
    df = len(arrays) - 1
    return Comparison(
        quantity=quantity,
        estimate=estimate,
        interval=Interval(NAN, NAN, NAN),
        null_value=0.0,
        statistic=statistic,
        degrees_of_freedom=float(df),
        p_value=float(special.chdtrc(df, statistic)),
        counts=tuple(float(x.size) for x in arrays),
        method=method,
        convention=convention,
        source=source,
    )
