"""A limit to guessing passwords: per account and per address (NIST SP 800-63B, 5.2.2).

Whoever is over the limit gets the words of a wrong password, also for the right one, so that the
answer tells a guesser nothing.
"""

import logging
from datetime import timedelta

from andon.records import clock
from andon.records.models.keeping import FailedLogin

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
log = logging.getLogger(__name__)


def is_limited(username: str, address: str) -> bool:
    """Tell whether ten log-ins failed within 15 minutes, the last less than 15 minutes ago."""
    return _is_over(username=username) or _is_over(address=address)


def note_failure(username: str, address: str) -> None:
    """Keep and log a failure; what is older than a day is forgotten."""
    now = clock.now()
    FailedLogin.objects.filter(failed_at__lt=now - KEPT).delete()
    FailedLogin.objects.create(username=username, address=address, failed_at=now)
    log.warning("log-in of %r from %s failed", username, address)


def note_refused(username: str, address: str) -> None:
    """Log a try over the limit; it is not counted, so that it does not keep the door closed."""
    log.warning("log-in of %r from %s refused: too many failures", username, address)


def _is_over(**who: str) -> bool:
    failed = FailedLogin.objects.filter(**who).order_by("-failed_at")
    last = list(failed.values_list("failed_at", flat=True)[:MOST_FAILURES])
    if len(last) < MOST_FAILURES:
        return False
    return last[0] - last[-1] <= WINDOW and clock.now() - last[0] < WINDOW
