"""Agreement beyond chance: Cohen's kappa of two raters, Fleiss' kappa of many."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_labels, as_table, require_between
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.gauge_layout import Grouping, as_grouping
from andon.stats.results import Interval, Result

__all__ = ["Kappa", "cohen_kappa", "cross_table", "fleiss_kappa", "kappa_of_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa(Result):
    """Kappa = (observed - expected) / (1 - expected).

    Attributes:
        count: subjects rated; raters: ratings of each.
        agreement, expected: observed share of agreement, and that by chance.
        standard_error: for the interval; null_error: under no agreement, for z and p (one-sided).
        categories, by_category: Fleiss' kappa of each category against all others, else empty.
    """

    count: int
    raters: int
    kappa: float
    agreement: float
    expected: float
    standard_error: float
    null_error: float
    z: float
    p: float
    interval: Interval
    categories: tuple[str, ...]
    by_category: tuple[float, ...] = ()


def cohen_kappa(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Kappa:
    """Return Cohen's kappa of two raters of the same subjects, unweighted.

    Standard errors: Fleiss, Cohen, Everitt (1969), Psychological Bulletin 72, 323-327.

    Args:
        first, second: one category per subject, any labels.
        level: confidence level.

    Raises:
        StatisticsError: unequal lengths; NoVariation: both raters use one and the same category.

    >>> round(cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]).kappa, 4)
    0.5
    """
    categories, table = cross_table(first, second)
    return kappa_of_table(table, categories=categories, level=level)


def kappa_of_table(
    table: ArrayLike, *, categories: tuple[str, ...] = (), level: float = 0.95
) -> Kappa:
    """Return Cohen's kappa of a square table of counts, first rater in rows.

    >>> round(kappa_of_table([[44, 6], [3, 97]]).kappa, 2)
    0.86
    """
    require_between("level", level, 0, 1)
    counts = as_table(table, rows=2, columns=2, what="categories")
    total = float(counts.sum())
    if counts.shape[0] != counts.shape[1] or counts.min() < 0 or total < 1:
        raise StatisticsError("the table of counts must be square and not negative")
    p = counts / total
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    agreement, expected = float(np.trace(p)), float(rows @ columns)
    if expected >= 1:
        raise NoVariation("ratings")
    kappa = (agreement - expected) / (1 - expected)
    null = expected + expected**2 - float((rows * columns * (rows + columns)).sum())
    return _result(
        "cohen_kappa",
        (int(total), 2, categories or tuple(str(i) for i in range(p.shape[0])), ()),
        (kappa, agreement, expected),
        (_cohen_error(p, kappa, expected, total), _root(null / total) / (1 - expected)),
        level,
    )


def fleiss_kappa(
    counts: ArrayLike, *, categories: tuple[str, ...] = (), level: float = 0.95
) -> Kappa:
    """Return Fleiss' kappa of a table subjects x categories of counts of ratings.

    Error for z: Fleiss, Nee, Landis (1979), Psychological Bulletin 86, 974-977; error for the
    interval: jackknife over the subjects.

    Raises:
        StatisticsError: subjects rated unequally often or once; NoVariation: one category only.

    >>> round(fleiss_kappa([[3, 0], [0, 3], [2, 1]]).kappa, 4)
    0.55
    """
    require_between("level", level, 0, 1)
    table = as_table(counts, rows=2, columns=2, what="subjects")
    ratings = table.sum(axis=1)
    if ratings.min() != ratings.max() or ratings[0] < 2 or table.min() < 0:
        raise StatisticsError("every subject must be rated equally often, at least twice")
    m, subjects = float(ratings[0]), table.shape[0]
    share = table.mean(axis=0) / m
    odds = share * (1 - share)
    if odds.sum() <= 0:
        raise NoVariation("ratings")
    agree = ((table**2).sum(axis=1) - m) / (m * (m - 1))
    agreement, expected = float(agree.mean()), float(share @ share)
    null = 2 * (odds.sum() ** 2 - float((odds * (1 - 2 * share)).sum()))
    null_error = _root(null / (subjects * m * (m - 1))) / float(odds.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        split = (table * (m - table)).sum(axis=0)
        single = 1 - split / (subjects * m * (m - 1) * odds)
    return _result(
        "fleiss_kappa",
        (subjects, int(m), categories or tuple(str(i) for i in range(share.size)),
         tuple(single.tolist())),
        ((agreement - expected) / (1 - expected), agreement, expected),
        (_jackknife_error(table, agree, m), null_error),
        level,
    )  # fmt: skip


def cross_table(first: ArrayLike, second: ArrayLike) -> tuple[tuple[str, ...], FloatArray]:
    """Return the categories and the square table of counts of two raters.

    >>> cross_table(["a", "b"], ["b", "b"])[1].tolist()
    [[0.0, 1.0], [0.0, 1.0]]
    """
    one, other = as_labels(first, what="ratings"), as_labels(second, what="ratings")
    if one.shape != other.shape:
        raise StatisticsError("both raters must rate the same subjects, one rating each")
    if one.size < 2:
        raise TooFewValues(2, int(one.size), "rated subjects")
    both: Grouping = as_grouping(
        np.concatenate([one, other]), 2 * one.size, what="ratings", minimum=2
    )
    cells = both.codes[: one.size] * both.size + both.codes[one.size :]
    table = np.bincount(cells, minlength=both.size**2).reshape(both.size, both.size)
    return both.names, table.astype(np.float64)


def _cohen_error(p: FloatArray, kappa: float, expected: float, total: float) -> float:
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    both = columns[:, None] + rows[None, :]
    diagonal = np.diag(p) * (1 - (rows + columns) * (1 - kappa)) ** 2
    off = p * both**2
    spread = float(diagonal.sum()) + (1 - kappa) ** 2 * float(off.sum() - np.trace(off))
    return _root((spread - (kappa - expected * (1 - kappa)) ** 2) / total) / (1 - expected)


def _jackknife_error(table: FloatArray, agree: FloatArray, m: float) -> float:
    """Spread of kappa when each subject is left out in turn."""
    n = table.shape[0]
    share = (table.sum(axis=0) - table) / (m * (n - 1))
    expected = (share**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        without = ((agree.sum() - agree) / (n - 1) - expected) / (1 - expected)
    without = without[np.isfinite(without)]
    return _root((n - 1) * float(without.var())) if without.size > 1 else math.nan


def _root(variance: float) -> float:
    return math.sqrt(max(0.0, variance))


def _result(
    method: str,
    described: tuple[int, int, tuple[str, ...], tuple[float, ...]],
    estimates: tuple[float, float, float],
    errors: tuple[float, float],
    level: float,
) -> Kappa:
    count, raters, categories, single = described
    kappa, agreement, expected = estimates
    reach = float(special.ndtri(0.5 + level / 2)) * errors[0]
    z = kappa / errors[1] if errors[1] > 0 else math.nan
    return Kappa(
        method=method,
        options={"level": level},
        convention="unweighted, normal interval, one-sided p for no agreement",
        source="Cohen (1960); Fleiss (1971); Fleiss, Levin, Paik (2003) ch. 18",
        count=count,
        raters=raters,
        kappa=kappa,
        agreement=agreement,
        expected=expected,
        standard_error=errors[0],
        null_error=errors[1],
        z=z,
        p=float(special.ndtr(-z)),
        interval=Interval(max(-1.0, kappa - reach), min(1.0, kappa + reach), level),
        categories=categories,
        by_category=single,
    )
