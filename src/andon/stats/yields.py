"""Yields and defect rates: first pass, rolled throughput, DPU, DPMO, ppm and sigma level."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_values, require_between, require_finite
from andon.stats.comparison_rates import compare_rate_to, exact_share
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Interval, Result

__all__ = [
    "DefectRate",
    "NonconformingRate",
    "RolledYield",
    "measure_defects",
    "measure_nonconforming",
    "roll_yields",
    "sigma_level",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectRate(Result):
    """Defects per unit, per million opportunities, and the sigma level with and without shift.

    Intervals are exact; `sigma_level` includes the shift, `z` does not.
    """

    per_unit: float
    per_unit_interval: Interval
    per_million: float
    per_million_interval: Interval
    sigma_level: float
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NonconformingRate(Result):
    """Nonconforming parts per million with exact limits; with none found the upper is one-sided."""

    per_million: float
    interval: Interval
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledYield(Result):
    """First-pass yield of each step, their product, and the yield of an average step."""

    first_pass: FloatArray
    rolled: float
    normalized: float
    worst_step: int


def sigma_level(share: float, *, shift: float = 1.5) -> float:
    """Return z(1 - share) + shift; infinite for a share of 0.

    Args:
        share: defects per opportunity, 0 to 1.
        shift: long-term shift of the mean in sigmas; 0 for the plain z.

    Raises:
        InvalidOption: a share outside 0 to 1.

    Source: Harry 1988, The Nature of Six Sigma Quality.

    >>> round(sigma_level(3.4e-6), 2)
    6.0
    """
    require_between("share", share, 0, 1, open_ends=False)
    require_finite("shift", shift)
    return -float(special.ndtri(share)) + shift


def measure_defects(
    defects: float,
    units: float,
    *,
    opportunities: float = 1.0,
    shift: float = 1.5,
    level: float = 0.95,
) -> DefectRate:
    """Return DPU, DPMO and sigma level from counted defects, with exact Poisson intervals.

    DPU = defects / units; DPMO = 10^6 DPU / opportunities; z = normal quantile of 1 - DPO.

    Args:
        defects: counted, at least 0.
        units: inspected, above 0.
        opportunities: for a defect in each unit, above 0.
        shift: added to z for the sigma level.
        level: confidence level.

    Raises:
        InvalidOption.

    Source: Garwood 1936 (interval); Harry 1988.

    >>> found = measure_defects(12, 1000, opportunities=4)
    >>> round(found.per_million, 6), round(found.sigma_level, 3)
    (3000.0, 4.248)
    """
    require_between("opportunities", opportunities, 0, np.inf)
    found = compare_rate_to(defects, units, target=1.0, level=level)
    scale = 1e6 / opportunities
    share = min(found.estimate / opportunities, 1.0)
    return DefectRate(
        per_unit=found.estimate,
        per_unit_interval=found.interval,
        per_million=found.estimate * scale,
        per_million_interval=Interval(
            found.interval.low * scale, found.interval.high * scale, level
        ),
        sigma_level=sigma_level(share, shift=shift),
        z=sigma_level(share, shift=0.0),
        method="measure_defects",
        options={"opportunities": opportunities, "shift": shift, "level": level},
        convention=f"sigma level = z + {shift:g}; exact Poisson intervals",
        source="Garwood 1936; Harry 1988",
    )


def measure_nonconforming(count: int, inspected: int, *, level: float = 0.95) -> NonconformingRate:
    """Return nonconforming parts per million with exact limits.

    With none found there is no "0 ppm": the one-sided upper limit 1 - (1 - level)^(1/n), about 3/n
    at 95 %, is what the parts inspected can say.

    Args:
        count: nonconforming parts, 0 to inspected.
        inspected: parts, at least 1.
        level: confidence level; two-sided, or of the upper limit when none was found.

    Raises:
        InvalidOption.

    Source: Clopper and Pearson 1934; Hanley and Lippman-Hand 1983 (rule of three).

    >>> measure_nonconforming(0, 3000).words
    'none found in 3000: below 998 ppm (95 %)'
    """
    require_between("level", level, 0, 1)
    if inspected < 1 or not 0 <= count <= inspected:
        raise InvalidOption("count", count, "from 0 to inspected, inspected at least 1")
    tail = (1 - level) / (2 if count else 1)
    low, high = exact_share(count, inspected, tail)
    limits = Interval(low * 1e6, high * 1e6, level)
    rate = count / inspected * 1e6
    percent = f"{level * 100:g} %"
    words = f"{rate:.0f} ppm ({limits.low:.0f} to {limits.high:.0f}, {percent})"
    if not count:
        words = f"none found in {inspected}: below {limits.high:.0f} ppm ({percent})"
    return NonconformingRate(
        per_million=rate,
        interval=limits,
        words=words,
        method="measure_nonconforming",
        options={"level": level},
        convention="exact binomial; one-sided upper limit when none was found",
        source="Clopper and Pearson 1934",
    )


def roll_yields(passed: ArrayLike, started: ArrayLike) -> RolledYield:
    """Return the rolled throughput yield: the product of the first-pass yields of the steps.

    normalized = rolled^(1 / steps).

    Args:
        passed: units good at the first attempt per step (rework is not first pass), shape (k,).
        started: units that entered each step, at least as many, above 0.

    Raises:
        TooFewValues, NotFinite, StatisticsError.

    Source: Breyfogle 2003, Implementing Six Sigma, 9.2.

    >>> round(roll_yields([95, 90], [100, 100]).rolled, 4)
    0.855
    """
    good, begun = as_values(passed, what="passed"), as_values(started, what="started")
    if good.size != begun.size or begun.min() <= 0 or (good < 0).any() or (good > begun).any():
        raise StatisticsError("every step needs started above 0 and passed from 0 to started")
    share = good / begun
    rolled = float(share.prod())
    return RolledYield(
        first_pass=share,
        rolled=rolled,
        normalized=rolled ** (1 / share.size),
        worst_step=int(np.argmin(share)),
        method="roll_yields",
        convention="product of first-pass yields; normalized is their geometric mean",
        source="Breyfogle 2003, 9.2",
    )
