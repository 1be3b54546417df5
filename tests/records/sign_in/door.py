"""What visitors of the door do: sign in, enrol an app, compute its code."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from small_factory import PASSWORD

_PERIOD = 30.0  # seconds that a code of an authenticator app lasts


def signed_in(name: str, browser: Client | None = None, **given: str) -> tuple[Client, Any]:
    """Send name and password from the sign-in page."""
    visitor = browser or Client()
    answer = visitor.post("/login/", {"username": name, "password": PASSWORD, **given})
    return visitor, answer


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now; a code is good once, so older ones are gone.

    A code that is about to change is waited for, as people do.
    """
    left = _PERIOD - time.time() % _PERIOD
    if left < _PERIOD / 4:
        time.sleep(left)
    cache.clear()
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def enrolled(browser: Client) -> str:
    """Add an authenticator app to the account that is signed in; return its secret."""
    proved = browser.post("/profile/again/?next=/profile/", {"password": PASSWORD})
    assert proved.status_code == 302
    page = browser.get("/profile/second-factor/app/")
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", page.content.decode())
    assert found is not None, page.content.decode()
    taken = browser.post("/profile/second-factor/app/", {"code": code_of(found[1])})
    assert taken.status_code == 302
    return found[1]


def recovery_codes(account: Any) -> list[str]:
    """Return the recovery codes that an account has left."""
    kept = Authenticator.objects.get(user=account, type=Authenticator.Type.RECOVERY_CODES)
    return list(kept.wrap().get_unused_codes())
