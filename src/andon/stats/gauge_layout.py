"""The layout of a gauge study: from one row per reading to a table parts x operators x trials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, IntArray, as_values
from andon.stats.errors import StatisticsError, TooFewValues

__all__ = ["Grouping", "as_grouping", "balanced_cells"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """One factor: the level of every reading as a code, and the names of the levels."""

    codes: IntArray
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of levels."""
        return len(self.names)


def as_grouping(labels: ArrayLike, readings: int, *, what: str, minimum: int = 2) -> Grouping:
    """Return the factor behind one label per reading; levels in sorted order.

    Raises:
        StatisticsError: not one label per reading; TooFewValues: fewer levels than `minimum`.

    >>> as_grouping(["b", "a", "b"], 3, what="parts").names
    ('a', 'b')
    """
    column = np.asarray(labels)
    if column.ndim != 1 or column.size != readings:
        raise StatisticsError(f"the {what} must hold one label for each of the {readings} values")
    names, codes = np.unique(column, return_inverse=True)
    if names.size < minimum:
        raise TooFewValues(minimum, int(names.size), f"different {what}")
    return Grouping(codes.astype(np.int64), tuple(str(name) for name in names))


def balanced_cells(
    values: ArrayLike, first: Grouping, second: Grouping | None = None
) -> FloatArray:
    """Return the readings as a table first x second x trials (first x trials without a second).

    Raises:
        StatisticsError: the cells do not hold equally many readings.
        TooFewValues: a cell holds a single reading, so that repeatability cannot be seen.

    >>> part = as_grouping([1, 1, 2, 2], 4, what="parts")
    >>> balanced_cells([5.0, 6.0, 7.0, 8.0], part).tolist()
    [[5.0, 6.0], [7.0, 8.0]]
    """
    readings = as_values(values)
    shape = (first.size,) if second is None else (first.size, second.size)
    cell = first.codes if second is None else first.codes * second.size + second.codes
    counts = np.bincount(cell, minlength=int(np.prod(shape)))
    if counts.min() != counts.max():
        raise StatisticsError(
            "every cell must hold equally many readings for this method; "
            f"they hold {counts.min()} to {counts.max()}: use the REML study instead"
        )
    if counts.min() < 2:
        raise TooFewValues(2, int(counts.min()), "trials in each cell")
    return readings[np.argsort(cell, kind="stable")].reshape(*shape, -1)
