"""What the page of a corrective action shows beside what every record shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from andon.analyze.causes.panels_of_causes import causes_context
from andon.identify.nonconformities.models import IsIsNot
from andon.improve.actions.guards import items_of, plan_of, recurrences_of, result_of, sources_of
from andon.improve.actions.models import ActionItem, CorrectiveAction, UpdateAnswer
from andon.improve.actions.words import KINDS, figures, sentence
from andon.records.permissions import may


@dataclass(frozen=True, slots=True)
class Standard:
    """One of the five standards, and what was answered about it."""

    subject: str
    label: str
    answer: UpdateAnswer | None


def context(record: CorrectiveAction, request: HttpRequest) -> dict[str, Any]:
    """Return what the panels show."""
    plan, result = plan_of(record), result_of(record)
    works = record.closed_at is None and may(request.user, "correctiveaction.work")
    return {
        "team": record.team.all(),
        "sources": sources_of(record),
        "rows": _told(record),
        "items": sorted(items_of(record).select_related("completion"), key=_strength),
        "plan": plan,
        "result": result,
        "result_kind": KINDS[result.verdict] if result else "",
        "result_words": sentence(result) if result else "",
        "result_figures": figures(result) if result else (),
        "earlier_results": record.results.exclude(pk=result.pk) if result else record.results.all(),
        "implementation": record.implementations.filter(cycle=record.cycle).first(),
        "standards": _standards(record),
        "read_across": record.read_across.filter(cycle=record.cycle),
        "recurrences": recurrences_of(record) if record.state == "closed" else (),
        "works": works,
        "may_plan": works and plan_is_open(record),
        "may_accept_training": record.state == "actions"
        and may(request.user, "correctiveaction.accept_training"),
        **causes_context(record, request),
    }


def plan_is_open(record: CorrectiveAction) -> bool:
    """Tell whether the plan of this cycle may still be completed."""
    plan = plan_of(record)
    return plan is None or plan.registered_at is None


def _told(record: CorrectiveAction) -> list[IsIsNot]:
    """Return one line per aspect: what the action itself says goes before what its sources say."""
    lines = IsIsNot.objects.filter(record__in=[record.pk, *_keys(record)]).exclude(is_so="")
    sources_first = sorted(lines, key=lambda line: line.record_id == record.pk)
    told = {line.aspect: line for line in sources_first}
    return [told[aspect] for aspect in IsIsNot.Aspect.values if aspect in told]


def _keys(record: CorrectiveAction) -> list[int]:
    return list(sources_of(record).values_list("pk", flat=True))


def _strength(item: ActionItem) -> int:
    return ActionItem.Strength.values.index(item.strength)


def _standards(record: CorrectiveAction) -> list[Standard]:
    answers = {answer.subject: answer for answer in record.updates.filter(cycle=record.cycle)}
    return [
        Standard(subject, str(label), answers.get(subject))
        for subject, label in UpdateAnswer.Subject.choices
    ]
