"""The judgement of a lot by variables: one or two limits, sigma known or not."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from andon.stats.arrays import FloatArray, as_values, require_choice, require_finite
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result
from andon.stats.sampling_variables import VariablesPlan, estimated_fraction

__all__ = ["VariablesJudgement", "judge_by_variables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesJudgement(Result):
    """The judgement of a lot.

    Attributes:
        mean, sigma: of the sample; sigma is the known one when the plan says so.
        quality_low, quality_high: (mean - LSL) / sigma, (USL - mean) / sigma; absent without limit.
        fraction_low, fraction_high: estimated fractions beyond the limits.
        fraction: their sum, compared with the plan's largest fraction under combined control.
        largest_sigma: spread at which even a centred lot would be refused (two limits, combined).
    """

    mean: float
    sigma: float
    quality_low: float | None
    quality_high: float | None
    fraction_low: float
    fraction_high: float
    fraction: float
    largest_sigma: float | None
    is_accepted: bool


def judge_by_variables(
    values: ArrayLike,
    plan: VariablesPlan,
    *,
    lower: float | None = None,
    upper: float | None = None,
    sigma: float | None = None,
    control: str = "combined",
) -> VariablesJudgement:
    """Return whether a sample accepts its lot.

    One limit: accept when Q >= k. Two limits, combined: accept when the estimated fractions beyond
    both add up to no more than the plan's M; separate: when each Q >= k.

    Args:
        values: exactly the plan's sample size.
        plan: from `variables_plan` or `variables_plan_for_aql`.
        lower, upper: specification limits, at least one.
        sigma: the known standard deviation, exactly when the plan is for known sigma.
        control: "combined" or "separate".

    Raises:
        StatisticsError: another number of values, no limit, sigma missing or not wanted.

    Source: Lieberman and Resnikoff (1955); MIL-STD-414 (1957), form 2; ISO 3951-1.

    >>> from andon.stats.sampling_variables import variables_plan
    >>> plan = variables_plan(producer_quality=0.01, consumer_quality=0.25)
    >>> judge_by_variables(np.linspace(9.8, 10.2, plan.sample_size), plan, upper=11).is_accepted
    True
    """
    require_choice("control", control, ("combined", "separate"))
    for option, limit in (("lower", lower), ("upper", upper)):
        require_finite(option, limit)
    spread = _check(values, plan, lower, upper, sigma)
    x = as_values(values)
    mean = float(x.mean())
    low = None if lower is None else (mean - lower) / spread
    high = None if upper is None else (upper - mean) / spread
    below, above = _fraction(low, plan), _fraction(high, plan)
    is_combined = control == "combined" and low is not None and high is not None
    by_k = all(q >= plan.k for q in (low, high) if q is not None)
    both = lower is not None and upper is not None
    return VariablesJudgement(
        method="judge_by_variables",
        options={"lower": lower, "upper": upper, "sigma": sigma, "control": control},
        convention="estimated fractions against M" if is_combined else "each Q against k",
        source="Lieberman and Resnikoff (1955); MIL-STD-414 (1957) form 2",
        mean=mean,
        sigma=spread,
        quality_low=low,
        quality_high=high,
        fraction_low=below,
        fraction_high=above,
        fraction=below + above,
        largest_sigma=_largest_sigma(plan, (upper or 0.0) - (lower or 0.0))
        if is_combined and both
        else None,
        is_accepted=below + above <= plan.largest_fraction if is_combined else by_k,
    )


def _check(
    values: ArrayLike,
    plan: VariablesPlan,
    lower: float | None,
    upper: float | None,
    sigma: float | None,
) -> float:
    """Return the spread to judge by: the known sigma, or that of the sample."""
    x = as_values(values, minimum=2)
    if x.size != plan.sample_size:
        raise StatisticsError(f"the plan needs {plan.sample_size} values, {x.size} given")
    if lower is None and upper is None:
        raise StatisticsError("at least one specification limit is needed")
    if lower is not None and upper is not None and lower >= upper:
        raise InvalidOption("lower", lower, f"below the upper limit {upper:g}")
    if (sigma is not None) != plan.is_sigma_known:
        raise InvalidOption("sigma", sigma, "given exactly when the plan is for known sigma")
    if sigma is not None and sigma <= 0:
        raise InvalidOption("sigma", sigma, "above zero")
    return sigma if sigma is not None else _deviation(x)


def _deviation(x: FloatArray) -> float:
    # A sample without spread is infinitely far from a limit, not an error of the lot.
    return max(float(x.std(ddof=1)), np.finfo(np.float64).tiny)


def _fraction(q: float | None, plan: VariablesPlan) -> float:
    if q is None:
        return 0.0
    return float(estimated_fraction(np.array(q), plan.sample_size, plan.is_sigma_known))


def _largest_sigma(plan: VariablesPlan, width: float) -> float:
    """Half the tolerance over the distance at which each side holds half of M."""

    def excess(q: float) -> float:
        return _fraction(q, plan) - plan.largest_fraction / 2

    farthest = 10.0 if plan.is_sigma_known else (plan.sample_size - 1) / math.sqrt(plan.sample_size)
    if excess(0.0) <= 0 or excess(farthest) >= 0:
        return math.nan
    return width / 2 / float(optimize.brentq(excess, 0.0, farthest, xtol=1e-12))
