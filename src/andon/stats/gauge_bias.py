"""Bias: does the gauge read a master part true?"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from andon.stats.arrays import (
    FloatArray,
    as_values,
    require_between,
    require_choice,
    require_finite,
)
from andon.stats.chart_factors import d2, d2_star
from andon.stats.results import Interval, Result

__all__ = ["BiasStudy", "gauge_bias", "range_degrees"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasStudy(Result):
    """A bias study.

    Attributes:
        repeatability_sd: by the chosen estimator; degrees: its degrees of freedom.
        bias, interval, t, p: mean minus reference with t interval and two-sided test.
        percent_tolerance, percent_process: |bias| in percent of what is given, else absent.
        is_bias_plausible: zero bias lies inside the interval.
    """

    count: int
    mean: float
    repeatability_sd: float
    degrees: float
    bias: float
    interval: Interval
    t: float
    p: float
    percent_tolerance: float | None
    percent_process: float | None
    is_bias_plausible: bool


def gauge_bias(
    values: ArrayLike,
    *,
    reference: float,
    estimator: str = "sd",
    tolerance: float | None = None,
    process_spread: float | None = None,
    level: float = 0.95,
) -> BiasStudy:
    """Return the bias against a reference with its interval bias -/+ t s / sqrt(n).

    Args:
        values: at least 2 readings of one master part.
        reference: the master's value, same unit.
        estimator: "sd" (standard deviation, n - 1 degrees) or "range" (range / d2* of one group
            with the degrees of freedom of a range, as printed by AIAG).
        tolerance, process_spread: widths the bias is compared with.
        level: confidence level.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: AIAG MSA 4th ed. (2010), chapter III B (independent sample method).

    >>> study = gauge_bias([5.8, 5.9, 6.1, 6.3], reference=6.0)
    >>> round(study.bias, 4), study.is_bias_plausible
    (0.025, True)
    """
    x = as_values(values, minimum=2, must_vary=True)
    require_choice("estimator", estimator, ("sd", "range"))
    require_finite("reference", reference)
    require_between("level", level, 0, 1)
    sd, degrees = _spread(x, estimator)
    bias, error = float((x - reference).mean()), sd / math.sqrt(x.size)
    reach = float(stats.t.ppf(0.5 + level / 2, degrees)) * error
    return BiasStudy(
        method="gauge_bias",
        options={
            "reference": reference,
            "estimator": estimator,
            "tolerance": tolerance,
            "process_spread": process_spread,
            "level": level,
        },
        convention="s, n - 1 degrees" if estimator == "sd" else "range / d2*, degrees of a range",
        source="AIAG MSA 4th ed. (2010), chapter III B",
        count=x.size,
        mean=float(x.mean()),
        repeatability_sd=sd,
        degrees=degrees,
        bias=bias,
        interval=Interval(bias - reach, bias + reach, level),
        t=bias / error,
        p=2 * float(stats.t.sf(abs(bias) / error, degrees)),
        percent_tolerance=_percent(bias, tolerance, "tolerance"),
        percent_process=_percent(bias, process_spread, "process_spread"),
        is_bias_plausible=abs(bias) <= reach,
    )


def range_degrees(n: int, groups: int = 1) -> float:
    """Return the degrees of freedom of a mean range of `groups` groups of n (Patnaik).

    They solve d2 / d2* = sqrt(2 / v) G((v + 1) / 2) / G(v / 2).

    >>> round(range_degrees(15), 1)
    10.8
    """
    wanted = d2(n) / d2_star(n, groups)

    def excess(degrees: float) -> float:
        logs = special.gammaln((degrees + 1) / 2) - special.gammaln(degrees / 2)
        return float(np.sqrt(2 / degrees) * np.exp(logs)) - wanted

    return float(optimize.brentq(excess, 0.5, 1e6))


def _spread(x: FloatArray, estimator: str) -> tuple[float, float]:
    if estimator == "sd":
        return float(x.std(ddof=1)), float(x.size - 1)
    return float(np.ptp(x)) / d2_star(x.size, 1), range_degrees(x.size)


def _percent(bias: float, width: float | None, option: str) -> float | None:
    if width is None:
        return None
    return 100 * abs(bias) / require_between(option, width, 0, math.inf)
