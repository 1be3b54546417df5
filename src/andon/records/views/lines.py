"""Small forms that write the lines of a record: each calls one service of its slice."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from andon.records.errors import Refused
from andon.records.models import Account, Record
from andon.records.permissions import require
from andon.records.views.common import actor_of
from andon.records.views.forms import tell_refusals
from andon.records.workflow import Label


class LineForm(forms.Form):
    """A form about one record, and where it changes something, about one of its lines."""

    title: ClassVar[Label]
    submit: ClassVar[Label]
    permission: ClassVar[str]

    def __init__(self, record: Any, subject: Any = None, **options: Any) -> None:
        self.record, self.subject = record, subject
        super().__init__(**options)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and initial values from the record; the page asks before it is shown."""

    def write(self, *, actor: Account, version: int) -> None:
        """Call the service with what was typed."""
        raise Refused.because(_("This form writes nothing."))


def line_page(
    request: HttpRequest, record: Record, form_class: type[LineForm], subject: Any = None
) -> HttpResponse:
    """Show a line's form, and write what was sent; a refusal is told beside its field."""
    require(actor_of(request), form_class.permission)
    is_sent = request.method == "POST"
    form = form_class(
        record, subject,
        data=request.POST if is_sent else None, files=request.FILES if is_sent else None,
        initial=request.GET.dict(),
    )  # fmt: skip
    if is_sent and form.is_valid() and _is_written(request, form):
        return redirect(record)
    context = {
        "record": record, "form": form,
        "version": request.POST.get("version", record.version),
    }  # fmt: skip
    return render(request, "records/line.html", context, status=422 if is_sent else 200)


def _is_written(request: HttpRequest, form: LineForm) -> bool:
    version = request.POST.get("version", "")
    try:
        form.write(
            actor=actor_of(request),
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        )
    except Refused as error:
        tell_refusals(form, error)
        return False
    messages.success(request, _("%(number)s: written.") % {"number": form.record.number})
    return True
