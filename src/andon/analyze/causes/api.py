"""Causes over REST: read the legs and the diagram, propose, ask why, decide by evidence."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from andon.analyze.causes import services
from andon.analyze.causes.models import Cause
from andon.analyze.causes.queries import causes_of
from andon.records.models import Record
from andon.records.permissions import require
from andon.records.registry import own_type
from andon.records.rest import account_of, needs
from andon.records.rest.problems import REFUSALS
from andon.records.rest.record_types import any_record
from andon.records.rest.schemas import Strict

router = Router(tags=["Causes"])
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Evidence = Annotated[str, Field(min_length=1, max_length=4000)]


class CauseIn(Strict):
    """A possible cause."""

    kind: Literal[tuple(Cause.Kind.values)]  # type: ignore[valid-type]
    category: Literal[tuple(Cause.Category.values)]  # type: ignore[valid-type]
    statement: Sentence


class WhyIn(Strict):
    """One further answer."""

    answer: Sentence
    evidence: Annotated[str, Field(max_length=1000)] = ""


class SupportIn(Strict):
    """Evidence that supports a cause."""

    evidence_kind: Literal[tuple(Cause.EvidenceKind.values)]  # type: ignore[valid-type]
    evidence: Evidence
    record: str = ""
    """The number of a record with the evidence."""


class RefuteIn(Strict):
    """Evidence against a cause."""

    evidence: Evidence


class WhyOut(Schema):
    """One step of the chain."""

    position: int
    answer: str
    evidence: str


class CauseOut(Schema):
    """A cause with its chain and what the evidence says."""

    id: int
    cycle: int
    kind: str
    category: str
    statement: str
    root: str
    status: str
    evidence: str
    evidence_kind: str
    factor: str
    level: str
    measure: str
    effect: float | None
    why_steps: list[WhyOut]


@router.get("/records/{number}/causes", response={200: list[CauseOut], **REFUSALS})
@needs("causes.view")
def list_causes(request: HttpRequest, number: str) -> Any:
    """Read the causes of a record's present cycle."""
    record = any_record(number)
    require(account_of(request), f"{record.kind}.view")
    return [_told(cause) for cause in causes_of(record)]


@router.post("/records/{number}/causes", response={201: CauseOut, **REFUSALS})
@needs("causes.propose")
def propose(request: HttpRequest, number: str, body: CauseIn) -> Any:
    """Propose a cause."""
    return Status(201, _told(
        services.propose_cause(
            any_record(number), kind=body.kind, category=body.category,
            statement=body.statement, actor=account_of(request),
        )
    ))  # fmt: skip


@router.post("/causes/{key}/whys", response={201: CauseOut, **REFUSALS})
@needs("causes.propose")
def add_why(request: HttpRequest, key: int, body: WhyIn) -> Any:
    """Ask why once more."""
    services.add_why(
        _cause(key), answer=body.answer, evidence=body.evidence, actor=account_of(request)
    )
    return Status(201, _told(_cause(key)))


@router.post("/causes/{key}/support", response={200: CauseOut, **REFUSALS})
@needs("causes.verify")
def support(request: HttpRequest, key: int, body: SupportIn) -> Any:
    """Verify a cause by evidence."""
    evidence_record: Record | None = any_record(body.record) if body.record else None
    return _told(
        services.support_cause(
            _cause(key), evidence_kind=body.evidence_kind, evidence=body.evidence,
            evidence_record=evidence_record, actor=account_of(request),
        )
    )  # fmt: skip


@router.post("/causes/{key}/refute", response={200: CauseOut, **REFUSALS})
@needs("causes.verify")
def refute(request: HttpRequest, key: int, body: RefuteIn) -> Any:
    """Rule a cause out."""
    return _told(
        services.refute_cause(_cause(key), evidence=body.evidence, actor=account_of(request))
    )


def _cause(key: int) -> Cause:
    cause = Cause.objects.select_related("record").get(pk=key)
    cause.record = own_type(cause.record)
    return cause


def _told(cause: Cause) -> dict[str, Any]:
    plain = set(CauseOut.model_fields) - {"id", "why_steps"}
    steps = cause.why_steps.order_by("position").values("position", "answer", "evidence")
    return {name: getattr(cause, name) for name in plain} | {
        "id": cause.pk,
        "why_steps": list(steps),
    }
