"""Verbs of problems: what findings and actions do to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from andon.analyze.monitoring.events import Found
from andon.analyze.monitoring.models import Finding
from andon.analyze.problems.computing import computed
from andon.analyze.problems.containing import asks_for_nonconformity, hold, nonconformities_of
from andon.analyze.problems.explaining import explanation_of, lots_since_began
from andon.analyze.problems.joining import problems_of
from andon.analyze.problems.models import Problem, ProblemFinding
from andon.analyze.problems.workflow import OPEN
from andon.control.plans.queries import line_for
from andon.identify.nonconformities.models import Nonconformity
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.errors import Refused
from andon.records.events import announce
from andon.records.models import Account, Link, Record
from andon.records.permissions import require
from andon.records.services import advance, change, create, link
from andon.records.trail.context import acting


def take_finding(finding: Finding) -> Problem:
    """Let a finding join the problem it belongs to, or open one; several it connects become one."""
    with acting(system_account()):
        membership = _explained(finding)
        problems = problems_of(membership)
        problem = _led(problems) if problems else _opened(finding)
        adds_nothing = len(problems) == 1 and _is_told(problem, finding)
        membership.problem = problem
        membership.save()
        if not adds_nothing:
            problem = compute(problem) if problems else problem
            is_of_product = finding.stream is not None and asks_for_nonconformity(problem)
            if is_of_product and problem.state != "watched":
                hold(problem, lots=problem.lots, actor=system_account())
    return problem


def compute(problem: Problem) -> Problem:
    """Compute again what a problem says; without any standing finding it is dismissed."""
    actor = system_account()
    findings = list(problem.standing())
    if not findings:
        return _withdrawn(problem, actor)
    fresh = Problem.objects.get(pk=problem.pk)
    values = {name: value for name, value in computed(findings).items()
              if getattr(fresh, name) != value}  # fmt: skip
    return change(fresh, actor=actor, values=values, version=fresh.version) if values else fresh


def contain(problem: Problem, *, actor: Account) -> Nonconformity:
    """Raise the nonconformity that holds the affected lots, or return the one that does."""
    require(actor, "nonconformity.create")
    with acting(actor):
        raised = hold(problem, lots=problem.lots, actor=actor)
    return raised or nonconformities_of(problem)[-1]


def report_ineffective(
    *,
    place: str,
    title: str,
    detail: Mapping[str, Any],
    actor: Account,
    source: Record | None = None,
) -> Problem:
    """Record that the computed effect of an action missed its target: a finding with its problem.

    `place` is the characteristic (or stream) the action was to change, `source` the action. An
    action on a known problem leads back to that one; any other opens a problem of its own.
    """
    with acting(actor):
        behind = problems_behind(source) if source is not None else []
        finding = _effect_finding(place, detail)
        problem = behind[0] if behind else _ineffective(finding, title, source)
        ProblemFinding.objects.create(problem=problem, finding=finding)
        announce(Found(finding))
    return mark_under_action(problem) if behind else problem


def _ineffective(finding: Finding, title: str, source: Record | None) -> Problem:
    code = finding.place.partition("/")[0]
    problem = Problem(
        title=title[:300],
        characteristic=Characteristic.objects.filter(code=code).first(),
        began_on=finding.began_on,
        found_on=finding.found_on,
        owner=source.owner if source else None,
    )
    problem = create(problem, actor=system_account())
    if source is not None:
        link(source, problem, kind=Link.Kind.RAISED, actor=system_account())
    return problem


def mark_contained(problem: Problem) -> Problem:
    """Say that the affected lots are held."""
    return _stepped(problem, "contain")


def mark_under_action(problem: Problem) -> Problem:
    """Say that somebody acts on the cause."""
    return _stepped(problem, "act")


def mark_proving(problem: Problem) -> Problem:
    """Say that the action is done and its effect is being watched."""
    return _stepped(problem, "prove")


def mark_solved(problem: Problem) -> Problem:
    """Say that the effect is proven."""
    return _stepped(problem, "solve")


def withdraw_finding(finding: Finding) -> None:
    """Compute a problem without a finding that late data no longer confirm."""
    membership = ProblemFinding.objects.filter(finding=finding).select_related("problem").first()
    if membership is not None and membership.problem.state in OPEN:
        with acting(system_account()):
            compute(membership.problem)


def problems_behind(record: Record) -> list[Problem]:
    """Return the problems a record is about: itself, those that raised it or that it acts on.

    An action acts on a problem directly, or on a nonconformity that the problem raised; the
    problem of its own missed target is behind it too.
    """
    acted_on = Link.objects.filter(source=record.pk, kind=Link.Kind.ACTS_ON).values("target")
    about = [record.pk, *acted_on.values_list("target", flat=True)]
    raised = Q(links_out__target__in=about, links_out__kind=Link.Kind.RAISED)
    missed = Q(links_in__source=record.pk, links_in__kind=Link.Kind.RAISED)
    found = Problem.objects.filter(Q(pk__in=about) | raised | missed)
    return list(found.exclude(state="merged").distinct().order_by("pk"))


def _explained(finding: Finding) -> ProblemFinding:
    """Return what merging has to know of a finding: what explains it, and the lots it lies in."""
    factor, level = explanation_of(finding)
    lots = lots_since_began(finding)
    return ProblemFinding(finding=finding, factor=factor[:100], level=level[:200], lots=lots)


def _is_told(problem: Problem, finding: Finding) -> bool:
    """Tell whether a problem says already all that one more finding of the day would add."""
    known = problem.memberships.filter(
        finding__place=finding.place, finding__rule=finding.rule, finding__withdrawn_at=None
    )
    until = problem.drivers.get("until", "")
    is_held = set(finding.lots) <= set(problem.lots)
    return is_held and until >= finding.found_on.isoformat() and known.exists()


def _led(problems: Sequence[Problem]) -> Problem:
    """Make several problems one, led by the earliest; a closed one is opened again."""
    leader, actor = problems[0], system_account()
    if leader.closed_at is not None:
        reason = _("The departure was found again.")
        leader = advance(leader, "reopen", actor=actor, reason=reason)
    for other in problems[1:]:
        _merge(other, leader, actor)
    return leader


def _merge(other: Problem, leader: Problem, actor: Account) -> None:
    reason = _("One cause with %(number)s.") % {"number": leader.number}
    for membership in other.memberships.all():
        membership.problem = leader
        membership.save()
    for record in nonconformities_of(other):
        link(leader, record, kind=Link.Kind.RAISED, actor=actor)
    link(other, leader, kind=Link.Kind.RELATED, actor=actor, note=reason)
    advance(other, "merge", actor=actor, reason=reason)


def _opened(finding: Finding) -> Problem:
    """Open the problem of a finding that stands alone; it says at once all that is known."""
    owner = _owner_of(finding)
    return create(Problem(owner=owner, **computed([finding])), actor=system_account())


def _owner_of(finding: Finding) -> Account | None:
    """Return who looks after it: whom the control plan names, or who led the study."""
    if finding.stream is None:
        return Account.objects.filter(username=finding.detail["leader"], is_active=True).first()
    line = line_for(finding.stream.characteristic, finding.stream.machine)
    return _only_holder(line.owner_role) if line else None


def _only_holder(role: str) -> Account | None:
    """Return who holds a role when exactly one does: then there is no doubt who looks at it."""
    holders = list(Account.objects.filter(assignments__role=role, is_active=True)[:2])
    return holders[0] if len(holders) == 1 else None


def _withdrawn(problem: Problem, actor: Account) -> Problem:
    if problem.state not in OPEN:
        return problem
    reason = _("Late data withdrew every finding.")
    return advance(problem, "withdraw", actor=actor, reason=reason)


def _stepped(problem: Problem, step: str) -> Problem:
    """Take an automatic step where it is possible; elsewhere the problem is further already."""
    try:
        return advance(problem, step, actor=system_account())
    except Refused:
        return problem


def _effect_finding(place: str, detail: Mapping[str, Any]) -> Finding:
    today = clock.today()
    return Finding.objects.create(
        stream=None, place=place, rule=Finding.Rule.EFFECT, direction=0, found_on=today,
        found_at=datetime.combine(today, time(23, 59), clock.site_zone()), began_on=today,
        subgroup="", detail=dict(detail),
    )  # fmt: skip
