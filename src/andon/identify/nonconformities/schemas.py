"""What goes in and out of the REST interface of nonconformities."""

from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from andon.identify.nonconformities.models import (
    ContainmentAnswer,
    DispositionLine,
)
from andon.records.rest.schemas import Strict

Quantity = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=3)]
Text = Annotated[str, Field(max_length=500)]


class ReportIn(Strict):
    """A report: what is wrong, which lots, how many, where; and what raised it."""

    defect: Annotated[str, Field(min_length=1, max_length=300)]
    lots: dict[str, Quantity | None] = {}
    """Lot code to suspect quantity; null takes all that the lot holds."""
    quantity: Quantity | None = None
    location: Text = ""
    machine: Text = ""
    title: Annotated[str, Field(max_length=300)] = ""
    description: str = ""
    is_customer_affected: bool = False
    source: Text = ""


class Reported(Schema):
    """The nonconformity that was raised."""

    number: str
    state: str
    url: str


class AspectIn(Strict):
    """One row of is and is not."""

    aspect: Literal["what", "where", "when", "extent"]
    is_so: Annotated[str, Field(min_length=1, max_length=500)]
    is_not: Annotated[str, Field(max_length=500)] = ""
    distinction: Annotated[str, Field(max_length=500)] = ""
    change: Annotated[str, Field(max_length=500)] = ""


class ContainmentIn(Strict):
    """What is held at each of the five places; all five are answered."""

    places: dict[Literal[tuple(ContainmentAnswer.Place.values)], Quantity]  # type: ignore[valid-type]
    is_labelled: bool = False


class LineIn(Strict):
    """A decision on a quantity."""

    kind: Literal[tuple(DispositionLine.Kind.values)]  # type: ignore[valid-type]
    quantity: Quantity
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    lot: str = ""
    authority: Annotated[str, Field(max_length=200)] = ""
    is_outside_specification: bool = False
    concession_number: Annotated[str, Field(max_length=100)] = ""


class ReasonIn(Strict):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ExecutionIn(Strict):
    """What became of a line; `accepted` left out means all that was not rejected or lost."""

    accepted: Quantity | None = None
    rejected: Quantity = Decimal(0)
    lost: Quantity = Decimal(0)
    instruction: Annotated[str, Field(max_length=200)] = ""
    reinspection: Text = ""


class DecisionIn(Strict):
    """Whether a corrective action is needed, and why."""

    is_needed: bool
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class LineOut(Schema):
    """A standing disposition line."""

    id: int
    kind: str
    lot: str
    quantity: Decimal
    reason: str
    cost: Decimal | None
    accepted: Decimal | None
    rejected: Decimal | None
    lost: Decimal | None


class QuantitiesOut(Schema):
    """The balance: suspect + rejected_again = disposed + split_off + open."""

    suspect: Decimal
    rejected_again: Decimal
    disposed: Decimal
    split_off: Decimal
    open: Decimal
    cost: Decimal
    lines: list[LineOut]
    containment: dict[str, Decimal]
    seen_before: list[str]
    reasons_for_action: list[str]
