"""Neighbouring measures before and after: did anything else move (corrected for their number)?"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from andon.improve.actions.effect import baseline_of, window_of
from andon.improve.actions.measuring import Window, read_counts, read_subgroups
from andon.improve.actions.models import EffectivenessPlan, EffectivenessResult
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.stats.comparison_rates import compare_rates
from andon.stats.effect import mean_shift
from andon.stats.errors import StatisticsError
from andon.stats.multiplicity import correct_p_values
from andon.web.formats import fixed, signed

ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SideEffect:
    """How one neighbouring measure changed."""

    code: str
    name: str
    measure: str
    """Rate ratio, or shift in sigma."""
    change: float
    p_value: float
    p_corrected: float = 1.0
    has_moved: bool = False


def neighbours_of(plan: EffectivenessPlan) -> list[Characteristic]:
    """Return the other characteristics of the processes in which the plan measures."""
    own = plan.characteristic
    if own is None:
        return []
    processes = set(
        Machine.objects.filter(code__in=plan.machines).values_list("process", flat=True)
    )
    processes = processes or {own.process_id}
    others = Characteristic.objects.filter(process__in=processes, is_active=True)
    return list(others.exclude(pk=own.pk))


def side_effects(plan: EffectivenessPlan, since: Any, until: Any) -> list[dict[str, Any]]:
    """Return each neighbour's change, Holm-corrected, the clearest first, as plain data."""
    before, after = baseline_of(plan), window_of(plan, since, until)
    changes = [
        change
        for neighbour in neighbours_of(plan)
        if (change := _change(_at(before, neighbour), _at(after, neighbour))) is not None
    ]
    if not changes:
        return []
    corrected = correct_p_values([c.p_value for c in changes], correction="holm", alpha=ALPHA)
    told = [
        asdict(change) | {"p_corrected": float(p), "has_moved": bool(moved)}
        for change, p, moved in zip(changes, corrected.p_values, corrected.rejected, strict=True)
    ]
    return sorted(told, key=lambda change: change["p_corrected"])


def side_effects_in_words(result: EffectivenessResult) -> str:
    """Return what the neighbouring measures did, as a sentence."""
    found = result.side_effects
    moved = [change for change in found if change["has_moved"]]
    if not found:
        return _("No neighbouring measure was recorded in both windows.")
    if moved:
        named = ", ".join(f"{change['name']} ({_told(change)})" for change in moved)
        return _("These neighbouring measures moved: %(named)s.") % {"named": named}
    names = ", ".join(change["name"] for change in found)
    clearest = min(found, key=lambda change: float(change["p_value"]))
    return _("No neighbouring measure moved: %(names)s (the clearest: %(name)s, %(told)s).") % {
        "names": names,
        "name": clearest["name"],
        "told": _told(clearest),
    }


def _at(window: Window, characteristic: Characteristic) -> Window:
    return Window(
        characteristic=characteristic, machines=window.machines, shifts=window.shifts,
        since=window.since, until=window.until,
    )  # fmt: skip


def _change(before: Window, after: Window) -> SideEffect | None:
    """Return the change of one neighbour, or None where one window says too little."""
    own = after.characteristic
    try:
        if own.is_counted:
            ratio = compare_rates(*read_counts(before).numbers, *read_counts(after).numbers)
            measure, change, p = "rate ratio", ratio.estimate, ratio.p_value
        else:
            one, two = read_subgroups(before), read_subgroups(after)
            shift = mean_shift(one.numbers, two.numbers, within_sigma=one.within_sigma)
            measure, change, p = "shift in sigma", shift.shift_in_sigma, shift.p_value
    except StatisticsError:
        return None
    if not (np.isfinite(change) and np.isfinite(p)):
        return None
    return SideEffect(code=own.code, name=own.name, measure=measure, change=change, p_value=p)


def _told(change: dict[str, Any]) -> str:
    if change["measure"] == "rate ratio":
        return _("ratio %(ratio)s") % {"ratio": fixed(change["change"], 2)}
    return _("%(shift)s sigma") % {"shift": signed(change["change"], 2)}
