"""The verbs of corrective actions, in the order of the disciplines."""

from andon.improve.actions.services.checking import check_effect, due_checks
from andon.improve.actions.services.closing import close, reopen
from andon.improve.actions.services.items import (
    accept_training_only,
    add_item,
    complete_item,
    record_implementation,
    remove_item,
)
from andon.improve.actions.services.opening import add_member, open_action
from andon.improve.actions.services.planning import plan_effect
from andon.improve.actions.services.prevention import answer_update, read_across

__all__ = [
    "accept_training_only",
    "add_item",
    "add_member",
    "answer_update",
    "check_effect",
    "close",
    "complete_item",
    "due_checks",
    "open_action",
    "plan_effect",
    "read_across",
    "record_implementation",
    "remove_item",
    "reopen",
]
