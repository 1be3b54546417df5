"""Pages on which causes are argued; the record's own page shows them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from andon.analyze.causes.forms import CAUSE_FORMS, ProposeForm, StepEvidenceForm
from andon.analyze.causes.models import Cause, WhyStep
from andon.records.access import needs
from andon.records.models import Record
from andon.records.registry import own_type
from andon.records.views.lines import line_page


@needs("causes.propose")
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Propose a cause of what a record is about."""
    record = get_object_or_404(Record, number=number.upper())
    return line_page(request, own_type(record), ProposeForm)


@needs("causes.propose")
def argue(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """Ask why below a cause, verify it or rule it out."""
    if name not in CAUSE_FORMS:
        raise Http404(name)
    cause = get_object_or_404(Cause.objects.select_related("record"), pk=key)
    return line_page(request, own_type(cause.record), CAUSE_FORMS[name], cause)


@needs("causes.propose")
def step_evidence(request: HttpRequest, key: int) -> HttpResponse:
    """Give the evidence of one why."""
    step = get_object_or_404(WhyStep.objects.select_related("cause__record"), pk=key)
    return line_page(request, own_type(step.cause.record), StepEvidenceForm, step)
