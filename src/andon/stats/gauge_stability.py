"""Stability: does a gauge read the same master part the same over time?"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from andon.stats.arrays import FloatArray, as_table, require_between, require_finite
from andon.stats.chart_factors import chart_factors, d2
from andon.stats.errors import NoVariation
from andon.stats.results import Interval, Result

__all__ = ["StabilityStudy", "gauge_stability"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityStudy(Result):
    """Average and range chart of a master part, with the drift of its mean.

    Attributes:
        means, ranges: of every session.
        centre, low, high: centre line and control limits of the means.
        mean_range, range_low, range_high: centre line and control limits of the ranges.
        signals, range_signals: positions of the sessions beyond the limits.
        repeatability_sd: mean range / d2.
        bias: centre minus reference, absent without reference.
        drift_per_session: slope of the means with interval and two-sided p.
        is_stable: no signal, and no drift at the level asked for.
    """

    means: NDArray[np.float64]
    ranges: NDArray[np.float64]
    centre: float
    low: float
    high: float
    mean_range: float
    range_low: float
    range_high: float
    signals: tuple[int, ...]
    range_signals: tuple[int, ...]
    repeatability_sd: float
    bias: float | None
    drift_per_session: float
    drift_interval: Interval
    drift_p: float
    is_stable: bool


def gauge_stability(
    sessions: ArrayLike, *, reference: float | None = None, level: float = 0.95
) -> StabilityStudy:
    """Return the chart of a master part measured n times in every session.

    Limits: mean -/+ A2 R and D3 R, D4 R; drift: straight line through the means.

    Args:
        sessions: table, one row per session in time order, 2 to 9 readings in each.
        reference: the master's value, for the bias.
        level: confidence level of the drift's interval and of its test.

    Raises:
        TooFewValues: fewer than 3 sessions or 2 readings; NoVariation: all ranges are zero.

    Source: AIAG MSA 4th ed. (2010), chapter III B; ISO 7870-2.

    >>> study = gauge_stability([[6.0, 6.1], [6.1, 5.9], [5.9, 6.0], [6.0, 6.1]], reference=6.0)
    >>> study.signals, round(study.bias, 4)
    ((), 0.0125)
    """
    require_between("level", level, 0, 1)
    require_finite("reference", reference)
    table = as_table(sessions, rows=3, columns=2, what="sessions")
    means, ranges = table.mean(axis=1), np.ptp(table, axis=1)
    centre, mean_range = float(means.mean()), float(ranges.mean())
    if mean_range == 0:
        raise NoVariation("readings within the sessions")
    of_size = chart_factors(table.shape[1])
    reach = of_size["A2"] * mean_range
    range_low, range_high = of_size["D3"] * mean_range, of_size["D4"] * mean_range
    beyond = np.flatnonzero(abs(means - centre) > reach)
    wide = np.flatnonzero((ranges > range_high) | (ranges < range_low))
    drift, drift_reach, drift_p = _drift(means, level)
    return StabilityStudy(
        method="gauge_stability",
        options={"reference": reference, "level": level},
        convention="three-sigma limits from the mean range; drift by least squares",
        source="AIAG MSA 4th ed. (2010), chapter III B; ISO 7870-2",
        means=means,
        ranges=ranges,
        centre=centre,
        low=centre - reach,
        high=centre + reach,
        mean_range=mean_range,
        range_low=range_low,
        range_high=range_high,
        signals=tuple(beyond.tolist()),
        range_signals=tuple(wide.tolist()),
        repeatability_sd=mean_range / d2(table.shape[1]),
        bias=None if reference is None else centre - reference,
        drift_per_session=drift,
        drift_interval=Interval(drift - drift_reach, drift + drift_reach, level),
        drift_p=drift_p,
        is_stable=not beyond.size and not wide.size and drift_p >= 1 - level,
    )


def _drift(means: FloatArray, level: float) -> tuple[float, float, float]:
    """Slope per session, half its interval and its p value."""
    time = np.arange(means.size) - (means.size - 1) / 2
    sxx = float(time @ time)
    slope = float(time @ means) / sxx
    residual = means - means.mean() - slope * time
    error = math.sqrt(float(residual @ residual) / (means.size - 2) / sxx)
    if error == 0:
        return slope, 0.0, 1.0 if slope == 0 else 0.0
    degrees = means.size - 2
    reach = float(stats.t.ppf(0.5 + level / 2, degrees)) * error
    return slope, reach, 2 * float(stats.t.sf(abs(slope) / error, degrees))
