"""What follows from steps of an action, and what actions do when nonconformities announce."""

from datetime import timedelta

from andon.identify.nonconformities.events import ActionDecided
from andon.identify.nonconformities.models import Nonconformity
from andon.improve.actions.guards import plan_of
from andon.improve.actions.models import CorrectiveAction, EffectivenessPlan
from andon.improve.actions.queries import recurred_actions
from andon.improve.actions.services.checking import check_date, end_of
from andon.improve.actions.services.opening import open_action
from andon.improve.actions.services.planning import FIELDS
from andon.improve.actions.story import tell_problems
from andon.improve.actions.suspects import put_suspects
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.events import Advanced, Advancing
from andon.records.models import Link
from andon.records.services import link

FOR_CUSTOMERS = {
    "containment": timedelta(hours=24),
    "root_cause": timedelta(days=14),
    "actions": timedelta(days=20),
    "implementation": timedelta(days=45),
}
"""Shorter timers where a customer is affected (DOMAIN 3.2)."""
REOPENING = ("reopen_at_cause", "reopen_recurrence")


def prepare_step(event: Advancing) -> None:
    """Register the plan when the actions are approved; begin a new cycle when one is reopened;
    name the suspects before people argue about causes.

    What a step writes is written before it is signed: the signature holds it.
    """
    record = event.record
    if not isinstance(record, CorrectiveAction):
        return
    plan = plan_of(record)
    if event.transition.name == "approve_actions" and plan is not None:
        plan.registered_at, plan.registered_by = clock.now(), event.actor
        plan.save()
    elif event.transition.name == "confirm_prevention" and plan is not None:
        record.due_at = end_of(check_date(plan))
    elif event.transition.name in REOPENING:
        record.cycle += 1
        record.training_reason = ""
        _begin_plan(record)
    if event.transition.target == "root_cause":
        put_suspects(record)


def follow_step(event: Advanced) -> None:
    """Shorten the timer for customers."""
    record = event.record
    if not isinstance(record, CorrectiveAction):
        return
    timer = FOR_CUSTOMERS.get(event.transition.target)
    if record.is_customer_affected and timer is not None:
        record.due_at = clock.now() + timer
        record.save(update_fields=["due_at"])


def open_when_decided(event: ActionDecided) -> None:
    """Open an action when somebody decided that a nonconformity needs one."""
    if event.decision.is_needed:
        open_action(event.record, actor=event.actor)


def propose_reopening(event: Advanced) -> None:
    """Link a new nonconformity to closed actions that were to prevent it."""
    record = event.record
    if isinstance(record, Nonconformity) and event.transition.name == "report":
        for action in recurred_actions(record):
            link(record, action, kind=Link.Kind.RECURRENCE, actor=system_account())


def _begin_plan(record: CorrectiveAction) -> None:
    """Copy what stays: the metric and the baseline; a check date is set anew."""
    old = EffectivenessPlan.objects.get(action=record, cycle=record.cycle - 1)
    values = {name: getattr(old, name) for name in FIELDS if name != "check_on"}
    EffectivenessPlan.objects.create(action=record, cycle=record.cycle, **values)


HANDLERS = (
    (Advancing, prepare_step),
    (Advanced, follow_step),
    (Advanced, tell_problems),
    (Advanced, propose_reopening),
    (ActionDecided, open_when_decided),
)
