"""A result in words: what changed, by how much, against what was promised."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from andon.improve.actions.models import EffectivenessResult
from andon.web.formats import fixed, percent, ppm, significant

KINDS = {"effective": "ok", "not effective": "problem", "not enough data": "attention"}
"""How each verdict is coloured and marked."""
_SMALL = 0.001


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that matters, with its name and note."""

    label: str
    value: str
    note: str


def sentence(result: EffectivenessResult) -> str:
    """Return what the measure did and what this means against the target."""
    told = {"rate": _rate, "mean": _mean, "capability": _capability}[result.plan.metric](result)
    return f"{told} {_against_target(result)} {_how_many(result)}"


def figures(result: EffectivenessResult) -> list[Figure]:
    """Return effect with interval, what was needed, and what it saves."""
    plan = result.plan
    names = {"rate": _("Rate ratio"), "mean": _("Shift in sigma"), "capability": "Ppk"}
    sign = "≥" if plan.metric == "capability" else "≤"
    side = _("lower bound") if plan.metric == "capability" else _("upper bound")
    found = [
        Figure(names[plan.metric], fixed(result.estimate, 3), _interval(result, 3)),
        Figure(_("Needed"), f"{sign} {fixed(plan.target, 2)}", side),
    ]
    if result.saved_per_month is not None:
        found.append(Figure(_("Saved"), f"€ {fixed(result.saved_per_month)}", _("a month")))
    return found


def rate(value: Any) -> str:
    """Return a rate as people say it: per cent, or ppm when it is small."""
    return ppm(value) if value is not None and 0 < value < _SMALL else percent(value, 2)


def _rate(result: EffectivenessResult) -> str:
    before, after = result.before["rate"], result.after["rate"]
    if result.estimate is None or result.low is None or result.high is None:
        return _("%(name)s: nothing to compare yet.") % {"name": result.plan.characteristic}
    change = _("lower") if result.estimate < 1 else _("higher")
    return _("%(name)s went from %(before)s to %(after)s: %(much)s %(change)s (%(interval)s).") % {
        "name": result.plan.characteristic, "before": rate(before), "after": rate(after),
        "much": percent(abs(1 - result.estimate)), "change": change,
        "interval": _change_between(result.low, result.high),
    }  # fmt: skip


def _change_between(low: float, high: float) -> str:
    """Return the interval of a ratio as a change in words, the smaller change first."""
    if high <= 1:
        return _("%(least)s to %(most)s") % {"least": percent(1 - high), "most": percent(1 - low)}
    if low >= 1:
        return _("%(least)s to %(most)s") % {"least": percent(low - 1), "most": percent(high - 1)}
    return _("%(down)s lower to %(up)s higher") % {
        "down": percent(1 - low),
        "up": percent(high - 1),
    }


def _mean(result: EffectivenessResult) -> str:
    if result.estimate is None:
        return _("%(name)s: nothing to compare yet.") % {"name": result.plan.characteristic}
    return _("The mean of %(name)s is %(shift)s sigma from its baseline (%(interval)s).") % {
        "name": result.plan.characteristic, "shift": fixed(result.estimate, 2),
        "interval": _interval(result, 2),
    }  # fmt: skip


def _capability(result: EffectivenessResult) -> str:
    if result.estimate is None:
        return _("%(name)s: nothing to compare yet.") % {"name": result.plan.characteristic}
    before = (result.result.get("comparison") or {}).get("before")
    return _("Ppk of %(name)s is %(after)s (%(interval)s), before it was %(before)s.") % {
        "name": result.plan.characteristic, "after": fixed(result.estimate, 2),
        "interval": _interval(result, 2), "before": fixed(before, 2),
    }  # fmt: skip


def _against_target(result: EffectivenessResult) -> str:
    target = _target(result)
    return {
        "target reached": _("The whole interval keeps the target of %(target)s."),
        "target missed": _("The whole interval misses the target of %(target)s."),
        "interval holds target": _("The interval holds the target of %(target)s: undecided."),
        "too few parts": _("That is too little to judge the target of %(target)s."),
        "interval unknown": _("No interval can be given for the target of %(target)s."),
    }[result.result["verdict"]["reason"]] % {"target": target}


def _target(result: EffectivenessResult) -> str:
    plan = result.plan
    if plan.metric == "rate":
        return f"−{percent(1 - (plan.target or 0))}"
    unit = "sigma" if plan.metric == "mean" else "Ppk"
    sign = "≤" if plan.metric == "mean" else "≥"
    return f"{sign} {significant(plan.target)} {unit}"


def _how_many(result: EffectivenessResult) -> str:
    given, minimum = result.result["verdict"]["given"], result.result["verdict"]["minimum"]
    told = {
        "rate": _("%(given)s parts were checked, %(minimum)s were agreed."),
        "mean": _("%(given)s subgroups were measured, %(minimum)s were agreed."),
        "capability": _("%(given)s values were measured, %(minimum)s were agreed."),
    }[result.plan.metric]
    return told % {"given": fixed(given), "minimum": fixed(minimum)}


def _interval(result: EffectivenessResult, digits: int) -> str:
    return f"{fixed(result.low, digits)} – {fixed(result.high, digits)}"
