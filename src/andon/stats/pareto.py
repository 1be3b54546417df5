"""Pareto: causes by count, cost or risk, the vital few first, others last."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import as_values, require_between
from andon.stats.comparison_rates import score_share
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError
from andon.stats.results import Interval, Result

__all__ = ["Bar", "Pareto", "rank_causes"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One cause.

    Attributes:
        cause: its name.
        count: how often.
        weight: count x weight of each, the height of the bar.
        share, cumulative: of all weight.
        interval: of the cause's share of the counts (Wilson).
        is_vital: whether it belongs to the few that make up the wanted share.
    """

    cause: str
    count: float
    weight: float
    share: float
    cumulative: float
    interval: Interval
    is_vital: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pareto(Result):
    """Bars, highest first and the lumped rest last.

    `first_p` is the exact chance that the first two causes differ so much in count if they were
    equally frequent; NaN with a single cause.
    """

    bars: tuple[Bar, ...]
    total: float
    first_p: float


def rank_causes(
    causes: Sequence[str],
    counts: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    most: int = 10,
    vital: float = 0.8,
    others: str = "others",
    level: float = 0.95,
) -> Pareto:
    """Return the causes ranked by weight; names given several times are added up.

    Args:
        causes: one name per row; rows named `others` are never ranked.
        counts: events per row, at least 0; 1 each when None.
        weights: cost or risk of one event per row, at least 0; 1 each when None.
        most: bars shown; the smaller ones are lumped into `others`, last.
        vital: share of all weight that the vital few make up, within 0 to 1.
        others: name of the lumped bar.
        level: confidence level of the shares.

    Raises:
        TooFewValues, NotFinite, InvalidOption, StatisticsError; NoVariation: no weight at all.

    Source: Juran 1975, Quality Progress 8; Wilson 1927 (interval).

    >>> [bar.cause for bar in rank_causes(["burr", "crimp", "burr", "stain"], most=2).bars]
    ['burr', 'crimp', 'others']
    """
    if most < 1:
        raise InvalidOption("most", most, "at least 1")
    require_between("vital", vital, 0, 1)
    require_between("level", level, 0, 1)
    count, height = _added_up(causes, counts, weights)
    total, events = sum(height.values()), sum(count.values())
    if total == 0:
        raise NoVariation("weights (all are 0)")
    ranked = sorted((c for c in height if c != others), key=lambda c: (-height[c], c))
    for cause in ranked[most:]:
        height[others] = height.get(others, 0.0) + height[cause]
        count[others] = count.get(others, 0.0) + count[cause]
    shown = ranked[:most] + ([others] if others in height else [])
    bars, cumulative = [], 0.0
    for cause in shown:
        share = height[cause] / total
        limits = score_share(count[cause], events, (1 - level) / 2)
        is_vital = cumulative < vital and cause != others
        cumulative += share
        interval = Interval(*limits, level)
        bars.append(Bar(cause, count[cause], height[cause], share, cumulative, interval, is_vital))
    return Pareto(
        bars=tuple(bars),
        total=total,
        first_p=_first_p([count[c] for c in ranked]),
        method="rank_causes",
        options={"most": most, "vital": vital, "others": others, "level": level},
        convention="by weight, ties by name; others last, whatever their height",
        source="Juran 1975",
    )


def _added_up(
    causes: Sequence[str], counts: ArrayLike | None, weights: ArrayLike | None
) -> tuple[dict[str, float], dict[str, float]]:
    rows = len(causes)
    number = np.ones(rows) if counts is None else as_values(counts, what="counts")
    each = np.ones(rows) if weights is None else as_values(weights, what="weights")
    if rows == 0 or number.size != rows or each.size != rows:
        raise StatisticsError(
            "every row needs a cause, and a count and weight where they are given"
        )
    if number.min() < 0 or each.min() < 0:
        raise StatisticsError("counts and weights must be at least 0")
    names, place = np.unique([str(cause) for cause in causes], return_inverse=True)
    count = np.bincount(place, number).tolist()
    height = np.bincount(place, number * each).tolist()
    labels = names.tolist()
    return dict(zip(labels, count, strict=True)), dict(zip(labels, height, strict=True))


def _first_p(counts: list[float]) -> float:
    """Return the two-sided binomial p that the two most frequent causes are equally frequent."""
    if len(counts) < 2:
        return float("nan")
    first, second = sorted(counts, reverse=True)[:2]
    return min(1.0, 2 * float(special.betainc(first, second + 1, 0.5))) if first else 1.0
