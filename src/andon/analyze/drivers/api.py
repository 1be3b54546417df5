"""Drivers over REST: the ranking of a characteristic's factors, and the Pareto of defects."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from andon.analyze.drivers.asking import look_of, question_of
from andon.analyze.drivers.pareto import pareto
from andon.analyze.drivers.ranking import rank
from andon.analyze.drivers.words import in_words
from andon.records.rest import needs
from andon.records.rest.problems import REFUSALS

router = Router(tags=["drivers"])


class DriverOut(Schema):
    """One factor: what it explains, its most telling level, and the verdict."""

    factor: str
    level: str
    effect: float | None
    low: float | None
    high: float | None
    p_value: float | None
    departure: float | None
    verdict: str
    related: str
    levels: int


class DriversOut(Schema):
    """The ranking, strongest first, and how it was computed."""

    characteristic: str
    measure: str
    since: date
    until: date
    rows: int
    words: str
    why_not: str
    drivers: list[DriverOut]
    method: dict[str, Any]
    inputs_digest: str


class BarOut(Schema):
    """One bar of the Pareto."""

    cause: str
    count: int
    cost: float | None
    share: float
    cumulative: float
    low: float
    high: float
    is_vital: bool
    rate: float | None
    rate_before: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


class ParetoOut(Schema):
    """The bars, highest first."""

    since: date
    until: date
    by: str
    measure: str
    defects: int
    inspected: int
    factors: list[str]
    bars: list[BarOut]


class DriversAsked(Schema):
    """Which characteristic and days; machine and shift take several codes with commas."""

    characteristic: str
    since: str = ""
    until: str = ""
    machine: str = ""
    shift: str = ""


class ParetoAsked(Schema):
    """Which days, what the bars are, and what they are narrowed to."""

    since: str = ""
    until: str = ""
    by: str = ""
    measure: str = ""
    defect: str = ""
    machine: str = ""
    shift: str = ""
    before_since: str = ""
    before_until: str = ""


@router.get("/drivers", response={200: DriversOut, **REFUSALS})
@needs("drivers.view")
def list_drivers(request: HttpRequest, query: Query[DriversAsked]) -> Any:
    """Rank every factor of a characteristic between two days."""
    found = rank(question_of(query.model_dump()))
    told = asdict(found)
    return {
        **told, "characteristic": query.characteristic, "words": in_words(found),
        "drivers": told["lines"],
    }  # fmt: skip


@router.get("/pareto", response={200: ParetoOut, **REFUSALS})
@needs("drivers.view")
def show_pareto(request: HttpRequest, query: Query[ParetoAsked]) -> Any:
    """Rank defects, or the levels of a factor, by count or cost."""
    look = look_of(query.model_dump())
    return {**asdict(look), **asdict(pareto(look))}
