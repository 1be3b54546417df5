"""What goes in and out of the REST interface of corrective actions."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from andon.improve.actions.models import (
    ActionItem,
    EffectivenessPlan,
    TeamMember,
    UpdateAnswer,
)
from andon.records.rest.schemas import Strict

Text = Annotated[str, Field(min_length=1, max_length=500)]
Count = Annotated[int, Field(ge=1, le=2**31 - 1)]


class OpenIn(Strict):
    """The record the action is to act on."""

    source: str
    title: Annotated[str, Field(max_length=300)] = ""
    owner: str = ""


class Opened(Schema):
    """The action that acts on it."""

    number: str
    state: str
    url: str


class MemberIn(Strict):
    """Somebody for the team."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    function: Literal[tuple(TeamMember.Function.values)]  # type: ignore[valid-type]
    account: str = ""


class PlanIn(Strict):
    """What is stated of the plan; what is left out stays as it is."""

    metric: Literal[tuple(EffectivenessPlan.Metric.values)] = "rate"  # type: ignore[valid-type]
    characteristic: str = ""
    machines: list[str] = []
    shifts: list[str] = []
    baseline_since: date | None = None
    baseline_until: date | None = None
    target: float | None = None
    check_on: date | None = None
    minimum_n: Count | None = None
    confidence: float = 0.95


class PlanOut(Schema):
    """The plan of the present cycle."""

    cycle: int
    metric: str
    characteristic: str
    machines: list[str]
    shifts: list[str]
    baseline_since: date | None
    baseline_until: date | None
    target: float | None
    check_on: date | None
    minimum_n: int | None
    confidence: float
    test: str
    is_registered: bool


class ItemIn(Strict):
    """An action against a verified cause."""

    cause: int
    text: Text
    strength: Literal[tuple(ActionItem.Strength.values)]  # type: ignore[valid-type]
    responsible: str
    due_on: date


class ItemOut(Schema):
    """An action item."""

    id: int
    cause: int
    text: str
    strength: str
    responsible: str
    due_on: date
    is_done: bool


class EvidenceIn(Strict):
    """How one can see that it is done."""

    evidence: Annotated[str, Field(min_length=1, max_length=2000)]


class TrainingIn(Strict):
    """Why training alone is enough."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class ImplementationIn(Strict):
    """From which day on the action works, and what the first parts showed."""

    implemented_on: date
    validation: Annotated[str, Field(min_length=1, max_length=4000)]


class UpdateIn(Strict):
    """Whether a standard was updated; a control plan line can be tightened with it."""

    subject: Literal[tuple(UpdateAnswer.Subject.values)]  # type: ignore[valid-type]
    is_updated: bool
    answer: Annotated[str, Field(max_length=400)] = ""
    line: int | None = None
    sample_size: Count | None = None
    frequency: str | None = None


class ReadAcrossIn(Strict):
    """A similar part or process, and the answer for it."""

    place: Annotated[str, Field(min_length=1, max_length=200)]
    answer: Annotated[str, Field(max_length=500)] = ""


class Done(Schema):
    """The action after the change."""

    number: str
    state: str
    version: int


class ProofOut(Schema):
    """The proof of effect: verdict with interval, side effects, what stays, what it saves."""

    number: str
    state: str
    cycle: int
    check_on: date
    verdict: str | None = None
    words: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    result: dict[str, Any] = {}
    side_effects: list[dict[str, Any]] = []
    side_effects_in_words: str = ""
    changed_for_good: list[str] = []
    saved_per_month: Decimal | None = None
    inputs_digest: str = ""
    next_check_on: date | None = None
