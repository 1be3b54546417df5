"""Charts of counts: p, np, c and u, with varying sizes, normal and exact limits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import ndtr

from andon.stats.arrays import (
    BoolArray,
    FloatArray,
    as_values,
    require_between,
    require_choice,
)
from andon.stats.chart_stages import Heading, Series, build_chart, draw_lines, plan_stages
from andon.stats.charts import Baseline, ControlChart, Lines
from andon.stats.errors import StatisticsError, TooFewValues
from andon.stats.rules import LIMITS_ONLY, Line, Rule

__all__ = ["c_chart", "np_chart", "p_chart", "u_chart"]

LIMITS = ("normal", "exact")


def p_chart(
    defective: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: Baseline | None = None,
    limits: str = "normal",
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the chart of proportions defective, p = sum(x) / sum(n).

    Limits: normal p -/+ sigmas sqrt(p (1 - p) / n_i), within 0 and 1; exact: the binomial
    quantiles of Phi(-sigmas) and Phi(sigmas), a count strictly beyond is a signal.

    Args:
        defective: counts, shape (n,); sizes: units inspected, one or n.
        Others as for `individuals_chart`.

    Raises:
        TooFewValues, NotFinite, InvalidOption, StatisticsError (not counts, more than inspected).

    Source: ISO 7870-2; Montgomery, Statistical Quality Control, section 7.2.

    >>> round(p_chart([2, 3, 1, 4], 50).upper, 4)
    0.1425
    """
    counts, n = binomial_counts(defective, sizes)
    return _draw(
        _Attribute("p_chart", "proportion", counts / n, counts, n, _proportion_lines),
        (limits, sigmas, mark),
        (baseline, stages, exclude),
        rules,
    )


