"""Gauge R&R by analysis of variance: every operator measures every part several times."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, as_values, require_between
from andon.stats.gauge_anova import anova_row, study_from_mean_squares
from andon.stats.gauge_layout import as_grouping, balanced_cells
from andon.stats.gauge_study import GaugeStudy, MeanSquareRow, StudyScale
from andon.stats.results import Result

__all__ = ["gauge_crossed"]

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
    count = as_values(values, must_vary=True).size
    part = as_grouping(parts, count, what="parts")
    operator = as_grouping(operators, count, what="operators")
    cells = balanced_cells(values, part, operator)
    rows, pooled = _rows(cells, pooling_alpha)
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
        _coefficients(cells.shape, pooled),
        Result(method="gauge_crossed", options=options, convention=convention, source=SOURCE),
        scale=scale,
        level=level,
        interval_method=interval_method,
        is_interaction_pooled=pooled,
    )


def _rows(cells: FloatArray, alpha: float) -> tuple[list[MeanSquareRow], bool]:
    """Rows of the analysis of variance, and whether the interaction was pooled."""
    p, o, r = cells.shape
    part, operator, interaction, error = _sums_of_squares(cells)
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


def _sums_of_squares(cells: FloatArray) -> tuple[float, float, float, float]:
    p, o, r = cells.shape
    centred = cells - cells.mean()
    cell = centred.mean(axis=2)
    part, operator = cell.mean(axis=1), cell.mean(axis=0)
    rest = cell - part[:, None] - operator[None, :]
    within = centred - cell[:, :, None]
    return (
        o * r * float(part @ part),
        p * r * float(operator @ operator),
        r * float((rest**2).sum()),
        float((within**2).sum()),
    )


def _coefficients(shape: Sequence[int], pooled: bool) -> dict[str, FloatArray]:
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
