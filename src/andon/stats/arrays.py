"""Input checks: every function of `stats` takes array-likes through these doors."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from andon.stats.errors import (
    InvalidOption,
    NotFinite,
    NoVariation,
    StatisticsError,
    TooFewValues,
)

__all__ = [
    "PIECE",
    "FloatArray",
    "as_labels",
    "as_table",
    "as_values",
    "require_between",
    "require_choice",
    "require_finite",
]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
# Fourth powers in between (squares of variances) neither overflow nor vanish.
LARGEST = 1e70
SMALLEST_SPREAD = 1e-70
# Long rows are read in pieces that stay in the cache; a copy of one (96 KiB) is so small that the
# allocator does not ask the system for fresh pages each time.
PIECE = 12_288


def as_values(
    x: ArrayLike, *, minimum: int = 1, what: str = "values", must_vary: bool = False
) -> FloatArray:
    """Return a one-dimensional finite float64 array of at least `minimum` values.

    Raises:
        TooFewValues: fewer than `minimum`; NotFinite: a value is missing or infinite;
        NoVariation: all equal though `must_vary`; StatisticsError: not numbers or not one row.

    >>> as_values([1, 2, 3])
    array([1., 2., 3.])
    """
    values = _as_numbers(x, dimensions=1, what=what)
    if values.size < minimum:
        raise TooFewValues(minimum, values.size, what)
    _require_finite(values, what)
    if must_vary and not any(_differs(piece, values[0]) for piece in _pieces(values)):
        raise NoVariation(what)
    return values


def as_table(
    x: ArrayLike, *, rows: int = 1, columns: int = 1, what: str = "subgroups"
) -> FloatArray:
    """Return a two-dimensional finite float64 array of at least `rows` x `columns`.

    >>> as_table([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    table = _as_numbers(x, dimensions=2, what=what)
    if table.shape[0] < rows:
        raise TooFewValues(rows, table.shape[0], what)
    if table.shape[1] < columns:
        raise TooFewValues(columns, table.shape[1], f"values in each of the {what}")
    _require_finite(table, what)
    return table


def as_labels(labels: ArrayLike, *, what: str = "labels") -> NDArray[Any]:
    """Return one row of labels, none of them missing; all texts where some of them are.

    Raises:
        StatisticsError: not one row, or a label that is None, NaN, empty, or itself a list.

    >>> as_labels(["b", 1]).tolist()
    ['b', '1']
    """
    if isinstance(labels, np.ndarray) and labels.ndim == 1 and labels.dtype.kind in "biu":
        return labels  # whole numbers are never missing, and a long row of them is not to be read
    cells = labels.tolist() if isinstance(labels, np.ndarray) else labels
    if not isinstance(cells, list | tuple):
        raise StatisticsError(f"the {what} must be one row of labels")
    kinds = {type(cell) for cell in cells}
    for index, cell in enumerate(cells):
        if isinstance(cell, list | tuple | dict | set):
            raise StatisticsError(f"the {what} must be single labels; position {index} is a list")
        if cell is None or cell == "" or cell != cell:  # noqa: PLR0124 - only NaN differs from itself
            message = f"every one of the {what} must be given; position {index} (from 0) is missing"
            raise StatisticsError(message)
    if len(kinds) > 1 and any(issubclass(kind, str) for kind in kinds):
        return np.array([str(cell) for cell in cells])
    return np.asarray(labels)


def require_between(
    option: str, value: float, low: float, high: float, *, open_ends: bool = True
) -> float:
    """Return the option's value when it lies between low and high, else raise InvalidOption."""
    inside = low < value < high if open_ends else low <= value <= high
    if not inside:
        ends = "strictly between" if open_ends else "between"
        raise InvalidOption(option, value, f"{ends} {low:g} and {high:g}")
    return float(value)


def require_finite(option: str, value: float | None) -> None:
    """Raise InvalidOption when a value is given that is NaN or infinite."""
    if value is not None and not np.isfinite(value):
        raise InvalidOption(option, value, "a finite number")


def require_choice(option: str, value: str, choices: tuple[str, ...]) -> str:
    """Return the option's value when it is one of the choices, else raise InvalidOption."""
    if value not in choices:
        raise InvalidOption(option, value, "one of " + ", ".join(choices))
    return value


def _as_numbers(x: ArrayLike, *, dimensions: int, what: str) -> FloatArray:
    try:
        given = _real(x)
        values = given.astype(np.float64, order="C", copy=False)
    except OverflowError as error:
        raise _too_large(what) from error
    except (TypeError, ValueError) as error:
        raise StatisticsError(f"the {what} must be numbers, every row of equal length") from error
    if given.ndim != dimensions:
        shape = "a single row of numbers" if dimensions == 1 else "a table (rows of equal length)"
        raise StatisticsError(f"the {what} must be {shape}, not {given.ndim}-dimensional")
    return values


def _real(x: ArrayLike) -> NDArray[Any]:
    given = np.asarray(x)
    if given.dtype.kind in "cmM" or np.ma.is_masked(x):
        raise TypeError("complex numbers, points in time and masked values are no numbers")
    return given


def _pieces(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    flat = values.reshape(-1)
    return (flat[at : at + PIECE] for at in range(0, flat.size, PIECE))


def _differs(piece: FloatArray, first: float) -> bool:
    return bool(max(piece.max() - first, first - piece.min()) >= SMALLEST_SPREAD)


def _require_finite(values: NDArray[Any], what: str) -> None:
    # The extremes carry NaN and infinity along, so they prove every value.
    if all(max(piece.max(), -piece.min()) <= LARGEST for piece in _pieces(values)):
        return
    broken = np.flatnonzero(~np.isfinite(values))
    if broken.size:
        raise NotFinite(int(broken[0]), what)
    raise _too_large(what)


def _too_large(what: str) -> StatisticsError:
    return StatisticsError(
        f"the {what} must lie within -/+{LARGEST:g}, so that they can be squared twice: "
        "change the unit"
    )
