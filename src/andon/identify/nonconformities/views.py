"""Pages of nonconformities beside the generic ones: the report, and the forms of its lines."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from andon.identify.nonconformities.forms import FORMS, LINE_FORMS
from andon.identify.nonconformities.models import DispositionLine, Nonconformity
from andon.identify.nonconformities.raising_form import RaisingForm, known_words
from andon.records.access import needs
from andon.records.attachments import attach
from andon.records.errors import Refused
from andon.records.trail.context import acting
from andon.records.views.common import actor_of
from andon.records.views.forms import tell_refusals
from andon.records.views.lines import line_page


@needs("nonconformity.create")
def report(request: HttpRequest) -> HttpResponse:
    """Report a nonconformity by hand."""
    is_sent = request.method == "POST"
    form = RaisingForm(
        request.POST if is_sent else None, request.FILES or None, initial=request.GET.dict()
    )
    if is_sent and form.is_valid():
        record = _raised(request, form)
        if record is not None:
            messages.success(request, _("%(number)s is reported.") % {"number": record.number})
            return redirect(record)
    context = {"form": form, "words": known_words()}
    return render(request, "nonconformities/report.html", context, status=422 if is_sent else 200)


@needs("nonconformity.view")
def write_line(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Add a line to a nonconformity; each form asks for its own permission."""
    if name not in FORMS:
        raise Http404(name)
    record = get_object_or_404(Nonconformity, number=number.upper())
    return line_page(request, record, FORMS[name])


@needs("nonconformity.view")
def write_on_line(request: HttpRequest, number: str, key: int, name: str) -> HttpResponse:
    """Take a disposition line back, or say what became of it."""
    if name not in LINE_FORMS:
        raise Http404(name)
    line = get_object_or_404(
        DispositionLine.objects.select_related("nonconformity", "lot"),
        pk=key,
        nonconformity__number=number.upper(),
    )
    return line_page(request, line.nonconformity, LINE_FORMS[name], line)


def _raised(request: HttpRequest, form: RaisingForm) -> Nonconformity | None:
    actor = actor_of(request)
    try:
        with acting(actor):
            record = form.raised(actor=actor)
            if form.cleaned_data["photo"]:
                attach(record, form.cleaned_data["photo"], actor=actor)
    except Refused as error:
        tell_refusals(form, error)
        return None
    return record
