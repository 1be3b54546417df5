"""Pages across all record types: inbox, search, the trail's verification, one's profile."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.records import clock, search
from andon.records.access import needs, public, signed_in
from andon.records.accounts import create_token, revoke_token
from andon.records.cards import slices_with
from andon.records.errors import Refused
from andon.records.inbox import inbox, urgency
from andon.records.models import Record
from andon.records.permissions import may, permissions_of
from andon.records.registry import record_types
from andon.records.reminding import choose_reminders, wants_reminders
from andon.records.trail.verify import verify, verify_record
from andon.records.views.common import actor_of, record_or_404

MOST_FOUND = 100
MOST_LOOKED_AT = 10_000
"""Of a word that more records contain, so many of the newest are looked at."""


@signed_in
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Show what is mine, what waits for others, what is late."""
    found = inbox(actor_of(request))
    context = {"inbox": found, "mine": todos(found.mine), "waiting": todos(found.waiting)}
    return render(request, "records/inbox.html", context)


@needs("records.search")
def show_search(request: HttpRequest) -> HttpResponse:
    """Find records by words, or go straight to a number or to the code of a lot or the like."""
    query = request.GET.get("q", "").strip()
    exact = Record.objects.filter(number=query.upper()).first() if query else None
    if exact is not None and may(request.user, f"{exact.kind}.view"):
        return redirect(exact)
    slices = slices_with("lookup") if query else ()
    addresses = (one.address_of(query, actor_of(request)) for one in slices)
    if address := next(filter(None, addresses), None):
        return redirect(address)
    kinds = [kind for kind in record_types() if may(request.user, f"{kind}.view")]
    matching = search.find(query, newest=MOST_LOOKED_AT).filter(kind__in=kinds)
    found = matching.select_related("owner")[:MOST_FOUND]
    context = {"query": query, "found": [(r, record_types()[r.kind].WORKFLOW) for r in found]}
    return render(request, "records/search.html", context)


@needs("records.verify")
def show_verification(request: HttpRequest) -> HttpResponse:
    """Check the whole trail and say what was found."""
    return render(request, "records/verify.html", {"report": verify()})


@needs("records.verify")
def verify_one(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Check the chain of one record and every row that belongs to it."""
    record = record_or_404(request, prefix, number)
    context = {"report": verify_record(record.pk), "record": record}
    return render(request, "records/verify.html", context)


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Show who one is, what one may do, and one's tokens."""
    account = actor_of(request)
    context = {
        "account": account,
        "permissions": permissions_of(account),
        "tokens": account.tokens.order_by("-created_at"),
        "secret": request.session.pop("new_token", ""),
        "is_reminded": wants_reminders(account),
    }
    return render(request, "records/profile.html", context)


@signed_in
@require_POST
def new_token(request: HttpRequest) -> HttpResponse:
    """Create a token of one's own; it is shown once."""
    account = actor_of(request)
    request.session["new_token"] = create_token(
        account,
        name=request.POST.get("name", "").strip()[:100] or _("token"),
        scopes=request.POST.getlist("scopes"),
        expires_at=_end_of(request.POST.get("expires_on", "")),
        actor=account,
    )
    return redirect("profile")


def _end_of(day: str) -> datetime | None:
    """Return the end of a day at the site; nothing for nothing."""
    if not day:
        return None
    try:
        last = date.fromisoformat(day)
        return datetime.combine(last, time.max, clock.site_zone())
    except (ValueError, OverflowError) as error:
        raise Refused.because(_("Give a day, such as 2026-12-31."), "expires_on") from error


@signed_in
@require_POST
def end_token(request: HttpRequest, key: int) -> HttpResponse:
    """Revoke a token of one's own."""
    account = actor_of(request)
    get_object_or_404(account.tokens, pk=key)
    revoke_token(account, key=key, actor=account)
    messages.success(request, _("The token no longer works."))
    return redirect("profile")


@signed_in
@require_POST
def set_reminders(request: HttpRequest) -> HttpResponse:
    """Keep whether one wants a mail when something is due."""
    choose_reminders(actor_of(request), is_wanted="is_wanted" in request.POST)
    messages.success(request, _("Kept."))
    return redirect("profile")


def todos(records: tuple[Record, ...]) -> list[dict[str, Any]]:
    """Return records as lines of a due list."""
    now, lines = clock.now(), []
    for record in records:
        flow = record_types()[record.kind].WORKFLOW
        state = flow.state(record.state)
        due = record.due_at.astimezone(clock.site_zone()) if record.due_at else None
        lines.append(
            {
                "title": record.title,
                "url": record.get_absolute_url(),
                "note": f"{record.number} · {state.label}",
                "due": date_format(due, "j M") if due else "",
                "urgency": "watched" if state.is_paused else urgency(record, now),
            }
        )
    return lines


@public
def log_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out."""
    response = auth.LogoutView.as_view()(request)
    response["Clear-Site-Data"] = '"cache"'
    return response


@signed_in
def change_password(request: HttpRequest) -> HttpResponseBase:
    """Choose another password."""
    view = auth.PasswordChangeView.as_view(
        template_name="records/password.html", success_url="/profile/"
    )
    return view(request)
