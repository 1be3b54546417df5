"""The effect of an action as its registered plan says: numbers, interval, verdict, digest."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from andon.improve.actions.measuring import (
    Side,
    Window,
    read_counts,
    read_subgroups,
    read_values,
    specification,
)
from andon.improve.actions.models import EffectivenessPlan
from andon.stats.comparison_rates import compare_rates
from andon.stats.effect import compare_capability, mean_shift
from andon.stats.effect_verdict import Direction, EffectVerdict, judge_effect
from andon.stats.errors import StatisticsError
from andon.stats.results import Interval, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a check has found."""

    verdict: EffectVerdict
    comparison: Result | None
    """None when there is too little to compare."""
    estimate: float | None
    before: dict[str, Any]
    after: dict[str, Any]
    inputs_digest: str

    def as_data(self) -> dict[str, Any]:
        """Return the results as plain data, with method, options, convention and source."""
        comparison = self.comparison.to_dict() if self.comparison else None
        return {"comparison": comparison, "verdict": self.verdict.to_dict()}


@dataclass(frozen=True, slots=True)
class _Method:
    """How one metric is read, told, compared and judged."""

    read: Callable[[Window], Side]
    tell: Callable[[Side], dict[str, Any]]
    compare: Callable[[EffectivenessPlan, Side, Side], tuple[Result, float, Interval]]
    given: Callable[[Side], int]
    direction: Direction
    no_effect: float


def window_of(plan: EffectivenessPlan, since: date, until: date) -> Window:
    """Return a window at the places of a plan."""
    if plan.characteristic is None:
        message = "A plan without a characteristic has no window."
        raise ValueError(message)
    return Window(
        characteristic=plan.characteristic, machines=tuple(plan.machines),
        shifts=tuple(plan.shifts), since=since, until=until,
    )  # fmt: skip


def baseline_of(plan: EffectivenessPlan) -> Window:
    """Return the baseline window of a plan."""
    if plan.baseline_since is None or plan.baseline_until is None:
        message = "A plan without a baseline has no window."
        raise ValueError(message)
    return window_of(plan, plan.baseline_since, plan.baseline_until)


def compute_effect(plan: EffectivenessPlan, *, since: date, until: date) -> Effect:
    """Compare the baseline with what came after, by the plan's test, and judge it."""
    method = METHODS[plan.metric]
    before = method.read(baseline_of(plan))
    after = method.read(window_of(plan, since, until))
    comparison, estimate, interval = _compared(method, plan, before, after)
    verdict = judge_effect(
        interval,
        direction=method.direction,
        target=float(plan.target or 0),
        given=method.given(after),
        minimum=int(plan.minimum_n or 0),
        no_effect=method.no_effect,
    )
    digest = hashlib.sha256(f"{before.digest}{after.digest}".encode()).hexdigest()
    return Effect(
        verdict=verdict, comparison=comparison, estimate=estimate,
        before=method.tell(before), after=method.tell(after), inputs_digest=digest,
    )  # fmt: skip


def _compared(
    method: _Method, plan: EffectivenessPlan, before: Side, after: Side
) -> tuple[Result | None, float | None, Interval]:
    """Return the comparison; where there is too little for one, an interval that knows nothing."""
    try:
        comparison, estimate, interval = method.compare(plan, before, after)
    except StatisticsError:
        return None, None, Interval(float("nan"), float("nan"), plan.confidence)
    return comparison, estimate if np.isfinite(estimate) else None, interval


def _compare_rates(
    plan: EffectivenessPlan, before: Side, after: Side
) -> tuple[Result, float, Interval]:
    result = compare_rates(*before.numbers, *after.numbers, level=plan.confidence)
    return result, result.estimate, result.interval


def _compare_means(
    plan: EffectivenessPlan, before: Side, after: Side
) -> tuple[Result, float, Interval]:
    shift = mean_shift(
        before.numbers, after.numbers, within_sigma=before.within_sigma, level=plan.confidence
    )
    return shift, shift.shift_in_sigma, shift.interval


def _compare_capability(
    plan: EffectivenessPlan, before: Side, after: Side
) -> tuple[Result, float, Interval]:
    low, high = specification(baseline_of(plan).characteristic)
    change = compare_capability(
        before.numbers, after.numbers, lower_limit=low, upper_limit=high, level=plan.confidence
    )
    return change, change.after, change.after_interval


def _tell_counts(side: Side) -> dict[str, Any]:
    defects, inspected = (int(number) for number in side.numbers)
    rate = defects / inspected if inspected else None
    return {"defects": defects, "inspected": inspected, "rate": rate}


def _tell_numbers(side: Side) -> dict[str, Any]:
    has_any = side.numbers.size > 0
    sigma = side.within_sigma if np.isfinite(side.within_sigma) else None
    mean = float(side.numbers.mean()) if has_any else None
    return {"n": int(side.numbers.size), "mean": mean, "within_sigma": sigma}


def _inspected(side: Side) -> int:
    return int(side.numbers[1])


def _count(side: Side) -> int:
    return int(side.numbers.size)


METHODS = {
    "rate": _Method(read_counts, _tell_counts, _compare_rates, _inspected, "decrease", 1.0),
    "mean": _Method(read_subgroups, _tell_numbers, _compare_means, _count, "within", 0.0),
    "capability": _Method(read_values, _tell_numbers, _compare_capability, _count, "increase", 0.0),
}
