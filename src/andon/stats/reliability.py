"""Lifetimes: Weibull, lognormal and exponential models with censoring, and Bx lives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import as_values, require_between, require_choice
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.reliability_bounds import Bounds
from andon.stats.reliability_likelihood import FAMILIES, Family, Lifetimes, Likelihood
from andon.stats.results import Interval, Result

__all__ = ["Distribution", "Life", "LifetimeFit", "fit_lifetimes"]

Distribution = Literal["weibull", "lognormal", "exponential"]
Convention = Literal["wald", "likelihood"]


@dataclass(frozen=True, slots=True)
class Life:
    """The time by which this share of the parts has failed (B10 for 0.1), with its interval."""

    share: float
    time: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeFit(Result):
    """A fitted lifetime distribution.

    Attributes:
        distribution: "weibull", "lognormal" or "exponential".
        scale: characteristic life (63.2 %), median life (lognormal), or mean life (exponential).
        scale_interval: of the scale.
        shape: Weibull slope, or sigma of the log life; 1 for the exponential.
        shape_interval: of the shape.
        lives: Bx lives asked for.
        mean: mean life.
        log_likelihood: at the maximum, of the times themselves (not of their logs).
        failures, running: parts failed, and parts still running when last seen.
    """

    distribution: str
    scale: float
    scale_interval: Interval
    shape: float
    shape_interval: Interval
    lives: tuple[Life, ...]
    mean: float
    log_likelihood: float
    failures: float
    running: float


def fit_lifetimes(
    times: ArrayLike,
    failed: Sequence[bool] | None = None,
    *,
    until: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    distribution: Distribution = "weibull",
    shares: Sequence[float] = (0.01, 0.1, 0.5),
    convention: Convention = "likelihood",
    level: float = 0.95,
) -> LifetimeFit:
    """Return the maximum-likelihood fit of lifetimes with right and interval censoring.

    Args:
        times: time of failure, or of the last look at a part still running, above 0, shape (n,).
        failed: whether each part failed at its time; all did when None.
        until: for parts that failed between two looks, the second look (times is the first, 0 when
            there was none); infinite for a part still running. Replaces `failed`.
        counts: parts that each row stands for; 1 when None.
        distribution: "weibull", "lognormal" or "exponential".
        shares: failed shares whose times are wanted, each within 0 to 1.
        convention: "likelihood" (profile) or "wald" (normal on the log scale) intervals.
        level: confidence level.

    Raises:
        TooFewValues: fewer than 2 different failures (1 for the exponential); NoVariation,
        NotFinite, InvalidOption, StatisticsError.

    Source: Meeker and Escobar 1998, Statistical Methods for Reliability Data, ch. 7-8; NIST
    e-Handbook 8.4.1.2.

    >>> times = [54, 187, 216, 240, 244, 335, 361, 373, 375, 386] + [500] * 10
    >>> fit = fit_lifetimes(times, [True] * 10 + [False] * 10)
    >>> round(fit.shape, 3), round(fit.scale, 1)
    (1.721, 606.5)
    """
    require_choice("distribution", distribution, get_args(Distribution))
    require_choice("convention", convention, get_args(Convention))
    require_between("level", level, 0, 1)
    for share in shares:
        require_between("shares", share, 0, 1)
    data = _lifetimes(times, failed, until, counts)
    family = FAMILIES[distribution]
    _require_failures(data, family)
    likelihood = Likelihood(family, data)
    peak = likelihood.peak()
    bounds = Bounds(likelihood, peak, level)
    of_quantile, of_scale = bounds.by(convention)
    sigma = Interval(1.0, 1.0, level) if family.is_scale_fixed else of_scale()
    scale = float(np.exp(peak.location))
    running = float(data.counts[np.isinf(data.high)].sum())
    return LifetimeFit(
        distribution=distribution,
        scale=scale,
        scale_interval=of_quantile(0.0),
        shape=_shape(float(np.exp(peak.log_scale)), distribution),
        shape_interval=_shape_interval(sigma, distribution),
        lives=tuple(
            Life(p, bounds.quantile(family.quantile(p)), of_quantile(family.quantile(p)))
            for p in shares
        ),
        mean=_mean(scale, float(np.exp(peak.log_scale)), distribution),
        log_likelihood=peak.log_likelihood,
        failures=float(data.counts.sum()) - running,
        running=running,
        method="fit_lifetimes",
        options={
            "distribution": distribution,
            "shares": list(shares),
            "convention": convention,
            "level": level,
        },
        convention=f"maximum likelihood; {convention} intervals",
        source="Meeker and Escobar 1998, ch. 7-8",
    )


def _lifetimes(
    times: ArrayLike,
    failed: Sequence[bool] | None,
    until: ArrayLike | None,
    counts: ArrayLike | None,
) -> Lifetimes:
    low = as_values(times, what="times")
    number = np.ones(low.size) if counts is None else as_values(counts, what="counts")
    if until is None:
        flags = np.ones(low.size, bool) if failed is None else np.asarray(failed, dtype=bool)
        if flags.size != low.size:
            raise StatisticsError(f"{low.size} times but {flags.size} entries of failed")
        high = np.where(flags, low, np.inf)
    else:
        high = np.asarray(until, dtype=np.float64)
    if high.shape != low.shape or number.shape != low.shape or (number < 0).any():
        raise StatisticsError("times, until and counts need one entry of at least 0 for every part")
    if np.isnan(high).any() or (high < low).any() or (high <= 0).any() or (low < 0).any():
        raise InvalidOption("times", "a value", "above 0, and until at or after it")
    if ((low == 0) & np.isinf(high)).any():
        raise InvalidOption("times", 0.0, "above 0 for a part still running")
    used = number > 0
    with np.errstate(divide="ignore"):
        return Lifetimes(np.log(low[used]), np.log(high[used]), number[used])


def _require_failures(data: Lifetimes, family: Family) -> None:
    failed = np.isfinite(data.high)
    needed = 1 if family.is_scale_fixed else 2
    if float(data.counts[failed].sum()) < needed:
        raise TooFewValues(needed, int(data.counts[failed].sum()), "failures")
    if not family.is_scale_fixed and np.unique(data.high[failed]).size < 2:
        raise NoVariation("times of failure")


def _shape(sigma: float, distribution: str) -> float:
    return 1 / sigma if distribution == "weibull" else sigma


def _shape_interval(sigma: Interval, distribution: str) -> Interval:
    if distribution == "weibull":
        return Interval(1 / sigma.high, 1 / sigma.low, sigma.level)
    return Interval(float(sigma.low), float(sigma.high), sigma.level)


def _mean(scale: float, sigma: float, distribution: str) -> float:
    if distribution == "lognormal":
        return scale * float(np.exp(sigma**2 / 2))
    return scale * float(special.gamma(1 + sigma))
