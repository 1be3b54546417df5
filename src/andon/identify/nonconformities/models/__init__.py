"""The tables of nonconformities: the record, where it is contained, what became of the parts."""

from andon.identify.nonconformities.models.containment import ContainmentAnswer, SuspectLot
from andon.identify.nonconformities.models.decision import ActionDecision
from andon.identify.nonconformities.models.disposition import DispositionLine, Execution
from andon.identify.nonconformities.models.is_is_not import IsIsNot
from andon.identify.nonconformities.models.nonconformity import Nonconformity

__all__ = [
    "ActionDecision",
    "ContainmentAnswer",
    "DispositionLine",
    "Execution",
    "IsIsNot",
    "Nonconformity",
    "SuspectLot",
]
