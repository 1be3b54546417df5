"""Watching the door: who came, who failed to, and what was carried out of the house."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from andon.records import login_limit
from andon.records.models import Account
from andon.records.security_events import Kind, note, tell_administrators

_READ: Mapping[str, Kind] = {
    "record_pdf": Kind.PRINTED,
    "download": Kind.DOWNLOADED,
    "verify_trail": Kind.VERIFIED,
    "verify_record": Kind.VERIFIED,
}
_CHANGED: Mapping[str, Kind] = {"change_password": Kind.PASSWORD_CHANGED}


class Watched:
    """Notes log-ins, failures, exports and prints after they were answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then keep what has to be known of it."""
        before = _name(request)
        response = self.get_response(request)
        after = _name(request)
        if before != after:
            kind = Kind.LOGGED_IN if after else Kind.LOGGED_OUT
            _keep(request, kind, after or before)
        elif not after and request.method == "POST" and _place(request) == "login":
            _keep_failed(request)
        elif (kind_of := _kind(request, response)) is not None:
            _keep(request, kind_of, after)
        return response


def _name(request: HttpRequest) -> str:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not hasattr(request, "_cached_user"):
        return ""  # a device's token changes nobody's session, and asks nothing here
    try:
        user = getattr(request, "user", None)
        return user.username if isinstance(user, Account) else ""
    except (OperationalError, InterfaceError):
        return ""  # the gate tells that the database is away


def _place(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.url_name or "") if match else ""


def _kind(request: HttpRequest, response: HttpResponse) -> Kind | None:
    """Return what a good answer means, if it means anything."""
    place = _place(request)
    if request.method == "POST":
        return _CHANGED.get(place) if response.status_code == 302 else None
    if response.status_code != 200:
        return None
    is_file = response.get("Content-Disposition", "").startswith("attachment")
    return _READ.get(place) or (Kind.EXPORTED if is_file else None)


def _keep(request: HttpRequest, kind: Kind, username: str) -> None:
    about = request.get_full_path() if kind is not Kind.LOGGED_IN else ""
    note(kind, username=username, address=_address(request), about=about)


def _keep_failed(request: HttpRequest) -> None:
    """Keep a failed log-in; the one that reaches the limit locks, and is told at once."""
    username = request.POST.get("username", "") or request.POST.get("login", "")
    address = _address(request)
    note(Kind.LOGIN_FAILED, username=username, address=address)
    if login_limit.is_limited(username.casefold(), ""):
        note(Kind.LOCKED, username=username, address=address)
        told = _("Too many log-ins of %(who)s failed, the last from %(where)s.")
        tell_administrators(_("Account locked"), told % {"who": username, "where": address})


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
