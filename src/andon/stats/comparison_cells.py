"""Each cell of a table against all the others: which station, shift or code stands out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from andon.stats.arrays import (
    BoolArray,
    FloatArray,
    as_values,
    require_between,
    require_finite,
)
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result

__all__ = ["CellsAgainstRest", "compare_cells_with_rest"]

MOST_INSPECTED = 10**10  # beyond it the hypergeometric terms lose a tail, and take ever longer


@dataclass(frozen=True, slots=True, kw_only=True)
class CellsAgainstRest(Result):
    """For each cell, in the order given.

    Attributes:
        p_values: hypergeometric chance of as many or more nonconforming units in the cell.
        ratios: rate of the cell over the rate of the rest; infinite when the rest has none.
        threshold: the p value below which a cell stands out.
        stands_out: p below the threshold and ratio at least the minimum.
    """

    p_values: FloatArray
    ratios: FloatArray
    threshold: float
    stands_out: BoolArray


def compare_cells_with_rest(
    counts: ArrayLike,
    inspected: ArrayLike,
    *,
    alpha: float = 0.01,
    planned_tests: int | None = None,
    minimum_ratio: float = 2.0,
) -> CellsAgainstRest:
    """Return the upper hypergeometric tail of each cell's count against all other cells.

    p = P(X >= c) where X counts the nonconforming among n units drawn without replacement from all
    N inspected, K of them nonconforming. Threshold = alpha / planned tests (Bonferroni).

    Args:
        counts: nonconforming units per cell, whole numbers, shape (k,), k at least 2.
        inspected: units per cell, whole numbers, at least the count, shape (k,).
        alpha: chance of any false alarm over all planned tests.
        planned_tests: number of tests planned (of a whole year, say); the cells given when None.
        minimum_ratio: smallest ratio that matters in practice.

    Raises:
        TooFewValues, NotFinite, InvalidOption, StatisticsError (lengths or counts do not fit).

    Source: Fisher 1935 (exact test, one-sided); Bonferroni 1936.

    >>> result = compare_cells_with_rest([31, 6, 5, 7], [2000, 2000, 2000, 2000])
    >>> [bool(cell) for cell in result.stands_out]
    [True, False, False, False]
    """
    require_between("alpha", alpha, 0, 1)
    require_between("minimum_ratio", minimum_ratio, 0, np.inf, open_ends=False)
    require_finite("minimum_ratio", minimum_ratio)
    c, n = _check(counts, inspected)
    tests = c.size if planned_tests is None else planned_tests
    if tests < 1:
        raise InvalidOption("planned_tests", planned_tests, "at least 1")
    p_values = np.asarray(stats.hypergeom.sf(c - 1, n.sum(), c.sum(), n), dtype=np.float64)
    ratios = _ratios(c, n)
    return CellsAgainstRest(
        p_values=p_values,
        ratios=ratios,
        threshold=alpha / tests,
        stands_out=(p_values < alpha / tests) & (ratios >= minimum_ratio),
        method="compare_cells_with_rest",
        options={"alpha": alpha, "planned_tests": tests, "minimum_ratio": minimum_ratio},
        convention="one-sided hypergeometric tail, as many or more; Bonferroni over planned tests",
        source="Fisher 1935; Bonferroni 1936",
    )


def _check(counts: ArrayLike, inspected: ArrayLike) -> tuple[FloatArray, FloatArray]:
    c, n = as_values(counts, minimum=2, what="counts"), as_values(inspected, what="inspected")
    if c.size != n.size:
        raise StatisticsError(f"counts and inspected differ in length: {c.size} and {n.size}")
    if (c < 0).any() or (c > n).any() or (c % 1).any() or (n % 1).any():
        raise StatisticsError("counts and inspected must be whole numbers, 0 <= count <= inspected")
    if n.sum() > MOST_INSPECTED:
        raise InvalidOption("inspected", float(n.sum()), f"at most {MOST_INSPECTED} units together")
    return c, n


def _ratios(counts: FloatArray, inspected: FloatArray) -> FloatArray:
    rest, rest_of = counts.sum() - counts, inspected.sum() - inspected
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: FloatArray = (counts / inspected) / (rest / rest_of)
    return ratios
