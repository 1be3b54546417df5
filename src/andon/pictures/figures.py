"""Numbers on their way into a picture: rows, thinned where there are too many, and texts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from andon.stats.results import Result

__all__ = [
    "MOST",
    "convention_of",
    "kept",
    "percent",
    "rows_of",
    "sentence",
    "table_of",
    "told",
    "values_of",
]

MOST = 3000
"""Points drawn; of more the extremes of each stretch are, and everything flagged."""


def rows_of(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return columns as rows; what is not finite is left empty.

    >>> rows_of({"a": [1.0, np.nan], "b": ["x", "y"]})
    [{'a': 1.0, 'b': 'x'}, {'a': None, 'b': 'y'}]
    """
    lists = {name: [plain(cell) for cell in np.asarray(column).tolist()]
             for name, column in columns.items()}  # fmt: skip
    return [dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)]


def plain(cell: Any) -> Any:
    """Return the cell, or None where it is a number that is not finite."""
    return None if isinstance(cell, float) and not np.isfinite(cell) else cell


def table_of(*columns: ArrayLike) -> list[tuple[Any, ...]]:
    """Return columns as rows of a table."""
    return list(zip(*(np.asarray(column).tolist() for column in columns), strict=True))


def told(value: float | None, digits: int = 4) -> str:
    """Return a number as text with this many significant digits.

    >>> told(0.739912), told(1234567.0), told(None), told(3.0)
    ('0.7399', '1,234,567', '–', '3')
    """
    if value is None or not np.isfinite(value):
        return "–" if value is None or np.isnan(value) else ("∞" if value > 0 else "−∞")
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}".replace("-", "−", 1) if value < 0 else f"{value:.{digits}g}"


def sentence(text: str) -> str:
    """Return the text with a capital first and a full stop, other letters as they are.

    >>> sentence("sigma within; K and H given")
    'Sigma within; K and H given.'
    """
    is_letter = len(text) > 1 and not text[1].isalpha()  # a symbol such as s keeps its size
    first = text[:1] if is_letter else text[:1].upper()
    return f"{first}{text[1:].rstrip('.')}." if text else ""


def convention_of(result: Result) -> str:
    """Return convention and source as sentences for a caption.

    >>> convention_of(Result(convention="limits of three sigma", source="ISO 7870-2"))
    'Limits of three sigma. Source: ISO 7870-2.'
    """
    source = f"Source: {result.source}." if result.source else ""
    return f"{sentence(result.convention)} {source}".strip()


def percent(share: float, digits: int = 3) -> str:
    """Return a share as percent.

    >>> percent(0.12345)
    '12.3 %'
    """
    return f"{told(100.0 * share, digits)} %"


def kept(values: ArrayLike, flagged: ArrayLike | None = None, most: int = MOST) -> NDArray[np.intp]:
    """Return the positions to draw: all, or of each stretch the extremes and what is flagged.

    >>> kept(np.arange(10.0), most=4).tolist()
    [0, 4, 5, 9]
    """
    x = np.nan_to_num(np.asarray(values, dtype=np.float64))
    if x.size <= most:
        return np.arange(x.size)
    stretches = np.array_split(np.arange(x.size), max(1, most // 2))
    ends = [at for one in stretches for at in (one[x[one].argmin()], one[x[one].argmax()])]
    marked = np.flatnonzero(np.asarray(flagged if flagged is not None else []))
    return np.unique(np.concatenate([ends, marked]).astype(np.intp))


def values_of(inputs: Mapping[str, Any], name: str = "values") -> NDArray[np.float64] | None:
    """Return a column of the inputs as numbers in one row; None where it was not given."""
    given = inputs.get(name)
    if given is None:
        return None
    parts = [np.ravel(np.asarray(part, dtype=np.float64)) for part in given]
    return np.concatenate(parts) if parts else None
