"""What nonconformities announce beside the steps of their workflow."""

from dataclasses import dataclass

from andon.identify.nonconformities.models import ActionDecision, Nonconformity
from andon.records.models import Account


@dataclass(frozen=True, slots=True)
class ActionDecided:
    """Somebody decided whether the cause of a nonconformity is to be removed."""

    record: Nonconformity
    decision: ActionDecision
    actor: Account
