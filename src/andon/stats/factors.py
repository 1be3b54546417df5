"""Factors: what was where (machine, shift, lot ...), coded as whole numbers once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from andon.stats.arrays import PIECE, FloatArray, IntArray
from andon.stats.errors import StatisticsError, TooFewValues

__all__ = [
    "CellSums",
    "Factor",
    "FactorColumn",
    "Pair",
    "cross",
    "encode_factor",
    "encode_factors",
    "level_moments",
    "pair_moments",
]


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor over all rows.

    Attributes:
        levels: names, sorted.
        codes: position of each row's level, -1 where it is missing, shape (n,).
    """

    levels: tuple[str, ...]
    codes: IntArray

    @property
    def has_missing(self) -> bool:
        """Whether a row has no level."""
        return bool(self.codes.size and self.codes.min() < 0)


FactorColumn = Sequence[object] | NDArray[np.generic] | Factor


def encode_factor(column: FactorColumn) -> Factor:
    """Return the column coded; None, NaN and empty text are missing.

    >>> encode_factor(["L2", "L1", None, "L2"]).codes.tolist()
    [1, 0, -1, 1]
    """
    if isinstance(column, Factor):
        return column
    cells = column.tolist() if isinstance(column, np.ndarray) else column
    if not isinstance(cells, Sequence):
        raise _not_labels()
    try:
        different = dict.fromkeys(cells)
    except TypeError as error:
        raise _not_labels() from error
    names = {cell: "" if _is_missing(cell) else str(cell) for cell in different}
    levels = sorted(set(names.values()) - {""})
    position = {level: index for index, level in enumerate(levels)} | {"": -1}
    code = {cell: position[name] for cell, name in names.items()}
    return Factor(tuple(levels), np.fromiter(map(code.__getitem__, cells), np.int64, len(cells)))


def _not_labels() -> StatisticsError:
    return StatisticsError("a factor must be one row of labels, one for each value")


def _is_missing(cell: object) -> bool:
    return cell is None or cell == "" or cell != cell  # noqa: PLR0124 - only NaN differs from itself


def encode_factors(factors: Mapping[str, FactorColumn], rows: int) -> dict[str, Factor]:
    """Return every factor coded; each must have one entry per row.

    Raises:
        TooFewValues: no factor; StatisticsError: a factor's length is not the number of rows.
    """
    if not factors:
        raise TooFewValues(1, 0, "factors")
    coded = {name: encode_factor(column) for name, column in factors.items()}
    for name, factor in coded.items():
        if factor.codes.size != rows:
            raise StatisticsError(
                f"factor {name} has {factor.codes.size} entries for {rows} rows; one each is needed"
            )
    return coded


def level_sums(factor: Factor, weights: FloatArray | None = None) -> FloatArray:
    """Return per level the number of rows, or the sum of the weights, missing rows left out."""
    codes = factor.codes
    if factor.has_missing:
        here = codes >= 0
        codes, weights = codes[here], None if weights is None else weights[here]
    return np.bincount(codes, weights, len(factor.levels)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class CellSums:
    """Rows, sum of the values and sum of their squares per cell, shape (levels,) or (a, b)."""

    counts: FloatArray
    sums: FloatArray
    squares: FloatArray


def level_moments(factor: Factor, x: FloatArray) -> CellSums:
    """Return the sums of every level, missing rows left out. O(n), the rows read once.

    >>> level_moments(encode_factor(["a", "b", "b"]), np.array([1.0, 2.0, 3.0])).sums.tolist()
    [1.0, 5.0]
    """
    return CellSums(*_cell_sums(lambda rows: factor.codes[rows], len(factor.levels), x))


def pair_moments(first: Factor, second: Factor, x: FloatArray) -> CellSums:
    """Return the sums of every cell of two factors, shape (first levels, second levels)."""
    shape = (len(first.levels), len(second.levels))

    def cell(rows: slice) -> IntArray:
        return _crossed(first.codes[rows], second.codes[rows], shape[1])

    return CellSums(*_cell_sums(cell, shape[0] * shape[1], x).reshape(3, *shape))


def _cell_sums(cell: Callable[[slice], IntArray], cells: int, x: FloatArray) -> FloatArray:
    found = np.zeros((3, cells))
    piece = max(PIECE, 8 * cells)
    for start in range(0, x.size, piece):
        rows = slice(start, start + piece)
        codes, values = cell(rows), x[rows]
        if codes.min() < 0:
            here = codes >= 0
            codes, values = codes[here], values[here]
        found[0] += np.bincount(codes, None, cells)
        found[1] += np.bincount(codes, values, cells)
        found[2] += np.bincount(codes, values * values, cells)
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two factors crossed into one: cell = first level x number of second levels + second."""

    shape: tuple[int, int]
    cells: Factor

    def table(self, weights: FloatArray | None = None) -> FloatArray:
        """Return rows (or sums of weights) per cell, shape (first levels, second levels)."""
        codes = self.cells.codes
        if self.cells.has_missing:
            here = codes >= 0
            codes, weights = codes[here], None if weights is None else weights[here]
        flat = np.bincount(codes, weights, self.shape[0] * self.shape[1])
        return flat.reshape(self.shape).astype(np.float64)


def cross(first: Factor, second: Factor) -> Pair:
    """Return the pair; a row is missing where either level is.

    >>> cross(encode_factor(["a", "b"]), encode_factor(["x", "y"])).table().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    codes = _crossed(first.codes, second.codes, len(second.levels))
    return Pair((len(first.levels), len(second.levels)), Factor((), codes))


def _crossed(first: IntArray, second: IntArray, width: int) -> IntArray:
    codes = first * width + second
    if codes.size and min(first.min(), second.min()) < 0:
        codes[(first < 0) | (second < 0)] = -1
    return codes
