"""What is done on a record: steps, comments, files, links, owner."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.records import services, signing
from andon.records.access import needs, signed_in
from andon.records.accounts import system_account
from andon.records.attachments import attach, checked_path, given_out
from andon.records.errors import NotSigned, Refused, Stale
from andon.records.forms import form_for, step_form
from andon.records.models import Attachment, Link, Record
from andon.records.pdf import pdf_of
from andon.records.permissions import may, require
from andon.records.registry import own_type
from andon.records.thumbnails import thumbnail
from andon.records.trail import reviewing
from andon.records.trail.context import acting
from andon.records.views.common import actor_of, record_or_404, version_of
from andon.records.views.forms import tell_refusals
from andon.records.workflow import Refusal, Transition


@signed_in
def take_step(request: HttpRequest, prefix: str, number: str, step: str) -> HttpResponse:
    """Take one step: ask for what it needs, then do it or say why not."""
    record = record_or_404(request, prefix, number)
    transition = _transition_or_404(record, step)
    require(actor_of(request), transition.permission)
    form_class = step_form(type(record), transition, needs_name=signing.needs_name(request.session))
    form = form_class(request.POST or None, instance=record)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid() and _taken(request, record, transition, form):
                return redirect(record)
        except Stale as error:
            status = 409
            form.add_error(None, _("%(why)s Look again, then repeat the step.") % {"why": error})
    context = {
        "record": record, "step": transition, "form": form, "workflow": record.WORKFLOW,
        "refusals": _standing_against(record, transition),
        # After a conflict the newer version is what the reader now sees.
        "version": record.version if status == 409 else request.POST.get("version", record.version),
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
    files = [*request.FILES.getlist("file"), *request.FILES.getlist("photo")]
    if not files:
        raise Refused.because(_("Choose a file first."), "file")
    with acting(actor_of(request)):
        for file in files:
            attach(record, file, actor=actor_of(request))
    return redirect(record)


@signed_in
def download(request: HttpRequest, key: int) -> FileResponse:
    """Give out an attachment after its hash was found right; always as a download."""
    attachment = get_object_or_404(Attachment.objects.select_related("record"), pk=key)
    require(actor_of(request), f"{attachment.record.kind}.view")
    return given_out(attachment)


@signed_in
def picture(request: HttpRequest, key: int) -> HttpResponse:
    """Show an attached photo small, drawn anew."""
    attachment = get_object_or_404(Attachment.objects.select_related("record"), pk=key)
    require(actor_of(request), f"{attachment.record.kind}.view")
    response = HttpResponse(thumbnail(checked_path(attachment)), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@signed_in
def pdf(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Give out the record as PDF."""
    record = record_or_404(request, prefix, number)
    response = HttpResponse(pdf_of(record), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{record.number}.pdf"'
    return response


@signed_in
@require_POST
def add_link(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Link a record to another by its number."""
    require(actor_of(request), "records.link")
    record = record_or_404(request, prefix, number, "view")
    wanted = request.POST.get("target", "").strip().upper()
    found = Record.objects.filter(number=wanted).first()
    if found is None or not may(actor_of(request), f"{found.kind}.view"):
        raise Refused.because(_("There is no record %(number)s.") % {"number": wanted}, "target")
    kind = request.POST.get("kind") or Link.Kind.RELATED
    services.link(record, own_type(found), kind=kind, actor=actor_of(request))
    return redirect(record)


@needs("records.verify")
@require_POST
def review_trail(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Say that one read the trail of a record, and what was seen."""
    record = record_or_404(request, prefix, number)
    reviewing.review_trail(record, note=request.POST.get("note", ""), actor=actor_of(request))
    return redirect(record)


@signed_in
@require_POST
def assign(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Say who owns a record and when it is due."""
    record = record_or_404(request, prefix, number, "change")
    form = form_for(type(record), ("owner", "due_at"))(request.POST, instance=record)
    if not form.is_valid():
        raise Refused(
            [Refusal(str(text), name) for name, texts in form.errors.items() for text in texts]
        )
    version = version_of(request) or record.version
    values = {name: form.cleaned_data[name] for name in form.changed_data}
    if values:
        services.change(record, actor=actor_of(request), values=values, version=version)
    return redirect(record)


def _taken(request: HttpRequest, record: Record, step: Transition, form: Any) -> bool:
    given = form.cleaned_data
    try:
        services.advance(
            record, step.name, actor=actor_of(request), values=given,
            reason=given.get("reason", ""), signing=_signing(request, step, given),
            version=version_of(request),
        )  # fmt: skip
    except Refused as error:
        if isinstance(error, NotSigned):
            address = request.META.get("REMOTE_ADDR", "")
            signing.note_failed(actor_of(request), address=address, about=record.number)
        tell_refusals(form, error)
        return False
    if step.meaning:
        signing.note_signed(request.session)
    messages.success(request, _("%(number)s: done.") % {"number": record.number})
    return True


def _signing(request: HttpRequest, step: Transition, given: Any) -> services.Signing | None:
    if not step.meaning:
        return None
    return services.Signing(
        given["password"], given["meaning"], given.get("username", ""),
        needs_name=signing.needs_name(request.session),
    )  # fmt: skip


def _standing_against(record: Record, step: Transition) -> list[Refusal]:
    """Return what the form itself cannot mend."""
    if record.state not in step.sources:
        return services.refusals(record, step, actor=system_account())[:1]
    return list(step.guard(record)) if step.guard else []


def _transition_or_404(record: Record, step: str) -> Transition:
    try:
        found = record.WORKFLOW.transition(step)
    except KeyError as error:
        raise Http404(str(error)) from error
    if found.is_automatic:
        raise Http404(_("Andon itself takes this step."))
    return found
