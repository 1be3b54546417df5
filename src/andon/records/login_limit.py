"""A limit to guessing passwords: per account and per address (NIST SP 800-63B, 5.2.2).

Whoever is over the limit gets the words of a wrong password, also for the right one, so that the
answer tells a guesser nothing.
"""

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from andon.records import clock
from andon.records.models.keeping import FailedLogin

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
_MOST_LETTERS = 150
log = logging.getLogger(__name__)


class LimitedLogin(AuthenticationForm):
    """The log-in form, which counts failures and heeds the limit."""

    def clean(self) -> dict[str, Any]:
        """Check name and password, unless too many were wrong of late."""
        username = str(self.cleaned_data.get("username", "")).casefold()[:_MOST_LETTERS]
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if is_limited(username, address):
            log.warning("log-in of %r from %s refused: too many failures", username, address)
            raise self.get_invalid_login_error()
        try:
            return super().clean()
        except ValidationError:
            note_failure(username, address)
            raise


def is_limited(username: str, address: str) -> bool:
    """Tell whether ten log-ins failed within 15 minutes, the last less than 15 minutes ago."""
    return _is_over(username=username) or _is_over(address=address)


def note_failure(username: str, address: str) -> None:
    """Keep and log a failure; what is older than a day is forgotten."""
    now = clock.now()
    FailedLogin.objects.filter(failed_at__lt=now - KEPT).delete()
    FailedLogin.objects.create(username=username, address=address, failed_at=now)
    log.warning("log-in of %r from %s failed", username, address)


def _is_over(**who: str) -> bool:
    failed = FailedLogin.objects.filter(**who).order_by("-failed_at")
    last = list(failed.values_list("failed_at", flat=True)[:MOST_FAILURES])
    if len(last) < MOST_FAILURES:
        return False
    return last[0] - last[-1] <= WINDOW and clock.now() - last[0] < WINDOW