def np_chart(
    defective: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: Baseline | None = None,
    limits: str = "normal",
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the chart of numbers defective: the p chart times n_i. Args as for `p_chart`.

    >>> round(np_chart([2, 3, 1, 4], 50).upper, 3)
    7.123
    """
    counts, n = binomial_counts(defective, sizes)
    return _draw(
        _Attribute("np_chart", "number defective", counts, counts, n, _number_lines),
        (limits, sigmas, mark),
        (baseline, stages, exclude),
        rules,
    )


def c_chart(
    defects: ArrayLike,
    *,
    baseline: Baseline | None = None,
    limits: str = "normal",
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the chart of defects in equal areas: c -/+ sigmas sqrt(c), or Poisson quantiles.

    Source: ISO 7870-2; Montgomery, Statistical Quality Control, section 7.3.

    >>> c_chart([4, 3, 5, 4]).upper
    10.0
    """
    counts = event_counts(defects)
    return _draw(
        _Attribute("c_chart", "defects", counts, counts, np.ones(counts.size), _rate_lines),
        (limits, sigmas, mark),
        (baseline, stages, exclude),
        rules,
    )


def u_chart(
    defects: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: Baseline | None = None,
    limits: str = "normal",
    sigmas: float = 3.0,
    stages: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ControlChart:
    """Return the chart of defects per unit: u -/+ sigmas sqrt(u / n_i), or Poisson quantiles.

    Args as for `p_chart`; sizes may be any positive amount (area, hours, units).

    >>> u_chart([8, 6, 10, 8], 2.0).centre
    4.0
    """
    counts = event_counts(defects)
    n = sizes_of(sizes, counts.size)
    return _draw(
        _Attribute("u_chart", "defects per unit", counts / n, counts, n, _rate_lines),
        (limits, sigmas, mark),
        (baseline, stages, exclude),
        rules,
    )


LineMaker = Callable[[float, Line, bool, float], Lines]


@dataclass(frozen=True, slots=True)
class _Attribute:
    method: str
    statistic: str
    points: FloatArray
    counts: FloatArray
    sizes: FloatArray
    lines: LineMaker


def _draw(
    what: _Attribute,
    how: tuple[str, float, str],
    which: tuple[Baseline | None, ArrayLike | None, ArrayLike | None],
    rules: tuple[Rule, ...],
) -> ControlChart:
    (limits, sigmas, mark), (baseline, stages, exclude) = how, which
    exact = require_choice("limits", limits, LIMITS) == "exact"

    def estimate(stage: slice, counted: BoolArray | None) -> Baseline:
        return mean_rate(what.counts[stage], what.sizes[stage], counted)

    plan = plan_stages(what.counts.size, stages=stages, exclude=exclude)
    plan = plan.with_baselines(baseline, estimate)
    size = one_or_all(what.sizes)
    lines = draw_lines(
        plan, lambda base, at: what.lines(base.centre, part(size, at), exact, sigmas)
    )
    heading = Heading(
        method=what.method,
        options={"limits": limits, "sigmas": sigmas, "mark": mark},
        convention=f"{limits} limits from each point's own size; mean weighted by size",
        source="ISO 7870-2; Montgomery, Statistical Quality Control, chapter 7",
        estimator="weighted mean",
        mark=mark,
    )
    return build_chart(heading, plan, Series(what.statistic, what.points, lines, rules))


def mean_rate(counts: FloatArray, sizes: FloatArray, counted: BoolArray | None) -> Baseline:
    """Return the mean rate sum(counts) / sum(sizes) of the counted points as a baseline."""
    if counted is not None:
        counts, sizes = counts[counted], sizes[counted]
    if not counts.size:
        raise TooFewValues(1, 0, "points in each stage")
    return Baseline(centre=float(counts.sum() / sizes.sum()), count=counts.size)


def one_or_all(sizes: FloatArray) -> Line:
    """Return one value when all are equal, so that constant limits stay single values."""
    return float(sizes[0]) if (sizes == sizes[0]).all() else sizes


def part(line: Line, stage: slice) -> Line:
    """Return a line's values of one stage."""
    return line[stage] if isinstance(line, np.ndarray) else line


def _proportion_lines(centre: float, n: Line, exact: bool, sigmas: float) -> Lines:
    spread = _root(centre * (1.0 - centre) / n)
    if not exact:
        return Lines.symmetric(centre, spread, sigmas, floor=0.0, ceiling=1.0)
    low, high = _quantiles(lambda q, size: stats.binom.ppf(q, size, centre), n, sigmas)
    return Lines(centre, spread, low / n, high / n)


def _number_lines(centre: float, n: Line, exact: bool, sigmas: float) -> Lines:
    lines = _proportion_lines(centre, n, exact, sigmas)
    return Lines(centre * n, lines.spread * n, lines.lower * n, lines.upper * n)


def _rate_lines(centre: float, n: Line, exact: bool, sigmas: float) -> Lines:
    spread = _root(centre / n)
    if not exact:
        return Lines.symmetric(centre, spread, sigmas, floor=0.0)
    low, high = _quantiles(lambda q, size: stats.poisson.ppf(q, size * centre), n, sigmas)
    return Lines(centre, spread, low / n, high / n)


def _quantiles(
    quantile: Callable[[float, FloatArray], FloatArray | float], n: Line, sigmas: float
) -> tuple[Line, Line]:
    # Few distinct sizes are common, and a quantile costs far more than a look-up.
    distinct, where = np.unique(np.atleast_1d(n), return_inverse=True)
    require_between("sigmas", sigmas, 0.0, np.inf)
    tail = float(ndtr(-sigmas))
    low = np.maximum(np.asarray(quantile(tail, distinct)), 0.0)[where]
    high = np.asarray(quantile(1.0 - tail, distinct))[where]
    return (low, high) if np.ndim(n) else (float(low[0]), float(high[0]))


def _root(variance: Line) -> Line:
    return np.sqrt(variance) if isinstance(variance, np.ndarray) else float(np.sqrt(variance))


def event_counts(x: ArrayLike) -> FloatArray:
    """Return checked counts: whole numbers from 0."""
    counts = as_values(x, what="counts")
    if (counts < 0).any() or (counts % 1).any():
        raise StatisticsError("counts must be whole numbers from 0")
    return counts


def sizes_of(sizes: ArrayLike, n: int) -> FloatArray:
    """Return checked sizes, one for each of n points."""
    row = [sizes] if np.isscalar(sizes) else sizes
    given = as_values(row, what="sizes")  # type: ignore[arg-type]
    if given.size not in (1, n) or not (given > 0).all():
        raise StatisticsError(f"sizes must be positive, one for all or one for each of the {n}")
    return np.broadcast_to(given, (n,))


def binomial_counts(defective: ArrayLike, sizes: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return checked counts of defective units and of units inspected."""
    counts = event_counts(defective)
    n = sizes_of(sizes, counts.size)
    if (n % 1).any() or (counts > n).any():
        raise StatisticsError("no more units can be defective than were inspected (whole numbers)")
    return counts, n
