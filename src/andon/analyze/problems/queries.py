"""Named reads of problems: the open ones by cost, and as the command line tells them."""

from typing import Any

from django.db.models import Case, F, QuerySet, When

from andon.analyze.problems.models import Problem
from andon.analyze.problems.workflow import OPEN
from andon.records.models import Link, Record


def open_problems() -> QuerySet[Problem]:
    """Return the open problems, the costliest a day first, watched ones last."""
    found = Problem.objects.filter(state__in=OPEN).select_related(
        "owner", "characteristic", "machine"
    )
    is_watched = Case(When(state="watched", then=1), default=0)
    return found.order_by(is_watched, F("cost_per_day").desc(nulls_last=True), "found_on", "pk")


def told_problems() -> list[dict[str, Any]]:
    """Return every problem but those merged or withdrawn, as the command line tells them."""
    problems = Problem.objects.exclude(state="merged").order_by("found_on", "pk")
    return [_told(problem) for problem in problems if problem.stream_codes()]


def records_of(problem: Problem) -> list[Record]:
    """Return the records it has led to: what it raised, and what acts on it or on those."""
    raised = Record.objects.filter(links_in__source=problem.pk, links_in__kind=Link.Kind.RAISED)
    about = [problem.pk, *raised.values_list("pk", flat=True)]
    acting = Record.objects.filter(links_out__target__in=about, links_out__kind=Link.Kind.ACTS_ON)
    return list((raised | acting).distinct().order_by("pk"))


def _told(problem: Problem) -> dict[str, Any]:
    return {
        "title": problem.title,
        "streams": problem.stream_codes(),
        "found_on": problem.found_on.isoformat(),
        "best_driver": problem.best_driver,
        "lots": problem.lots,
        "state": problem.state,
        "records": [record.number for record in records_of(problem)],
    }
