"""Creating and changing a record through its form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from andon.records import services
from andon.records.access import signed_in
from andon.records.attachments import attach
from andon.records.errors import Refused, Stale
from andon.records.forms import form_for
from andon.records.models import Record
from andon.records.permissions import require
from andon.records.registry import kind_of
from andon.records.rest.schemas import writable_fields
from andon.records.trail.context import acting
from andon.records.versions import differences
from andon.records.views.common import actor_of, record_or_404, type_or_404, version_of

_KEPT_APART = ("owner", "due_at", "site")


@signed_in
def create_record(request: HttpRequest, prefix: str) -> HttpResponse:
    """Create a record from its few fields; a photo may come with it."""
    model = type_or_404(prefix)
    require(actor_of(request), f"{kind_of(model)}.create")
    form_class = form_for(model, model.WORKFLOW.create_fields)
    form = form_class(request.POST or None, initial=_initial(request, form_class))
    if request.method == "POST" and form.is_valid():
        record = _created(request, model, form)
        if record is not None:
            messages.success(request, _("%(number)s was created.") % {"number": record.number})
            return redirect(record)
    context = {"form": form, "workflow": model.WORKFLOW, "prefix": prefix}
    status = 422 if request.method == "POST" else 200
    return render(request, "records/create.html", context, status=status)


@signed_in
def change_record(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Change an open record, unless somebody else changed it since it was read."""
    record = record_or_404(request, prefix, number, "change")
    names = [n for n in writable_fields(record.__class__) if n not in _KEPT_APART]
    form = form_for(type(record), [*names, *_KEPT_APART[:2]])(request.POST or None, instance=record)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid() and _changed(request, record, form):
                return redirect(record)
        except Stale as error:
            return _both_versions(request, record, form, int(error.mine["version"]))
    version = request.POST.get("version", record.version)
    context = {"form": form, "record": record, "workflow": record.WORKFLOW, "version": version}
    return render(request, "records/change.html", context, status=status)


def _created(request: HttpRequest, model: type[Record], form: Any) -> Record | None:
    record, actor = model(), actor_of(request)
    for name, value in form.cleaned_data.items():
        setattr(record, name, value)
    try:
        with acting(actor):
            record = services.create(record, actor=actor)
            for file in request.FILES.getlist("photo"):
                attach(record, file, actor=actor)
    except Refused as error:
        tell_refusals(form, error)
        return None
    return record


def _changed(request: HttpRequest, record: Record, form: Any) -> bool:
    """Store the fields that differ, or after a conflict those that were chosen."""
    try:
        values = _wanted(request, form)
        version = version_of(request) or 0
        reason = request.POST.get("reason", "")
        services.change(
            record, actor=actor_of(request), values=values, version=version, reason=reason
        )
    except Refused as error:
        tell_refusals(form, error)
        return False
    messages.success(request, _("%(number)s was changed.") % {"number": record.number})
    return True


def _wanted(request: HttpRequest, form: Any) -> dict[str, Any]:
    taken = request.POST.getlist("take") if "is_choice" in request.POST else form.changed_data
    return {name: form.cleaned_data[name] for name in form.changed_data if name in taken}


def _both_versions(request: HttpRequest, record: Record, form: Any, read: int) -> HttpResponse:
    """Show what is stored now beside what was sent, to choose from; nothing was changed."""
    mine = {name: form.cleaned_data[name] for name in form.changed_data}
    found = differences(record, mine, read_version=read)
    if not found:
        return redirect(record)  # both made the same change
    kept_apart = {"version", "is_choice", "take", "csrfmiddlewaretoken"}
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in kept_apart
    ]
    context = {"record": record, "differences": found, "sent": sent}
    return render(request, "records/conflict.html", context, status=409)


def tell_refusals(form: Any, error: Exception) -> None:
    """Put each reason beside its field, or above the form."""
    for refusal in getattr(error, "refusals", []):
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if not getattr(error, "refusals", []):
        form.add_error(None, str(error))


def _initial(request: HttpRequest, form_class: Any) -> dict[str, str]:
    """Return what the address fills in: related rows by code or number."""
    initial = {}
    for name, field in form_class.base_fields.items():
        given = request.GET.get(name, "")
        choices = getattr(field, "queryset", None)
        if given and choices is not None and not given.isdecimal():
            found = choices.filter(code=given).first()
            given = str(found.pk) if found else ""
        if given:
            initial[name] = given
    return initial
