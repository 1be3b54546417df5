"""The way of a record through its workflow: where it was, where it is, what lies ahead."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.models import Entry, Record
from andon.records.workflow import State, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Mark:
    """One state in the step bar."""

    label: str
    note: str
    state: str


def visited(record: Record) -> dict[str, datetime]:
    """Return the states a record has been in, each with the instant it was last entered."""
    register = Entry.objects.filter(chain=f"record:{record.pk}", table=Record._meta.db_table)
    been = {}
    for at, new in register.order_by("sequence").values_list("at", "new"):
        state = json.loads(new).get("state")
        if state is not None:
            been[state] = datetime.fromisoformat(at)
    return been


def marks(record: Record, been: dict[str, datetime]) -> list[Mark]:
    """Return the main path as a step bar: the states in order, side exits only when taken."""
    ahead = main_path(record.WORKFLOW)
    shown = (s for s in record.WORKFLOW.states if s.name in ahead or s.name in been)
    return [_mark(record, state, been) for state in shown]


def main_path(flow: Workflow) -> set[str]:
    """Return the states that one passes by taking the first way onward from each."""
    path = {flow.initial.name}
    for state in flow.states:
        onward = [step for step in flow.leaving(state.name) if is_onward(flow, step, state.name)]
        if state.name in path and onward:
            path.add(onward[0].target)
    return path


def is_onward(flow: Workflow, step: Transition, state: str) -> bool:
    """Tell whether a step leads to a later state."""
    order = [one.name for one in flow.states]
    return order.index(step.target) > order.index(state)


def _mark(record: Record, state: State, been: dict[str, datetime]) -> Mark:
    if state.name == record.state:
        note = date_format(record.state_since.astimezone(clock.site_zone()), "j M")
        if state.is_final:
            return Mark(str(state.label), note, "done")
        return Mark(str(state.label), _("since %(day)s") % {"day": note}, "now")
    if state.name not in been:
        return Mark(str(state.label), "", "open")
    at = been[state.name].astimezone(clock.site_zone())
    return Mark(str(state.label), date_format(at, "j M H:i"), "done")
