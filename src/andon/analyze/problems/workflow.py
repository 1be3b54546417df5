"""The steps of a problem: contained, acted upon, proven, or watched and dismissed with a reason.

Most steps follow from the records a problem leads to and are taken by Andon itself.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from andon.records.roles import EVERYONE, LEAD, PE, QE, QM
from andon.records.workflow import State, Transition, Workflow

FRESH = ("new", "reopened")
IDLE = (*FRESH, "contained", "watched")
"""Nobody acts on the cause yet."""
OPEN = (*IDLE, "under_action", "proving")

STATES = (
    State(name="new", label=_("New"), timer=timedelta(hours=4)),
    State(name="contained", label=_("Contained"), timer=timedelta(days=3)),
    State(name="under_action", label=_("Under action")),
    State(name="proving", label=_("Proving the effect"), is_paused=True),
    State(name="solved", label=_("Solved"), is_final=True),
    State(name="reopened", label=_("Reopened"), timer=timedelta(hours=4)),
    State(name="watched", label=_("Watched"), is_paused=True),
    State(name="dismissed", label=_("Dismissed"), is_final=True),
    State(name="merged", label=_("Merged"), is_final=True),
)

TRANSITIONS = (
    Transition(
        name="contain",
        label=_("Contained"),
        sources=(*FRESH, "watched"),
        target="contained",
        permission="problem.work",
        is_automatic=True,
    ),
    Transition(
        name="act",
        label=_("Act on the cause"),
        sources=(*IDLE, "proving"),
        target="under_action",
        permission="problem.work",
        is_automatic=True,
    ),
    Transition(
        name="prove",
        label=_("Prove the effect"),
        sources=(*IDLE, "under_action"),
        target="proving",
        permission="problem.work",
        is_automatic=True,
    ),
    Transition(
        name="solve",
        label=_("Solved"),
        sources=OPEN,
        target="solved",
        permission="problem.work",
        is_automatic=True,
    ),
    Transition(
        name="watch",
        label=_("Watch"),
        sources=(*FRESH, "contained"),
        target="watched",
        permission="problem.work",
        needs_reason=True,
        consequence=_("Later findings join it without a new alarm."),
    ),
    Transition(
        name="dismiss",
        label=_("Dismiss"),
        sources=IDLE,
        target="dismissed",
        permission="problem.dismiss",
        needs_reason=True,
        consequence=_("A later finding of the same cause opens it again."),
    ),
    Transition(
        name="withdraw",
        label=_("Withdrawn"),
        sources=OPEN,
        target="dismissed",
        permission="problem.withdraw",
        needs_reason=True,
        is_automatic=True,
    ),
    Transition(
        name="merge",
        label=_("Merged"),
        sources=(*OPEN, "solved", "dismissed"),
        target="merged",
        permission="problem.withdraw",
        needs_reason=True,
        is_automatic=True,
    ),
    Transition(
        name="reopen",
        label=_("Reopen"),
        sources=("solved", "dismissed"),
        target="reopened",
        permission="problem.work",
        needs_reason=True,
        consequence=_("Containment is due in 4 hours."),
    ),
)

WORKFLOW = Workflow(
    prefix="PR",
    label=_("Problem"),
    plural=_("Problems"),
    states=STATES,
    transitions=TRANSITIONS,
    permissions={
        "problem.view": EVERYONE,
        # Problems are made by findings only.
        "problem.create": (),
        "problem.change": (QE, QM),
        "problem.work": (QE, QM, PE, LEAD),
        "problem.dismiss": (QE, QM),
        "problem.withdraw": (),
    },
    create_fields=(),
    list_fields=("found_on", "factor", "level", "cost_per_day"),
    group="top",
    icon="octagon-alert",
    search_fields=("title", "factor", "level"),
)
