"""What every workflow must keep: each state is reached, each wrong step changes nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from andon.records.errors import Refused
from andon.records.models import Entry, Record
from andon.records.services import Signing, advance
from andon.records.workflow import Transition, Workflow


def unreached(workflow: Workflow) -> set[str]:
    """Return the states to which no path of steps leads."""
    found, fresh = set(), {workflow.initial.name}
    while fresh:
        found |= fresh
        fresh = {step.target for name in fresh for step in workflow.leaving(name)} - found
    return {state.name for state in workflow.states} - found


def traps(workflow: Workflow) -> set[str]:
    """Return the open states that no step leaves."""
    return {
        state.name
        for state in workflow.states
        if not state.is_final and not workflow.leaving(state.name)
    }


def steps_that_do_not_fit(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Yield every pair of a state and a step that does not leave it."""
    for state in workflow.states:
        for step in workflow.transitions:
            if state.name not in step.sources:
                yield state.name, step.name


def attempt(record: Record, name: str, actor: Any, password: str) -> str:
    """Try a step with a signature and a reason; return why it was refused, or nothing."""
    step: Transition = record.WORKFLOW.transition(name)
    try:
        advance(
            record, name, actor=actor, reason="tried", signing=Signing(password, str(step.meaning))
        )
    except Refused as refused:
        return str(refused)
    return ""


def changes_nothing(record: Record, attempted: Callable[[], object]) -> bool:
    """Tell whether an attempt left the record, its lines and its history as they were."""

    def seen() -> tuple[object, ...]:
        stored = Record.objects.filter(pk=record.pk).values_list("state", "version", "due_at")
        return (*stored, Entry.objects.count(), record.signatures.count())

    before = seen()
    attempted()
    return seen() == before
