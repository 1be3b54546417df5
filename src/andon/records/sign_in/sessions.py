"""How long a session lives: an idle limit and an absolute one, by Andon's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from andon.records import clock
from andon.records.models import Account

_BEGUN_AT, _SEEN_AT = "begun_at", "seen_at"
_SELDOM = timedelta(minutes=1)
"""How exactly the last use is kept: not every request writes."""


class SessionLimits:
    """Middleware: ends a session that was idle too long or is too old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session or note its use, then answer."""
        if request.session.get("_auth_user_id"):
            _heed(request)
        return self.get_response(request)


def begin(request: HttpRequest) -> None:
    """Count the age of a session from now; its key was changed by the sign-in."""
    now = clock.now().isoformat()
    request.session[_BEGUN_AT] = request.session[_SEEN_AT] = now
    if request.user.is_authenticated:
        UserSession.objects.create_from_request(request)


def sessions_of(account: Account) -> list[UserSession]:
    """Return the live sessions of an account, the latest first."""
    found: list[UserSession] = UserSession.objects.purge_and_list(account)
    return sorted(found, key=lambda one: one.last_seen_at, reverse=True)


def end_sessions(account: Account, *, keep: str = "") -> None:
    """End every session of an account, but the one whose key is to be kept."""
    for session in UserSession.objects.filter(user_id=account.pk).exclude(session_key=keep):
        session.end()


def _heed(request: HttpRequest) -> None:
    now = clock.now()
    begun = _instant(request, _BEGUN_AT) or now
    seen = _instant(request, _SEEN_AT) or now
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    if now - seen > idle or now - begun > timedelta(hours=settings.SESSION_HOURS):
        logout(request)
        return
    if now - seen > _SELDOM or _SEEN_AT not in request.session:
        request.session[_BEGUN_AT], request.session[_SEEN_AT] = begun.isoformat(), now.isoformat()


def _instant(request: HttpRequest, name: str) -> datetime | None:
    text = request.session.get(name)
    return datetime.fromisoformat(text) if text else None
