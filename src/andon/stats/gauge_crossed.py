"""Gauge R&R by analysis of variance: every operator measures every part several times."""

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import PIECE, FloatArray, IntArray, as_values, require_between
from andon.stats.gauge_anova import anova_row, study_from_mean_squares
from andon.stats.gauge_layout import as_grouping, cell_of
from andon.stats.gauge_study import GaugeStudy, MeanSquareRow, StudyScale
from andon.stats.moments import sum_of_squares
from andon.stats.results import Result

__all__ = ["gauge_crossed"]

Shape = tuple[int, int, int]  # parts, operators, trials
SOURCE = (
    "AIAG MSA 4th ed. (2010), appendix A; Montgomery, Introduction to Statistical Quality "
    "Control, 8.7; intervals: Burdick, Borror, Montgomery (2005)"
)


def gauge_crossed(
    values: ArrayLike,
    parts: ArrayLike,
    operators: ArrayLike,
    *,
    tolerance: float | None = None,
    pooling_alpha: float = 0.25,
    multiplier: float = 6.0,
    process_sd: float | None = None,
    level: float = 0.95,
    interval_method: str = "mls",
) -> GaugeStudy:
    """Return the crossed gauge study (two random factors with interaction).

    y_ijk = mu + part_i + operator_j + interaction_ij + e_ijk. The interaction is pooled with
    repeatability when its p value exceeds `pooling_alpha` (1 never pools, 0 always does).

    Args:
        values: one reading per row, any unit.
        parts: the part of every reading.
        operators: the operator of every reading.
        tolerance: width of the specification, in the unit of the values.
        pooling_alpha: 0.25 as AIAG; other engines use 0.05.
        multiplier: spread of a standard deviation, 6 (or 5.15 of older editions).
        process_sd: known process spread that replaces the parts of the study.
        level: confidence level of the intervals.
        interval_method: "mls" or "satterthwaite".

    Raises:
        StatisticsError: cells of unequal size (use `gauge_reml`), TooFewValues: fewer than two
        parts, operators or trials, NoVariation: all readings equal.

    >>> study = gauge_crossed(
    ...     [1.0, 1.2, 1.1, 1.3, 3.0, 3.1, 3.1, 3.4],
    ...     ["a", "a", "a", "a", "b", "b", "b", "b"],
    ...     [1, 1, 2, 2, 1, 1, 2, 2],
    ... )
    >>> study.is_interaction_pooled, study.verdict.value
    (True, 'conditional')
    """
    require_between("pooling_alpha", pooling_alpha, 0, 1, open_ends=False)
    scale = StudyScale(tolerance, multiplier, process_sd)
    readings = as_values(values, must_vary=True)
    part = as_grouping(parts, readings.size, what="parts")
    operator = as_grouping(operators, readings.size, what="operators")
    cell, trials = cell_of(part, operator)
    shape = (part.size, operator.size, trials)
    rows, pooled = _rows(_sums_of_squares(readings, cell, shape), shape, pooling_alpha)
    options = {
        "tolerance": tolerance,
        "pooling_alpha": pooling_alpha,
        "multiplier": multiplier,
        "process_sd": process_sd,
        "level": level,
        "interval_method": interval_method,
    }
    convention = f"interaction pooled when p > {pooling_alpha:g}"
    return study_from_mean_squares(
        rows,
        _coefficients(shape, pooled),
        Result(method="gauge_crossed", options=options, convention=convention, source=SOURCE),
        scale=scale,
        level=level,
        interval_method=interval_method,
        is_interaction_pooled=pooled,
    )


def _rows(
    sums: tuple[float, float, float, float], shape: Shape, alpha: float
) -> tuple[list[MeanSquareRow], bool]:
    """Rows of the analysis of variance, and whether the interaction was pooled."""
    p, o, r = shape
    part, operator, interaction, error = sums
    within = anova_row("repeatability", p * o * (r - 1), error)
    crossed = anova_row("interaction", (p - 1) * (o - 1), interaction, within)
    pooled = alpha == 0 or (crossed.p is not None and crossed.p > alpha)
    if pooled:
        within = anova_row("repeatability", within.degrees + crossed.degrees, error + interaction)
    against = within if pooled else crossed
    rows = [
        anova_row("part", p - 1, part, against),
        anova_row("operator", o - 1, operator, against),
    ]
    return [*rows, within] if pooled else [*rows, crossed, within], pooled


def _sums_of_squares(
    readings: FloatArray, cell: IntArray, shape: Shape
) -> tuple[float, float, float, float]:
    """Sums of squares of parts, operators, interaction and error; two passes over the readings."""
    p, o, r = shape
    middle = readings.mean()
    means = np.zeros(p * o)
    piece = max(PIECE, 8 * means.size)
    for rows in (slice(at, at + piece) for at in range(0, readings.size, piece)):
        means += np.bincount(cell[rows], readings[rows] - middle, means.size)
    means /= r
    error = 0.0
    for rows in (slice(at, at + PIECE) for at in range(0, readings.size, PIECE)):
        error += sum_of_squares(readings[rows] - middle - means[cell[rows]])
    table = means.reshape(p, o)
    part, operator = table.mean(axis=1), table.mean(axis=0)
    rest = table - part[:, None] - operator
    squares = sum_of_squares(part), sum_of_squares(operator), sum_of_squares(rest.ravel())
    return o * r * squares[0], p * r * squares[1], r * squares[2], error


def _coefficients(shape: Shape, pooled: bool) -> dict[str, FloatArray]:
    p, o, r = shape
    if pooled:
        return {
            "repeatability": np.array([0.0, 0.0, 1.0]),
            "operator": np.array([0.0, 1.0, -1.0]) / (p * r),
            "part": np.array([1.0, 0.0, -1.0]) / (o * r),
        }
    return {
        "repeatability": np.array([0.0, 0.0, 0.0, 1.0]),
        "operator": np.array([0.0, 1.0, -1.0, 0.0]) / (p * r),
        "interaction": np.array([0.0, 0.0, 1.0, -1.0]) / r,
        "part": np.array([1.0, 0.0, -1.0, 0.0]) / (o * r),
    }
