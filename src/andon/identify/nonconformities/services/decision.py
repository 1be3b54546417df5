"""Decide whether a corrective action is needed; the rule proposes, a person decides."""

from django.utils.translation import gettext as _

from andon.identify.nonconformities.events import ActionDecided
from andon.identify.nonconformities.models import ActionDecision, Nonconformity
from andon.identify.nonconformities.queries import reasons_for_action
from andon.records import clock
from andon.records.errors import Refused
from andon.records.events import announce
from andon.records.models import Account
from andon.records.services import editing


def decide_action(
    record: Nonconformity,
    *,
    is_needed: bool,
    reason: str,
    actor: Account,
    version: int | None = None,
) -> ActionDecision:
    """Decide on a corrective action with a reason, and announce it: improvement listens."""
    if not reason.strip():
        raise Refused.because(_("Give a reason for the decision."), "reason")
    with editing(record, actor=actor, permission="nonconformity.review", version=version) as fresh:
        decision = ActionDecision.objects.create(
            nonconformity=fresh,
            is_needed=is_needed,
            reason=reason.strip(),
            proposal=" ".join(reasons_for_action(fresh)),
            decided_by=actor,
            decided_at=clock.now(),
        )
        announce(ActionDecided(fresh, decision, actor))
    return decision
