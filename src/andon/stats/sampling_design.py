"""Designed attribute plans: two points of the curve, zero acceptance, isolated lots."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from andon.stats.arrays import require_between, require_choice
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result
from andon.stats.sampling_curves import quality_at_probability
from andon.stats.sampling_paths import DISTRIBUTIONS
from andon.stats.sampling_plans import Stage, code_letter, find_plan

__all__ = ["DesignedPlan", "isolated_lot_plan", "single_plan", "zero_acceptance_for_aql",
           "zero_acceptance_plan"]  # fmt: skip

COMPUTED = "computed, not tabulated"
LARGEST_SAMPLE = 10_000_000
Tail = Callable[[int, int, float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignedPlan(Result):
    """A designed single plan and what it achieves.

    Attributes:
        stages: the plan, for `plan_curves`.
        producer_risk: probability to refuse the good quality; absent when none was given.
        consumer_risk: probability to accept the limiting quality.
        quality_95: quality accepted with probability 0.95.
    """

    sample_size: int
    acceptance_number: int
    stages: tuple[Stage, ...]
    producer_risk: float | None
    consumer_risk: float
    quality_95: float


def single_plan(
    *,
    producer_quality: float,
    consumer_quality: float,
    producer_risk: float = 0.05,
    consumer_risk: float = 0.10,
    distribution: str = "binomial",
    lot_size: int | None = None,
    most_accepted: int = 500,
) -> DesignedPlan:
    """Return the smallest single plan whose curve keeps both points.

    Smallest n, c with Pa(producer_quality) >= 1 - producer_risk and
    Pa(consumer_quality) <= consumer_risk.

    Args:
        producer_quality, consumer_quality: fractions nonconforming, the first the smaller.
        producer_risk, consumer_risk: risks at these.
        distribution, lot_size: as `acceptance_probability`.

    Raises:
        InvalidOption: points in the wrong order; StatisticsError: no plan within the lot.

    Source: Schilling and Neubauer (2009) ch. 5; Hailey (1980) J. Quality Technology 12.

    >>> plan = single_plan(producer_quality=0.01, consumer_quality=0.06)
    >>> plan.sample_size, plan.acceptance_number
    (110, 3)
    """
    _check_points(producer_quality, consumer_quality, producer_risk, consumer_risk, distribution)
    tail = _tail(distribution, lot_size)
    largest = lot_size if distribution == "hypergeometric" and lot_size else LARGEST_SAMPLE
    for accept in range(most_accepted + 1):
        size = _smallest_size(tail, accept, consumer_quality, consumer_risk, largest)
        if size is None:
            break
        if tail(accept, size, producer_quality) >= 1 - producer_risk:
            options = {
                "producer_quality": producer_quality,
                "consumer_quality": consumer_quality,
                "producer_risk": producer_risk,
                "consumer_risk": consumer_risk,
                "distribution": distribution,
                "lot_size": lot_size,
            }
            achieved = 1 - tail(accept, size, producer_quality)
            return _designed(
                "single_plan", options, (size, accept), tail(accept, size, consumer_quality),
                achieved,
            )  # fmt: skip
    raise StatisticsError(
        "no single plan keeps both points: widen them, raise a risk, or take a larger lot"
    )


def zero_acceptance_plan(
    *, limiting_quality: float, consumer_risk: float = 0.10, lot_size: int | None = None
) -> DesignedPlan:
    """Return the smallest plan with acceptance number 0 that keeps the consumer's risk.

    Binomial without, hypergeometric with a lot size.

    >>> zero_acceptance_plan(limiting_quality=0.10).sample_size
    22
    """
    require_between("limiting_quality", limiting_quality, 0, 1)
    require_between("consumer_risk", consumer_risk, 0, 1)
    return _against_consumer("zero_acceptance_plan", limiting_quality, consumer_risk, lot_size, 0)


def zero_acceptance_for_aql(lot_size: int, aql: float, *, level: str = "II") -> DesignedPlan:
    """Return the zero acceptance plan with the consumer's protection of the normal single plan.

    Its limiting quality is where the normal plan of the AQL accepts with probability 0.10.

    >>> zero_acceptance_for_aql(2000, 1.0).sample_size
    42
    """
    stages = find_plan(code_letter(lot_size, level), aql).stages
    limiting = quality_at_probability(stages, 0.10)
    return _against_consumer("zero_acceptance_for_aql", limiting, 0.10, lot_size, 0)


def isolated_lot_plan(
    lot_size: int,
    *,
    limiting_quality: float,
    consumer_risk: float = 0.10,
    acceptance_number: int = 0,
) -> DesignedPlan:
    """Return the smallest sample of an isolated lot for a limiting quality (as ISO 2859-2, LQ).

    Hypergeometric, for the smallest number of nonconforming units that reaches the limit.

    >>> isolated_lot_plan(500, limiting_quality=0.05).sample_size
    43
    """
    require_between("limiting_quality", limiting_quality, 0, 1)
    require_between("consumer_risk", consumer_risk, 0, 1)
    return _against_consumer(
        "isolated_lot_plan", limiting_quality, consumer_risk, lot_size, acceptance_number
    )


def _against_consumer(
    method: str, limiting: float, risk: float, lot_size: int | None, accept: int
) -> DesignedPlan:
    if lot_size is not None and lot_size < 2:
        raise InvalidOption("lot_size", lot_size, "at least 2")
    if accept < 0:
        raise InvalidOption("acceptance_number", accept, "zero or more")
    distribution = "binomial" if lot_size is None else "hypergeometric"
    tail = _tail(distribution, lot_size)
    size = _smallest_size(tail, accept, limiting, risk, lot_size or LARGEST_SAMPLE)
    if size is None:
        raise StatisticsError("even the whole lot does not keep this risk: lower the number")
    options = {
        "limiting_quality": limiting,
        "consumer_risk": risk,
        "lot_size": lot_size,
        "acceptance_number": accept,
        "distribution": distribution,
    }
    return _designed(method, options, (size, accept), tail(accept, size, limiting), None)


def _designed(
    method: str,
    options: Mapping[str, object],
    plan: tuple[int, int],
    consumer_risk: float,
    producer_risk: float | None,
) -> DesignedPlan:
    stages = (Stage(plan[0], plan[1], plan[1] + 1),)
    lot_size = options["lot_size"]
    return DesignedPlan(
        method=method,
        options=options,
        convention=f"{COMPUTED}; {options['distribution']}",
        source="Schilling and Neubauer (2009) ch. 5",
        sample_size=plan[0],
        acceptance_number=plan[1],
        stages=stages,
        producer_risk=producer_risk,
        consumer_risk=consumer_risk,
        quality_95=quality_at_probability(
            stages,
            0.95,
            distribution=str(options["distribution"]),
            lot_size=lot_size if isinstance(lot_size, int) else None,
        ),
    )


def _tail(distribution: str, lot_size: int | None) -> Tail:
    """Probability to find at most so many in a sample of this size at this quality."""
    if distribution == "poisson":
        return lambda accept, size, p: float(stats.poisson.cdf(accept, size * p))
    if distribution == "binomial":
        return lambda accept, size, p: float(stats.binom.cdf(accept, size, p))
    if lot_size is None:
        raise InvalidOption("lot_size", lot_size, "given for the hypergeometric distribution")
    # A hair below the product, so that 0.05 x 500 is 25 units and not 26.
    return lambda accept, size, p: float(
        stats.hypergeom.cdf(accept, lot_size, math.ceil(p * lot_size * (1 - 1e-12)), size)
    )


def _smallest_size(tail: Tail, accept: int, quality: float, risk: float, most: int) -> int | None:
    """Smallest n with tail <= risk, by bisection; nothing when the largest n fails."""
    low, high = accept, most
    if tail(accept, high, quality) > risk:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if tail(accept, middle, quality) <= risk else (middle, high)
    return high


def _check_points(
    good: float, bad: float, producer_risk: float, consumer_risk: float, distribution: str
) -> None:
    require_choice("distribution", distribution, DISTRIBUTIONS)
    for option, risk in (("producer_risk", producer_risk), ("consumer_risk", consumer_risk)):
        require_between(option, risk, 0, 1)
    require_between("producer_quality", good, 0, np.inf if distribution == "poisson" else 1)
    if not good < bad or (distribution != "poisson" and bad >= 1):
        raise InvalidOption("consumer_quality", bad, "larger than producer_quality, below 1")
