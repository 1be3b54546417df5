"""Showing that two things are the same within a margin, which a missing difference does not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import as_values, require_between
from andon.stats.comparison import t_interval, t_p
from andon.stats.comparison_means import mean_difference, standard_error
from andon.stats.comparison_proportions import compare_proportions
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError
from andon.stats.results import Interval, Result

__all__ = [
    "Equivalence",
    "show_equal_means",
    "show_equal_pairs",
    "show_equal_proportions",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence(Result):
    """Two one-sided tests against the ends of a margin.

    Attributes:
        difference: second minus first.
        interval: its 1 - 2 alpha confidence interval; equivalent when it lies inside the margin.
        margin: the smallest difference that matters, downwards and upwards.
        p_lower, p_upper: of a difference at or below the lower end, at or above the upper end.
        p_value: the larger of the two.
        is_equivalent: p at most alpha.
    """

    difference: float
    interval: Interval
    margin: tuple[float, float]
    p_lower: float
    p_upper: float
    p_value: float
    is_equivalent: bool


def show_equal_means(
    first: ArrayLike,
    second: ArrayLike,
    *,
    margin: float,
    lower_margin: float | None = None,
    alpha: float = 0.05,
) -> Equivalence:
    """Return the equivalence test of two means (Welch).

    Args:
        first, second: values, shape (n,), at least 2 each.
        margin: largest upward difference that does not matter, above 0, in the unit of the values.
        lower_margin: the same downwards, below 0; -margin when None.
        alpha: level of each one-sided test.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Schuirmann 1987, J. Pharmacokinetics and Biopharmaceutics 15, 657-680.

    >>> show_equal_means([1.0, 1.1, 0.9, 1.0], [1.0, 1.1, 1.0, 0.9], margin=0.3).p_value < 0.01
    True
    """
    one, two = as_values(first, minimum=2), as_values(second, minimum=2)
    error, df = standard_error(one, two, pooled=False)
    return _two_one_sided(
        mean_difference(one, two),
        error,
        df,
        margin=_margin(margin, lower_margin),
        alpha=alpha,
        method="show_equal_means",
    )


def show_equal_pairs(
    first: ArrayLike,
    second: ArrayLike,
    *,
    margin: float,
    lower_margin: float | None = None,
    alpha: float = 0.05,
) -> Equivalence:
    """Return the equivalence test of paired values: is the mean difference within the margin?

    Args:
        first, second: values of the same parts in the same order, shape (n,), at least 2.
        margin, lower_margin, alpha: as for two means.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError (lengths differ).

    Source: Schuirmann 1987.

    >>> show_equal_pairs([1.0, 2.0, 3.0], [1.1, 1.9, 3.0], margin=1.0).is_equivalent
    True
    """
    one, two = as_values(first, minimum=2), as_values(second, minimum=2)
    if one.size != two.size:
        raise StatisticsError(f"pairs need equal lengths, {one.size} and {two.size} given")
    differences = two - one
    if differences.min() == differences.max():
        raise NoVariation("differences")
    return _two_one_sided(
        float(differences.mean()),
        float(differences.std(ddof=1) / np.sqrt(differences.size)),
        float(differences.size - 1),
        margin=_margin(margin, lower_margin),
        alpha=alpha,
        method="show_equal_pairs",
    )


def show_equal_proportions(
    first_count: int,
    first_inspected: int,
    second_count: int,
    second_inspected: int,
    *,
    margin: float,
    lower_margin: float | None = None,
    alpha: float = 0.05,
) -> Equivalence:
    """Return the equivalence test of two proportions, normal with the observed proportions.

    Args:
        first_count, second_count: units with the property.
        first_inspected, second_inspected: units, at least 1.
        margin, lower_margin, alpha: as for two means, as differences of proportions.

    Raises:
        InvalidOption; NoVariation: both proportions are 0 or 1.

    Source: Schuirmann 1987; Wellek 2010, Testing Statistical Hypotheses of Equivalence.

    >>> show_equal_proportions(50, 1000, 48, 1000, margin=0.03).is_equivalent
    True
    """
    found = compare_proportions(
        first_count, first_inspected, second_count, second_inspected, convention="wald"
    )
    shares = (first_count / first_inspected, second_count / second_inspected)
    sizes = (first_inspected, second_inspected)
    error = np.sqrt(sum(p * (1 - p) / n for p, n in zip(shares, sizes, strict=True)))
    if error == 0:
        raise NoVariation("outcomes of both sides")
    return _two_one_sided(
        found.estimate,
        float(error),
        np.inf,
        margin=_margin(margin, lower_margin),
        alpha=alpha,
        method="show_equal_proportions",
    )


def _margin(margin: float, lower_margin: float | None) -> tuple[float, float]:
    low = -margin if lower_margin is None else lower_margin
    if not (margin > 0 > low):
        raise InvalidOption("margin", (low, margin), "below 0 and above 0")
    return low, margin


def _two_one_sided(
    difference: float,
    error: float,
    df: float,
    *,
    margin: tuple[float, float],
    alpha: float,
    method: str,
) -> Equivalence:
    require_between("alpha", alpha, 0, 0.5)
    p_lower = t_p((difference - margin[0]) / error, df, "greater")
    p_upper = t_p((difference - margin[1]) / error, df, "less")
    return Equivalence(
        difference=difference,
        interval=t_interval(difference, error, df, level=1 - 2 * alpha),
        margin=margin,
        p_lower=p_lower,
        p_upper=p_upper,
        p_value=max(p_lower, p_upper),
        is_equivalent=max(p_lower, p_upper) <= alpha,
        method=method,
        options={"margin": margin[1], "lower_margin": margin[0], "alpha": alpha},
        convention="two one-sided t tests" if np.isfinite(df) else "two one-sided normal tests",
        source="Schuirmann 1987",
    )
