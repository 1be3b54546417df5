"""Check the effect at the date set in advance, and act on the verdict."""

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from andon.improve.actions.effect import Effect, compute_effect, window_of
from andon.improve.actions.guards import plan_of
from andon.improve.actions.models import CorrectiveAction, EffectivenessPlan, EffectivenessResult
from andon.improve.actions.side_effects import side_effects
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.services import advance, editing
from andon.records.trail.context import acting

DAYS_OF_MONTH = Decimal("30.4375")


def check_effect(record: CorrectiveAction, *, actor: Account) -> EffectivenessResult:
    """Compute the effect as registered, keep it, and go on as the verdict says.

    Not enough data at the first check extends the monitoring once by its own length; every other
    verdict begins the effectiveness review.
    """
    with acting(actor):
        with editing(record, actor=actor, permission="correctiveaction.check") as fresh:
            plan, since, until = _due(fresh)
            effect = compute_effect(plan, since=since, until=until)
            result = _result(fresh, plan, effect, (since, until))
            result.computed_by, result.computed_at = actor, clock.now()
            result.save(force_insert=True)
            if result.next_check_on is not None:
                fresh.due_at = end_of(result.next_check_on)
        if result.next_check_on is None:
            advance(record, "review_effect", actor=system_account())
    return result


def due_checks(now: datetime) -> Iterator[CorrectiveAction]:
    """Yield the monitored actions whose check date has been reached: for the worker."""
    today = now.astimezone(clock.site_zone()).date()
    for record in CorrectiveAction.objects.filter(state="monitoring").order_by("pk"):
        plan = plan_of(record)
        if plan is not None and check_date(plan) <= today:
            yield record


def check_date(plan: EffectivenessPlan) -> date:
    """Return when a plan is checked: the registered day, or the one it was extended to."""
    extended = plan.results.exclude(next_check_on=None).order_by("-pk").first()
    day = extended.next_check_on if extended else plan.check_on
    if day is None:
        message = "A plan that was never completed has no check date."
        raise ValueError(message)
    return day


def end_of(day: date) -> datetime:
    """Return the instant at which a day at the site ends."""
    return datetime.combine(day, time(23, 59), clock.site_zone())


def _due(record: CorrectiveAction) -> tuple[EffectivenessPlan, date, date]:
    """Return plan and window after the action; refuse before the check date."""
    if record.state != "monitoring":
        message = _("The effect is computed during monitoring, not while “%(state)s”.")
        raise Refused.because(message % {"state": record.current_state.label})
    plan = record.plans.select_related("characteristic").get(cycle=record.cycle)
    until = check_date(plan)
    if clock.today() < until:
        message = _("The check date was set in advance: %(day)s.") % {"day": until}
        raise Refused.because(message, "check_on")
    return plan, record.implementations.get(cycle=record.cycle).implemented_on, until


def _result(
    record: CorrectiveAction, plan: EffectivenessPlan, effect: Effect, span: tuple[date, date]
) -> EffectivenessResult:
    interval, verdict = effect.verdict.interval, effect.verdict.verdict
    return EffectivenessResult(
        action=record, plan=plan, cycle=record.cycle, since=span[0], until=span[1],
        verdict=verdict, estimate=effect.estimate,
        low=_finite(interval.low), high=_finite(interval.high),
        before=effect.before, after=effect.after, result=effect.as_data(),
        side_effects=side_effects(plan, *span),
        saved_per_month=saved_per_month(record, effect, window_of(plan, *span).days),
        inputs_digest=effect.inputs_digest,
        next_check_on=_extension(plan, *span) if verdict == "not enough data" else None,
    )  # fmt: skip


def _extension(plan: EffectivenessPlan, since: date, until: date) -> date | None:
    """Return the new check date, as far away again, unless it was extended before."""
    if plan.results.exclude(next_check_on=None).exists():
        return None
    return max(until, clock.today()) + max(until - since, timedelta(days=1))


def saved_per_month(record: CorrectiveAction, effect: Effect, days: int) -> Decimal | None:
    """Return the cost of the defects that no longer occur; None when no cost per defect is known.

    (rate before - rate after) x parts inspected in an average month after x cost per defect.
    """
    rates = effect.before.get("rate"), effect.after.get("rate")
    if record.cost_per_defect is None or rates[0] is None or rates[1] is None:
        return None
    monthly = Decimal(effect.after["inspected"]) / days * DAYS_OF_MONTH
    saved = Decimal(repr(rates[0] - rates[1])) * monthly * record.cost_per_defect
    return saved.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
