"""Charts of subgroup means with ranges (Xbar-R) or standard deviations (Xbar-S)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import BoolArray, FloatArray
from andon.stats.chart_factors import c4_of, d2_of, d3_of
from andon.stats.chart_stages import Heading, Plan, Series, build_pair, draw_lines, plan_stages
from andon.stats.charts import Baseline, ChartPair, Lines
from andon.stats.errors import TooFewValues
from andon.stats.rules import LIMITS_ONLY, Line, Rule
from andon.stats.subgroups import Subgroups, as_subgroups, within_sigma

__all__ = ["mean_deviation_chart", "mean_range_chart"]


def mean_range_chart(
    subgroups: ArrayLike | Sequence[ArrayLike],
    *,
    sizes: ArrayLike | None = None,
    baseline: Baseline | None = None,
    estimator: str = "mean range",
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    dispersion_rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ChartPair:
    """Return the Xbar-R chart: means -/+ sigmas sigma / sqrt(n); ranges (d2 -/+ sigmas d3) sigma.

    Args as for `individuals_chart`; subgroups and sizes as for `as_subgroups`, estimator one of
    `subgroups.ESTIMATORS`. The centre is the mean of all values (weighted by size).

    Raises:
        TooFewValues: fewer than 2 subgroups without a baseline; NotFinite; NoVariation.

    Source: ISO 7870-2; Montgomery, Statistical Quality Control, section 6.2.

    >>> chart = mean_range_chart([[1.0, 3.0], [2.0, 4.0], [2.0, 3.0]])
    >>> round(chart.location.upper, 3), round(chart.dispersion.upper, 3)
    (5.633, 5.444)
    """
    groups = as_subgroups(subgroups, sizes)
    plan = _plan(groups, stages, exclude, baseline, estimator)
    lines = _lines(plan, sigmas, d2_of(groups.sizes), d3_of(groups.sizes))
    heading = _heading("mean_range_chart", estimator, sigmas, mark, "6.2")
    return build_pair(
        heading,
        plan,
        Series("mean", groups.means, _mean_lines(groups, plan, sigmas), rules),
        Series("range", groups.ranges, lines, dispersion_rules),
    )


def mean_deviation_chart(
    subgroups: ArrayLike | Sequence[ArrayLike],
    *,
    sizes: ArrayLike | None = None,
    baseline: Baseline | None = None,
    estimator: str = "weighted mean deviation",
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    dispersion_rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ChartPair:
    """Return the Xbar-S chart: deviations within (c4 -/+ sigmas sqrt(1 - c4^2)) sigma.

    Everything else as for `mean_range_chart`. With equal sizes the weighted mean deviation is
    mean(s) / c4, as in the textbooks.

    Source: ISO 7870-2; Montgomery, Statistical Quality Control, section 6.3.

    >>> chart = mean_deviation_chart([[1.0, 3.0], [2.0, 4.0], [2.0, 3.0]])
    >>> round(chart.dispersion.centre, 3)
    1.179
    """
    groups = as_subgroups(subgroups, sizes)
    plan = _plan(groups, stages, exclude, baseline, estimator)
    bias = c4_of(groups.sizes)
    lines = _lines(plan, sigmas, bias, np.sqrt(1.0 - bias**2))
    heading = _heading("mean_deviation_chart", estimator, sigmas, mark, "6.3")
    return build_pair(
        heading,
        plan,
        Series("mean", groups.means, _mean_lines(groups, plan, sigmas), rules),
        Series("standard deviation", groups.deviations, lines, dispersion_rules),
    )


def _heading(method: str, estimator: str, sigmas: float, mark: str, section: str) -> Heading:
    return Heading(
        method=method,
        options={"estimator": estimator, "sigmas": sigmas, "mark": mark},
        convention=f"sigma within subgroups from the {estimator}; centre weighted by size",
        source=f"ISO 7870-2; Montgomery, Statistical Quality Control, section {section}",
        estimator=estimator,
        mark=mark,
    )


def _plan(
    groups: Subgroups,
    stages: ArrayLike | None,
    exclude: ArrayLike | None,
    baseline: Baseline | None,
    estimator: str,
) -> Plan:
    def estimate(stage: slice, counted: BoolArray | None) -> Baseline:
        kept = groups.of(stage)
        return _estimate(kept if counted is None else kept.of(counted), estimator)

    plan = plan_stages(groups.sizes.size, stages=stages, exclude=exclude)
    return plan.with_baselines(baseline, estimate)


def _estimate(groups: Subgroups, estimator: str) -> Baseline:
    count = groups.sizes.size
    if count < 2:
        raise TooFewValues(2, count, "subgroups in each stage")
    centre = float(np.average(groups.means, weights=groups.sizes))
    return Baseline(centre=centre, sigma=within_sigma(groups, estimator), count=count)


def _mean_lines(groups: Subgroups, plan: Plan, sigmas: float) -> Lines:
    root = _single(np.sqrt(groups.sizes))
    return draw_lines(
        plan,
        lambda base, at: Lines.symmetric(base.centre, base.sigma / _at(root, at), sigmas),
    )


def _lines(plan: Plan, sigmas: float, centre: FloatArray, spread: FloatArray) -> Lines:
    middle, width = _single(centre), _single(spread)
    return draw_lines(
        plan,
        lambda base, at: Lines.symmetric(
            _at(middle, at) * base.sigma, _at(width, at) * base.sigma, sigmas, floor=0.0
        ),
    )


def _single(factor: FloatArray) -> Line:
    return float(factor[0]) if (factor == factor[0]).all() else factor


def _at(factor: Line, stage: slice) -> Line:
    return factor[stage] if isinstance(factor, np.ndarray) else factor
