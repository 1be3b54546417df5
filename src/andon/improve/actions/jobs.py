"""What time demands of actions: their effect is computed at the check date."""

from andon.improve.actions.services import check_effect, due_checks
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.jobs.declared import Job


def check_due_effects() -> dict[str, int]:
    """Compute the effect of every action whose check date has come."""
    actor = system_account()
    effects = [check_effect(action, actor=actor) for action in list(due_checks(clock.now()))]
    return {"effects checked": len(effects)}


JOBS = (Job("check effects", check_due_effects, minutes=5),)
