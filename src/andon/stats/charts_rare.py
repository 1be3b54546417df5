"""Charts for rare events: units between (g) and time between (t)."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from andon.stats.arrays import as_values, require_between, require_choice
from andon.stats.chart_stages import Heading, Series, build_chart, chosen, draw_lines, plan_stages
from andon.stats.charts import Baseline, ControlChart, Lines
from andon.stats.charts_counts import event_counts
from andon.stats.charts_individuals import individuals_chart
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.rules import LIMITS_ONLY, Rule

__all__ = ["g_chart", "t_chart"]

NELSON_POWER = 1.0 / 3.6


def g_chart(
    between: ArrayLike,
    *,
    least: int = 0,
    baseline: Baseline | None = None,
    limits: str = "exact",
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the chart of conforming units between two nonconforming ones (geometric).

    Limits: exact, the geometric quantiles of Phi(-/+ sigmas) with p = 1 / (mean - least + 1); or
    normal, mean -/+ sigmas sqrt((mean - least)(mean - least + 1)), floored at `least`.

    Args:
        between: counts, shape (n,); least: the smallest possible count, 0 or 1.
        Others as for `p_chart`.

    Source: Benneyan 2001, Health Care Management Science 4, 305-318.

    >>> round(g_chart([10, 20, 30], limits="normal").upper, 2)
    81.48
    """
    exact = require_choice("limits", limits, ("exact", "normal")) == "exact"
    counts = event_counts(between)
    if least not in (0, 1) or counts.min() < least:
        raise InvalidOption("least", least, "0 or 1 and not above the smallest count")
    plan = plan_stages(counts.size, stages=stages, exclude=exclude)
    plan = plan.with_baselines(
        baseline,
        lambda at, counted: _mean(chosen(counts[at], counted, minimum=1, what="counts")),
    )

    def lines(base: Baseline, _: slice) -> Lines:
        return _geometric_lines(base.centre - least, least, exact, sigmas)

    heading = Heading(
        method="g_chart",
        options={"least": least, "limits": limits, "sigmas": sigmas, "mark": mark},
        convention=f"{limits} limits; p = 1 / (mean - least + 1)",
        source="Benneyan 2001",
        estimator="mean",
        mark=mark,
    )
    series = Series("units between events", counts, draw_lines(plan, lines), rules)
    return build_chart(heading, plan, series)


def t_chart(
    times: ArrayLike,
    *,
    baseline: Baseline | None = None,
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the chart of times between events, judged on the scale time^(1 / 3.6).

    The power makes exponential times nearly normal; limits are those of an individuals chart on
    that scale, turned back. `baseline` and `spread` are on the power scale, zones too.

    Raises StatisticsError for times below 0; others as `individuals_chart`.

    Source: Nelson 1994, Journal of Quality Technology 26(3); Montgomery, section 7.3.5.

    >>> chart = t_chart([1.0, 5.0, 2.0, 9.0, 4.0])
    >>> bool(chart.lower < chart.centre < chart.upper)
    True
    """
    x = as_values(times, what="times")
    if x.min() < 0.0:
        raise StatisticsError("times between events must not be negative")
    chart = individuals_chart(
        x**NELSON_POWER,
        baseline=baseline,
        sigmas=sigmas,
        stages=stages,
        exclude=exclude,
        rules=rules,
        mark=mark,
    ).location
    return replace(
        chart,
        method="t_chart",
        convention="limits on the scale time^(1/3.6), turned back; spread on that scale",
        source="Nelson 1994, Journal of Quality Technology 26(3)",
        statistic="time between events",
        points=x,
        centre=np.maximum(chart.centre, 0.0) ** 3.6,
        lower=np.maximum(chart.lower, 0.0) ** 3.6,
        upper=np.maximum(chart.upper, 0.0) ** 3.6,
    )


def _mean(counts: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Baseline:
    return Baseline(centre=float(counts.mean()), count=counts.size)


def _geometric_lines(mean: float, least: int, exact: bool, sigmas: float) -> Lines:
    spread = float(np.sqrt(mean * (mean + 1.0)))
    if not exact or mean == 0.0:
        return Lines.symmetric(mean + least, spread, sigmas, floor=least)
    # P(count >= least + x) = (1 - p)^x: the quantile is a ratio of logarithms.
    log_stay = np.log1p(-1.0 / (mean + 1.0))
    require_between("sigmas", sigmas, 0.0, np.inf)
    low = np.ceil(np.log1p(-ndtr(-sigmas)) / log_stay) - 1.0
    high = np.ceil(np.log(ndtr(-sigmas)) / log_stay) - 1.0
    return Lines(mean + least, spread, float(max(low, 0.0)) + least, float(high) + least)
