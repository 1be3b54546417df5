"""What stands against each step of a corrective action, in words that say how to mend it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from andon.analyze.causes.models import Cause
from andon.analyze.causes.queries import root_causes
from andon.identify.nonconformities.models import IsIsNot
from andon.records import clock
from andon.records.models import Link, Record
from andon.records.workflow import Refusal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from andon.improve.actions.models import (
        ActionItem,
        CorrectiveAction,
        EffectivenessPlan,
        EffectivenessResult,
    )

SUBJECTS = ("FMEA", "control plan", "documents", "training", "supplier")
BASELINE = ("characteristic", "baseline_since", "baseline_until")
WHOLE_PLAN = (*BASELINE, "target", "check_on", "minimum_n")


def stand_against_start(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield when nothing says what the action acts on."""
    if not sources_of(record).exists():
        yield Refusal(_("Link the record that this action acts on."), "links")
    if record.is_emergency and not record.emergency_response:
        yield Refusal(_("Say what the emergency response is."), "emergency_response")


def stand_against_team(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield who is missing in the team."""
    if record.owner_id is None:
        yield Refusal(_("Name the owner, who leads the team."), "owner")
    if not record.team.filter(function="process expert").exists():
        yield Refusal(_("Add somebody who knows the process."), "team")
    if record.severity == "critical" and record.sponsor_id is None:
        yield Refusal(_("A critical action needs a sponsor."), "sponsor")


def stand_against_problem(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield when the problem is not quantified, narrowed down and measurable."""
    if record.problem_statement and not re.search(r"\d", record.problem_statement):
        yield Refusal(_("Put a number into the problem statement."), "problem_statement")
    places = [record.pk, *sources_of(record).values_list("pk", flat=True)]
    if not IsIsNot.objects.filter(record__in=places).exclude(is_so="").exists():
        yield Refusal(_("Tell what the problem is and what it is not."), "is_is_not")
    yield from _missing_in_plan(record, BASELINE)


def stand_against_cause(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield each leg that no evidence answers: unverified causes do not pass."""
    answered = set(root_causes(record).values_list("kind", flat=True))
    for kind in (Cause.Kind.OCCURRENCE, Cause.Kind.NON_DETECTION):
        if kind not in answered:
            message = _("No verified cause says %(question)s.") % {"question": kind.label}
            yield Refusal(message, "causes")


def stand_against_actions(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield causes without an action, training alone, and what the plan lacks."""
    items = items_of(record)
    acted_on = set(items.values_list("cause", flat=True))
    for cause in root_causes(record):
        if cause.pk not in acted_on:
            yield Refusal(_("Choose an action against “%(cause)s”.") % {"cause": cause}, "items")
    strengths = set(items.values_list("strength", flat=True))
    if strengths == {"training"} and not record.training_reason:
        message = _("Training alone needs the quality manager's reason.")
        yield Refusal(message, "training_reason")
    yield from _missing_in_plan(record, WHOLE_PLAN)


def stand_against_implementation(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield items without evidence, and the missing day from which the action works."""
    for item in items_of(record).filter(completion__isnull=True):
        yield Refusal(_("“%(item)s” is not done yet.") % {"item": item}, f"items.{item.pk}")
    if not record.implementations.filter(cycle=record.cycle).exists():
        message = _("Say from which day on the action works, and how it was validated.")
        yield Refusal(message, "implemented_on")


def stand_against_prevention(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield each standard and each similar place without an answer."""
    answered = set(record.updates.filter(cycle=record.cycle).values_list("subject", flat=True))
    missing = [subject for subject in SUBJECTS if subject not in answered]
    if missing:
        message = _("Answer whether these were updated: %(subjects)s.")
        yield Refusal(message % {"subjects": ", ".join(missing)}, "updates")
    similar = record.read_across.filter(cycle=record.cycle)
    if not similar.exists():
        yield Refusal(_("Name at least one similar part or process."), "read_across")
    for line in similar.filter(answer=""):
        yield Refusal(_("Answer for “%(place)s”.") % {"place": line.place}, "read_across")


def stand_against_review(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield when no final result was computed in this cycle."""
    result = result_of(record)
    if result is None or result.next_check_on is not None:
        yield Refusal(_("The effect was not computed yet."), "results")


def stand_against_closing(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield unless the computed verdict is effective."""
    result = result_of(record)
    if result is None or result.verdict != "effective":
        yield Refusal(_("Only an action that was computed to be effective is closed."), "results")


def stand_against_reopening(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield when the verdict is effective: then there is nothing to reopen."""
    result = result_of(record)
    if result is not None and result.verdict == "effective":
        yield Refusal(_("The action is effective; sign and close it."), "results")


def stand_against_recurrence(record: "CorrectiveAction") -> Iterator[Refusal]:
    """Yield when no recurrence was seen since the action was closed."""
    if not recurrences_of(record).exists():
        yield Refusal(_("No recurrence is linked since the action was closed."), "links")


def sources_of(record: "CorrectiveAction") -> "QuerySet[Record]":
    """Return the records this action acts on, or that raised it."""
    targets = record.links_out.filter(kind=Link.Kind.ACTS_ON).values("target")
    raisers = record.links_in.filter(kind=Link.Kind.RAISED).values("source")
    return Record.objects.filter(pk__in=targets) | Record.objects.filter(pk__in=raisers)


def recurrences_of(record: "CorrectiveAction") -> "QuerySet[Link]":
    """Return the arrows of recurrences reported since the action was closed."""
    arrows = record.links_in.filter(kind=Link.Kind.RECURRENCE).select_related("source")
    return arrows.filter(created_at__gte=record.closed_at or clock.now())


def items_of(record: "CorrectiveAction") -> "QuerySet[ActionItem]":
    """Return the items of the present cycle."""
    return record.items.filter(cycle=record.cycle).select_related("cause", "responsible")


def plan_of(record: "CorrectiveAction") -> "EffectivenessPlan | None":
    """Return the plan of the present cycle."""
    return record.plans.filter(cycle=record.cycle).select_related("characteristic").first()


def result_of(record: "CorrectiveAction") -> "EffectivenessResult | None":
    """Return the newest result of the present cycle."""
    return record.results.filter(cycle=record.cycle).order_by("-pk").first()


def _missing_in_plan(record: "CorrectiveAction", names: tuple[str, ...]) -> Iterator[Refusal]:
    plan = plan_of(record)
    if plan is None:
        yield Refusal(_("Plan how the effect will be measured."), "plan")
    elif missing := plan.missing(names):
        message = _("The effectiveness plan lacks: %(fields)s.") % {"fields": ", ".join(missing)}
        yield Refusal(message, "plan")
