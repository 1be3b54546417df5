"""Laney's p' and u' charts: counts whose spread exceeds the binomial or Poisson.

Each z uses its own point's size (engines that use the first size are wrong where sizes vary).

Source: Laney 2002, Quality Engineering 14(4), 531-537.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import BoolArray, FloatArray
from andon.stats.chart_factors import d2
from andon.stats.chart_stages import Heading, Series, build_chart, draw_lines, plan_stages
from andon.stats.charts import Baseline, ControlChart, Lines
from andon.stats.charts_counts import (
    binomial_counts,
    event_counts,
    mean_rate,
    one_or_all,
    part,
    sizes_of,
)
from andon.stats.errors import NoVariation, TooFewValues
from andon.stats.rules import LIMITS_ONLY, Rule

__all__ = ["laney_p_chart", "laney_u_chart"]


def laney_p_chart(
    defective: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: Baseline | None = None,
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the p' chart: p -/+ sigmas sigma_z sqrt(p (1 - p) / n_i).

    sigma_z = mean(|z_i - z_(i-1)|) / d2(2), z_i = (p_i - p) / sqrt(p (1 - p) / n_i); kept as
    `baseline.inflation`. Args and errors as for `p_chart`; at least 2 points are needed.

    >>> round(laney_p_chart([12, 30, 9, 28], [100, 200, 100, 200]).baseline.inflation, 3)
    1.386
    """
    counts, n = binomial_counts(defective, sizes)
    what = _Counted("laney_p_chart", "proportion", counts, n, ceiling=1.0)
    return _draw(what, (sigmas, mark), (baseline, stages, exclude), rules)


def laney_u_chart(
    defects: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: Baseline | None = None,
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the u' chart: u -/+ sigmas sigma_z sqrt(u / n_i). As `laney_p_chart`.

    >>> laney_u_chart([12, 30, 9, 28], [100, 200, 100, 200]).statistic
    'defects per unit'
    """
    counts = event_counts(defects)
    n = sizes_of(sizes, counts.size)
    what = _Counted("laney_u_chart", "defects per unit", counts, n, ceiling=np.inf)
    return _draw(what, (sigmas, mark), (baseline, stages, exclude), rules)


@dataclass(frozen=True, slots=True)
class _Counted:
    method: str
    statistic: str
    counts: FloatArray
    n: FloatArray
    ceiling: float


def _draw(
    what: _Counted,
    how: tuple[float, str],
    which: tuple[Baseline | None, ArrayLike | None, ArrayLike | None],
    rules: tuple[Rule, ...],
) -> ControlChart:
    (sigmas, mark), (baseline, stages, exclude) = how, which
    counts, n, ceiling = what.counts, what.n, what.ceiling

    def estimate(stage: slice, counted: BoolArray | None) -> Baseline:
        base = mean_rate(counts[stage], n[stage], counted)
        spread = _spread(base.centre, n[stage], ceiling)
        return replace(base, inflation=_inflation(counts[stage] / n[stage], base, spread, counted))

    plan = plan_stages(counts.size, stages=stages, exclude=exclude)
    plan = plan.with_baselines(baseline, estimate)
    size = one_or_all(n)

    def lines(base: Baseline, stage: slice) -> Lines:
        spread = _spread(base.centre, part(size, stage), ceiling) * base.inflation
        return Lines.symmetric(base.centre, spread, sigmas, floor=0.0, ceiling=ceiling)

    heading = Heading(
        method=what.method,
        options={"sigmas": sigmas, "mark": mark},
        convention="each z from its own size; sigma_z from the mean moving range of z",
        source="Laney 2002, Quality Engineering 14(4)",
        estimator="sigma_z",
        mark=mark,
    )
    return build_chart(
        heading, plan, Series(what.statistic, counts / n, draw_lines(plan, lines), rules)
    )


def _spread(centre: float, n: float | FloatArray, ceiling: float) -> float | FloatArray:
    variance = centre * (1.0 - centre / ceiling) / n
    return np.sqrt(variance) if isinstance(variance, np.ndarray) else float(np.sqrt(variance))


def _inflation(
    points: FloatArray, base: Baseline, spread: float | FloatArray, counted: BoolArray | None
) -> float:
    if not np.all(spread):
        raise NoVariation("counts")
    steps = np.abs(np.diff((points - base.centre) / spread))
    if counted is not None:
        steps = steps[counted[1:] & counted[:-1]]
    if not steps.size:
        raise TooFewValues(2, points.size, "neighbouring points in each stage")
    if not steps.any():
        raise NoVariation("points")
    return float(steps.mean()) / d2(2)
