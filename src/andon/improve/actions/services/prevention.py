"""Prevent recurrence: answer for each standard and each similar place, and tighten the plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from andon.control.plans.models import PlanLine
from andon.control.plans.services import tighten
from andon.improve.actions.models import CorrectiveAction, ReadAcross, UpdateAnswer
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.services import editing

WORK = "correctiveaction.work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightening:
    """How a control plan line is to be tightened."""

    line: PlanLine
    sample_size: int | None = None
    frequency: str | None = None
    rules: Sequence[str] | None = None


def answer_update(
    record: CorrectiveAction,
    *,
    subject: str,
    is_updated: bool,
    answer: str,
    actor: Account,
    tightening: Tightening | None = None,
    version: int | None = None,
) -> UpdateAnswer:
    """Answer whether a standard was updated; the control plan can be tightened with the answer."""
    if subject not in UpdateAnswer.Subject.values:
        message = _("Name one of these: %(known)s.")
        raise Refused.because(
            message % {"known": ", ".join(UpdateAnswer.Subject.values)}, "subject"
        )
    with editing(record, actor=actor, permission=WORK, version=version) as fresh:
        _refuse_unless_prevention(fresh)
        said = answer.strip()
        if tightening is not None:
            said = " ".join(filter(None, (said, _tightened(fresh, tightening, actor))))
        if not said:
            raise Refused.because(_("Say what was updated, or why it need not be."), "answer")
        row, _created = UpdateAnswer.objects.update_or_create(
            action=fresh,
            cycle=fresh.cycle,
            subject=subject,
            defaults={"is_updated": is_updated or tightening is not None, "answer": said[:500]},
        )
    return row


def read_across(
    record: CorrectiveAction,
    *,
    place: str,
    actor: Account,
    answer: str = "",
    version: int | None = None,
) -> ReadAcross:
    """Name a similar part or process, or answer for it."""
    if not place.strip():
        raise Refused.because(_("Name a similar part or process."), "place")
    with editing(record, actor=actor, permission=WORK, version=version) as fresh:
        _refuse_unless_prevention(fresh)
        row, _created = ReadAcross.objects.update_or_create(
            action=fresh,
            cycle=fresh.cycle,
            place=place.strip(),
            defaults={"answer": answer.strip()},
        )
    return row


def _tightened(record: CorrectiveAction, wanted: Tightening, actor: Account) -> str:
    line = tighten(
        wanted.line, actor=actor, reason=f"{record.number}: {record.title}"[:300],
        sample_size=wanted.sample_size, frequency=wanted.frequency, rules=wanted.rules,
    )  # fmt: skip
    return _("%(line)s, revision %(revision)d") % {"line": line, "revision": line.plan.revision}


def _refuse_unless_prevention(record: CorrectiveAction) -> None:
    if record.state != "prevention":
        message = _("This is answered in D7, not while “%(state)s”.")
        raise Refused.because(message % {"state": record.current_state.label})
