"""Comparing spread: of two groups, of one group with a target, and of several groups."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.comparison import (
    Alternative,
    Comparison,
    check_options,
    open_ends,
    tail_p,
    tail_share,
)
from andon.stats.errors import NoVariation, TooFewValues
from andon.stats.results import Interval

__all__ = ["compare_spreads", "compare_variance_to", "compare_variances"]

Center = Literal["median", "mean"]


def compare_variances(
    first: ArrayLike,
    second: ArrayLike,
    *,
    ratio: float = 1.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the variance ratio, second over first, with its F interval and test.

    Args:
        first, second: values from normal processes, shape (n,), at least 2 each, both varying.
        ratio: the ratio under the null hypothesis, above 0.
        alternative: "two-sided", "greater" (second varies more) or "less".
        level: confidence level of the interval.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Fisher 1924; NIST e-Handbook 1.3.5.9.

    >>> round(compare_variances([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]).estimate, 6)
    4.0
    """
    check_options(alternative, level)
    require_between("ratio", ratio, 0, np.inf)
    one = as_values(first, minimum=2, what="values of the first group", must_vary=True)
    two = as_values(second, minimum=2, what="values of the second group", must_vary=True)
    estimate = float(two.var(ddof=1) / one.var(ddof=1))
    df, tail = (two.size - 1, one.size - 1), tail_share(alternative, level)
    f = estimate / ratio
    p_value = tail_p(float(special.fdtr(*df, f)), float(special.fdtrc(*df, f)), alternative)
    low, high = (estimate / float(special.fdtri(*df, p)) for p in (1 - tail, tail))
    return Comparison(
        quantity="variance ratio, second over first",
        estimate=estimate,
        interval=_positive(low, high, alternative, level),
        null_value=ratio,
        statistic=f,
        degrees_of_freedom=float(df[0]),
        p_value=p_value,
        counts=(float(one.size), float(two.size)),
        method="compare_variances",
        options={"ratio": ratio, "alternative": alternative, "level": level},
        convention="F interval; degrees of freedom are those of the second group (numerator)",
        source="Fisher 1924; NIST e-Handbook 1.3.5.9",
    )


def compare_variance_to(
    values: ArrayLike,
    *,
    sigma: float,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Comparison:
    """Return the variance with its chi-square interval, tested against sigma squared.

    Args:
        values: from a normal process, shape (n,), at least 2.
        sigma: standard deviation under the null hypothesis, above 0.
        alternative: "two-sided", "greater" or "less".
        level: confidence level of the interval.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: NIST e-Handbook 1.3.5.8.

    >>> round(compare_variance_to([1.0, 2.0, 3.0, 4.0], sigma=1.0).estimate, 4)
    1.6667
    """
    check_options(alternative, level)
    require_between("sigma", sigma, 0, np.inf)
    x = as_values(values, minimum=2, must_vary=True)
    variance, df = float(x.var(ddof=1)), x.size - 1
    tail, statistic = tail_share(alternative, level), df * variance / sigma**2
    lower, upper = special.chdtr(df, statistic), special.chdtrc(df, statistic)
    low, high = (df * variance / float(special.chdtri(df, p)) for p in (tail, 1 - tail))
    return Comparison(
        quantity="variance",
        estimate=variance,
        interval=_positive(low, high, alternative, level),
        null_value=sigma**2,
        statistic=statistic,
        degrees_of_freedom=float(df),
        p_value=tail_p(float(lower), float(upper), alternative),
        counts=(float(x.size),),
        method="compare_variance_to",
        options={"sigma": sigma, "alternative": alternative, "level": level},
        convention="chi-square interval; two-sided p is twice the smaller tail",
        source="NIST e-Handbook 1.3.5.8",
    )


def compare_spreads(groups: Sequence[ArrayLike], *, center: Center = "median") -> Comparison:
    """Return the F test of equal spread of several groups on absolute deviations.

    Deviations from the median: Brown and Forsythe; from the mean: Levene. The estimate is the ratio
    of the largest to the smallest standard deviation; it has no interval here.

    Args:
        groups: at least 2, each of at least 2 values.
        center: "median" or "mean".

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Levene 1960; Brown and Forsythe 1974, JASA 69; NIST e-Handbook 1.3.5.10.

    >>> compare_spreads([[1, 2, 3, 4, 5], [11, 12, 13, 14, 15]]).p_value
    1.0
    """
    require_choice("center", center, get_args(Center))
    if len(groups) < 2:
        raise TooFewValues(2, len(groups), "groups")
    arrays = [as_values(group, minimum=2) for group in groups]
    middle = np.median if center == "median" else np.mean
    f, df = _f_of_means([np.abs(x - middle(x)) for x in arrays])
    sigmas = [float(x.std(ddof=1)) for x in arrays]
    nan = float("nan")
    return Comparison(
        quantity="largest over smallest standard deviation",
        estimate=max(sigmas) / min(sigmas) if min(sigmas) > 0 else float("inf"),
        interval=Interval(nan, nan, nan),
        null_value=1.0,
        statistic=f,
        degrees_of_freedom=float(df[1]),
        p_value=float(special.fdtrc(*df, f)),
        counts=tuple(float(x.size) for x in arrays),
        method="compare_spreads",
        options={"center": center},
        convention=f"F of absolute deviations from the {center}, df of the denominator given",
        source="Brown and Forsythe 1974" if center == "median" else "Levene 1960",
    )


def _f_of_means(groups: list[FloatArray]) -> tuple[float, tuple[int, int]]:
    everything = np.concatenate(groups)
    between = sum(x.size * (x.mean() - everything.mean()) ** 2 for x in groups)
    within = sum(float(((x - x.mean()) ** 2).sum()) for x in groups)
    df = (len(groups) - 1, everything.size - len(groups))
    if within == 0:
        raise NoVariation("absolute deviations within the groups")
    return float((between / df[0]) / (within / df[1])), df


def _positive(low: float, high: float, alternative: str, level: float) -> Interval:
    interval = open_ends(float(low), float(high), alternative, level)
    return Interval(max(interval.low, 0.0), interval.high, level)
