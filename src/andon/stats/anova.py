"""Analysis of variance with one or two factors, balanced or not."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.additive import PairFit, fit_pair, is_comparable
from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.factors import FactorColumn, cross, encode_factors
from andon.stats.results import Interval, Result

__all__ = ["AnovaRow", "AnovaTable", "GroupMean", "analyze_groups", "analyze_two_factors"]

Variances = Literal["equal", "unequal"]
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class AnovaRow:
    """One line of the table; F and p are NaN for the error and the total."""

    source: str
    sum_of_squares: float
    df: float
    mean_square: float
    f: float
    p_value: float


@dataclass(frozen=True, slots=True)
class GroupMean:
    """A group's count, mean, standard deviation and interval of the mean."""

    group: str
    count: int
    mean: float
    sigma: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class AnovaTable(Result):
    """The table, the error sigma, the explained share, and the groups (one-way only)."""

    rows: tuple[AnovaRow, ...]
    sigma: float
    r_squared: float
    groups: tuple[GroupMean, ...] = ()

    def row(self, source: str) -> AnovaRow:
        """Return the line of this source."""
        return next(row for row in self.rows if row.source == source)


def analyze_groups(
    values: ArrayLike,
    groups: FactorColumn,
    *,
    variances: Variances = "equal",
    level: float = 0.95,
) -> AnovaTable:
    """Return the one-way analysis of variance.

    equal: F = (SSB / (k - 1)) / (SSW / (n - k)), group intervals from the pooled sigma. unequal:
    Welch's F with his degrees of freedom, group intervals from each group's own sigma.

    Args:
        values: shape (n,), at least one more than groups.
        groups: one label per value; values without a label are left out.
        variances: "equal" or "unequal" (then every group needs 2 values that differ).
        level: confidence level of the group means.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError.

    Source: Fisher 1925; Welch 1951, Biometrika 38; NIST StRD analysis of variance.

    >>> table = analyze_groups([1.0, 2.0, 3.0, 5.0, 6.0, 7.0], list("aaabbb"))
    >>> round(table.rows[0].f, 6), table.rows[1].df
    (24.0, 4.0)
    """
    require_choice("variances", variances, get_args(Variances))
    require_between("level", level, 0, 1)
    x, names, codes = _grouped(values, groups)
    origin = float(x.mean())
    y = x - origin
    counts = np.bincount(codes).astype(np.float64)
    means = np.bincount(codes, y) / counts
    rest = y - means[codes]
    squares = np.bincount(codes, rest**2)
    between, within = float(counts @ means**2), float(squares.sum())
    df = (counts.size - 1, x.size - counts.size)
    if within == 0:
        raise NoVariation("values within every group")
    sigmas = np.sqrt(squares / np.maximum(counts - 1, 1))
    pooled = within / df[1]
    f, df2 = between / df[0] / pooled, float(df[1])
    if variances == "unequal":
        f, df2 = _welch(counts, means, sigmas**2)
    errors = np.sqrt(pooled / counts) if variances == "equal" else sigmas / np.sqrt(counts)
    dfs = np.full(counts.size, df[1]) if variances == "equal" else counts - 1
    half = np.asarray(special.stdtrit(dfs, (1 + level) / 2), dtype=np.float64) * errors
    return AnovaTable(
        rows=(
            _row("between groups", between, df[0], f, float(special.fdtrc(df[0], df2, f))),
            AnovaRow("within groups", within, df2, pooled, NAN, NAN),
            AnovaRow("total", between + within, float(x.size - 1), NAN, NAN, NAN),
        ),
        sigma=float(np.sqrt(pooled)),
        r_squared=between / (between + within),
        groups=_group_means(names, counts, means + origin, sigmas, halves=half, level=level),
        method="analyze_groups",
        options={"variances": variances, "level": level},
        convention="pooled error" if variances == "equal" else "Welch's F and degrees of freedom",
        source="Fisher 1925" if variances == "equal" else "Welch 1951",
    )


def _group_means(
    names: list[str],
    counts: FloatArray,
    means: FloatArray,
    sigmas: FloatArray,
    *,
    halves: FloatArray,
    level: float,
) -> tuple[GroupMean, ...]:
    return tuple(
        GroupMean(
            name,
            int(count),
            float(mean),
            float(sigma) if count > 1 else NAN,
            Interval(float(mean - half), float(mean + half), level),
        )
        for name, count, mean, sigma, half in zip(names, counts, means, sigmas, halves, strict=True)
    )


