"""The verbs of nonconformities, in the order in which they are done."""

from andon.identify.nonconformities.services.containment import answer_place, suspect_lot
from andon.identify.nonconformities.services.decision import decide_action
from andon.identify.nonconformities.services.disposition import (
    add_disposition,
    contain,
    dispose,
    execute,
    record_execution,
    take_back,
)
from andon.identify.nonconformities.services.narrowing import narrow_down
from andon.identify.nonconformities.services.raising import raise_nonconformity, split

__all__ = [
    "add_disposition",
    "answer_place",
    "contain",
    "decide_action",
    "dispose",
    "execute",
    "narrow_down",
    "raise_nonconformity",
    "record_execution",
    "split",
    "suspect_lot",
    "take_back",
]
