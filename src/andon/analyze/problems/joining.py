"""Joining: to which problems a finding belongs, by the merge rule of the findings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Q

from andon.analyze.monitoring.models import Finding
from andon.analyze.problems.models import Problem, ProblemFinding
from andon.analyze.problems.workflow import OPEN
from andon.organization.processes.queries import Calendar
from andon.organization.products.models import LotUse
from andon.stats.findings_merge import Occurrence, are_one_problem

_LOOKED_BACK = timedelta(days=92)
_STEPS = 2
"""A lot hands a departure on to what is made from it directly, or over one step between."""
Ancestors = dict[str, set[str]]


def problems_of(membership: ProblemFinding) -> list[Problem]:
    """Return the problems a new finding belongs to, the earliest first; none when it is its own."""
    found = _of_instrument(membership.finding) | _near(membership)
    return list(Problem.objects.filter(pk__in=found).order_by("found_on", "pk"))


def _near(membership: ProblemFinding) -> set[int]:
    others = _candidates(membership)
    if not others:
        return set()
    days = _working_day_numbers([membership, *others])
    new = _occurrence(membership, days)
    ancestors = _ancestors_for(membership, others)
    return {
        other.problem_id
        for other in others
        if are_one_problem(
            new, _occurrence(other, days), descends=lambda lot, of: of in ancestors.get(lot, ())
        )
    }


def _of_instrument(finding: Finding) -> set[int]:
    """Return the problem of an unfit instrument that nothing has healed yet, however old it is."""
    if finding.rule != Finding.Rule.GAUGE:
        return set()
    unhealed = Problem.objects.filter(
        memberships__finding__rule=Finding.Rule.GAUGE,
        memberships__finding__place=finding.place,
        memberships__finding__withdrawn_at=None,
        state__in=(*OPEN, "dismissed"),
    )
    return set(unhealed.values_list("pk", flat=True))


def near_ancestors(lots: Iterable[str], steps: int = _STEPS) -> Ancestors:
    """Return for each lot those it was made from within so many steps; one query a step."""
    origins = sorted(set(lots))
    found: Ancestors = {lot: set() for lot in origins}
    parents: Ancestors = defaultdict(set)
    frontier = set(origins)
    for _step in range(steps):
        uses = LotUse.objects.filter(consumer__code__in=frontier)
        for child, parent in uses.values_list("consumer__code", "component__code"):
            parents[child].add(parent)
        frontier = {parent for lot in frontier for parent in parents[lot]}
    for lot in origins:
        found[lot] = _walked(lot, parents, steps)
    return found


def _walked(lot: str, parents: Ancestors, steps: int) -> set[str]:
    found, frontier = set[str](), {lot}
    for _step in range(steps):
        frontier = {parent for one in frontier for parent in parents.get(one, ())} - found
        found |= frontier
    return found


def _candidates(membership: ProblemFinding) -> list[ProblemFinding]:
    """Return the standing findings of recent time with their problems, merged ones left out."""
    since = membership.finding.began_on - _LOOKED_BACK
    is_judged = Q(finding__stream__isnull=False) | Q(finding__rule=Finding.Rule.GAUGE)
    found = ProblemFinding.objects.filter(
        is_judged, finding__withdrawn_at=None, finding__found_on__gte=since
    )
    standing = found.exclude(problem__state="merged").select_related("finding")
    return list(standing.defer("finding__detail"))


def _occurrence(membership: ProblemFinding, days: dict[date, int]) -> Occurrence:
    finding = membership.finding
    factor = (membership.factor, membership.level) if membership.factor else None
    return Occurrence(
        finding.place, days[finding.began_on], days[finding.found_on], factor,
        frozenset(membership.lots), is_rate=finding.rule == Finding.Rule.RATE,
    )  # fmt: skip


def _ancestors_for(new: ProblemFinding, others: Sequence[ProblemFinding]) -> Ancestors:
    """Look up only the lots whose descent can matter: those handed on from unexplained lots."""
    lots = set(new.lots)
    if not new.factor or new.factor == "lot":
        lots |= {lot for other in others for lot in other.lots}
    return near_ancestors(lots)


def _working_day_numbers(memberships: Sequence[ProblemFinding]) -> dict[date, int]:
    """Number the days so that differences count working days."""
    days = {day for m in memberships for day in (m.finding.began_on, m.finding.found_on)}
    calendar, number, numbers = Calendar.load(), 0, {}
    for offset in range((max(days) - min(days)).days + 1):
        day = min(days) + timedelta(days=offset)
        number += calendar.is_working_day(day)
        numbers[day] = number
    return numbers