def _grouped(
    values: ArrayLike, groups: FactorColumn
) -> tuple[FloatArray, list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return the labelled values, the labels in use and each value's place among them."""
    x = as_values(values, minimum=3)
    factor = encode_factors({"groups": groups}, x.size)["groups"]
    here = factor.codes >= 0
    x = x[here]
    used, codes = np.unique(factor.codes[here], return_inverse=True)
    if used.size < 2:
        raise TooFewValues(2, int(used.size), "groups")
    if x.size <= used.size:
        raise TooFewValues(int(used.size) + 1, int(x.size))
    return x, [factor.levels[k] for k in used], codes


def _welch(counts: FloatArray, means: FloatArray, variances: FloatArray) -> tuple[float, float]:
    if counts.min() < 2 or variances.min() == 0:
        raise StatisticsError("unequal variances need at least 2 values that differ in each group")
    weights = counts / variances
    share = weights / weights.sum()
    k = counts.size
    between = float((weights * (means - share @ means) ** 2).sum()) / (k - 1)
    lack = float(((1 - share) ** 2 / (counts - 1)).sum())
    f = between / (1 + 2 * (k - 2) / (k**2 - 1) * lack)
    return f, (k**2 - 1) / (3 * lack)


def _row(source: str, squares: float, df: float, f: float, p_value: float) -> AnovaRow:
    return AnovaRow(source, squares, float(df), squares / df if df else NAN, f, p_value)


def analyze_two_factors(
    values: ArrayLike,
    first: FactorColumn,
    second: FactorColumn,
    *,
    interaction: bool = True,
    first_name: str = "first",
    second_name: str = "second",
) -> AnovaTable:
    """Return the two-way analysis of variance, each factor adjusted for the other (type II).

    SS(A) = SS(A, B) - SS(B); SS(AB) = SS cells - SS(A, B). In balanced data these are the usual
    sums of squares.

    Args:
        values: shape (n,).
        first, second: one label per value; rows without either are left out.
        interaction: whether AB has its own line, or belongs to the error.
        first_name, second_name: names for the lines of the table.

    Raises:
        TooFewValues, NotFinite; NoVariation: nothing left for the error; StatisticsError: the
        factors are aliased, or too many levels.

    Source: Montgomery, Design and Analysis of Experiments, ch. 5; Searle 1971, ch. 7.

    >>> table = analyze_two_factors([1, 2, 3, 4, 2, 3, 6, 7], list("aaaabbbb"), list("xxyyxxyy"))
    >>> [row.source for row in table.rows]
    ['first', 'second', 'first x second', 'error', 'total']
    """
    x = as_values(values, minimum=4, must_vary=True)
    names = (first_name, second_name)
    coded = encode_factors({first_name: first, second_name: second}, x.size)
    pair = cross(coded[first_name], coded[second_name])
    if not is_comparable(pair.shape):
        raise StatisticsError("too many levels for a two-way table; group them first")
    used = x[pair.cells.codes >= 0]
    y = used - used.mean()
    total = float((y**2).sum())
    x = x - used.mean()
    fit = fit_pair(pair.table(), pair.table(x), total)
    return _two_way_table(fit, names, interaction)


def _two_way_table(fit: PairFit, names: tuple[str, str], interaction: bool) -> AnovaTable:
    df_first, df_second = fit.rank - fit.levels[1], fit.rank - fit.levels[0]
    if df_first < 1 or df_second < 1:
        raise StatisticsError(f"{names[0]} and {names[1]} cannot be told apart: vary them freely")
    model, rank = (fit.cells, fit.filled) if interaction else (fit.additive, fit.rank)
    df, error = fit.rows - rank, max(fit.total - model, 0.0)
    if df < 1 or error <= 1e-14 * fit.total:
        raise NoVariation("values within every combination (repeat it, or leave out interaction)")
    lines = [
        (names[0], fit.additive - fit.second, df_first),
        (names[1], fit.additive - fit.first, df_second),
    ]
    if interaction and fit.filled > fit.rank:
        gain = max(fit.cells - fit.additive, 0.0)
        lines.append((f"{names[0]} x {names[1]}", gain, fit.filled - fit.rank))
    tested = []
    for source, squares, free in lines:
        f = squares / free / (error / df)
        tested.append(_row(source, squares, free, f, float(special.fdtrc(free, df, f))))
    return AnovaTable(
        rows=(
            *tested,
            _row("error", error, df, NAN, NAN),
            AnovaRow("total", fit.total, float(fit.rows - 1), NAN, NAN, NAN),
        ),
        sigma=float(np.sqrt(error / df)),
        r_squared=model / fit.total,
        method="analyze_two_factors",
        options={"interaction": interaction, "first_name": names[0], "second_name": names[1]},
        convention="type II sums of squares (each factor adjusted for the other)",
        source="Montgomery, Design and Analysis of Experiments, ch. 5; Searle 1971, ch. 7",
    )
