"""From mean squares to variance components with intervals, for every balanced gauge study."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from andon.stats.arrays import FloatArray, require_between, require_choice
from andon.stats.gauge_intervals import (
    MeanSquares,
    mls_interval,
    satterthwaite_interval,
    share_interval,
)
from andon.stats.gauge_study import (
    GaugeStudy,
    MeanSquareRow,
    StudyScale,
    gauge_study,
    study_components,
    study_variances,
)
from andon.stats.results import Interval, Result

__all__ = ["anova_row", "study_from_mean_squares", "total_row"]

Coefficients = Mapping[str, FloatArray]


def anova_row(
    source: str, degrees: float, sum_of_squares: float, against: MeanSquareRow | None = None
) -> MeanSquareRow:
    """Return a row, tested by F against the mean square of another row when one is given.

    >>> error = anova_row("repeatability", 4, 8.0)
    >>> round(anova_row("part", 2, 24.0, error).f, 3)
    6.0
    """
    degrees = float(degrees)
    mean_square = sum_of_squares / degrees
    if against is None:
        return MeanSquareRow(source, degrees, sum_of_squares, mean_square)
    f = _ratio(mean_square, against.mean_square)
    p = float(stats.f.sf(f, degrees, against.degrees))
    return MeanSquareRow(source, degrees, sum_of_squares, mean_square, f, p)


def total_row(rows: Sequence[MeanSquareRow]) -> MeanSquareRow:
    """Return the row of the total.

    >>> total_row([anova_row("part", 2, 24.0), anova_row("repeatability", 4, 8.0)]).degrees
    6.0
    """
    degrees = sum(row.degrees for row in rows)
    return anova_row("total", degrees, sum(row.sum_of_squares for row in rows))


def study_from_mean_squares(
    rows: Sequence[MeanSquareRow],
    coefficients: Coefficients,
    provenance: Result,
    *,
    scale: StudyScale,
    level: float,
    interval_method: str,
    is_interaction_pooled: bool = False,
) -> GaugeStudy:
    """Return the study whose components are linear in the mean squares of the rows."""
    require_between("level", level, 0, 1)
    require_choice("interval_method", interval_method, ("mls", "satterthwaite"))
    squares = _mean_squares(rows)
    estimates = {name: float(c @ squares.values) for name, c in coefficients.items()}
    sums = _with_sums(coefficients)
    known = scale.process_sd is not None
    intervals = {} if known else _intervals(sums, squares, level, interval_method)
    variances = study_variances(estimates, scale.process_sd)
    return gauge_study(
        study_components(variances, intervals, scale),
        provenance,
        anova=(*rows, total_row(rows)),
        is_interaction_pooled=is_interaction_pooled,
        share=None if known else share_interval(sums["gauge"], sums["total"], squares, level),
    )


def _mean_squares(rows: Sequence[MeanSquareRow]) -> MeanSquares:
    values = np.array([row.mean_square for row in rows], dtype=np.float64)
    return MeanSquares(values, np.array([row.degrees for row in rows], dtype=np.float64))


def _with_sums(coefficients: Coefficients) -> dict[str, FloatArray]:
    zero = np.zeros_like(coefficients["repeatability"])
    between = sum(
        (coefficients[name] for name in ("operator", "interaction") if name in coefficients),
        start=zero,
    )
    gauge = coefficients["repeatability"] + between
    total = gauge + coefficients["part"]
    return dict(coefficients) | {"reproducibility": between, "gauge": gauge, "total": total}


def _intervals(
    sums: Coefficients, squares: MeanSquares, level: float, interval_method: str
) -> dict[str, Interval]:
    interval = mls_interval if interval_method == "mls" else satterthwaite_interval
    return {name: interval(c, squares, level) for name, c in sums.items() if c.any()}


def _ratio(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return numerator / denominator
    return math.inf if numerator > 0 else math.nan
