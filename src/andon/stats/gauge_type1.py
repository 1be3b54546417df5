"""Type 1 study: can the gauge measure one known part well enough (Cg, Cgk)?"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from andon.stats.arrays import as_values, require_between, require_finite
from andon.stats.errors import InvalidOption
from andon.stats.results import Interval, Result

__all__ = ["TypeOneStudy", "gauge_type1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeOneStudy(Result):
    """A type 1 study.

    Attributes:
        bias: mean minus reference, with its interval and two-sided t test.
        cg, cgk: capability of the spread alone, and of spread and bias together.
        cg_interval: chi-square interval of Cg.
        percent_repeatability: share of the tolerance, 100 x tolerance_share / Cg.
        smallest_tolerance: tolerance width at which this gauge would just reach `least_index`.
        is_resolution_sufficient: resolution at most 5 % of tolerance; absent without resolution.
        is_capable: Cg and Cgk reach `least_index`, and the resolution suffices.
    """

    count: int
    mean: float
    standard_deviation: float
    bias: float
    bias_interval: Interval
    t: float
    p: float
    cg: float
    cg_interval: Interval
    cgk: float
    percent_repeatability: float
    percent_repeatability_and_bias: float
    smallest_tolerance: float
    is_resolution_sufficient: bool | None
    is_capable: bool


def gauge_type1(
    values: ArrayLike,
    *,
    reference: float,
    tolerance: float,
    tolerance_share: float = 0.20,
    multiplier: float = 6.0,
    least_index: float = 1.33,
    resolution: float | None = None,
    resolution_share: float = 0.05,
    level: float = 0.95,
) -> TypeOneStudy:
    """Return Cg = K T / (L s) and Cgk = (K T / 2 - |mean - reference|) / (L s / 2).

    Args:
        values: repeated readings of one part, at least 2 (25 to 50 are usual).
        reference: the part's true value, in the unit of the values.
        tolerance: width T of the specification.
        tolerance_share: K, usually 0.20 (0.15 with some customers).
        multiplier: L, 6 (AIAG, most plants) or 4 (other plants).
        least_index: what Cg and Cgk must reach, usually 1.33.
        resolution, resolution_share: smallest step of the gauge, and its largest share of T.
        level: confidence level of the intervals.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: ISO 22514-7; Dietrich and Schulze, Statistical Procedures, "procedure 1".

    >>> study = gauge_type1([9.99, 10.00, 10.01, 10.00], reference=10.0, tolerance=0.4)
    >>> round(study.cg, 4), round(study.cgk, 4)
    (1.633, 1.633)
    """
    x = as_values(values, minimum=2, must_vary=True)
    _check(tolerance, tolerance_share, multiplier, resolution)
    _check_figures(reference, least_index, resolution_share, level)
    deviation, bias = float(x.std(ddof=1)), float((x - reference).mean())
    spread, allowed = multiplier * deviation, tolerance_share * tolerance
    cg, cgk = allowed / spread, (allowed - 2 * abs(bias)) / spread
    fine = None if resolution is None else resolution <= resolution_share * tolerance
    t = bias / (deviation / math.sqrt(x.size))
    return TypeOneStudy(
        method="gauge_type1",
        options={
            "reference": reference,
            "tolerance": tolerance,
            "tolerance_share": tolerance_share,
            "multiplier": multiplier,
            "least_index": least_index,
            "resolution": resolution,
            "resolution_share": resolution_share,
            "level": level,
        },
        convention=f"Cg = {tolerance_share:g} T / ({multiplier:g} s)",
        source="ISO 22514-7; Dietrich and Schulze, procedure 1",
        count=x.size,
        mean=float(x.mean()),
        standard_deviation=deviation,
        bias=bias,
        bias_interval=_around(bias, deviation, x.size, level),
        t=t,
        p=2 * float(stats.t.sf(abs(t), x.size - 1)),
        cg=cg,
        cg_interval=_index_interval(cg, x.size, level),
        cgk=cgk,
        percent_repeatability=100 * spread / tolerance,
        percent_repeatability_and_bias=100 * tolerance_share / cgk if cgk > 0 else math.inf,
        smallest_tolerance=(least_index * spread + 2 * abs(bias)) / tolerance_share,
        is_resolution_sufficient=fine,
        is_capable=min(cg, cgk) >= least_index and fine is not False,
    )


def _check(tolerance: float, share: float, multiplier: float, resolution: float | None) -> None:
    require_between("tolerance", tolerance, 0, math.inf)
    require_between("tolerance_share", share, 0, 1)
    require_between("multiplier", multiplier, 0, math.inf)
    if resolution is not None and not 0 < resolution < math.inf:
        raise InvalidOption("resolution", resolution, "above zero, or absent")


def _check_figures(
    reference: float, least_index: float, resolution_share: float, level: float
) -> None:
    require_between("level", level, 0, 1)
    require_finite("reference", reference)
    require_between("least_index", least_index, 0, math.inf)
    require_between("resolution_share", resolution_share, 0, math.inf)


def _around(bias: float, deviation: float, count: int, level: float) -> Interval:
    reach = float(stats.t.ppf(0.5 + level / 2, count - 1)) * deviation / math.sqrt(count)
    return Interval(bias - reach, bias + reach, level)


def _index_interval(index: float, count: int, level: float) -> Interval:
    tails = np.array([0.5 - level / 2, 0.5 + level / 2])
    low, high = index * np.sqrt(stats.chi2.ppf(tails, count - 1) / (count - 1))
    return Interval(float(low), float(high), level)
