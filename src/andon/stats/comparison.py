"""What every comparison returns, and the interval and p value behind it."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy import special

from andon.stats.arrays import require_between, require_choice
from andon.stats.results import Interval, Result

__all__ = ["Alternative", "Comparison"]

Alternative = Literal["two-sided", "greater", "less"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Result):
    """One quantity estimated, bounded and tested.

    Attributes:
        quantity: what was estimated, in words ("mean difference, second minus first").
        estimate: its value, in the unit the quantity implies.
        interval: its confidence interval; one-sided when the alternative is.
        null_value: the value it was tested against.
        statistic: the test statistic; NaN for an exact test, which has none.
        degrees_of_freedom: of the statistic; infinite for a normal one, NaN for an exact test.
        p_value: chance of a result at least as far off if the null value were true.
        counts: how many values (or parts inspected) each side had.
    """

    quantity: str
    estimate: float
    interval: Interval
    null_value: float
    statistic: float
    degrees_of_freedom: float
    p_value: float
    counts: tuple[float, ...]


def check_options(alternative: str, level: float) -> None:
    """Refuse an unknown alternative and a confidence level outside 0 to 1."""
    require_choice("alternative", alternative, get_args(Alternative))
    require_between("level", level, 0, 1)


def tail_p(lower: float, upper: float, alternative: str) -> float:
    """Return the p value from the two tail probabilities of the statistic.

    >>> tail_p(0.99, 0.01, "two-sided")
    0.02
    """
    if alternative == "two-sided":
        return min(1.0, 2 * min(lower, upper))
    return float(upper if alternative == "greater" else lower)


def tail_share(alternative: str, level: float) -> float:
    """Return the probability beyond each closed end of the interval."""
    return (1 - level) / (2 if alternative == "two-sided" else 1)


def open_ends(low: float, high: float, alternative: str, level: float) -> Interval:
    """Return the interval, open on the side that the alternative does not ask about."""
    return Interval(
        float(-np.inf if alternative == "less" else low),
        float(np.inf if alternative == "greater" else high),
        level,
    )


def t_interval(
    estimate: float, error: float, df: float, *, alternative: str = "two-sided", level: float = 0.95
) -> Interval:
    """Return estimate -/+ t x standard error; an infinite df gives the normal interval.

    >>> interval = t_interval(0.0, 1.0, np.inf)
    >>> round(interval.high, 4)
    1.96
    """
    half = float(special.stdtrit(df, 1 - tail_share(alternative, level))) * error
    return open_ends(estimate - half, estimate + half, alternative, level)


def t_p(statistic: float, df: float, alternative: str = "two-sided") -> float:
    """Return the p value of a t statistic (normal when df is infinite)."""
    lower, upper = special.stdtr(df, statistic), special.stdtr(df, -statistic)
    return tail_p(float(lower), float(upper), alternative)
