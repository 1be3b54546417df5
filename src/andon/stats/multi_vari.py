"""Multi-vari: how much variation lies between times, between parts, and within them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, IntArray, as_values
from andon.stats.errors import StatisticsError, TooFewValues
from andon.stats.factors import FactorColumn, encode_factors
from andon.stats.results import Result

__all__ = ["MultiVari", "VariationSource", "split_variation"]


@dataclass(frozen=True, slots=True)
class VariationSource:
    """One level of the hierarchy: its variance component, sigma and share; at least 0."""

    source: str
    df: int
    mean_square: float
    variance: float
    sigma: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiVari(Result):
    """Sources from the outermost to within, and the mean of every outermost group."""

    sources: tuple[VariationSource, ...]
    mean: float
    groups: tuple[str, ...]
    group_means: FloatArray


def split_variation(values: ArrayLike, levels: Mapping[str, FactorColumn]) -> MultiVari:
    """Return the nested variance components of values, balanced or not.

    Sequential sums of squares are set equal to their expectations; components below 0 are shown
    as 0.

    Args:
        values: shape (n,).
        levels: from the outermost to the innermost ("day", "lot", "part"), one label per value;
            inner labels need to be unique only within their outer group.

    Raises:
        TooFewValues: a level without repeats; NotFinite; StatisticsError: a label is missing.

    Source: Seder 1950, Industrial Quality Control (multi-vari); Searle, Casella and McCulloch
    1992, Variance Components, 5.6.

    >>> found = split_variation([1.0, 1.1, 5.0, 5.1, 1.0, 0.9, 5.0, 4.9], {"lot": list("aabbccdd")})
    >>> [source.source for source in found.sources]
    ['lot', 'within']
    """
    x = as_values(values, minimum=3, must_vary=True)
    coded = encode_factors(levels, x.size)
    if any(factor.has_missing for factor in coded.values()):
        raise StatisticsError("every value needs a label at every level")
    hierarchy = _nested([factor.codes for factor in coded.values()], x.size)
    names = [*coded, "within"]
    y = x - x.mean()
    sizes = [np.bincount(codes) for codes in hierarchy]
    explained = [_explained(codes, size, y) for codes, size in zip(hierarchy, sizes, strict=True)]
    df = np.diff([size.size for size in sizes])
    if (df < 1).any():
        level = names[int(np.flatnonzero(df < 1)[0])]
        raise TooFewValues(2, 1, f"repeats for {level}")
    squares = np.diff(explained)
    components = _solve(squares, df, _expectations(hierarchy, sizes))
    total = float(components.sum())
    outer = next(iter(coded.values()))
    return MultiVari(
        sources=tuple(
            VariationSource(
                name, int(free), float(ss / free), float(v), float(v**0.5), float(v / total)
            )
            for name, free, ss, v in zip(names, df, squares, components, strict=True)
        ),
        mean=float(x.mean()),
        groups=outer.levels,
        group_means=np.asarray(np.bincount(outer.codes, x) / np.bincount(outer.codes)),
        method="split_variation",
        options={"levels": list(coded)},
        convention="nested random effects, moments of sequential sums of squares, floored at 0",
        source="Searle, Casella and McCulloch 1992, 5.6",
    )


def _nested(columns: list[IntArray], rows: int) -> list[IntArray]:
    """Return group numbers from one group of everything down to every value by itself."""
    hierarchy = [np.zeros(rows, np.int64)]
    for codes in columns:
        joined = hierarchy[-1] * (int(codes.max()) + 1) + codes
        hierarchy.append(np.unique(joined, return_inverse=True)[1].astype(np.int64))
    return [*hierarchy, np.arange(rows)]


def _explained(codes: IntArray, sizes: IntArray, y: FloatArray) -> float:
    return float((np.bincount(codes, y) ** 2 / sizes).sum())


def _expectations(hierarchy: list[IntArray], sizes: list[IntArray]) -> FloatArray:
    """Return what one unit of each component adds to each sequential sum of squares."""
    depth = len(hierarchy)
    per_value = [size[codes] for codes, size in zip(hierarchy, sizes, strict=True)]
    table = np.zeros((depth, depth))
    for outer in range(depth):
        for inner in range(outer, depth):
            # sum over inner groups of size^2 / size of their outer group, written per value
            table[outer, inner] = float((per_value[inner] / per_value[outer]).sum())
    return np.asarray(np.diff(table, axis=0)[:, 1:])


def _solve(squares: FloatArray, df: IntArray, expected: FloatArray) -> FloatArray:
    components = np.linalg.solve(np.triu(expected), squares)
    return np.asarray(np.maximum(components, 0.0))
