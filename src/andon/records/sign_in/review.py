"""The access review: who may do what, by which tokens and factors, and that it was looked at."""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from importlib.resources import as_file, files

import typst
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.records import clock
from andon.records.access import needs
from andon.records.accounts import deactivate
from andon.records.errors import Refused
from andon.records.export import harmless
from andon.records.models import Account, SecurityEvent
from andon.records.security_events import Kind, note
from andon.records.sign_in.invitations import invite
from andon.records.sign_in.reauthentication import reauthenticate
from andon.records.sign_in.second_factor import factors_of
from andon.records.views.common import actor_of

_TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


def headings() -> list[str]:
    """Return the columns of the report."""
    return [
        _("User name"), _("Name"), _("Site"), _("Roles"), _("May log in"), _("Last log-in"),
        _("Second factor"), _("Tokens"),
    ]  # fmt: skip


def report() -> list[list[str]]:
    """Return a line of texts per account, Andon's own too."""
    accounts = Account.objects.select_related("site").prefetch_related("assignments", "tokens")
    return [_line(account) for account in accounts.order_by("username")]


def digest_of(lines: Sequence[Sequence[str]]) -> str:
    """Return the digest by which a review names exactly what was looked at."""
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


@needs("records.review_access")
def access(request: HttpRequest) -> HttpResponse:
    """Show every account with roles, last log-in, second factor and tokens."""
    lines = report()
    accounts = Account.objects.order_by("username")
    reviews = SecurityEvent.objects.filter(kind=Kind.ACCESS_REVIEWED).order_by("-id")[:5]
    context = {
        "headings": headings(), "rows": list(zip(accounts, lines, strict=True)),
        "reviews": reviews, "digest": digest_of(lines),
        "link": request.session.pop("invitation", ""),
    }  # fmt: skip
    return render(request, "records/access.html", context)


@needs("records.review_access")
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Give out the report as CSV or PDF."""
    if suffix not in _TYPES:
        raise Http404(suffix)
    lines = report()
    content = _csv([headings(), *lines]) if suffix == "csv" else _pdf(lines)
    response = HttpResponse(content, content_type=_TYPES[suffix])
    response["Content-Disposition"] = f'attachment; filename="access.{suffix}"'
    return response


@needs("records.review_access")
@require_POST
def keep_review(request: HttpRequest) -> HttpResponse:
    """Keep that the access was reviewed: signed by password, bound to what was looked at."""
    if request.POST.get("digest") != digest_of(report()):
        raise Refused.because(_("The accounts changed meanwhile; look again."), "digest")
    if not reauthenticate(request, password=request.POST.get("password", "")):
        raise Refused.because(_("The password is not right; nothing was signed."), "password")
    remark = request.POST.get("remark", "").strip()[:300]
    told = f"{request.POST['digest']} {remark}".strip()
    note(Kind.ACCESS_REVIEWED, username=actor_of(request).username, about=told)
    messages.success(request, _("The review is kept."))
    return redirect("access_review")


@needs("records.accounts")
@require_POST
def send_invitation(request: HttpRequest, key: int) -> HttpResponse:
    """Make a link by which somebody chooses a password; it is shown once."""
    path = invite(get_object_or_404(Account, pk=key), actor=actor_of(request))
    request.session["invitation"] = request.build_absolute_uri(path)
    return redirect("access_review")


@needs("records.accounts")
@require_POST
def end_access(request: HttpRequest, key: int) -> HttpResponse:
    """Deactivate an account; what it did stays."""
    deactivate(get_object_or_404(Account, pk=key), actor=actor_of(request))
    return redirect("access_review")


def _line(account: Account) -> list[str]:
    live = [token for token in account.tokens.all() if token.is_live()]
    roles = sorted(str(one.get_role_display()) for one in account.assignments.all())
    return [
        account.username, account.name, str(account.site or ""), ", ".join(roles),
        _("yes") if account.is_active else _("no"), _day(account),
        ", ".join(factors_of(account)), ", ".join(token.name for token in live),
    ]  # fmt: skip


def _day(account: Account) -> str:
    at = account.last_login
    return date_format(at.astimezone(clock.site_zone()), "Y-m-d H:i") if at else ""


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([harmless(text) for text in line] for line in lines)
    return buffer.getvalue().encode("utf-8-sig")


def content_of_pdf(lines: Sequence[Sequence[str]]) -> dict[str, object]:
    """Return everything the PDF prints, as texts."""
    return {
        "title": _("Access review"), "headings": headings(), "lines": lines,
        "foot": f"{date_format(clock.now(), 'Y-m-d H:i')} UTC · SHA-256 {digest_of(lines)}",
    }  # fmt: skip


def _pdf(lines: Sequence[Sequence[str]]) -> bytes:
    content = json.dumps(content_of_pdf(lines), ensure_ascii=False)
    with as_file(files("andon.records") / "typst" / "access.typ") as template:
        made = typst.compile(
            str(template), root=str(template.parent), format="pdf",
            sys_inputs={"report": content},
        )  # fmt: skip
    return bytes(made)
