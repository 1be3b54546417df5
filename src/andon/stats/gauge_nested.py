"""Gauge R&R where every operator has parts of his own, and where there is no operator.

Destructive or travelling-part studies nest parts in operators; an automatic gauge has none.
"""

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, as_values
from andon.stats.errors import StatisticsError
from andon.stats.gauge_anova import anova_row, study_from_mean_squares
from andon.stats.gauge_layout import Grouping, as_grouping, balanced_cells
from andon.stats.gauge_study import GaugeStudy, MeanSquareRow, StudyScale
from andon.stats.results import Result

__all__ = ["gauge_automatic", "gauge_nested", "parts_within_operators"]

SOURCE = (
    "Burdick, Borror, Montgomery (2005) Design and Analysis of Gauge R&R Studies; "
    "Montgomery, Design and Analysis of Experiments, 14.1"
)


def gauge_nested(
    values: ArrayLike,
    parts: ArrayLike,
    operators: ArrayLike,
    *,
    tolerance: float | None = None,
    multiplier: float = 6.0,
    process_sd: float | None = None,
    level: float = 0.95,
    interval_method: str = "mls",
) -> GaugeStudy:
    """Return the nested gauge study: y_ijk = mu + operator_j + part_i(j) + e_ijk.

    Operators are tested against parts within operators, those against repeatability. A part label
    used by two operators means two different parts.

    Args and errors as `gauge_crossed`; there is no interaction to pool.

    >>> study = gauge_nested(
    ...     [1.0, 1.2, 3.1, 3.3, 1.5, 1.4, 3.0, 3.2],
    ...     [1, 1, 2, 2, 3, 3, 4, 4],
    ...     ["a", "a", "a", "a", "b", "b", "b", "b"],
    ... )
    >>> [row.source for row in study.anova]
    ['operator', 'part within operator', 'repeatability', 'total']
    """
    scale = StudyScale(tolerance, multiplier, process_sd)
    count = as_values(values, must_vary=True).size
    operator = as_grouping(operators, count, what="operators")
    within = parts_within_operators(parts, operator)
    cells = balanced_cells(values, operator, within)
    cells = cells - cells.mean()
    options = {
        "tolerance": tolerance,
        "multiplier": multiplier,
        "process_sd": process_sd,
        "level": level,
        "interval_method": interval_method,
    }
    convention = "operators tested against parts within operators"
    return study_from_mean_squares(
        _nested_rows(cells),
        _nested_coefficients(cells),
        Result(method="gauge_nested", options=options, convention=convention, source=SOURCE),
        scale=scale,
        level=level,
        interval_method=interval_method,
    )


def gauge_automatic(
    values: ArrayLike,
    parts: ArrayLike,
    *,
    tolerance: float | None = None,
    multiplier: float = 6.0,
    process_sd: float | None = None,
    level: float = 0.95,
    interval_method: str = "mls",
) -> GaugeStudy:
    """Return the study of a gauge without operator influence ("type 3"): y_ik = mu + part_i + e_ik.

    Args and errors as `gauge_crossed`.

    >>> study = gauge_automatic([1.0, 1.1, 2.0, 2.2, 3.1, 3.0], [1, 1, 2, 2, 3, 3])
    >>> study.component("gauge") == study.component("repeatability")
    False
    >>> round(study.component("gauge").variance, 4)
    0.01
    """
    scale = StudyScale(tolerance, multiplier, process_sd)
    part = as_grouping(parts, as_values(values, must_vary=True).size, what="parts")
    cells = balanced_cells(values, part)
    cells = cells - cells.mean()
    trials = cells.shape[1]
    options = {
        "tolerance": tolerance,
        "multiplier": multiplier,
        "process_sd": process_sd,
        "level": level,
        "interval_method": interval_method,
    }
    return study_from_mean_squares(
        _automatic_rows(cells),
        {
            "repeatability": np.array([0.0, 1.0]),
            "part": np.array([1.0, -1.0]) / trials,
        },
        Result(method="gauge_automatic", options=options, convention="one operator", source=SOURCE),
        scale=scale,
        level=level,
        interval_method=interval_method,
    )


def parts_within_operators(parts: ArrayLike, operator: Grouping) -> Grouping:
    """Return the parts numbered 1, 2, ... within each operator.

    Raises:
        StatisticsError: the operators have different numbers of parts.
    """
    part = as_grouping(parts, operator.codes.size, what="parts")
    pairs, place = np.unique(operator.codes * part.size + part.codes, return_inverse=True)
    owner = pairs // part.size
    counts = np.bincount(owner)
    if counts.min() != counts.max():
        raise StatisticsError(
            "every operator must have equally many parts for this method; "
            f"they have {counts.min()} to {counts.max()}: use the REML study instead"
        )
    number = np.arange(pairs.size) - (counts.cumsum() - counts)[owner]
    return Grouping(number[place].astype(np.int64), np.arange(1, int(counts[0]) + 1))


def _nested_rows(cells: FloatArray) -> list[MeanSquareRow]:
    o, p, r = cells.shape
    cell = cells.mean(axis=2)
    operator = cell.mean(axis=1)
    error = float(((cells - cell[:, :, None]) ** 2).sum())
    part = r * float(((cell - operator[:, None]) ** 2).sum())
    between = p * r * float(((operator - operator.mean()) ** 2).sum())
    repeatability = anova_row("repeatability", o * p * (r - 1), error)
    parts = anova_row("part within operator", o * (p - 1), part, repeatability)
    return [anova_row("operator", o - 1, between, parts), parts, repeatability]


def _nested_coefficients(cells: FloatArray) -> dict[str, FloatArray]:
    _, p, r = cells.shape
    return {
        "repeatability": np.array([0.0, 0.0, 1.0]),
        "operator": np.array([1.0, -1.0, 0.0]) / (p * r),
        "part": np.array([0.0, 1.0, -1.0]) / r,
    }


def _automatic_rows(cells: FloatArray) -> list[MeanSquareRow]:
    p, r = cells.shape
    part = cells.mean(axis=1)
    error = anova_row("repeatability", p * (r - 1), float(((cells - part[:, None]) ** 2).sum()))
    between = r * float(((part - part.mean()) ** 2).sum())
    return [anova_row("part", p - 1, between, error), error]
