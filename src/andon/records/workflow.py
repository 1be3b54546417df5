"""Workflow: one constant per record type, declared as data and obeyed by `records.services`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise

Label = str | Promise
"""A text that may be translated when it is shown."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is not possible now, and the field or place that would make it so."""

    message: Label
    field: str = ""


Guard = Callable[[Any], Iterable[Refusal]]
"""Reads the reloaded record and yields what stands in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a record type."""

    name: str
    label: Label
    is_final: bool = False
    is_paused: bool = False
    """Waiting for a customer, supplier or for time: the timer is shown but does not escalate."""
    timer: timedelta | None = None
    """How long a record may stay here; sets its due instant on entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One permitted step between states."""

    name: str
    label: Label
    """The button: a verb that says what happens."""
    sources: tuple[str, ...]
    target: str
    permission: str
    required: tuple[str, ...] = ()
    """Fields of the record that must be filled when the step is taken."""
    asks: tuple[str, ...] = ()
    """Fields the step's form offers for filling, in this order."""
    guard: Guard | None = None
    needs_reason: bool = False
    meaning: Label = ""
    """Not empty: the step is signed, and this is what the signature means."""
    is_four_eyes: bool = False
    """The signer may be neither the record's owner nor its author."""
    consequence: Label = ""
    """Small print below the button: what will happen."""
    is_automatic: bool = False
    """Taken by Andon itself; no button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The states and transitions of one record type, and who may do what."""

    prefix: str
    """Of the number: NC gives NC-2025-0001, and the address /nc/."""
    label: Label
    plural: Label
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    permissions: Mapping[str, tuple[str, ...]]
    """Permission -> the roles that hold it; must contain `<slice>.view` and `<slice>.create`."""
    create_fields: tuple[str, ...] = ("title",)
    list_fields: tuple[str, ...] = ()
    group: str = "identify"
    icon: str = "file-text"
    search_fields: tuple[str, ...] = field(default=("title",))

    @property
    def initial(self) -> State:
        """The state a new record begins in: the first."""
        return self.states[0]

    def state(self, name: str) -> State:
        """Return the state of that name."""
        return next(state for state in self.states if state.name == name)

    def transition(self, name: str) -> Transition:
        """Return the transition of that name; KeyError names the known ones."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        known = ", ".join(transition.name for transition in self.transitions)
        message = f"There is no step {name!r}; known: {known}."
        raise KeyError(message)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that leave that state."""
        return tuple(step for step in self.transitions if state in step.sources)

    def __post_init__(self) -> None:
        """Refuse a workflow that names unknown states or permissions."""
        names = {state.name for state in self.states}
        for step in self.transitions:
            unknown = ({step.target} | set(step.sources)) - names
            if unknown or step.permission not in self.permissions:
                message = f"{self.prefix} {step.name}: unknown {unknown or step.permission}."
                raise ValueError(message)
