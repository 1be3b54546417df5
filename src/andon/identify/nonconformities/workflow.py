"""The steps of a nonconformity, from the report to the end (DOMAIN: nonconformance with board)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from andon.identify.nonconformities import guards
from andon.records.roles import EVERYONE, INS, LEAD, OP, PE, QE, QM
from andon.records.workflow import State, Transition, Workflow

STATES = (
    State(name="draft", label=_("Draft")),
    State(name="reported", label=_("Reported"), timer=timedelta(hours=4)),
    State(name="contained", label=_("Contained"), timer=timedelta(days=1)),
    State(name="under_review", label=_("Under review"), timer=timedelta(days=3)),
    State(name="dispositioned", label=_("Dispositioned"), timer=timedelta(days=5)),
    State(name="executed", label=_("Executed"), timer=timedelta(days=10)),
    State(name="closed", label=_("Closed"), is_final=True),
    State(name="cancelled", label=_("Cancelled"), is_final=True),
)

TRANSITIONS = (
    Transition(
        name="report",
        label=_("Report"),
        sources=("draft",),
        target="reported",
        permission="nonconformity.create",
        required=("quantity_suspect", "location"),
        asks=("quantity_suspect", "location"),
        guard=guards.stand_against_report,
        consequence=_("Containment is due in 4 hours."),
    ),
    Transition(
        name="contain",
        label=_("Contain"),
        sources=("reported",),
        target="contained",
        permission="nonconformity.contain",
        asks=("is_labelled",),
        guard=guards.stand_against_containment,
        consequence=_("The suspect lots are blocked."),
    ),
    Transition(
        name="review",
        label=_("Start review"),
        sources=("contained",),
        target="under_review",
        permission="nonconformity.review",
        required=("description", "severity"),
        asks=("description", "severity", "is_customer_affected"),
        guard=guards.stand_against_review,
        consequence=_("Earlier cases are searched and kept with the record."),
    ),
    Transition(
        name="agree_process",
        label=_("Sign for the process"),
        sources=("under_review",),
        target="under_review",
        permission="nonconformity.agree_process",
        guard=guards.stand_against_agreeing,
        meaning=_("agreed for the process"),
    ),
    Transition(
        name="agree_production",
        label=_("Sign for production"),
        sources=("under_review",),
        target="under_review",
        permission="nonconformity.agree_production",
        guard=guards.stand_against_agreeing,
        meaning=_("agreed for production"),
    ),
    Transition(
        name="dispose",
        label=_("Sign disposition"),
        sources=("under_review",),
        target="dispositioned",
        permission="nonconformity.dispose",
        guard=guards.stand_against_disposition,
        meaning=_("disposition approved"),
        consequence=_("The lines are fixed; their execution can begin."),
    ),
    Transition(
        name="dispose_special",
        label=_("Sign disposition as quality manager"),
        sources=("under_review",),
        target="dispositioned",
        permission="nonconformity.dispose_special",
        guard=guards.stand_against_special_disposition,
        meaning=_("use of a special characteristic as it is approved"),
        consequence=_("Parts that miss a special characteristic will be used."),
    ),
    Transition(
        name="execute",
        label=_("Confirm execution"),
        sources=("dispositioned",),
        target="executed",
        permission="nonconformity.execute",
        guard=guards.stand_against_execution,
        consequence=_("What was rejected is open again and needs a new line."),
    ),
    Transition(
        name="review_again",
        label=_("Review again"),
        sources=("dispositioned", "executed"),
        target="under_review",
        permission="nonconformity.review",
        needs_reason=True,
        consequence=_("The disposition has to be signed again."),
    ),
    Transition(
        name="close",
        label=_("Close"),
        sources=("executed",),
        target="closed",
        permission="nonconformity.close",
        guard=guards.stand_against_closing,
        consequence=_("The lots are released."),
    ),
    Transition(
        name="cancel",
        label=_("Cancel"),
        sources=("draft", "reported", "contained", "under_review", "dispositioned"),
        target="cancelled",
        permission="nonconformity.cancel",
        needs_reason=True,
        meaning=_("cancelled, lots released"),
        consequence=_("The lots are released."),
    ),
)

WORKFLOW = Workflow(
    prefix="NC",
    label=_("Nonconformity"),
    plural=_("Nonconformities"),
    states=STATES,
    transitions=TRANSITIONS,
    permissions={
        "nonconformity.view": EVERYONE,
        "nonconformity.create": (OP, INS, QE, QM, PE, LEAD),
        "nonconformity.change": (QE, QM, LEAD),
        "nonconformity.contain": (LEAD, QE, QM),
        "nonconformity.review": (QE, QM),
        "nonconformity.agree_process": (PE,),
        "nonconformity.agree_production": (LEAD,),
        "nonconformity.dispose": (QE, QM),
        "nonconformity.dispose_special": (QM,),
        "nonconformity.execute": (LEAD, PE, QE, QM),
        "nonconformity.close": (QE, QM),
        "nonconformity.cancel": (QM,),
    },
    create_fields=(
        "title", "characteristic", "defect", "machine", "quantity_suspect", "unit", "location",
    ),
    list_fields=("severity", "characteristic", "machine", "quantity_suspect"),
    group="identify",
    icon="triangle-alert",
    search_fields=("title", "defect", "description", "location"),
)  # fmt: skip
