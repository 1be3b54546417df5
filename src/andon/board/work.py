"""The worker of an installation: a process of its own, or a thread beside the pages."""

import signal
import threading

from andon.analyze.monitoring.jobs import judge_past_weeks, tell_missed
from andon.improve.actions.jobs import check_due_effects
from andon.records.jobs.worker import work_until


def do_what_is_due() -> dict[str, int]:
    """Do at once what time demands of the loop, and return how much of each was done."""
    return judge_past_weeks() | tell_missed() | check_due_effects()


def work_forever() -> None:
    """Run jobs until told to stop; the job under way is finished first."""
    ended = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: ended.set())
    work_until(ended)
