"""Choose actions by strength, do them, and say from which day on they work."""

from datetime import date

from django.utils.translation import gettext as _

from andon.analyze.causes.models import Cause
from andon.improve.actions.models import ActionItem, Completion, CorrectiveAction, Implementation
from andon.records import clock
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.services import editing

WORK = "correctiveaction.work"


def add_item(
    record: CorrectiveAction,
    *,
    cause: Cause,
    text: str,
    strength: str,
    responsible: Account,
    due_on: date,
    actor: Account,
    version: int | None = None,
) -> ActionItem:
    """Choose an action against a verified cause of this cycle."""
    if strength not in ActionItem.Strength.values:
        message = _("Name one of these: %(known)s.")
        raise Refused.because(
            message % {"known": ", ".join(ActionItem.Strength.values)}, "strength"
        )
    if not text.strip():
        raise Refused.because(_("Say what is to be done."), "text")
    with editing(record, actor=actor, permission=WORK, version=version) as fresh:
        _refuse_unless(fresh, "actions")
        if (cause.record_id, cause.cycle, cause.status) != (fresh.pk, fresh.cycle, "supported"):
            message = _("Choose an action against a verified cause of this cycle.")
            raise Refused.because(message, "cause")
        return ActionItem.objects.create(
            action=fresh, cycle=fresh.cycle, cause=cause, text=text.strip(), strength=strength,
            responsible=responsible, due_on=due_on,
        )  # fmt: skip


def remove_item(item: ActionItem, *, actor: Account, version: int | None = None) -> None:
    """Drop an action again while the choice is still being made; the trail keeps it."""
    with editing(item.action, actor=actor, permission=WORK, version=version) as fresh:
        _refuse_unless(fresh, "actions")
        item.delete()


def accept_training_only(
    record: CorrectiveAction, *, reason: str, actor: Account, version: int | None = None
) -> CorrectiveAction:
    """Let training alone pass, with the quality manager's reason."""
    if not reason.strip():
        raise Refused.because(_("Say why training alone is enough."), "training_reason")
    with editing(
        record, actor=actor, permission="correctiveaction.accept_training", version=version
    ) as fresh:
        _refuse_unless(fresh, "actions")
        fresh.training_reason = reason.strip()
    return fresh


def complete_item(
    item: ActionItem, *, evidence: str, actor: Account, version: int | None = None
) -> Completion:
    """Say that an item is done, and how one can see it."""
    if not evidence.strip():
        raise Refused.because(_("Say how one can see that it is done."), "evidence")
    with editing(item.action, actor=actor, permission=WORK, version=version) as fresh:
        _refuse_unless(fresh, "implementation")
        if item.cycle != fresh.cycle or Completion.objects.filter(item=item).exists():
            raise Refused.because(_("This item was done before."), "item")
        return Completion.objects.create(
            action=fresh, item=item, evidence=evidence.strip(), done_by=actor, done_at=clock.now()
        )


def record_implementation(
    record: CorrectiveAction,
    *,
    implemented_on: date,
    validation: str,
    actor: Account,
    version: int | None = None,
) -> Implementation:
    """Say from which day on the action works, and what the first parts showed."""
    if not validation.strip():
        raise Refused.because(_("Say how the first parts were validated."), "validation")
    with editing(record, actor=actor, permission=WORK, version=version) as fresh:
        _refuse_unless(fresh, "implementation")
        _check_day(fresh, implemented_on)
        row, _created = Implementation.objects.update_or_create(
            action=fresh,
            cycle=fresh.cycle,
            defaults={
                "implemented_on": implemented_on, "validation": validation.strip(),
                "recorded_by": actor, "recorded_at": clock.now(),
            },
        )  # fmt: skip
    return row


def _check_day(record: CorrectiveAction, day: date) -> None:
    """Keep the windows apart: after begins when before has ended, and ends at the check date."""
    plan = record.plans.get(cycle=record.cycle)
    if plan.baseline_until is not None and day <= plan.baseline_until:
        message = _("The action works after the baseline of the plan has ended (%(day)s).")
        raise Refused.because(message % {"day": plan.baseline_until}, "implemented_on")
    if plan.check_on is not None and day > plan.check_on:
        message = _("The check date %(day)s would be before the action works.")
        raise Refused.because(message % {"day": plan.check_on}, "implemented_on")


def _refuse_unless(record: CorrectiveAction, state: str) -> None:
    if record.state != state:
        message = _("This is not possible while “%(state)s”.")
        raise Refused.because(message % {"state": record.current_state.label})
