"""Tests that show a reliability: how many parts, how long, and what a passed test proves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import as_values, require_between
from andon.stats.errors import InvalidOption
from andon.stats.results import Result

__all__ = ["Demonstration", "WeibayesBound", "bound_weibayes", "plan_demonstration"]

MOST = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration(Result):
    """Parts to test, each for `test_time`, with at most `failures` failing."""

    count: int
    failures: int
    test_time: float
    confidence_reached: float


def plan_demonstration(
    reliability: float,
    *,
    confidence: float = 0.9,
    failures: int = 0,
    life: float = 1.0,
    test_time: float | None = None,
    shape: float = 1.0,
) -> Demonstration:
    """Return the number of parts that must survive to show a reliability at a life.

    Without failures: n = ln(1 - C) / ln(R) (success run); with f allowed, the smallest n with
    P(at most f of n fail) <= 1 - C. Tests longer or shorter than the life count by Weibull's law:
    R at the test time = R^((test time / life)^shape).

    Args:
        reliability: to be shown at `life`, within 0 to 1.
        confidence: within 0 to 1.
        failures: allowed, at least 0.
        life: the time the reliability is for, above 0.
        test_time: time on test of each part, in the unit of `life`; the life itself when None.
        shape: Weibull shape assumed; matters only when the test time is not the life.

    Raises:
        InvalidOption.

    Source: Meeker, Hahn and Escobar 2017, Statistical Intervals, 9.6; Nelson 1985, J. Quality
    Technology 17 (Weibayes).

    >>> plan_demonstration(0.9, confidence=0.9).count
    22
    """
    require_between("reliability", reliability, 0, 1)
    require_between("confidence", confidence, 0, 1)
    duration = life if test_time is None else test_time
    for option, value in (("life", life), ("test_time", duration), ("shape", shape)):
        require_between(option, value, 0, np.inf)
    if failures < 0:
        raise InvalidOption("failures", failures, "at least 0")
    at_test = reliability ** ((duration / life) ** shape)
    count = _smallest(at_test, failures, 1 - confidence)
    return Demonstration(
        count=count,
        failures=failures,
        test_time=duration,
        confidence_reached=1 - float(special.bdtr(failures, count, 1 - at_test)),
        method="plan_demonstration",
        options={
            "reliability": reliability,
            "confidence": confidence,
            "failures": failures,
            "life": life,
            "test_time": test_time,
            "shape": shape,
        },
        convention="binomial; Weibull acceleration of time with a known shape",
        source="Meeker, Hahn and Escobar 2017, 9.6; Nelson 1985",
    )


def _smallest(reliability: float, failures: int, risk: float) -> int:
    high = failures + 1
    while special.bdtr(failures, high, 1 - reliability) > risk:
        high *= 2
        if high > MOST:
            raise InvalidOption("reliability", reliability, "one that fewer parts can show")
    low = max(high // 2, failures)
    while high - low > 1:
        middle = (low + high) // 2
        passed = special.bdtr(failures, middle, 1 - reliability) <= risk
        low, high = (low, middle) if passed else (middle, high)
    return high


@dataclass(frozen=True, slots=True, kw_only=True)
class WeibayesBound(Result):
    """Lower confidence bounds: characteristic life, reliability at the mission, Bx life."""

    scale: float
    reliability: float
    life: float


def bound_weibayes(
    times: ArrayLike,
    *,
    shape: float,
    mission: float,
    failures: int = 0,
    share: float = 0.1,
    confidence: float = 0.9,
) -> WeibayesBound:
    """Return what a test with few or no failures proves when the Weibull shape is known.

    scale >= (2 sum t^shape / chi-square(confidence; 2 f + 2))^(1 / shape).

    Args:
        times: time on test of every part, failed or not, above 0, shape (n,).
        shape: known Weibull shape, above 0.
        mission: time the reliability is wanted for, above 0.
        failures: among the parts, at least 0.
        share: failed share whose time is wanted (0.1 for B10).
        confidence: of each one-sided bound.

    Raises:
        TooFewValues, NotFinite, InvalidOption.

    Source: Nelson 1985, J. Quality Technology 17, 140-146.

    >>> round(bound_weibayes([1000.0] * 10, shape=2.0, mission=500.0).reliability, 4)
    0.9441
    """
    t = as_values(times, what="times")
    for option, value in (("shape", shape), ("mission", mission), ("times", float(t.min()))):
        require_between(option, value, 0, np.inf)
    require_between("share", share, 0, 1)
    require_between("confidence", confidence, 0, 1)
    if failures < 0:
        raise InvalidOption("failures", failures, "at least 0")
    limit = float(special.gammaincinv(failures + 1, confidence))
    longest = float(t.max())  # scaled, so that a large shape does not overflow
    scale = longest * (float(((t / longest) ** shape).sum()) / limit) ** (1 / shape)
    return WeibayesBound(
        scale=scale,
        reliability=float(np.exp(-((mission / scale) ** shape))),
        life=scale * float(-np.log1p(-share)) ** (1 / shape),
        method="bound_weibayes",
        options={
            "shape": shape,
            "mission": mission,
            "failures": failures,
            "share": share,
            "confidence": confidence,
        },
        convention="chi-square with 2 f + 2 degrees of freedom; time-censored test",
        source="Nelson 1985",
    )
