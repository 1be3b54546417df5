"""Combinations that act more than their parts: cell A2 on the night shift, not A2, not nights."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.additive import PairFit, fit_pair, fit_pair_of_counts, is_comparable
from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.factors import Factor, FactorColumn, Pair, cross, encode_factors
from andon.stats.multiplicity import Correction, corrected_p
from andon.stats.results import Result

__all__ = [
    "Interaction",
    "InteractionRanking",
    "rank_interactions_of_counts",
    "rank_interactions_of_values",
]


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two factors and what their combinations explain beyond their sum.

    Attributes:
        factors: the two names.
        share: extra share of the variation (values) or of the deviance between cells (counts).
        statistic, df: F ratio and its degrees of freedom, or chi-square (second df infinite).
        p_value, corrected_p: of the statistic, and corrected over the pairs.
        cell: the two levels whose combination departs most from the rest.
        cell_effect: mean of the cell minus mean of the rest; for counts the rate ratio to the rest.
        is_acting: corrected p below alpha and share at least the minimum.
    """

    factors: tuple[str, str]
    share: float
    statistic: float
    df: tuple[float, float]
    p_value: float
    corrected_p: float
    cell: tuple[str, str]
    cell_effect: float
    is_acting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionRanking(Result):
    """Pairs ranked by share, strongest first; pairs without repeated combinations are left out."""

    interactions: tuple[Interaction, ...]
    rows: int


def rank_interactions_of_values(
    values: ArrayLike,
    factors: Mapping[str, FactorColumn],
    *,
    correction: Correction = "holm",
    alpha: float = 0.05,
    minimum_share: float = 0.01,
) -> InteractionRanking:
    """Return all pairs of factors ranked by what their combinations explain beyond their sum.

    F = ((SS cells - SS additive) / (filled cells - rank)) / (SS within cells / (n - filled cells)).

    Args:
        values: shape (n,), at least 4, not all equal.
        factors: at least two, name to one level per row; missing levels leave the row out.
        correction: "holm", "benjamini-hochberg", "bonferroni" or "none".
        alpha: level of the tests.
        minimum_share: smallest extra share of variation that matters.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError.

    Source: Searle 1971, Linear Models, ch. 7 (unbalanced two-way classification).

    >>> ranking = rank_interactions_of_values(
    ...     [0, 1, 0, 1, 0, 1, 9, 8], {"cell": list("aaaabbbb"), "shift": list("ddnnddnn")}
    ... )
    >>> ranking.interactions[0].cell, ranking.interactions[0].is_acting
    (('b', 'n'), True)
    """
    x = as_values(values, minimum=4, must_vary=True)
    x = x - x.mean()
    require_between("minimum_share", minimum_share, 0, 1, open_ends=False)
    coded = _coded(factors, x.size, correction, alpha)
    found = [_of_values(names, pair, x) for names, pair in _pairs(coded)]
    return InteractionRanking(
        interactions=_ranked(
            found, coded, correction=correction, alpha=alpha, minimum_share=minimum_share
        ),
        rows=x.size,
        method="rank_interactions_of_values",
        options={"correction": correction, "alpha": alpha, "minimum_share": minimum_share},
        convention="cells against the additive fit; error within cells",
        source="Searle 1971, ch. 7",
    )


def rank_interactions_of_counts(
    counts: ArrayLike,
    inspected: ArrayLike,
    factors: Mapping[str, FactorColumn],
    *,
    correction: Correction = "holm",
    alpha: float = 0.05,
    minimum_share: float = 0.01,
) -> InteractionRanking:
    """Return all pairs of factors ranked by what their combinations add to the rate of events.

    Chi-square = deviance of all cells less that of the log-linear model without interaction.

    Args:
        counts, inspected: events and exposure per row, shape (n,).
        factors: at least two, name to one level per row; missing levels leave the row out.
        correction, alpha: as for values.
        minimum_share: smallest share of the deviance between cells that matters.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError.

    Source: Agresti 2013, Categorical Data Analysis, ch. 9.

    >>> ranking = rank_interactions_of_counts(
    ...     [5, 5, 5, 40], [999] * 4, {"cell": ["a", "a", "b", "b"], "shift": ["d", "n", "d", "n"]}
    ... )
    >>> ranking.interactions[0].cell, round(ranking.interactions[0].cell_effect, 6)
    (('b', 'n'), 8.0)
    """
    c, e = as_values(counts, minimum=2, what="counts"), as_values(inspected, what="inspected")
    if c.size != e.size or c.min() < 0 or e.min() <= 0:
        raise StatisticsError("each row needs a count of at least 0 and inspected above 0")
    if c.sum() == 0:
        raise NoVariation("counts (all are 0)")
    require_between("minimum_share", minimum_share, 0, 1, open_ends=False)
    coded = _coded(factors, c.size, correction, alpha)
    found = [_of_counts(names, pair, c, e) for names, pair in _pairs(coded)]
    return InteractionRanking(
        interactions=_ranked(
            found, coded, correction=correction, alpha=alpha, minimum_share=minimum_share
        ),
        rows=c.size,
        method="rank_interactions_of_counts",
        options={"correction": correction, "alpha": alpha, "minimum_share": minimum_share},
        convention="Poisson deviance of cells against the log-linear fit without interaction",
        source="Agresti 2013, ch. 9",
    )


