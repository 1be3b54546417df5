"""Exponentially weighted moving average chart, for small lasting shifts."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import lfilter

from andon.stats.arrays import (
    PIECE,
    FloatArray,
    as_values,
    require_between,
    require_finite,
)
from andon.stats.chart_stages import Heading, Plan, Series, build_chart
from andon.stats.charts import Baseline, ControlChart, Lines
from andon.stats.charts_individuals import individuals_chart
from andon.stats.errors import InvalidOption
from andon.stats.rules import LIMITS_ONLY

__all__ = ["ewma_chart", "weighted_average"]


def weighted_average(values: FloatArray, weight: float, start: float) -> FloatArray:
    """Return z_t = weight x_t + (1 - weight) z_(t-1), z_0 = start. O(n).

    >>> weighted_average(np.array([1.0, 1.0]), 0.5, 0.0)
    array([0.5 , 0.75])
    """
    smooth, state = np.empty(values.size), np.array([(1.0 - weight) * start])
    for at in range(0, values.size, PIECE):
        piece = values[at : at + PIECE]
        smooth[at : at + PIECE], state = lfilter([weight], [1.0, weight - 1.0], piece, zi=state)
    return smooth


def ewma_chart(
    values: ArrayLike,
    *,
    weight: float = 0.2,
    sigmas: float = 2.962,
    baseline: Baseline | None = None,
    size: int = 1,
    time_varying: bool = True,
    start: float | None = None,
    age: int = 0,
) -> ControlChart:
    """Return the EWMA chart.

    Limits: centre -/+ sigmas sigma / sqrt(size) sqrt(w / (2 - w) (1 - (1 - w)^(2 t))); `spread`
    is that of a long row.

    Args:
        values: single values, or means of subgroups of `size`.
        weight: w, 0 < w <= 1; sigmas: L. The defaults give one false alarm in 500 points.
        baseline: centre and sigma of single values; from mean and mean moving range of the values
            when not given (size 1 only).
        time_varying: False draws the limits of a long row from the start.
        start, age: last EWMA and number of points so far, to continue a stream.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: ISO 7870-6; Lucas and Saccucci 1990, Technometrics 32(1); Montgomery, section 9.2.

    >>> chart = ewma_chart([10.0, 11.0], baseline=Baseline(10.0, 1.0), weight=0.1, sigmas=2.7)
    >>> round(float(chart.upper[0]), 2)
    10.27
    """
    require_between("weight", weight, 0.0, np.nextafter(1.0, 2.0))
    require_finite("start", start)
    if baseline is None and size > 1:
        raise InvalidOption("baseline", None, "given for means of subgroups")
    if size < 1 or age < 0:
        raise InvalidOption("size and age", (size, age), "at least 1 and 0")
    x = as_values(values, minimum=2 if baseline is None else 1)
    base = baseline or individuals_chart(x).baseline
    points = weighted_average(x, weight, base.centre if start is None else start)
    spread = base.sigma / np.sqrt(size) * np.sqrt(weight / (2.0 - weight))
    lines = Lines.symmetric(base.centre, float(spread), sigmas)
    if time_varying:
        lines = _opening(lines, x.size, weight, sigmas, age)
    heading = Heading(
        method="ewma_chart",
        options={"weight": weight, "sigmas": sigmas, "size": size, "time_varying": time_varying},
        convention="time-varying limits" if time_varying else "limits of a long row",
        source="ISO 7870-6; Lucas and Saccucci 1990",
        estimator="mean moving range" if baseline is None else "given",
        mark="completing",
    )
    plan = Plan(x.size, (0,), None, (base,))
    return build_chart(heading, plan, Series("EWMA", points, lines, LIMITS_ONLY))


def _opening(lines: Lines, n: int, weight: float, sigmas: float, age: int) -> Lines:
    # Beyond the point where the power is lost in rounding the limits are those of a long row.
    centre, final = float(lines.centre), float(lines.spread)
    lasting = n if weight == 1.0 else int(min(n, max(0, np.ceil(-19.0 / np.log1p(-weight)) - age)))
    if lasting == 0:
        return lines
    t = np.arange(age + 1.0, age + lasting + 1.0)
    half = sigmas * final * np.sqrt(1.0 - (1.0 - weight) ** (2.0 * t))
    lower, upper = np.full(n, lines.lower), np.full(n, lines.upper)
    lower[:lasting], upper[:lasting] = centre - half, centre + half
    return Lines(centre, final, lower, upper)
