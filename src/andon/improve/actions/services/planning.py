"""Plan how the effect will be measured, before anybody can see it."""

import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.improve.actions.models import CorrectiveAction, EffectivenessPlan
from andon.organization.processes.models import Machine, Shift
from andon.records import clock
from andon.records.days import refuse_odd_year
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.services import editing
from andon.records.workflow import Refusal

FIELDS = (
    "metric", "characteristic", "machines", "shifts", "baseline_since", "baseline_until",
    "target", "check_on", "minimum_n", "confidence",
)  # fmt: skip
UNTIL_REGISTERED = ("opened", "team", "problem", "containment", "root_cause", "actions")


def plan_effect(
    record: CorrectiveAction,
    *,
    values: Mapping[str, Any],
    actor: Account,
    version: int | None = None,
) -> EffectivenessPlan:
    """State or complete the plan of the present cycle; `FIELDS` may be given until D5 is approved.

    The baseline lies in the past: data that are still to come could be chosen by what they show.
    """
    _refuse_unknown_fields(values)
    with editing(record, actor=actor, permission="correctiveaction.work", version=version) as fresh:
        if fresh.state not in UNTIL_REGISTERED:
            raise Refused.because(_("The plan is registered and is not changed any more."), "plan")
        plan = EffectivenessPlan.objects.filter(action=fresh, cycle=fresh.cycle).first()
        plan = plan or EffectivenessPlan(action=fresh, cycle=fresh.cycle)
        for name, value in values.items():
            setattr(plan, name, value)
        _check(plan)
        plan.save()
    return plan


def _refuse_unknown_fields(values: Mapping[str, Any]) -> None:
    for name in values:
        if name not in FIELDS:
            message = _("A plan has no field “%(name)s”.") % {"name": name}
            raise Refused.because(message, name)


def _check(plan: EffectivenessPlan) -> None:
    """Ask the model's rules, and that the named places exist and the dates make sense."""
    if plan.target is not None and not math.isfinite(plan.target):
        raise Refused.because(_("A target is a finite number above zero."), "target")
    try:
        plan.full_clean(exclude=["registered_by", "registered_at"], validate_unique=False)
    except ValidationError as error:
        raise Refused(
            [Refusal(text, name) for name, texts in error.message_dict.items() for text in texts]
        ) from error
    for name in ("baseline_since", "baseline_until", "check_on"):
        if (day := getattr(plan, name)) is not None:
            refuse_odd_year(day, name)
    _refuse_unknown_codes("machines", plan.machines, Machine)
    _refuse_unknown_codes("shifts", plan.shifts, Shift)
    if plan.baseline_until and plan.baseline_until > clock.today():
        raise Refused.because(_("The baseline lies in the past."), "baseline_until")
    if plan.check_on and plan.baseline_until and plan.check_on <= plan.baseline_until:
        raise Refused.because(_("The check date comes after the baseline."), "check_on")
    if plan.metric == "rate" and plan.characteristic and not plan.characteristic.is_counted:
        raise Refused.because(_("A rate needs a counted characteristic."), "metric")
    if plan.metric != "rate" and plan.characteristic and plan.characteristic.is_counted:
        raise Refused.because(_("A counted characteristic has a rate only."), "metric")


def _refuse_unknown_codes(name: str, codes: Any, model: Any) -> None:
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise Refused.because(_("Give a list of codes."), name)
    known = set(model.objects.filter(code__in=codes).values_list("code", flat=True))
    for code in codes:
        if code not in known:
            raise Refused.because(_("There is no “%(code)s”.") % {"code": code}, name)
