"""Gauge R&R from ranges: the short range method and the average-and-range method of AIAG."""

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, as_values
from andon.stats.chart_factors import d2, d2_star
from andon.stats.errors import NoVariation, StatisticsError
from andon.stats.gauge_layout import as_grouping, balanced_cells
from andon.stats.gauge_study import (
    GaugeStudy,
    StudyScale,
    gauge_study,
    study_components,
    study_variances,
)
from andon.stats.gauge_verdict import GaugeVerdict, judge_gauge
from andon.stats.results import Result

__all__ = ["RangeStudy", "gauge_average_range", "gauge_range"]

SOURCE = "AIAG MSA 4th ed. (2010), chapter III B; d2*: Duncan (1986)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeStudy(Result):
    """The short range study: gauge spread as one figure, not split.

    Attributes:
        mean_range: mean over parts of the range over operators.
        gauge_sd: mean range / d2*.
        percent_study, percent_tolerance: absent without process_sd or tolerance.
        verdict: absent when neither is known.
    """

    parts: int
    operators: int
    mean_range: float
    gauge_sd: float
    percent_study: float | None
    percent_tolerance: float | None
    verdict: GaugeVerdict | None


def gauge_range(
    values: ArrayLike,
    parts: ArrayLike,
    operators: ArrayLike,
    *,
    tolerance: float | None = None,
    multiplier: float = 6.0,
    process_sd: float | None = None,
) -> RangeStudy:
    """Return the short study: every operator measures every part once; s = mean range / d2*.

    d2* = sqrt(d2^2 + d3^2 / parts) for ranges over the operators.

    Raises:
        StatisticsError: not exactly one reading of every part by every operator;
        NoVariation: all ranges are zero.

    >>> study = gauge_range([0.85, 0.80, 0.75, 0.70], [1, 1, 2, 2], ["a", "b", "a", "b"])
    >>> round(study.gauge_sd, 4)
    0.0391
    """
    scale = StudyScale(tolerance, multiplier, process_sd)
    table = _one_reading_each(values, parts, operators)
    mean_range = float((table.max(axis=1) - table.min(axis=1)).mean())
    if mean_range == 0:
        raise NoVariation("readings of each part")
    gauge_sd = mean_range / d2_star(table.shape[1], table.shape[0])
    study = None if process_sd is None else 100 * gauge_sd / process_sd
    of_tolerance = None if tolerance is None else 100 * scale.multiplier * gauge_sd / tolerance
    known = [percent for percent in (study, of_tolerance) if percent is not None]
    return RangeStudy(
        method="gauge_range",
        options={"tolerance": tolerance, "multiplier": multiplier, "process_sd": process_sd},
        convention="sigma = mean range / d2*",
        source=SOURCE,
        parts=table.shape[0],
        operators=table.shape[1],
        mean_range=mean_range,
        gauge_sd=gauge_sd,
        percent_study=study,
        percent_tolerance=of_tolerance,
        verdict=judge_gauge(max(known), None, math.inf) if known else None,
    )


def gauge_average_range(
    values: ArrayLike,
    parts: ArrayLike,
    operators: ArrayLike,
    *,
    tolerance: float | None = None,
    multiplier: float = 6.0,
    process_sd: float | None = None,
) -> GaugeStudy:
    """Return the average-and-range study; it cannot see an interaction.

    EV = K1 R, AV = sqrt((K2 X_diff)^2 - EV^2 / (parts trials)), PV = K3 R_part, with
    K1 = 1/d2(trials), K2 = 1/d2*(operators, 1), K3 = 1/d2*(parts, 1), all computed, not tabulated.

    Args and errors as `gauge_crossed`.

    >>> study = gauge_average_range(
    ...     [1.0, 1.2, 1.1, 1.3, 3.0, 3.1, 3.1, 3.4], [1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 2, 2] * 2
    ... )
    >>> round(study.component("repeatability").standard_deviation, 4)
    0.1772
    """
    scale = StudyScale(tolerance, multiplier, process_sd)
    count = as_values(values, must_vary=True).size
    part = as_grouping(parts, count, what="parts")
    operator = as_grouping(operators, count, what="operators")
    cells = balanced_cells(values, part, operator)
    variances = study_variances(_squared_estimates(cells), process_sd)
    return gauge_study(
        study_components(variances, {}, scale),
        Result(
            method="gauge_average_range",
            options={"tolerance": tolerance, "multiplier": multiplier, "process_sd": process_sd},
            convention="K1 = 1/d2, K2 and K3 = 1/d2* for one range, computed",
            source=SOURCE,
        ),
    )


def _squared_estimates(cells: FloatArray) -> dict[str, float]:
    p, o, r = cells.shape
    mean_range = float((cells.max(axis=2) - cells.min(axis=2)).mean())
    by_operator, by_part = cells.mean(axis=(0, 2)), cells.mean(axis=(1, 2))
    repeatability = (mean_range / d2(r)) ** 2
    difference = float(by_operator.max() - by_operator.min()) / d2_star(o, 1)
    return {
        "repeatability": repeatability,
        "operator": difference**2 - repeatability / (p * r),
        "part": (float(by_part.max() - by_part.min()) / d2_star(p, 1)) ** 2,
    }


def _one_reading_each(values: ArrayLike, parts: ArrayLike, operators: ArrayLike) -> FloatArray:
    readings = as_values(values)
    part = as_grouping(parts, readings.size, what="parts")
    operator = as_grouping(operators, readings.size, what="operators")
    cell = part.codes * operator.size + operator.codes
    order = cell.argsort(kind="stable")
    if cell.size != part.size * operator.size or (cell[order] != range(cell.size)).any():
        raise StatisticsError(
            "the range method needs exactly one reading of every part by every operator"
        )
    return readings[order].reshape(part.size, operator.size)