@dataclass(frozen=True, slots=True)
class _Found:
    names: tuple[str, str]
    share: float
    statistic: float
    df: tuple[float, float]
    p_value: float
    cell: tuple[int, int]
    effect: float


def _coded(
    factors: Mapping[str, FactorColumn], rows: int, correction: str, alpha: float
) -> dict[str, Factor]:
    require_choice("correction", correction, get_args(Correction))
    require_between("alpha", alpha, 0, 1)
    if len(factors) < 2:
        raise TooFewValues(2, len(factors), "factors")
    return encode_factors(factors, rows)


def _pairs(coded: Mapping[str, Factor]) -> list[tuple[tuple[str, str], Pair]]:
    pairs = (((a, b), cross(coded[a], coded[b])) for a, b in combinations(coded, 2))
    return [(names, pair) for names, pair in pairs if is_comparable(pair.shape)]


def _of_values(names: tuple[str, str], pair: Pair, x: FloatArray) -> _Found | None:
    counts, sums = pair.table(), pair.table(x)
    used = x[pair.cells.codes >= 0] if pair.cells.has_missing else x
    if used.size == 0:
        return None
    total = float((used**2).sum()) - float(used.sum()) ** 2 / used.size
    fit = fit_pair(counts, sums, total)
    df = (fit.filled - fit.rank, fit.rows - fit.filled)
    if min(df) <= 0 or total <= 0:
        return None
    within = max(total - fit.cells, 0.0) / df[1]
    gain = max(fit.cells - fit.additive, 0.0)
    f = gain / df[0] / within if within > 1e-14 * total else float("inf")
    p_value = float(special.fdtrc(*df, f)) if np.isfinite(f) else 0.0
    cell, effect = _outstanding_mean(counts, sums)
    return _Found(names, gain / total, f, (float(df[0]), float(df[1])), p_value, cell, effect)


def _of_counts(names: tuple[str, str], pair: Pair, c: FloatArray, e: FloatArray) -> _Found | None:
    exposure, counts = pair.table(e), pair.table(c)
    if counts.sum() == 0:
        return None
    fit: PairFit = fit_pair_of_counts(exposure, counts, int((pair.cells.codes >= 0).sum()))
    df = fit.filled - fit.rank
    if df <= 0 or fit.total <= 0:
        return None
    gain = max(fit.cells - fit.additive, 0.0)
    cell, effect = _outstanding_rate(exposure, counts)
    p_value = float(special.chdtrc(df, gain))
    return _Found(names, gain / fit.total, gain, (float(df), np.inf), p_value, cell, effect)


def _outstanding_mean(counts: FloatArray, sums: FloatArray) -> tuple[tuple[int, int], float]:
    """Return the cell whose contrast with the rest explains most, and that contrast."""
    n, s = counts.sum(), sums - counts * (sums.sum() / counts.sum())
    filled = (counts > 0) & (counts < n)
    mean = np.divide(s, counts, out=np.zeros_like(s), where=filled)
    rest = np.divide(-s, n - counts, out=np.zeros_like(s), where=filled)
    explained = np.where(filled, s * (mean - rest), 0.0)
    best = np.unravel_index(int(np.argmax(explained)), s.shape)
    return (int(best[0]), int(best[1])), float((mean - rest)[best])


def _outstanding_rate(exposure: FloatArray, counts: FloatArray) -> tuple[tuple[int, int], float]:
    """Return the cell with the largest score against equal rates, and its ratio to the rest."""
    share = exposure / exposure.sum()
    spread = counts.sum() * share * (1 - share)
    distance = np.abs(counts - counts.sum() * share)
    score = np.divide(distance, np.sqrt(spread), out=np.zeros_like(share), where=spread > 0)
    best = np.unravel_index(int(np.argmax(score)), share.shape)
    rest = float(counts.sum() - counts[best])
    odds = float(share[best] / (1 - share[best]))
    ratio = float(counts[best]) / rest / odds if rest else float("inf")
    return (int(best[0]), int(best[1])), ratio


def _ranked(
    found: list[_Found | None],
    coded: Mapping[str, Factor],
    *,
    correction: str,
    alpha: float,
    minimum_share: float,
) -> tuple[Interaction, ...]:
    made = sorted((f for f in found if f is not None), key=lambda f: (-f.share, f.names))
    corrected = corrected_p(np.array([f.p_value for f in made]), correction)
    return tuple(
        Interaction(
            factors=f.names,
            share=f.share,
            statistic=f.statistic,
            df=f.df,
            p_value=f.p_value,
            corrected_p=float(p),
            cell=(coded[f.names[0]].levels[f.cell[0]], coded[f.names[1]].levels[f.cell[1]]),
            cell_effect=f.effect,
            is_acting=bool(p < alpha and f.share >= minimum_share),
        )
        for f, p in zip(made, corrected, strict=True)
    )
