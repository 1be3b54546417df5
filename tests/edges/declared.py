"""What the workflows declare: their edges, their gates, and who may take which step."""

from collections.abc import Iterator
from itertools import product

from andon.records.models import Account, Record
from andon.records.registry import record_types
from andon.records.roles import EVERYONE, SYS
from andon.records.workflow import Transition

Edge = tuple[str, str, str]
"""Kind of record, state that is left, step."""


def edges() -> Iterator[Edge]:
    """Yield every legal step from every state of every record type."""
    for kind, model in record_types().items():
        for step in model.WORKFLOW.transitions:
            for source in step.sources:
                yield kind, source, step.name


def illegal() -> Iterator[tuple[str, str, str, str]]:
    """Yield every kind, state, step and role where the step is not to be taken."""
    for kind, model in record_types().items():
        flow = model.WORKFLOW
        for state, step, role in product(flow.states, flow.transitions, EVERYONE):
            able = {SYS, *(() if step.is_automatic else flow.permissions[step.permission])}
            if state.name not in step.sources or role not in able:
                yield kind, state.name, step.name, role


def gates() -> Iterator[tuple[str, str]]:
    """Yield kind and step where something must be filled in or be so."""
    for kind, model in record_types().items():
        for step in model.WORKFLOW.transitions:
            if step.guard or step.required:
                yield kind, step.name


def holders(record: Record, step: Transition) -> list[str]:
    """Return the roles whose people may take a step; Andon itself signs nothing."""
    if step.is_automatic:
        return [SYS]
    return [role for role in record.WORKFLOW.permissions[step.permission] if role != SYS]


def signers(record: Record, step: Transition, people: dict[str, Account]) -> list[str]:
    """Return the roles whose person may take the step on this very record."""
    parties = (record.owner_id, record.created_by_id) if step.is_four_eyes else ()
    return [role for role in holders(record, step) if people[role].pk not in parties]
