"""Every pair of groups compared, with one error rate for all pairs together."""

from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.anova import analyze_groups
from andon.stats.arrays import FloatArray, require_between, require_choice
from andon.stats.comparison_means import welch_error
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.factors import FactorColumn
from andon.stats.results import Interval, Result
from andon.stats.studentized_range import range_quantile, range_tail

__all__ = ["AllPairs", "PairDifference", "compare_all_pairs"]

Convention = Literal["tukey", "games-howell"]
MOST_GROUPS = 40


@dataclass(frozen=True, slots=True)
class PairDifference:
    """The mean of `second` minus that of `first`, its simultaneous interval and adjusted p."""

    first: str
    second: str
    difference: float
    interval: Interval
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPairs(Result):
    """All pairs in the order of the groups' names."""

    pairs: tuple[PairDifference, ...]


def compare_all_pairs(
    values: ArrayLike,
    groups: FactorColumn,
    *,
    convention: Convention = "tukey",
    level: float = 0.95,
) -> AllPairs:
    """Return all pairwise mean differences with simultaneous intervals.

    tukey: studentized range with the pooled sigma (Tukey-Kramer for unequal counts). games-howell:
    studentized range with each pair's own variances and Satterthwaite's degrees of freedom.

    Args:
        values, groups: as for `analyze_groups`; at most 40 groups.
        convention: "tukey" (equal variances) or "games-howell".
        level: simultaneous confidence level.

    Raises:
        as `analyze_groups`; InvalidOption: more than 40 groups.

    Source: Kramer 1956, Biometrics 12; Games and Howell 1976, J. Educational Statistics 1.

    >>> found = compare_all_pairs([1.0, 2.0, 3.0, 5.0, 6.0, 7.0], list("aaabbb")).pairs[0]
    >>> found.difference, round(found.p_value, 4)
    (4.0, 0.008)
    """
    require_choice("convention", convention, get_args(Convention))
    require_between("level", level, 0, 1)
    table = analyze_groups(values, groups, level=level)
    counts = np.array([group.count for group in table.groups], dtype=np.float64)
    if counts.size > MOST_GROUPS:
        raise InvalidOption("groups", counts.size, f"at most {MOST_GROUPS}")
    sigmas = np.array([group.sigma for group in table.groups])
    pairs = list(combinations(range(counts.size), 2))
    if convention == "tukey":
        errors, dfs = _pooled(table.sigma, counts, pairs)
    else:
        errors, dfs = _separate(sigmas, counts, pairs)
    means = np.array([group.mean for group in table.groups])
    gaps = np.array([means[b] - means[a] for a, b in pairs])
    p_values, halves = _ranges(gaps, errors, dfs, counts.size, level)
    return AllPairs(
        pairs=tuple(
            PairDifference(
                table.groups[a].group,
                table.groups[b].group,
                float(gap),
                Interval(float(gap - half), float(gap + half), level),
                float(p),
            )
            for (a, b), gap, half, p in zip(pairs, gaps, halves, p_values, strict=True)
        ),
        method="compare_all_pairs",
        options={"convention": convention, "level": level},
        convention=f"{convention}, studentized range, simultaneous over all pairs",
        source="Kramer 1956" if convention == "tukey" else "Games and Howell 1976",
    )


def _pooled(
    sigma: float, counts: FloatArray, pairs: list[tuple[int, int]]
) -> tuple[FloatArray, FloatArray]:
    errors = [sigma * np.sqrt(1 / counts[a] + 1 / counts[b]) for a, b in pairs]
    return np.array(errors), np.full(len(pairs), counts.sum() - counts.size)


def _separate(
    sigmas: FloatArray, counts: FloatArray, pairs: list[tuple[int, int]]
) -> tuple[FloatArray, FloatArray]:
    if counts.min() < 2 or sigmas.min() == 0:
        raise StatisticsError("games-howell needs at least 2 values that differ in each group")
    found = [
        welch_error((sigmas[a] ** 2, sigmas[b] ** 2), (counts[a], counts[b])) for a, b in pairs
    ]
    return np.array([error for error, _ in found]), np.array([df for _, df in found])


def _ranges(
    gaps: FloatArray, errors: FloatArray, dfs: FloatArray, groups: int, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return adjusted p values and half widths; one quantile for each distinct df."""
    q = np.abs(gaps) / errors * np.sqrt(2)
    p_values = range_tail(q, groups, dfs)
    distinct, place = np.unique(dfs, return_inverse=True)
    quantiles = range_quantile(level, groups, distinct)
    return p_values, quantiles[place] * errors / np.sqrt(2)
