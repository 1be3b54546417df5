"""Two factors at once: what each explains beyond the other, from their table of cells.

The table is all that is needed, so the cost after one pass over the rows does not depend on them.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from andon.stats.arrays import FloatArray

__all__ = ["PairFit", "fit_pair", "fit_pair_of_counts", "is_comparable"]

MOST_CELLS = 4_000_000
MOST_LEVELS = 600


@dataclass(frozen=True, slots=True)
class PairFit:
    """Sums of squares (or deviances) of two factors, alone, together and with interaction.

    Attributes:
        first, second: explained by each alone.
        additive: explained by both without interaction.
        cells: explained by all cells.
        total: of the rows that have both levels.
        levels: levels seen of first and second.
        rank: free parameters of the additive model, the mean included.
        filled: cells that hold rows.
        rows: rows that have both levels.
    """

    first: float
    second: float
    additive: float
    cells: float
    total: float
    levels: tuple[int, int]
    rank: int
    filled: int
    rows: int


def is_comparable(shape: tuple[int, int]) -> bool:
    """Return whether the table is small enough to compare its factors exactly."""
    return shape[0] * shape[1] <= MOST_CELLS and min(shape) <= MOST_LEVELS


def fit_pair(counts: FloatArray, sums: FloatArray, total: float) -> PairFit:
    """Return the fit of an unbalanced two-way table.

    Args:
        counts, sums: rows and sum of values per cell, shape (a, b).
        total: sum of squares of the values in the table about their mean.

    Source: Searle 1971, Linear Models, ch. 7 (absorbing one factor into the other).

    >>> counts = np.array([[2.0, 2.0], [2.0, 2.0]])
    >>> fit = fit_pair(counts, np.array([[2.0, 4.0], [6.0, 8.0]]), 12.0)
    >>> fit.first, fit.second, round(fit.additive, 6), fit.rank
    (8.0, 2.0, 10.0, 3)
    """
    n, s = _filled(counts, sums)
    s = s - n * (s.sum() / n.sum())
    first, second = _explained(n.sum(1), s.sum(1)), _explained(n.sum(0), s.sum(0))
    extra, rank = _second_beyond_first(*((n, s) if n.shape[0] >= n.shape[1] else (n.T, s.T)))
    larger = first if n.shape[0] >= n.shape[1] else second
    return PairFit(
        first=first,
        second=second,
        additive=larger + extra,
        cells=_explained(n, s),
        total=total,
        levels=(n.shape[0], n.shape[1]),
        rank=max(n.shape) + rank,
        filled=int((n > 0).sum()),
        rows=int(n.sum()),
    )


def fit_pair_of_counts(exposure: FloatArray, counts: FloatArray, rows: int) -> PairFit:
    """Return the Poisson deviances explained in a two-way table of counts with exposure.

    The additive (log-linear) model is fitted by proportional fitting of both margins.

    Args:
        exposure, counts: inspected amount and events per cell, shape (a, b).
        rows: rows that have both levels.

    Source: Agresti 2013, Categorical Data Analysis, 9.7 (iterative proportional fitting).

    >>> fit = fit_pair_of_counts(np.full((2, 2), 10.0), np.array([[4.0, 8.0], [8.0, 16.0]]), 4)
    >>> round(fit.cells - fit.additive, 9)
    0.0
    """
    e, c = _filled(exposure, counts)
    rate = c.sum() / e.sum()
    fitted = _fit_margins(e * rate, c)
    first = _deviance(c.sum(1), e.sum(1) * rate)
    larger_first = e.shape[0] >= e.shape[1]
    rank = _second_beyond_first(
        e if larger_first else e.T, np.zeros(e.shape if larger_first else e.T.shape)
    )[1]
    return PairFit(
        first=first,
        second=_deviance(c.sum(0), e.sum(0) * rate),
        additive=_deviance(c, e * rate) - _deviance(c, fitted),
        cells=_deviance(c, e * rate),
        total=_deviance(c, e * rate),
        levels=(e.shape[0], e.shape[1]),
        rank=max(e.shape) + rank,
        filled=int((e > 0).sum()),
        rows=rows,
    )


def _filled(counts: FloatArray, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    rows, columns = counts.any(1), counts.any(0)
    if rows.all() and columns.all():
        return counts, sums
    return counts[rows][:, columns], sums[rows][:, columns]


def _explained(n: FloatArray, s: FloatArray) -> float:
    here = n > 0
    return float((s[here] ** 2 / n[here]).sum())


def _second_beyond_first(n: FloatArray, s: FloatArray) -> tuple[float, int]:
    """Return what the columns explain beyond the rows, and its degrees of freedom."""
    share = n / n.sum(1)[:, None]
    scale = 1 / np.sqrt(n.sum(0))
    matrix = (np.diag(n.sum(0)) - n.T @ share) * scale * scale[:, None]
    rest = (s.sum(0) - share.T @ s.sum(1)) * scale
    values, vectors = linalg.eigh(matrix)
    free = values > 1e-9
    return float((((vectors.T @ rest)[free]) ** 2 / values[free]).sum()), int(free.sum())


def _fit_margins(start: FloatArray, counts: FloatArray, rounds: int = 500) -> FloatArray:
    fitted, rows, columns = start.copy(), counts.sum(1), counts.sum(0)
    for _ in range(rounds):
        fitted *= _over(rows, fitted.sum(1))[:, None]
        fitted *= _over(columns, fitted.sum(0))
        if np.abs(fitted.sum(1) - rows).max() <= 1e-9 * max(rows.max(), 1.0):
            break
    return fitted


def _over(wanted: FloatArray, had: FloatArray) -> FloatArray:
    return np.divide(wanted, had, out=np.zeros_like(wanted), where=had > 0)


def _deviance(counts: FloatArray, expected: FloatArray) -> float:
    """Return 2 sum(c ln(c / e) - (c - e)) over cells, empty counts included."""
    here = counts > 0
    logs = counts[here] * np.log(counts[here] / expected[here])
    return max(float(2 * (logs.sum() - counts.sum() + expected.sum())), 0.0)
