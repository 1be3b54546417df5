"""What problems do when monitoring finds, withdraws, or sees pieces outside specification."""

from django.utils.translation import gettext as _

from andon.analyze.monitoring.events import Found, OutOfSpecification, Withdrawn
from andon.analyze.problems.instruments import follow_permission, follow_verdict
from andon.analyze.problems.models import ProblemFinding
from andon.analyze.problems.outside import hold_outside
from andon.analyze.problems.services import (
    mark_contained,
    problems_behind,
    take_finding,
    withdraw_finding,
)
from andon.analyze.studies.models import Study
from andon.identify.measurements.submission import Note
from andon.identify.nonconformities.models import Nonconformity
from andon.records.events import Advanced


def open_or_join(event: Found) -> None:
    """Give a finding its problem and tell the sender where its story is."""
    if ProblemFinding.objects.filter(finding=event.finding).exists():
        return
    problem = take_finding(event.finding)
    text = _("%(number)s: %(title)s") % {"number": problem.number, "title": problem.title}
    event.notes.append(Note("problem", event.finding.place, text, url=problem.get_absolute_url()))


def take_back(event: Withdrawn) -> None:
    """Compute the problem of a withdrawn finding again."""
    withdraw_finding(event.finding)


def contain_with_nonconformity(event: Advanced) -> None:
    """A problem is contained when the nonconformity it raised is."""
    if isinstance(event.record, Nonconformity) and event.transition.target == "contained":
        for problem in problems_behind(event.record):
            mark_contained(problem)


def hold_lots_outside(event: OutOfSpecification) -> None:
    """Attach pieces outside specification to the open problem, else raise a nonconformity."""
    hold_outside(event.stream, event.rows, notes=event.notes)


def follow_study(event: Advanced) -> None:
    """An unfit instrument is a problem until a study finds it fit."""
    study = event.record
    if not isinstance(study, Study) or not study.is_of_gauge:
        return
    if event.transition.name == "judge":
        follow_verdict(study)
    elif event.transition.name == "permit":
        follow_permission(study, actor=event.actor)


HANDLERS = (
    (Found, open_or_join),
    (Withdrawn, take_back),
    (OutOfSpecification, hold_lots_outside),
    (Advanced, contain_with_nonconformity),
    (Advanced, follow_study),
)
