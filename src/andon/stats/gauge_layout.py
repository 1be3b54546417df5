"""The layout of a gauge study: from one row per reading to a table parts x operators x trials."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from andon.stats.arrays import FloatArray, IntArray, as_labels, as_values
from andon.stats.errors import StatisticsError, TooFewValues

__all__ = ["Grouping", "as_grouping", "balanced_cells", "cell_of"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """One factor: the level of every reading as a code, and the labels of the levels."""

    codes: IntArray
    labels: NDArray[Any]

    @property
    def size(self) -> int:
        """Number of levels."""
        return int(self.labels.size)

    @property
    def names(self) -> tuple[str, ...]:
        """The labels as text."""
        return tuple(str(label) for label in self.labels)


def as_grouping(labels: ArrayLike, readings: int, *, what: str, minimum: int = 2) -> Grouping:
    """Return the factor behind one label per reading; levels in sorted order.

    Raises:
        StatisticsError: not one label per reading; TooFewValues: fewer levels than `minimum`.

    >>> as_grouping(["b", "a", "b"], 3, what="parts").names
    ('a', 'b')
    """
    column = as_labels(labels, what=what)
    if column.size != readings:
        raise StatisticsError(f"the {what} must hold one label for each of the {readings} values")
    found, codes = (
        _numbered(column) if _is_dense(column) else np.unique(column, return_inverse=True)
    )
    if found.size < minimum:
        raise TooFewValues(minimum, int(found.size), f"different {what}")
    return Grouping(codes.astype(np.int64, copy=False), found)


def _is_dense(column: NDArray[Any]) -> bool:
    if column.dtype.kind not in "iu" or not column.size:
        return False
    return int(column.max()) - int(column.min()) <= 4 * column.size


def _numbered(column: NDArray[Any]) -> tuple[NDArray[Any], IntArray]:
    """Return what np.unique does, without sorting, for whole numbers that lie close together."""
    lowest = column.min()
    offset = (column - lowest).astype(np.int64, copy=False)
    is_used = np.bincount(offset) > 0
    number: IntArray = np.cumsum(is_used) - 1
    return np.flatnonzero(is_used).astype(column.dtype) + lowest, number[offset]


def cell_of(first: Grouping, second: Grouping | None = None) -> tuple[IntArray, int]:
    """Return the cell of every reading, first x second, and how many readings each holds.

    Raises:
        StatisticsError: the cells do not hold equally many readings.
        TooFewValues: a cell holds a single reading, so that repeatability cannot be seen.

    >>> part = as_grouping([1, 1, 2, 2], 4, what="parts")
    >>> cell_of(part)[1]
    2
    """
    cell = first.codes if second is None else first.codes * second.size + second.codes
    counts = np.bincount(cell, minlength=first.size * (1 if second is None else second.size))
    if counts.min() != counts.max():
        raise StatisticsError(
            "every cell must hold equally many readings for this method; "
            f"they hold {counts.min()} to {counts.max()}: use the REML study instead"
        )
    if counts.min() < 2:
        raise TooFewValues(2, int(counts.min()), "trials in each cell")
    return cell, int(counts[0])


def balanced_cells(
    values: ArrayLike, first: Grouping, second: Grouping | None = None
) -> FloatArray:
    """Return the readings as a table first x second x trials (first x trials without a second).

    Raises:
        StatisticsError, TooFewValues: as `cell_of`.

    >>> part = as_grouping([1, 1, 2, 2], 4, what="parts")
    >>> balanced_cells([5.0, 6.0, 7.0, 8.0], part).tolist()
    [[5.0, 6.0], [7.0, 8.0]]
    """
    readings = as_values(values)
    cell, trials = cell_of(first, second)
    shape = (first.size,) if second is None else (first.size, second.size)
    return readings[np.argsort(cell, kind="stable")].reshape(*shape, trials)
