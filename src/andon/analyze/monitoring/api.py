"""Monitoring over REST: streams with their limits, signals and their acknowledgement, findings."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from andon.analyze.monitoring import services
from andon.analyze.monitoring.models import FrozenLimits, Signal, Stream
from andon.analyze.monitoring.queries import standing_findings
from andon.analyze.monitoring.standing import Standing, standings
from andon.records.rest import account_of, needs, once
from andon.records.rest.cursors import page_of
from andon.records.rest.problems import REFUSALS
from andon.records.rest.schemas import Strict

router = Router(tags=["monitoring"])


class SignalOut(Schema):
    """A chart rule that fired on a subgroup."""

    id: int
    stream: str = Field(..., alias="stream.code")
    subgroup: str
    rule: str
    value: float
    produced_on: date
    shift: str
    measured_at: datetime
    raised_at: datetime
    acknowledged_at: datetime | None
    reaction: str


class SignalPage(Schema):
    """A page of signals."""

    items: list[SignalOut]
    next: str = ""


class Reaction(Strict):
    """What was done on a signal."""

    reaction: Annotated[str, Field(max_length=500)]


class FindingOut(Schema):
    """A departure that is statistically confirmed and practically relevant."""

    id: int
    place: str
    rule: str
    direction: int
    found_on: date
    shift: str
    began_on: date
    subgroup: str
    lots: list[str]


class FindingPage(Schema):
    """A page of findings."""

    items: list[FindingOut]
    next: str = ""


class StreamOut(Schema):
    """A stream and how it stands."""

    code: str
    characteristic: str
    machine: str
    shift: str
    state: str
    word: str
    judged: int
    open_signals: int
    limits_version: int | None


class LimitsOut(Schema):
    """A version of frozen limits, on the scale of the model."""

    version: int
    since: date
    until: date
    subgroups: int
    size: int
    is_logarithmic: bool
    lower: float
    mean: float
    upper: float
    spread_lower: float
    spread_upper: float | None
    sigma_of_means: float
    sigma_within: float
    autocorrelation: float | None
    normality_p: float | None
    remarks: list[str]
    reason: str
    frozen_at: datetime


class PhaseIn(Strict):
    """The days of a new phase I, and why new limits are needed."""

    since: date
    until: date
    reason: Annotated[str, Field(max_length=300)]


@router.get("/signals", response={200: SignalPage, **REFUSALS})
@needs("monitoring.view")
def list_signals(
    request: HttpRequest, is_open: bool = True, stream: str = "", cursor: str = "", limit: int = 50
) -> Any:
    """List signals, newest first; those that wait unless `is_open` is false."""
    rows = Signal.objects.select_related("stream")
    rows = rows.filter(acknowledged_at=None) if is_open else rows
    items, following = page_of(rows.filter(stream__code=stream) if stream else rows, cursor, limit)
    return {"items": items, "next": following}


@router.post("/signals/{int:key}/acknowledge", response={200: SignalOut, **REFUSALS})
@needs("monitoring.acknowledge")
def acknowledge_signal(request: HttpRequest, key: int, body: Reaction) -> Any:
    """Say that a signal was seen and what was done."""
    signal = Signal.objects.get(pk=key)
    services.acknowledge(signal, actor=account_of(request), reaction=body.reaction)
    return Signal.objects.select_related("stream").get(pk=key)


@router.get("/findings", response={200: FindingPage, **REFUSALS})
@needs("monitoring.view")
def list_findings(request: HttpRequest, stream: str = "", cursor: str = "", limit: int = 50) -> Any:
    """List the standing findings, newest first."""
    rows = standing_findings()
    chosen = rows.filter(place=stream) if stream else rows
    items, following = page_of(chosen, cursor, limit)
    return {"items": items, "next": following}


@router.get("/streams", response={200: list[StreamOut], **REFUSALS})
@needs("monitoring.view")
def list_streams(request: HttpRequest) -> Any:
    """List every stream in process order with its state."""
    return [_told(row) for row in standings()]


@router.get("/streams/{path:code}/limits", response={200: list[LimitsOut], **REFUSALS})
@needs("monitoring.view")
def list_limits(request: HttpRequest, code: str) -> Any:
    """List the versions of a stream's limits, newest first."""
    return Stream.objects.get(code=code).limits.order_by("-version")


@router.post("/streams/{path:code}/limits", response={201: LimitsOut, **REFUSALS})
@needs("monitoring.begin_phase")
def freeze_limits(request: HttpRequest, code: str, body: PhaseIn) -> Any:
    """Freeze new limits from the days of a new phase I."""
    stream = Stream.objects.get(code=code)

    def answer() -> tuple[int, dict[str, Any]]:
        limits: FrozenLimits = services.begin_phase(
            stream, since=body.since, until=body.until, reason=body.reason,
            actor=account_of(request),
        )  # fmt: skip
        return 201, LimitsOut.from_orm(limits).model_dump(mode="json")

    return once(request, answer)


def _told(row: Standing) -> dict[str, Any]:
    stream = row.stream
    return {
        "code": stream.code, "characteristic": stream.characteristic.code,
        "machine": stream.machine.code, "shift": stream.shift,
        "state": row.kind, "word": str(row.word), "judged": row.judged,
        "open_signals": row.open_signals,
        "limits_version": row.limits.version if row.limits else None,
    }  # fmt: skip
