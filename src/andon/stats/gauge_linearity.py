"""Linearity: does the bias of a gauge change over its range?"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from andon.stats.arrays import FloatArray, as_values, require_between
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.results import Interval, Result

__all__ = ["BiasAtReference", "LinearityStudy", "gauge_linearity"]


@dataclass(frozen=True, slots=True)
class BiasAtReference:
    """Average bias of the readings of one master part, with its own t test."""

    reference: float
    count: int
    bias: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearityStudy(Result):
    """The regression bias = intercept + slope x reference.

    Attributes:
        residual_sd: standard deviation of the residuals, the gauge's repeatability.
        slope_p, intercept_p: two-sided t tests against zero.
        at_references: average bias of every master part.
        grid, line, band_low, band_high: the line and its confidence band over the range.
        linearity: |slope| x process spread, and its percent, when a process spread is given.
        is_zero_inside_band: the line of zero bias lies inside the band over the whole range.
    """

    count: int
    slope: float
    intercept: float
    slope_interval: Interval
    intercept_interval: Interval
    slope_p: float
    intercept_p: float
    residual_sd: float
    r_squared: float
    lack_of_fit_p: float
    at_references: tuple[BiasAtReference, ...]
    grid: NDArray[np.float64]
    line: NDArray[np.float64]
    band_low: NDArray[np.float64]
    band_high: NDArray[np.float64]
    linearity: float | None
    percent_linearity: float | None
    is_zero_inside_band: bool


@dataclass(frozen=True, slots=True)
class _Line:
    slope: float
    intercept: float
    centre: float
    sxx: float
    sd: float
    count: int

    def at(self, x: FloatArray) -> FloatArray:
        return np.asarray(self.intercept + self.slope * x, dtype=np.float64)

    def error(self, x: FloatArray | float) -> FloatArray:
        spread = 1 / self.count + (np.asarray(x, dtype=np.float64) - self.centre) ** 2 / self.sxx
        return np.asarray(self.sd * np.sqrt(spread), dtype=np.float64)


def gauge_linearity(
    values: ArrayLike,
    references: ArrayLike,
    *,
    process_spread: float | None = None,
    level: float = 0.95,
    points: int = 101,
) -> LinearityStudy:
    """Return the regression of bias on reference value with its confidence band.

    Args:
        values: readings, one per row; references: the true value of the part of every reading.
        process_spread: six standard deviations of the process, for the percent of linearity.
        level: confidence level of intervals and band; points: length of the drawn band.

    Raises:
        TooFewValues: fewer than 3 readings or 2 references; NoVariation: readings without error.

    Source: AIAG MSA 4th ed. (2010), chapter III B; band: Working and Hotelling's pointwise form.

    >>> study = gauge_linearity([1.1, 0.9, 2.1, 2.0, 3.0, 3.2], [1, 1, 2, 2, 3, 3])
    >>> round(study.slope, 4), study.is_zero_inside_band
    (0.05, True)
    """
    require_between("level", level, 0, 1)
    x = as_values(references, what="references", must_vary=True)
    bias = as_values(values, minimum=3) - _same_length(x, values)
    if process_spread is not None:
        require_between("process_spread", process_spread, 0, np.inf)
    require_between("points", points, 2, 100_000, open_ends=False)
    line = _fit(x, bias)
    quantile = float(stats.t.ppf(0.5 + level / 2, x.size - 2))
    grid = np.linspace(float(x.min()), float(x.max()), points)
    reach = quantile * line.error(grid)
    total = float(((bias - bias.mean()) ** 2).sum())
    slope_error, intercept_error = line.sd / math.sqrt(line.sxx), float(line.error(0.0))
    low, high = line.at(grid) - reach, line.at(grid) + reach
    return LinearityStudy(
        method="gauge_linearity",
        options={"process_spread": process_spread, "level": level, "points": points},
        convention="bias regressed on every single reading, pointwise band",
        source="AIAG MSA 4th ed. (2010), chapter III B",
        count=x.size,
        slope=line.slope,
        intercept=line.intercept,
        slope_interval=_interval(line.slope, quantile * slope_error, level),
        intercept_interval=_interval(line.intercept, quantile * intercept_error, level),
        slope_p=_two_sided(line.slope / slope_error, x.size - 2),
        intercept_p=_two_sided(line.intercept / intercept_error, x.size - 2),
        residual_sd=line.sd,
        r_squared=1 - line.sd**2 * (x.size - 2) / total if total > 0 else math.nan,
        lack_of_fit_p=_lack_of_fit(x, bias, line),
        at_references=tuple(_at_references(x, bias)),
        grid=grid,
        line=line.at(grid),
        band_low=low,
        band_high=high,
        linearity=None if process_spread is None else abs(line.slope) * process_spread,
        percent_linearity=None if process_spread is None else 100 * abs(line.slope),
        is_zero_inside_band=bool(((low <= 0) & (high >= 0)).all()),
    )


def _same_length(x: FloatArray, values: ArrayLike) -> FloatArray:
    if np.size(values) != x.size:
        raise StatisticsError("the references must hold the true value for each reading")
    return x


def _fit(x: FloatArray, bias: FloatArray) -> _Line:
    centred = x - x.mean()
    sxx = float(centred @ centred)
    slope = float(centred @ bias) / sxx
    residual = bias - bias.mean() - slope * centred
    sd = math.sqrt(float(residual @ residual) / (x.size - 2))
    if sd == 0:
        raise NoVariation("residuals")
    intercept = float(bias.mean()) - slope * float(x.mean())
    return _Line(slope, intercept, float(x.mean()), sxx, sd, x.size)


def _interval(centre: float, reach: float, level: float) -> Interval:
    return Interval(centre - reach, centre + reach, level)


def _two_sided(t: float, degrees: int) -> float:
    return 2 * float(stats.t.sf(abs(t), degrees))


def _groups(x: FloatArray, bias: FloatArray) -> tuple[FloatArray, NDArray[Any], NDArray[Any]]:
    references, codes = np.unique(x, return_inverse=True)
    return references, codes, np.bincount(codes)


def _lack_of_fit(x: FloatArray, bias: FloatArray, line: _Line) -> float:
    """p value of curvature: scatter of the averages about the line against pure error."""
    references, codes, counts = _groups(x, bias)
    means = np.bincount(codes, weights=bias) / counts
    pure, lack = x.size - references.size, references.size - 2
    error = float(((bias - means[codes]) ** 2).sum())
    if lack < 1 or pure < 1 or error <= 0:
        return math.nan
    f = float((counts * (means - line.at(references)) ** 2).sum()) / lack / (error / pure)
    return float(stats.f.sf(f, lack, pure))


def _at_references(x: FloatArray, bias: FloatArray) -> list[BiasAtReference]:
    references, codes, counts = _groups(x, bias)
    if counts.min() < 1:
        raise TooFewValues(1, 0, "readings of every reference")
    return [_bias_at(float(value), bias[codes == code]) for code, value in enumerate(references)]


def _bias_at(reference: float, bias: FloatArray) -> BiasAtReference:
    spread = float(bias.std(ddof=1)) if bias.size > 1 else 0.0
    mean = float(bias.mean())
    t = mean / (spread / math.sqrt(bias.size)) if spread > 0 else math.nan
    return BiasAtReference(reference, bias.size, mean, _two_sided(t, bias.size - 1))
