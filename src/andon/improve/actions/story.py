"""The problems an action is about hear of its steps; a missed target is a finding of its own."""

from django.utils.translation import gettext as _

from andon.analyze.problems.services import (
    mark_proving,
    mark_solved,
    mark_under_action,
    problems_behind,
    report_ineffective,
)
from andon.improve.actions.guards import result_of
from andon.improve.actions.models import CorrectiveAction
from andon.records.events import Advanced

_MARKS = {
    "containment": mark_under_action,
    "root_cause": mark_under_action,
    "monitoring": mark_proving,
    "closed": mark_solved,
}
"""What reaching a state of the action says about the problem."""


def tell_problems(event: Advanced) -> None:
    """Carry an action's step into the problems behind it, in the same transaction."""
    record = event.record
    if not isinstance(record, CorrectiveAction):
        return
    mark = _MARKS.get(event.transition.target)
    for problem in problems_behind(record) if mark else ():
        mark(problem)  # type: ignore[misc]
    if event.transition.name == "review_effect":
        _report(record, event)


def _report(record: CorrectiveAction, event: Advanced) -> None:
    """Make a problem of a verdict that missed its target."""
    result = result_of(record)
    if result is None or result.verdict != "not effective":
        return
    place = record.characteristic.code if record.characteristic else record.number
    report_ineffective(
        place=place,
        title=_("%(title)s: without effect") % {"title": record.title},
        detail=result.result,
        actor=event.actor,
        source=record,
    )
