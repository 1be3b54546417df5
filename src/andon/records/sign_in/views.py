"""The pages of the door: django-allauth's ceremonies, each declared to the gate."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from andon.records import login_limit
from andon.records.access import public, signed_in
from andon.records.errors import Refused
from andon.records.security_events import Kind, note
from andon.records.sign_in.forms import ChosenPasswordForm
from andon.records.sign_in.invitations import accept, account_of
from andon.records.sign_in.sessions import sessions_of
from andon.records.views.common import actor_of

View = Callable[..., HttpResponseBase]
_password: View = account.login
_factor: View = mfa.authenticate
_passkey: View = webauthn.login_webauthn
_elsewhere: View = openid.login
_back: View = openid.callback
_ANSWERED = 429
_AGAIN_AFTER = 900


@public
def log_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in with user name and password; a second factor may follow."""
    response = _password(request)
    name = request.POST.get("username", "").casefold()[:150]
    address = str(request.META.get("REMOTE_ADDR", ""))
    if response.status_code == 200 and name and login_limit.is_limited(name, address):
        response.status_code = _ANSWERED
        response["Retry-After"] = str(_AGAIN_AFTER)
    return response


@public
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor after the password was right."""
    return _factor(request)


@public
def log_in_by_passkey(request: HttpRequest) -> HttpResponseBase:
    """Sign in with a passkey alone: it holds both factors."""
    return _passkey(request)


@public
def log_in_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the identity provider that the settings name."""
    return _elsewhere(request, provider_id)


@public
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take in what the identity provider vouches for."""
    return _back(request, provider_id)


@public
def failed_elsewhere(request: HttpRequest) -> HttpResponse:
    """Say that the sign-in at the identity provider did not work."""
    messages.error(request, _("This sign-in did not work."))
    return redirect("login")


@public
@never_cache
def invitation(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Let somebody who was invited choose a password; the link works once."""
    invited = account_of(key, token)
    if invited is None:
        return render(request, "records/invitation_over.html", status=404)
    form = ChosenPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accept(invited, password=form.cleaned_data["password"])
        except Refused as error:
            form.add_error("password", str(error))
        else:
            messages.success(request, _("Your password is set; sign in with it."))
            return redirect("login")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "account": invited}
    return render(request, "records/invitation.html", context, status=status)


@signed_in
def list_sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in."""
    found = sessions_of(actor_of(request))
    context = {"sessions": found, "present": request.session.session_key}
    return render(request, "records/sessions.html", context)


@signed_in
@require_POST
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """End one of one's own sessions."""
    session = get_object_or_404(UserSession, pk=key, user=actor_of(request))
    session.end()
    note(Kind.SESSION_ENDED, username=actor_of(request).username, address=session.ip or "")
    return redirect("sessions")


def of_account(view: View) -> View:
    """Return a ceremony of allauth as a page for every signed-in account."""

    @signed_in
    def page(request: HttpRequest, **named: Any) -> HttpResponseBase:
        response = view(request, **named)
        place = request.resolver_match.url_name if request.resolver_match else ""
        if request.method == "POST" and response.status_code == 302 and place in _CHANGES:
            told = {"username": actor_of(request).username, "about": str(place)}
            note(Kind.SECOND_FACTOR, address=str(request.META.get("REMOTE_ADDR", "")), **told)
        return response

    return page


_CHANGES = frozenset(
    (
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn",
        "mfa_generate_recovery_codes",
    )
)  # fmt: skip
