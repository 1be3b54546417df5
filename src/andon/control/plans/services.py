"""Tighten a control plan: how an action changes the standard so that the loop closes."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from andon.control.plans.models import ControlPlan, PlanLine
from andon.control.plans.run_rules import rules_named
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.trail.context import acting

_SELDOM_TO_OFTEN: tuple[str, ...] = (
    PlanLine.Frequency.PER_LOT.value,
    PlanLine.Frequency.PER_DAY.value,
    PlanLine.Frequency.PER_SHIFT.value,
    PlanLine.Frequency.PER_HOUR.value,
    PlanLine.Frequency.PER_PIECE.value,
)


def tighten(
    line: PlanLine,
    *,
    actor: Account,
    reason: str,
    sample_size: int | None = None,
    frequency: str | None = None,
    rules: Sequence[str] | None = None,
) -> PlanLine:
    """Let a line ask for more than it did, and raise the revision of its plan.

    More pieces, more often, further rules; what would loosen the line is refused, because the
    evidence that led here asks for the opposite.
    """
    require(actor, "plans.change")
    if not reason.strip():
        raise Refused.because(_("Say which finding or action asks for it."), "reason")
    with acting(actor, reason=reason):
        plan = ControlPlan.objects.select_for_update().get(pk=line.plan_id)
        present = PlanLine.objects.select_related("plan").get(pk=line.pk)
        wanted: dict[str, Any] = {
            "sample_size": _larger(present, sample_size or present.sample_size),
            "frequency": _more_often(present, frequency or present.frequency),
            "rules": _further(present, present.rules if rules is None else list(rules)),
        }
        changed = [name for name, value in wanted.items() if getattr(present, name) != value]
        if changed:
            _save(present, {name: wanted[name] for name in changed})
            plan.revision += 1
            plan.save(update_fields=["revision"])
            present.plan = plan
    return present


def _save(line: PlanLine, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(line, name, value)
    line.save(update_fields=list(values))


def _larger(line: PlanLine, size: int | None) -> int | None:
    if size != line.sample_size and (line.sample_size is None or (size or 0) < line.sample_size):
        _refuse(
            _("A tightened sample is not smaller than %(now)s."), line.sample_size, "sample_size"
        )
    return size


def _more_often(line: PlanLine, frequency: str) -> str:
    if frequency not in PlanLine.Frequency.values:
        _refuse(_("Name one of the frequencies: %(now)s."), PlanLine.Frequency.values, "frequency")
    if _SELDOM_TO_OFTEN.index(frequency) < _SELDOM_TO_OFTEN.index(line.frequency):
        _refuse(_("A tightened sample is not rarer than %(now)s."), line.frequency, "frequency")
    return frequency


def _further(line: PlanLine, names: list[str]) -> list[str]:
    if missing := [name for name in line.rules if name not in names]:
        _refuse(
            _("A tightened line keeps its rules; these are missing: %(now)s."), missing, "rules"
        )
    try:
        rules_named(names or ["nelson 1"])
    except ValueError as error:
        _refuse(_("There is no rule or mix of rules %(now)s."), error, "rules")
    return names


def _refuse(message: str, present: object, field: str) -> NoReturn:
    told = ", ".join(present) if isinstance(present, list) else present
    raise Refused.because(message % {"now": told or _("every piece")}, field)
