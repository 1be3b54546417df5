"""Comparing means: of two groups, of pairs, and of one group with a target."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, as_values, require_choice, require_finite
from andon.stats.comparison import Alternative, Comparison, check_options, t_interval, t_p
from andon.stats.errors import NoVariation, StatisticsError

__all__ = ["compare_mean_to", "compare_means", "compare_pairs"]

Variances = Literal["unequal", "equal"]


def compare_means(
    first: ArrayLike,
    second: ArrayLike,
    *,
    variances: Variances = "unequal",
    difference: float = 0.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the mean difference, second minus first, with its t interval and test.

    Unequal variances: Welch's t with Satterthwaite's degrees of freedom. Equal: Student's t with
    the pooled variance.

    Args:
        first, second: values, shape (n,) each, at least 2, one unit.
        variances: "unequal" or "equal".
        difference: the difference under the null hypothesis, in the unit of the values.
        alternative: "two-sided", "greater" (second is higher) or "less".
        level: confidence level of the interval.

    Raises:
        TooFewValues, NotFinite, InvalidOption; NoVariation: both groups are constant.

    Source: Welch 1947, Biometrika 34; Student 1908; NIST e-Handbook 7.3.1.

    >>> result = compare_means([10.1, 10.2, 10.0, 10.3], [10.5, 10.6, 10.4, 10.7])
    >>> round(result.estimate, 3), round(result.interval.low, 3), round(result.interval.high, 3)
    (0.4, 0.177, 0.623)
    """
    check_options(alternative, level)
    require_finite("difference", difference)
    require_choice("variances", variances, get_args(Variances))
    one, two = as_values(first, minimum=2), as_values(second, minimum=2)
    error, df = standard_error(one, two, pooled=variances == "equal")
    return _compare(
        method="compare_means",
        quantity="mean difference, second minus first",
        estimate=mean_difference(one, two),
        error=error,
        df=df,
        null_value=difference,
        alternative=alternative,
        level=level,
        counts=(float(one.size), float(two.size)),
        choice={"variances": variances},
        convention=f"t interval, variances {variances}",
        source="Welch 1947" if variances == "unequal" else "Student 1908",
    )


def compare_pairs(
    first: ArrayLike,
    second: ArrayLike,
    *,
    difference: float = 0.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the mean of the paired differences, second minus first, with t interval and test.

    Args:
        first, second: values of the same parts in the same order, shape (n,), n at least 2.
        difference: the mean difference under the null hypothesis.
        alternative: "two-sided", "greater" or "less".
        level: confidence level of the interval.

    Raises:
        StatisticsError: the lengths differ; NoVariation: all differences are equal.

    Source: Student 1908, Biometrika 6.

    >>> round(compare_pairs([1.0, 2.0, 3.0], [1.5, 2.4, 3.6]).estimate, 3)
    0.5
    """
    one, two = as_values(first, minimum=2), as_values(second, minimum=2)
    if one.size != two.size:
        raise StatisticsError(f"pairs need equal lengths, {one.size} and {two.size} given")
    require_finite("difference", difference)
    return _one_sample(
        two - one,
        method="compare_pairs",
        quantity="mean of the differences, second minus first",
        null_value=difference,
        alternative=alternative,
        level=level,
    )


def compare_mean_to(
    values: ArrayLike,
    *,
    target: float,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the mean with its t interval, tested against the target.

    Args:
        values: shape (n,), n at least 2.
        target: the mean under the null hypothesis, in the unit of the values.
        alternative: "two-sided", "greater" or "less".
        level: confidence level of the interval.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Student 1908, Biometrika 6; NIST e-Handbook 7.2.2.

    >>> round(compare_mean_to([9.9, 10.1, 10.0, 10.4], target=10.0).p_value, 3)
    0.423
    """
    require_finite("target", target)
    return _one_sample(
        as_values(values, minimum=2),
        method="compare_mean_to",
        quantity="mean",
        null_value=target,
        alternative=alternative,
        level=level,
    )


def mean_difference(one: FloatArray, two: FloatArray) -> float:
    """Return the second mean minus the first; digits that all values share are not rounded.

    >>> round(mean_difference(np.array([1e9, 1e9]), np.array([1e9, 1e9 + 1e-3])), 7)
    0.0005
    """
    origin = one[0]
    return float((two - origin).mean() - (one - origin).mean())


def standard_error(one: FloatArray, two: FloatArray, *, pooled: bool) -> tuple[float, float]:
    """Return the standard error of the mean difference and its degrees of freedom."""
    var_one, var_two = float(one.var(ddof=1)), float(two.var(ddof=1))
    if max(np.ptp(one), np.ptp(two)) == 0 or max(var_one, var_two) == 0:
        raise NoVariation("values of both groups")
    if pooled:
        df = one.size + two.size - 2
        variance = ((one.size - 1) * var_one + (two.size - 1) * var_two) / df
        return float(np.sqrt(variance * (1 / one.size + 1 / two.size))), float(df)
    return welch_error((var_one, var_two), (one.size, two.size))


def welch_error(variances: tuple[float, float], counts: tuple[float, float]) -> tuple[float, float]:
    """Return Welch's standard error of a mean difference and Satterthwaite's degrees of freedom.

    >>> welch_error((4.0, 4.0), (8, 8))
    (1.0, 14.0)
    """
    a, b = variances[0] / counts[0], variances[1] / counts[1]
    share = a / (a + b)
    df = 1 / (share**2 / (counts[0] - 1) + (1 - share) ** 2 / (counts[1] - 1))
    return float(np.sqrt(a + b)), float(df)


def _one_sample(
    values: FloatArray,
    *,
    method: str,
    quantity: str,
    null_value: float,
    alternative: str,
    level: float,
) -> Comparison:
    check_options(alternative, level)
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    if values.min() == values.max() or error == 0:
        raise NoVariation("values" if method == "compare_mean_to" else "differences")
    return _compare(
        method=method,
        quantity=quantity,
        estimate=float(values.mean()),
        error=error,
        df=float(values.size - 1),
        null_value=null_value,
        alternative=alternative,
        level=level,
        counts=(float(values.size),),
        choice={},
        convention="t interval",
        source="Student 1908",
    )


def _compare(
    *,
    method: str,
    quantity: str,
    estimate: float,
    error: float,
    df: float,
    null_value: float,
    alternative: str,
    level: float,
    counts: tuple[float, ...],
    choice: dict[str, str],
    convention: str,
    source: str,
) -> Comparison:
    statistic = (estimate - null_value) / error
    return Comparison(
        quantity=quantity,
        estimate=estimate,
        interval=t_interval(estimate, error, df, alternative=alternative, level=level),
        null_value=null_value,
        statistic=statistic,
        degrees_of_freedom=df,
        p_value=t_p(statistic, df, alternative),
        counts=counts,
        method=method,
        options=choice | {"null_value": null_value, "alternative": alternative, "level": level},
        convention=convention,
        source=source,
    )
