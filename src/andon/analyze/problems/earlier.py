"""Seen before: similar problems and nonconformities, and what worked then."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from andon.analyze.problems.models import Problem
from andon.analyze.problems.queries import records_of
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.queries import seen_before
from andon.records.models import Link, Record
from andon.records.registry import own_type

MOST = 4


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A record, what it was about, and what became of it."""

    record: Record
    text: str
    outcome: str


def earlier_cases(problem: Problem, raised: Sequence[Nonconformity]) -> list[EarlierCase]:
    """Return the newest similar cases: problems first, then nonconformities of other origin."""
    cases = [*_problems(problem), *_nonconformities(problem, raised)]
    return cases[:MOST]


def _problems(problem: Problem) -> list[EarlierCase]:
    same = Q(characteristic=problem.characteristic) if problem.characteristic_id else Q(pk=None)
    if problem.machine_id:
        same |= Q(machine=problem.machine)
    others = Problem.objects.filter(same, found_on__lt=problem.found_on).exclude(state="merged")
    return [
        EarlierCase(other, other.title, _outcome(other))
        for other in others.exclude(pk=problem.pk).order_by("-found_on")[:MOST]
    ]


def _outcome(problem: Problem) -> str:
    """Return the actions on an earlier problem and whether it is solved."""
    acting = Link.objects.filter(
        kind=Link.Kind.ACTS_ON, target__in=[problem.pk, *(r.pk for r in records_of(problem))]
    ).select_related("source")
    actions = "; ".join(dict.fromkeys(link.source.title for link in acting))
    state = str(problem.current_state.label)
    return f"{actions}: {state.lower()}" if actions else state


def _nonconformities(problem: Problem, raised: Sequence[Nonconformity]) -> list[EarlierCase]:
    if not raised:
        return []
    own = {record.pk for record in raised}
    of_problems = set(
        Link.objects.filter(kind=Link.Kind.RAISED, source__kind="problem").values_list(
            "target", flat=True
        )
    )
    return [
        EarlierCase(
            case.record,
            case.record.title,
            case.what_was_done or str(own_type(case.record).current_state.label),
        )
        for case in seen_before(raised[0])
        if case.record.pk not in own | of_problems
    ]
