"""The verdict on an action: effective, not effective, or not enough data.

The rule is fixed before the data are seen (target, direction, minimum number), so that the verdict
is computed and not chosen.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from andon.stats.arrays import require_choice, require_finite
from andon.stats.errors import InvalidOption
from andon.stats.results import Interval, Result

__all__ = ["Direction", "EffectVerdict", "judge_effect"]

Direction = Literal["decrease", "increase", "within"]
Verdict = Literal["effective", "not effective", "not enough data"]
Reason = Literal[
    "too few parts", "interval unknown", "target reached", "target missed", "interval holds target"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectVerdict(Result):
    """The verdict and what it rests on.

    Attributes:
        verdict: "effective", "not effective" or "not enough data".
        reason: which clause of the rule decided.
        words: the reason as a sentence with its numbers.
        direction: "decrease", "increase" or "within".
        target: the value to get below or above, or the largest distance allowed from `no_effect`.
        no_effect: the value that means nothing changed (1 for a ratio, 0 for a difference).
        interval: the interval judged.
        given, minimum: parts (values, subgroups) there are, and parts required.
        is_improved: the whole interval lies on the wanted side of no effect (never for "within").
        is_worse: the whole interval lies on the other side of no effect (never for "within").
    """

    verdict: Verdict
    reason: Reason
    words: str
    direction: Direction
    target: float
    no_effect: float
    interval: Interval
    given: int
    minimum: int
    is_improved: bool
    is_worse: bool


def judge_effect(
    interval: Interval,
    *,
    direction: Direction,
    target: float,
    given: int,
    minimum: int = 0,
    no_effect: float = 1.0,
) -> EffectVerdict:
    """Return the verdict on an action from the interval of its effect.

    Effective: the whole interval is on the wanted side of the target. Not effective: the whole
    interval is beyond it. An interval that holds the target, or fewer parts than the minimum agreed
    beforehand, is not enough data.

    Args:
        interval: of a ratio, a difference or an index, from one of the comparisons.
        direction: "decrease" (get to the target or below), "increase" (to it or above), "within"
            (stay no further than the target from `no_effect`).
        target: in the unit of the interval; 0.5 is "minus 50 %" for a ratio.
        given: parts (values, subgroups) seen after the action.
        minimum: parts agreed beforehand.
        no_effect: 1 for ratios, 0 for differences.

    Raises:
        InvalidOption: an unknown direction, a negative minimum, or a target on the wrong side.

    Source: confidence interval against a margin fixed beforehand (ICH E9, 3.3.2); "within" is an
    equivalence test read from its interval (Schuirmann 1987).

    >>> interval = Interval(0.123, 0.231, 0.95)
    >>> judge_effect(interval, direction="decrease", target=0.5, given=17_841).verdict
    'effective'
    """
    _check(direction, target, minimum, no_effect)
    require_finite("target", target)
    require_finite("no_effect", no_effect)
    zone = _wanted(direction, target, no_effect)
    verdict, reason = _decide(interval, zone, given, minimum)
    better = interval.high < no_effect if direction == "decrease" else interval.low > no_effect
    worse = interval.low > no_effect if direction == "decrease" else interval.high < no_effect
    return EffectVerdict(
        verdict=verdict,
        reason=reason,
        words=_words(reason, interval, direction, target, given=given, minimum=minimum),
        direction=direction,
        target=target,
        no_effect=no_effect,
        interval=interval,
        given=given,
        minimum=minimum,
        is_improved=direction != "within" and better,
        is_worse=direction != "within" and worse,
        method="judge_effect",
        options={"direction": direction, "target": target, "minimum": minimum},
        convention="the whole interval must lie on one side of the target; minimum number first",
        source="ICH E9 1998, 3.3.2; Schuirmann 1987",
    )


def _check(direction: str, target: float, minimum: int, no_effect: float) -> None:
    require_choice("direction", direction, get_args(Direction))
    if minimum < 0:
        raise InvalidOption("minimum", minimum, "at least 0")
    if direction == "within" and not target > 0:
        raise InvalidOption("target", target, "a distance above 0")
    if direction == "decrease" and target > no_effect:
        raise InvalidOption("target", target, f"at most {no_effect:g} for a decrease")
    if direction == "increase" and target < no_effect:
        raise InvalidOption("target", target, f"at least {no_effect:g} for an increase")


def _wanted(direction: Direction, target: float, no_effect: float) -> tuple[float, float]:
    """Return the ends of the zone that counts as success."""
    infinity = float("inf")
    if direction == "within":
        return no_effect - target, no_effect + target
    return (-infinity, target) if direction == "decrease" else (target, infinity)


def _decide(
    interval: Interval, zone: tuple[float, float], given: int, minimum: int
) -> tuple[Verdict, Reason]:
    if given < minimum:
        return "not enough data", "too few parts"
    if not interval.low <= interval.high:  # NaN: nothing could be estimated
        return "not enough data", "interval unknown"
    if zone[0] <= interval.low and interval.high <= zone[1]:
        return "effective", "target reached"
    if interval.low > zone[1] or interval.high < zone[0]:
        return "not effective", "target missed"
    return "not enough data", "interval holds target"


def _words(
    reason: Reason,
    interval: Interval,
    direction: Direction,
    target: float,
    *,
    given: int,
    minimum: int,
) -> str:
    if reason == "too few parts":
        return f"{given} parts so far; {minimum} were agreed."
    seen = f"{interval.level * 100:g} % interval {interval.low:.4g} to {interval.high:.4g}"
    wanted = {"decrease": "at most", "increase": "at least", "within": "no effect within"}
    relation = {
        "interval unknown": "no interval can be given for",
        "target reached": "lies wholly inside",
        "target missed": "lies wholly outside",
        "interval holds target": "reaches across",
    }
    return f"The {seen} {relation[reason]} the target: {wanted[direction]} {target:.4g}."
