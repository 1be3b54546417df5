"""Rational subgroups: a table, rows of unequal length, or values with sizes; and their sigma."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import BoolArray, FloatArray, as_table, as_values, require_choice
from andon.stats.chart_factors import c4, c4_of, d2_of, d3_of
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues

__all__ = ["ESTIMATORS", "Subgroups", "as_subgroups", "within_sigma"]

ESTIMATORS = (
    "mean range",
    "weighted mean range",
    "mean deviation",
    "weighted mean deviation",
    "pooled deviation",
    "pooled deviation, not unbiased",
)


_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Size, mean, range and standard deviation of each subgroup.

    Ranges and deviations are NaN where a subgroup holds a single value.
    """

    sizes: FloatArray
    means: FloatArray
    ranges: FloatArray
    deviations: FloatArray

    def of(self, kept: slice | BoolArray) -> "Subgroups":
        """Return some of the subgroups."""
        return Subgroups(
            self.sizes[kept], self.means[kept], self.ranges[kept], self.deviations[kept]
        )


def as_subgroups(
    subgroups: ArrayLike | Sequence[ArrayLike], sizes: ArrayLike | None = None
) -> Subgroups:
    """Return the moments of the subgroups. O(n), no loop over subgroups.

    Args:
        subgroups: a table (one row a subgroup), rows of unequal length, or with `sizes` one row
            of all values.
        sizes: how many consecutive values each subgroup has.

    >>> as_subgroups([[1.0, 3.0], [2.0, 2.0, 5.0]]).ranges
    array([2., 3.])
    """
    if sizes is not None:
        return _of_row(as_values(subgroups), as_values(sizes, what="sizes"))  # type: ignore[arg-type]
    if not isinstance(subgroups, list | tuple):
        return _of_table(as_table(subgroups))  # type: ignore[arg-type]
    rows: Sequence[ArrayLike] = subgroups
    lengths = [np.size(row) for row in rows]
    if len(set(lengths)) == 1:
        return _of_table(as_table(subgroups))
    if not lengths:
        raise TooFewValues(1, 0, "subgroups")
    flat = np.concatenate([as_values(row) for row in rows])
    return _of_row(flat, np.array(lengths, dtype=np.float64))


def within_sigma(groups: Subgroups, estimator: str) -> float:
    """Return sigma within subgroups by the named estimator.

    - mean range: mean(R_i / d2_i); weighted: weights d2_i^2 / d3_i^2, of least variance;
    - mean deviation: mean(s_i / c4_i); weighted: weights c4_i^2 / (1 - c4_i^2);
    - pooled deviation: sqrt(sum((n_i - 1) s_i^2) / f) / c4(f + 1), f = sum(n_i - 1).

    Source: Burr 1969, Journal of Quality Technology 1(3); ASTM E2587.
    Raises TooFewValues without a subgroup of two; NoVariation when sigma would be 0.

    >>> round(within_sigma(as_subgroups([[1.0, 3.0], [2.0, 4.0]]), "mean range"), 4)
    1.7725
    """
    require_choice("estimator", estimator, ESTIMATORS)
    usable = groups.sizes >= 2
    if not usable.any():
        raise TooFewValues(1, 0, "subgroups of two or more values")
    groups = groups if usable.all() else groups.of(usable)
    sigma = _sigma(groups, estimator)
    if not sigma > 0.0:
        raise NoVariation("values within the subgroups")
    return sigma


def _sigma(groups: Subgroups, estimator: str) -> float:
    if estimator.startswith("pooled"):
        return _pooled(groups, unbiased=estimator == "pooled deviation")
    by_range = estimator.endswith("range")
    factor = d2_of(groups.sizes) if by_range else c4_of(groups.sizes)
    single = (groups.ranges if by_range else groups.deviations) / factor
    if not estimator.startswith("weighted"):
        return float(single.mean())
    noise = (d3_of(groups.sizes) if by_range else np.sqrt(1.0 - factor**2)) / factor
    return float(np.average(single, weights=noise**-2))


def _pooled(groups: Subgroups, *, unbiased: bool) -> float:
    freedom = groups.sizes - 1.0
    total = float(freedom.sum())
    sigma = float(np.sqrt(np.dot(freedom, groups.deviations**2) / total))
    return sigma / c4(total + 1.0) if unbiased else sigma


def _of_table(table: FloatArray) -> Subgroups:
    rows, columns = table.shape
    means, ranges, deviations = np.empty(rows), np.full(rows, np.nan), np.full(rows, np.nan)
    # Turned on its side a piece of the table is reduced along whole rows of the cache.
    for start in range(0, rows, _CHUNK):
        at = slice(start, start + _CHUNK)
        piece = np.ascontiguousarray(table[at].T)
        means[at] = piece.sum(axis=0) / columns
        if columns > 1:
            np.subtract(piece.max(axis=0), piece.min(axis=0), out=ranges[at])
            piece -= means[at]
            np.square(piece, out=piece)
            deviations[at] = np.sqrt(piece.sum(axis=0) / (columns - 1.0))
    return Subgroups(np.full(rows, float(columns)), means, ranges, deviations)


def _of_row(values: FloatArray, sizes: FloatArray) -> Subgroups:
    if (sizes < 1).any() or (sizes % 1).any() or sizes.sum() != values.size:
        raise StatisticsError(f"sizes must be whole numbers from 1 that add up to {values.size}")
    counts = sizes.astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    means = np.add.reduceat(values, starts) / sizes
    squares = np.add.reduceat((values - np.repeat(means, counts)) ** 2, starts)
    ranges = np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts)
    single = sizes < 2
    ranges[single] = np.nan
    freedom = np.where(single, np.nan, sizes - 1.0)
    return Subgroups(sizes, means, ranges, np.sqrt(squares / freedom))
