"""Who signs proves it: user name and password first, then the password, after a break both.

21 CFR 11.200(a)(1). A signing that fails counts like a log-in that fails, and an administrator is
told at once (11.300(d)).
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _

from andon.records import clock, login_limit
from andon.records.models import Account
from andon.records.security_events import Kind, note, tell_administrators

_SIGNED_AT = "signed_at"


def needs_name(session: SessionBase) -> bool:
    """Tell whether this session has signed nothing yet, or not for as long as a break."""
    text: Any = session.get(_SIGNED_AT)
    if not text:
        return True
    pause = timedelta(minutes=settings.SIGNING_BREAK_MINUTES)
    return clock.now() - datetime.fromisoformat(text) > pause


def note_signed(session: SessionBase) -> None:
    """Remember that this session signed: the next signing needs the password only."""
    session[_SIGNED_AT] = clock.now().isoformat()


def note_failed(account: Account, *, address: str, about: str) -> None:
    """Count, log and tell a signing that failed; outside the transaction that was undone."""
    username = account.username.casefold()
    login_limit.note_failure(username, address)
    note(Kind.SIGNING_FAILED, username=account.username, address=address, about=about)
    told = _("%(who)s could not sign %(what)s from %(where)s.") % {
        "who": account.username, "what": about, "where": address or "–",
    }  # fmt: skip
    if login_limit.is_limited(username, ""):
        note(Kind.LOCKED, username=account.username, address=address, about=about)
        told += " " + _("The account is locked for a while.")
    tell_administrators(_("A signing failed"), told)
