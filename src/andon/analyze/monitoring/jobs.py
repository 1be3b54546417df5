"""What time demands of monitoring: weeks end, and samples are missed."""

from datetime import timedelta

from andon.analyze.monitoring.missed import tell_missed_samples
from andon.analyze.monitoring.rates import close_weeks
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.jobs.declared import Job
from andon.records.trail.context import acting


def judge_past_weeks() -> dict[str, int]:
    """Judge the weeks that ended."""
    with acting(system_account()):
        today = clock.today()
        before = today - timedelta(days=today.weekday())
        return {"weeks judged": close_weeks(before=before, notes=[])}


def tell_missed() -> dict[str, int]:
    """Raise a signal for each sample that nobody took."""
    with acting(system_account()):
        return {"samples missed": tell_missed_samples()}


JOBS = (
    Job("judge past weeks", judge_past_weeks, minutes=5),
    Job("tell missed samples", tell_missed, minutes=5),
)
