"""Short runs: many parts on one chart, by deviation from nominal or standardized (Z-MR)."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, IntArray, as_labels, as_values, require_choice
from andon.stats.chart_factors import d2
from andon.stats.charts import Baseline, ChartPair
from andon.stats.charts_individuals import individuals_chart
from andon.stats.errors import NoVariation, StatisticsError
from andon.stats.rules import LIMITS_ONLY, Rule

__all__ = ["nominal_chart", "standardized_chart"]

SIGMAS = ("by part", "common", "relative to the mean")


def nominal_chart(
    values: ArrayLike,
    parts: ArrayLike,
    *,
    nominal: Mapping[str, float] | None = None,
    baseline: Baseline | None = None,
    sigmas: float = 3.0,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ChartPair:
    """Return the individuals chart of deviations from each part's nominal.

    Args:
        values: shape (n,); parts: one label a value.
        nominal: by part; the mean of the part's values when not given.
        Others as for `individuals_chart`. All parts must have a common sigma.

    Source: Montgomery, section 10.2 (deviation from nominal); Pyzdek 1993.

    >>> nominal_chart([10.1, 9.9, 20.2, 19.8], ["a", "a", "b", "b"]).location.points.round(1)
    array([ 0.1, -0.1,  0.2, -0.2])
    """
    x, labels, codes = _by_part(values, parts)
    deviations = x - _centres(x, labels, codes, nominal)[codes]
    pair = individuals_chart(deviations, baseline=baseline, sigmas=sigmas, rules=rules, mark=mark)
    source = "Montgomery, Statistical Quality Control, section 10.2"
    return _renamed(pair, "nominal_chart", "deviation from nominal", source)


def standardized_chart(
    values: ArrayLike,
    parts: ArrayLike,
    *,
    nominal: Mapping[str, float] | None = None,
    sigma: str = "by part",
    sigmas: float = 3.0,
    rules: tuple[Rule, ...] = LIMITS_ONLY,
    mark: str = "completing",
) -> ChartPair:
    """Return the Z-MR chart: z = (x - centre of its part) / sigma of its part, limits -/+ sigmas.

    sigma: "by part", each part's mean moving range / d2; "common", of all parts' deviations;
    "relative to the mean", a common sigma of x / centre times the centre. Moving ranges never
    span two parts for the estimate.

    Raises:
        NoVariation: a sigma would be 0; StatisticsError: labels of another length, a part without
        nominal, or a centre of 0 where sigma is relative.

    Source: Montgomery, section 10.2; Wheeler 1991, Short Run SPC.

    >>> standardized_chart([1.0, 2.0, 10.0, 30.0], ["a", "a", "b", "b"]).location.upper
    3.0
    """
    require_choice("sigma", sigma, SIGMAS)
    x, labels, codes = _by_part(values, parts)
    centres = _centres(x, labels, codes, nominal)
    spreads = _spreads(x, codes, centres, sigma)
    z = (x - centres[codes]) / spreads[codes]
    pair = individuals_chart(z, baseline=Baseline(0.0, 1.0), sigmas=sigmas, rules=rules, mark=mark)
    source = "Montgomery, Statistical Quality Control, section 10.2"
    return _renamed(pair, "standardized_chart", f"z, sigma {sigma}", source)


def _renamed(pair: ChartPair, method: str, statistic: str, source: str) -> ChartPair:
    location = replace(pair.location, method=method, statistic=statistic, source=source)
    dispersion = replace(pair.dispersion, method=method, source=source)
    return replace(pair, method=method, source=source, location=location, dispersion=dispersion)


def _by_part(values: ArrayLike, parts: ArrayLike) -> tuple[FloatArray, list[str], IntArray]:
    x = as_values(values, minimum=2)
    given = as_labels(parts, what="parts")
    if given.shape != x.shape:
        raise StatisticsError(f"parts need one label for each of the {x.size} values")
    labels, codes = np.unique(given.astype(str), return_inverse=True)
    return x, labels.tolist(), codes.astype(np.int64)


def _centres(
    x: FloatArray, labels: list[str], codes: IntArray, nominal: Mapping[str, float] | None
) -> FloatArray:
    if nominal is None:
        return np.bincount(codes, weights=x) / np.bincount(codes)
    missing = [label for label in labels if label not in nominal]
    if missing:
        raise StatisticsError(f"a nominal is needed for part {missing[0]}")
    return np.array([nominal[label] for label in labels], dtype=np.float64)


def _spreads(x: FloatArray, codes: IntArray, centres: FloatArray, sigma: str) -> FloatArray:
    if sigma == "relative to the mean" and not centres.all():
        raise StatisticsError("sigma relative to the mean needs centres other than 0")
    scale = np.abs(centres) if sigma == "relative to the mean" else np.ones_like(centres)
    order = np.argsort(codes, kind="stable")
    ranges, of = np.abs(np.diff(x[order])), codes[order]
    same = of[1:] == of[:-1]
    ranges, of = ranges[same] / scale[of[1:][same]], of[1:][same]
    if sigma == "by part":
        with np.errstate(invalid="ignore"):
            spreads = np.bincount(of, ranges, centres.size) / np.bincount(
                of, minlength=centres.size
            )
    else:
        spreads = np.full(centres.size, ranges.mean() if ranges.size else np.nan)
    if not (spreads > 0.0).all():
        raise NoVariation("values of a part")
    return spreads / d2(2) * scale
