"""What time demands: closing weeks, effect checks, missed samples. Each is safe to repeat."""

import logging
import threading
from datetime import timedelta

from django.db import Error, close_old_connections

from andon.analyze.monitoring.missed import tell_missed_samples
from andon.analyze.monitoring.rates import close_weeks
from andon.improve.actions.services import check_effect, due_checks
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.trail.context import acting

log = logging.getLogger(__name__)
_PAUSE_SECONDS = 30.0
_stopped = threading.Event()


def do_what_is_due() -> dict[str, int]:
    """Do all that is due now and return how much of each was done."""
    actor = system_account()
    with acting(actor):
        today = clock.today()
        weeks = close_weeks(before=today - timedelta(days=today.weekday()), notes=[])
        missed = tell_missed_samples()
    effects = [check_effect(action, actor=actor) for action in list(due_checks(clock.now()))]
    return {"weeks judged": weeks, "samples missed": missed, "effects checked": len(effects)}


def work_forever() -> None:
    """Look again and again; a lost database is waited for."""
    while not _stopped.wait(_PAUSE_SECONDS):
        close_old_connections()
        try:
            do_what_is_due()
        except Error as error:
            log.warning("background work is waiting for the database: %s", error)
        finally:
            close_old_connections()
