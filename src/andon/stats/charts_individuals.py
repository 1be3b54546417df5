"""Individuals and moving range chart (I-MR)."""

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import BoolArray, FloatArray, as_values, require_choice
from andon.stats.chart_factors import c4, d2, d3, median_range_factor
from andon.stats.chart_stages import (
    Heading,
    Plan,
    Series,
    build_pair,
    chosen,
    draw_lines,
    plan_stages,
)
from andon.stats.charts import Baseline, ChartPair, Lines
from andon.stats.errors import InvalidOption, NoVariation, TooFewValues
from andon.stats.moments import sum_of_squares
from andon.stats.rules import LIMITS_ONLY, Rule

__all__ = ["ESTIMATORS", "individuals_chart", "moving_ranges"]

ESTIMATORS = (
    "mean moving range",
    "median moving range",
    "successive differences",
    "standard deviation",
)


def moving_ranges(values: FloatArray, span: int = 2) -> FloatArray:
    """Return the range of each `span` consecutive values; NaN for the first span - 1.

    >>> moving_ranges(np.array([1.0, 3.0, 2.0]))
    array([nan,  2.,  1.])
    """
    ranges = np.full(values.size, np.nan)
    if values.size < span:
        return ranges
    if span == 2:
        np.abs(np.subtract(values[1:], values[:-1], out=ranges[1:]), out=ranges[1:])
        return ranges
    count = values.size - span + 1
    high, low = values[:count].copy(), values[:count].copy()
    for ahead in range(1, span):
        np.maximum(high, values[ahead : ahead + count], out=high)
        np.minimum(low, values[ahead : ahead + count], out=low)
    ranges[span - 1 :] = high - low
    return ranges


def individuals_chart(
    values: ArrayLike,
    *,
    baseline: Baseline | None = None,
    estimator: str = "mean moving range",
    span: int = 2,
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    dispersion_rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ChartPair:
    """Return the chart of single values and of their moving ranges.

    Limits: mean -/+ sigmas * sigma; moving range d2 sigma -/+ sigmas * d3 sigma, floored at 0.
    sigma is mean(MR) / d2(span), median(MR) / d4(span), sqrt(mean(diff^2) / 2), or s / c4(n).

    Args:
        values: shape (n,), in the order of making; n >= 2 (1 with a baseline).
        baseline: frozen centre and sigma; the points are judged against it.
        estimator: one of `ESTIMATORS`.
        span: how many consecutive values form a moving range.
        sigmas: distance of the limits.
        stages: one label a point; a change of label starts new limits.
        exclude: flags or positions left out of the estimate.
        rules: rules on the individuals; dispersion_rules: on the moving ranges.
        mark: "completing" or "run".

    Raises:
        TooFewValues, NotFinite, NoVariation (sigma would be 0), InvalidOption.

    >>> chart = individuals_chart([10.0, 12.0, 11.0, 13.0])
    >>> round(chart.location.upper, 3)
    15.931
    """
    require_choice("estimator", estimator, ESTIMATORS)
    if span < 2:
        raise InvalidOption("span", span, "at least 2")
    x = as_values(values, minimum=1 if baseline else 2)
    plan = plan_stages(x.size, stages=stages, exclude=exclude)
    parts = [moving_ranges(x[stage], span) for stage in plan.stages]
    ranges = parts[0] if len(parts) == 1 else np.concatenate(parts)
    plan = plan.with_baselines(
        baseline,
        lambda at, counted: _estimate(x[at], ranges[at], counted, estimator, span),
    )
    heading = Heading(
        method="individuals_chart",
        options={"estimator": estimator, "span": span, "sigmas": sigmas, "mark": mark},
        convention=f"sigma from the {estimator}, span {span}; a point on a line is not beyond it",
        source="ISO 7870-2; Montgomery, Statistical Quality Control, section 6.4",
        estimator=estimator,
        mark=mark,
    )
    return build_pair(
        heading,
        plan,
        Series("individual value", x, _value_lines(plan, sigmas), rules),
        Series("moving range", ranges, _range_lines(plan, sigmas, span), dispersion_rules),
    )


def _value_lines(plan: Plan, sigmas: float) -> Lines:
    return draw_lines(plan, lambda base, _: Lines.symmetric(base.centre, base.sigma, sigmas))


def _range_lines(plan: Plan, sigmas: float, span: int) -> Lines:
    centre, spread = d2(span), d3(span)
    return draw_lines(
        plan,
        lambda base, _: Lines.symmetric(
            centre * base.sigma, spread * base.sigma, sigmas, floor=0.0
        ),
    )


def _estimate(
    values: FloatArray, ranges: FloatArray, counted: BoolArray | None, estimator: str, span: int
) -> Baseline:
    kept = chosen(values, counted, minimum=2, what="values in each stage")
    sigma = (
        float(kept.std(ddof=1)) / c4(kept.size)
        if estimator == "standard deviation"
        else _sigma_of_ranges(values, ranges, counted, estimator, span)
    )
    if not sigma > 0.0:
        raise NoVariation()
    return Baseline(centre=float(kept.mean()), sigma=sigma, count=kept.size)


def _sigma_of_ranges(
    values: FloatArray, ranges: FloatArray, counted: BoolArray | None, estimator: str, span: int
) -> float:
    if estimator == "successive differences":
        ranges, span = moving_ranges(values, 2), 2
    valid = ranges[span - 1 :]
    if counted is not None:
        # A range counts only when every value in it does.
        whole = np.lib.stride_tricks.sliding_window_view(counted, span).all(axis=1)
        valid = valid[whole]
    if not valid.size:
        raise TooFewValues(1, 0, "moving ranges without an excluded value")
    if estimator == "successive differences":
        return float(np.sqrt(sum_of_squares(valid) / valid.size / 2.0))
    if estimator == "median moving range":
        return float(np.median(valid)) / median_range_factor(span)
    return float(valid.mean()) / d2(span)
