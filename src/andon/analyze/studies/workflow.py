"""The steps of a study: planned, run by its sheet, judged by statistics, closed by signature."""

from django.utils.translation import gettext_lazy as _

from andon.analyze.studies.guards import can_judge, can_permit, can_start
from andon.records.roles import EVERYONE, INS, LEAD, MET, OP, PE, QE, QM
from andon.records.workflow import State, Transition, Workflow

STATES = (
    State(name="planned", label=_("Planned")),
    State(name="running", label=_("Running")),
    State(name="judged", label=_("Judged")),
    State(name="closed", label=_("Closed"), is_final=True),
    State(name="cancelled", label=_("Cancelled"), is_final=True),
)

TRANSITIONS = (
    Transition(
        name="start",
        label=_("Draw the run sheet"),
        sources=("planned",),
        target="running",
        permission="study.work",
        guard=can_start,
        consequence=_("The order of the runs is drawn by lot; the plan is frozen."),
    ),
    Transition(
        name="judge",
        label=_("Judge it"),
        sources=("running",),
        target="judged",
        permission="study.work",
        guard=can_judge,
        consequence=_("Computes the verdict and keeps it as evidence."),
    ),
    Transition(
        name="close",
        label=_("Close the study"),
        sources=("judged",),
        target="closed",
        permission="study.close",
        meaning=_("I reviewed method, data and verdict"),
    ),
    Transition(
        name="permit",
        label=_("Permit the use nevertheless"),
        sources=("judged",),
        target="judged",
        permission="study.permit",
        guard=can_permit,
        needs_reason=True,
        meaning=_("I permit this use knowing the verdict"),
        consequence=_("Control plans may name the instrument for this characteristic again."),
    ),
    Transition(
        name="cancel",
        label=_("Cancel"),
        sources=("planned", "running"),
        target="cancelled",
        permission="study.work",
        needs_reason=True,
    ),
)

WORKFLOW = Workflow(
    prefix="ST",
    label=_("Study"),
    plural=_("Studies"),
    states=STATES,
    transitions=TRANSITIONS,
    permissions={
        "study.view": EVERYONE,
        "study.create": (QE, QM, MET, PE),
        "study.change": (QE, QM, MET, PE),
        "study.work": (QE, QM, MET, PE),
        "study.enter": (OP, INS, LEAD, QE, QM, MET, PE),
        "study.close": (QE, QM, MET),
        "study.permit": (QM,),
    },
    create_fields=("title", "method", "characteristic", "instrument", "machine", "purpose"),
    list_fields=("method", "characteristic", "instrument", "verdict"),
    group="analyze",
    icon="gauge",
    search_fields=("title", "purpose", "words"),
)
