"""What is done on a record: steps, comments, files, links, owner."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.records import services
from andon.records.access import signed_in
from andon.records.attachments import attach, checked_path
from andon.records.errors import Refused
from andon.records.forms import form_for
from andon.records.models import Account, Attachment, Link, Record
from andon.records.permissions import require
from andon.records.registry import own_type
from andon.records.views.common import actor_of, record_or_404
from andon.records.views.forms import tell_refusals
from andon.records.workflow import Refusal, Transition


@signed_in
def take_step(request: HttpRequest, prefix: str, number: str, step: str) -> HttpResponse:
    """Take one step: ask for what it needs, then do it or say why not."""
    record = record_or_404(request, prefix, number)
    transition = _transition_or_404(record, step)
    require(actor_of(request), transition.permission)
    form_class = form_for(type(record), transition.asks, required=transition.required)
    form = form_class(request.POST or None, instance=record)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _taken(request, record, transition, form):
            return redirect(record)
    context = {
        "record": record, "step": transition, "form": form, "workflow": record.WORKFLOW,
        "refusals": _standing_against(record, transition),
        "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "records/step.html", context, status=status)


@signed_in
@require_POST
def add_comment(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Say something about a record."""
    record = record_or_404(request, prefix, number)
    services.comment(record, text=request.POST.get("text", ""), actor=actor_of(request))
    return redirect(record)


@signed_in
@require_POST
def add_attachment(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Hang files on a record."""
    record = record_or_404(request, prefix, number)
    files = request.FILES.getlist("file")
    if not files:
        raise Refused.because(_("Choose a file first."), "file")
    for file in files:
        attach(record, file, actor=actor_of(request))
    return redirect(record)


@signed_in
def download(request: HttpRequest, key: int) -> HttpResponse | FileResponse:
    """Give out an attachment after its hash was found right; always as a download."""
    attachment = get_object_or_404(Attachment.objects.select_related("record"), pk=key)
    require(actor_of(request), f"{attachment.record.kind}.view")
    path = checked_path(attachment)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=attachment.name,
        content_type="application/octet-stream",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    return response


@signed_in
@require_POST
def add_link(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Link a record to another by its number."""
    require(actor_of(request), "records.link")
    record = record_or_404(request, prefix, number, "view")
    wanted = request.POST.get("target", "").strip().upper()
    try:
        target = own_type(Record.objects.get(number=wanted))
    except ObjectDoesNotExist as error:
        raise Refused.because(_("There is no record %(n)s.") % {"n": wanted}, "target") from error
    services.link(record, target, kind=Link.Kind.RELATED, actor=actor_of(request))
    return redirect(record)


@signed_in
@require_POST
def assign(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Give a record to somebody, or take it oneself."""
    record = record_or_404(request, prefix, number, "change")
    username = request.POST.get("owner", "")
    owner = Account.objects.filter(username=username, is_active=True).first()
    services.assign(record, owner=owner, actor=actor_of(request))
    return redirect(record)


def _taken(request: HttpRequest, record: Record, step: Transition, form: Any) -> bool:
    signing = None
    if step.meaning:
        signing = services.Signing(request.POST.get("password", ""), str(step.meaning))
    try:
        services.advance(
            record, step.name, actor=actor_of(request), values=form.cleaned_data,
            reason=request.POST.get("reason", ""), signing=signing,
        )  # fmt: skip
    except Refused as error:
        tell_refusals(form, error)
        return False
    messages.success(request, _("%(number)s: done.") % {"number": record.number})
    return True


def _standing_against(record: Record, step: Transition) -> list[Refusal]:
    """Return what the form itself cannot mend."""
    return list(step.guard(record)) if step.guard and record.state in step.sources else []


def _transition_or_404(record: Record, step: str) -> Transition:
    try:
        return record.WORKFLOW.transition(step)
    except KeyError as error:
        raise Http404(str(error)) from error
