"""Gauge R&R by restricted maximum likelihood: any design, missing readings, unequal trials."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, IntArray, as_values, require_between, require_choice
from andon.stats.gauge_intervals import chi_square_interval
from andon.stats.gauge_layout import as_grouping
from andon.stats.gauge_likelihood import RestrictedFit, cell_means, fit_restricted
from andon.stats.gauge_study import (
    GaugeStudy,
    StudyScale,
    gauge_study,
    study_components,
    study_variances,
)
from andon.stats.results import Interval, Result

__all__ = ["gauge_reml"]

SOURCE = "Patterson and Thompson (1971) Biometrika 58; Searle, Casella, McCulloch (1992) ch. 6"
DESIGNS = {
    "crossed": ("repeatability", "part", "operator", "interaction"),
    "additive": ("repeatability", "part", "operator"),
    "nested": ("repeatability", "part", "operator"),
}


def gauge_reml(
    values: ArrayLike,
    parts: ArrayLike,
    operators: ArrayLike,
    *,
    design: str = "crossed",
    tolerance: float | None = None,
    multiplier: float = 6.0,
    process_sd: float | None = None,
    level: float = 0.95,
) -> GaugeStudy:
    """Return the gauge study of an unbalanced design by REML; equal to ANOVA on a balanced one.

    Estimates cannot be negative. Intervals are chi-square with Satterthwaite degrees of freedom
    2 variance^2 / var(variance) from the expected information (asymptotic: rough for few levels).

    Args:
        values, parts, operators: one row per reading; cells may be empty or unequal.
        design: "crossed" with interaction, "additive" without, "nested" parts within operators.
        tolerance, multiplier, process_sd, level: as `gauge_crossed`.

    Raises:
        TooFewValues: fewer than two parts or operators, or no cell with two readings;
        NoVariation: no spread within cells; StatisticsError: factors that cannot be told apart.

    >>> study = gauge_reml(
    ...     [1.0, 1.2, 1.1, 1.3, 3.0, 3.1, 3.1], ["a"] * 4 + ["b"] * 3, [1, 1, 2, 2, 1, 1, 2]
    ... )
    >>> study.component("part").variance > study.component("gauge").variance
    True
    """
    require_choice("design", design, tuple(DESIGNS))
    require_between("level", level, 0, 1)
    scale = StudyScale(tolerance, multiplier, process_sd)
    names = DESIGNS[design]
    fit = _fit(values, parts, operators, design)
    variances = study_variances(dict(zip(names, fit.variances.tolist(), strict=True)), process_sd)
    sums = _sums(names)
    intervals = {} if process_sd else {n: _interval(c, fit, level) for n, c in sums.items()}
    options = {
        "design": design,
        "tolerance": tolerance,
        "multiplier": multiplier,
        "process_sd": process_sd,
        "level": level,
    }
    convention = "REML, variances not below zero, Satterthwaite intervals"
    return gauge_study(
        study_components(_in_report_order(variances), intervals, scale),
        Result(method="gauge_reml", options=options, convention=convention, source=SOURCE),
        share=None if process_sd else _share(sums, fit, level),
    )


def _fit(values: ArrayLike, parts: ArrayLike, operators: ArrayLike, design: str) -> RestrictedFit:
    readings = as_values(values, must_vary=True)
    part = as_grouping(parts, readings.size, what="parts")
    operator = as_grouping(operators, readings.size, what="operators")
    pairs, cell = np.unique(operator.codes * part.size + part.codes, return_inverse=True)
    own, by = pairs % part.size, pairs // part.size
    itself = np.arange(pairs.size)
    factors: dict[str, list[IntArray]] = {
        "crossed": [own, by, itself],
        "additive": [own, by],
        "nested": [itself, by],
    }
    # Centring changes nothing in theory and keeps digits when the mean dwarfs the spread.
    data = cell_means(readings - readings.mean(), cell.astype(np.int64), pairs.size)
    return fit_restricted(data, factors[design])


def _in_report_order(variances: dict[str, float]) -> dict[str, float]:
    order = (
        "repeatability", "operator", "interaction", "reproducibility", "gauge", "part", "total",
    )  # fmt: skip
    return {name: variances[name] for name in order if name in variances}


def _sums(names: tuple[str, ...]) -> dict[str, FloatArray]:
    single = dict(zip(names, np.eye(len(names)), strict=True))
    between = np.asarray(sum(single[name] for name in names[2:]))
    gauge = single["repeatability"] + between
    return single | {
        "reproducibility": between,
        "gauge": gauge,
        "total": gauge + single["part"],
    }


def _interval(weights: FloatArray, fit: RestrictedFit, level: float) -> Interval:
    estimate = float(weights @ fit.variances)
    spread = float(weights @ fit.covariance @ weights)
    if estimate <= 0:
        z = float(special.ndtri(0.5 + level / 2))
        return Interval(0.0, z * math.sqrt(spread), level)
    return chi_square_interval(estimate, 2 * estimate**2 / spread, level)


def _share(sums: dict[str, FloatArray], fit: RestrictedFit, level: float) -> Interval:
    """Interval of gauge/total by the delta method on the log odds."""
    gauge, part = (float(sums[name] @ fit.variances) for name in ("gauge", "part"))
    if part <= 0:
        return Interval(0.0, 1.0, level)
    slope = sums["gauge"] / gauge - sums["part"] / part
    reach = float(special.ndtri(0.5 + level / 2)) * math.sqrt(slope @ fit.covariance @ slope)
    centre = math.log(gauge / part)
    return Interval(
        float(special.expit(centre - reach)), float(special.expit(centre + reach)), level
    )
