"""Variables sampling: plans from the normal distribution and the judgement of a lot by them.

Form: accept when (limit - mean) / s is at least k. Sizes and constants are computed from the
non-central t (sigma unknown) or the normal distribution (sigma known), not taken from the tables
of ISO 3951-1 or ANSI/ASQ Z1.9, which they resemble.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from andon.stats.arrays import FloatArray, as_values, require_between, require_finite
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result
from andon.stats.sampling_curves import quality_at_probability
from andon.stats.sampling_plans import code_letter, find_plan

__all__ = ["VariablesPlan", "variables_acceptance", "variables_plan", "variables_plan_for_aql"]

COMPUTED = "computed, not tabulated"
LARGEST_SAMPLE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesPlan(Result):
    """A variables plan.

    Attributes:
        sample_size, k: accept when every (limit - mean) / sigma is at least k.
        is_sigma_known: sigma known, else the sample's standard deviation.
        largest_fraction: M, the same plan as a limit of the estimated fraction nonconforming, for
            two limits under combined control.
        producer_risk, consumer_risk: achieved at the two design points.
    """

    sample_size: int
    k: float
    is_sigma_known: bool
    largest_fraction: float
    producer_quality: float
    consumer_quality: float
    producer_risk: float
    consumer_risk: float


def variables_plan(
    *,
    producer_quality: float,
    consumer_quality: float,
    producer_risk: float = 0.05,
    consumer_risk: float = 0.10,
    is_sigma_known: bool = False,
) -> VariablesPlan:
    """Return the smallest variables plan whose curve keeps both points.

    Sigma unknown: Pa(p) = P(T >= k sqrt n), T non-central t with n - 1 degrees of freedom and
    non-centrality z sqrt n, z the normal quantile of 1 - p. Sigma known:
    Pa(p) = Phi(sqrt n (z - k)). k lies midway between the two values that meet one point exactly.

    Args:
        producer_quality, consumer_quality: fractions nonconforming, the first the smaller.
        producer_risk, consumer_risk: risks at these.
        is_sigma_known: the process's sigma is known.

    Raises:
        InvalidOption: points in the wrong order or outside 0 to 0.5.

    Source: Lieberman and Resnikoff (1955) JASA 50, 457-516; Schilling and Neubauer (2009) ch. 10.

    >>> plan = variables_plan(producer_quality=0.01, consumer_quality=0.06)
    >>> plan.sample_size, round(plan.k, 2)
    (42, 1.9)
    """
    _check(producer_quality, consumer_quality, producer_risk, consumer_risk)
    risks = (producer_quality, consumer_quality, producer_risk, consumer_risk)
    size = _smallest_size(risks, is_sigma_known)
    low, high = _bounds_of_k(size, risks, is_sigma_known)
    k = (low + high) / 2
    at = variables_acceptance(
        size, k, [producer_quality, consumer_quality], is_sigma_known=is_sigma_known
    )
    return VariablesPlan(
        method="variables_plan",
        options={
            "producer_quality": producer_quality,
            "consumer_quality": consumer_quality,
            "producer_risk": producer_risk,
            "consumer_risk": consumer_risk,
            "is_sigma_known": is_sigma_known,
        },
        convention=f"{COMPUTED}; k midway between its bounds",
        source="Lieberman and Resnikoff (1955); Schilling and Neubauer (2009) ch. 10",
        sample_size=size,
        k=k,
        is_sigma_known=is_sigma_known,
        largest_fraction=float(estimated_fraction(np.array(k), size, is_sigma_known)),
        producer_quality=producer_quality,
        consumer_quality=consumer_quality,
        producer_risk=1 - float(at[0]),
        consumer_risk=float(at[1]),
    )


def variables_plan_for_aql(
    lot_size: int,
    aql: float,
    *,
    level: str = "II",
    severity: str = "normal",
    is_sigma_known: bool = False,
) -> VariablesPlan:
    """Return the variables plan with the curve of the single attribute plan of the same lot.

    Its points are where the attribute plan accepts with probability 0.95 and 0.10, so that the
    scheme (letters, severities, switching) stays the same with a smaller sample.

    >>> plan = variables_plan_for_aql(5000, 0.65)
    >>> 40 < plan.sample_size < 100
    True
    """
    stages = find_plan(code_letter(lot_size, level), aql, severity=severity).stages
    return variables_plan(
        producer_quality=quality_at_probability(stages, 0.95),
        consumer_quality=quality_at_probability(stages, 0.10),
        is_sigma_known=is_sigma_known,
    )


def variables_acceptance(
    sample_size: int, k: float, quality: ArrayLike, *, is_sigma_known: bool = False
) -> FloatArray:
    """Return the probability of acceptance at each fraction nonconforming beyond one limit.

    >>> variables_acceptance(15, 1.8, [0.01, 0.06], is_sigma_known=True).round(3).tolist()
    [0.979, 0.171]
    """
    require_finite("k", k)
    p = as_values(quality, what="qualities")
    if p.min() <= 0 or p.max() >= 1:
        raise InvalidOption("quality", float(p.min()), "fractions strictly between 0 and 1")
    if sample_size < (1 if is_sigma_known else 2):
        raise InvalidOption("sample_size", sample_size, "at least 2 (1 with known sigma)")
    root, z = math.sqrt(sample_size), -special.ndtri(p)
    if is_sigma_known:
        return np.asarray(special.ndtr(root * (z - k)))
    return np.asarray(stats.nct.sf(k * root, sample_size - 1, z * root))


def estimated_fraction(q: FloatArray, sample_size: int, is_sigma_known: bool) -> FloatArray:
    """Return the minimum variance unbiased estimate of the fraction beyond a limit at distance q.

    >>> round(float(estimated_fraction(np.array(0.0), 10, False)), 4)
    0.5
    """
    n = sample_size
    if is_sigma_known:
        return np.asarray(special.ndtr(-q * math.sqrt(n / (n - 1))))
    if n < 3:
        raise StatisticsError("at least 3 values are needed to estimate a fraction without sigma")
    share = np.clip(0.5 - 0.5 * q * math.sqrt(n) / (n - 1), 0.0, 1.0)
    return np.asarray(special.betainc(n / 2 - 1, n / 2 - 1, share))


def _check(good: float, bad: float, producer_risk: float, consumer_risk: float) -> None:
    for option, value in (("producer_risk", producer_risk), ("consumer_risk", consumer_risk)):
        require_between(option, value, 0, 1)
    require_between("producer_quality", good, 0, 0.5)
    require_between("consumer_quality", bad, good, 0.5)


def _bounds_of_k(
    size: int, risks: tuple[float, float, float, float], is_sigma_known: bool
) -> tuple[float, float]:
    """The least k for the consumer's point and the largest for the producer's."""
    good, bad, alpha, beta = risks
    root = math.sqrt(size)
    z_good, z_bad = -float(special.ndtri(good)), -float(special.ndtri(bad))
    if is_sigma_known:
        consumer, producer = float(special.ndtri(beta)), float(special.ndtri(alpha))
        return z_bad - consumer / root, z_good + producer / root
    low = float(stats.nct.isf(beta, size - 1, z_bad * root)) / root
    high = float(stats.nct.ppf(alpha, size - 1, z_good * root)) / root
    return low, high


def _smallest_size(risks: tuple[float, float, float, float], is_sigma_known: bool) -> int:
    def keeps_both(size: int) -> bool:
        low, high = _bounds_of_k(size, risks, is_sigma_known)
        return low <= high

    low, high = 2, 4
    while not keeps_both(high):
        low, high = high, 2 * high
        if high > LARGEST_SAMPLE:
            raise StatisticsError("the two qualities are too close: more than 100,000 units needed")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps_both(middle) else (middle, high)
    return high
