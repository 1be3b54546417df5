"""Sign the verdict: close an effective action, or reopen it at the root cause."""

from andon.improve.actions.models import CorrectiveAction
from andon.records.models import Account
from andon.records.services import Signing, advance


def close(record: CorrectiveAction, *, actor: Account, signing: Signing) -> CorrectiveAction:
    """Close an action whose effect was computed as effective."""
    return advance(record, "close_effective", actor=actor, signing=signing)


def reopen(
    record: CorrectiveAction,
    *,
    actor: Account,
    signing: Signing | None = None,
    reason: str = "",
) -> CorrectiveAction:
    """Reopen at the root cause: after a verdict (signed), or after a recurrence (with a reason)."""
    step = "reopen_recurrence" if record.state == "closed" else "reopen_at_cause"
    return advance(record, step, actor=actor, signing=signing, reason=reason)
