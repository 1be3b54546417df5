"""REST operations of instruments."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from andon.control.instruments.fitness import fitness_by_code
from andon.control.instruments.models import Instrument
from andon.control.instruments.queries import refusal_to_use
from andon.records import clock
from andon.records.rest import needs
from andon.records.rest.cursors import page_of
from andon.records.rest.problems import REFUSALS

router = Router(tags=["control"])


class InstrumentOut(Schema):
    """An instrument; `refusal` says why it must not be used today, "" when it may."""

    code: str
    name: str
    kind: str
    unit: str
    resolution: float | None
    maximum_permissible_error: float | None
    location: str
    status: str
    calibrated_on: date | None
    due_on: date | None
    refusal: str

    @staticmethod
    def resolve_refusal(instrument: Instrument) -> str:
        """Judge it today."""
        return refusal_to_use(instrument, clock.today())


class FitnessOut(Schema):
    """What studies say of an instrument for one characteristic; figures where they give them."""

    characteristic: str
    kind: str
    words: str
    study: str
    judged_on: date
    percent_study: float | None
    percent_tolerance: float | None
    categories: int | None
    reaction: str


class FitInstrumentOut(InstrumentOut):
    """An instrument with how fit it is for what it measures."""

    fitness: list[FitnessOut]

    @staticmethod
    def resolve_fitness(instrument: Instrument) -> Any:
        """Ask the studies."""
        return fitness_by_code([instrument])[instrument.code]


class InstrumentPage(Schema):
    """A page of instruments."""

    items: list[InstrumentOut]
    next: str = ""


@router.get("/instruments", response={200: InstrumentPage, **REFUSALS})
@needs("instruments.view")
def list_instruments(request: HttpRequest, cursor: str = "", limit: int = 50) -> Any:
    """List the instruments."""
    items, following = page_of(Instrument.objects.all(), cursor, limit)
    return {"items": items, "next": following}


@router.get("/instruments/{path:code}", response={200: FitInstrumentOut, **REFUSALS})
@needs("instruments.view")
def read_instrument(request: HttpRequest, code: str) -> Any:
    """Read one instrument, whether it may be used today, and what it is fit for."""
    return Instrument.objects.get(code=code)
