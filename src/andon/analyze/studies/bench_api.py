"""The study bench over REST: plan, blind sheet, readings, and evidence on any record."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from andon.analyze.studies import services
from andon.analyze.studies.evidence import Analysis, recompute, save_evidence
from andon.analyze.studies.models import Evidence, Study
from andon.analyze.studies.plans import plan_of
from andon.analyze.studies.sheet import readings_of, sheet_of
from andon.records.models import Record
from andon.records.permissions import may, require
from andon.records.registry import own_type
from andon.records.rest import account_of, needs, once
from andon.records.rest.problems import REFUSALS
from andon.records.rest.record_types import any_record
from andon.records.rest.schemas import Strict
from andon.stats.results import to_plain

router = Router(tags=["studies"])
Texts = Annotated[str, Field(max_length=500)]
Columns = dict[str, list[Any] | dict[str, list[Any]]]


class PlanIn(Strict):
    """What the plan states, by the names of the method's fields; the rest is as usual."""

    values: Annotated[dict[str, Any], Field(max_length=30)]


class ReadingsIn(Strict):
    """Readings by run number, as they were read."""

    readings: Annotated[dict[int, Annotated[str, Field(max_length=60)]], Field(max_length=2000)]
    reason: Texts = ""


class RunOut(Schema):
    """A run; part, trial and coded settings are told only after the verdict."""

    number: int
    operator: str
    settings: list[float]
    has_reading: bool
    part: str = ""
    trial: int | None = None
    reading: str = ""


class ReferenceIn(Strict):
    """A span of the history; `columns` says which of its columns is which input."""

    characteristic: str
    machines: list[str] = []
    shifts: list[str] = []
    since: str = ""
    until: str = ""
    columns: dict[str, str | list[str]]
    is_grouped: bool = False
    is_log: bool = False


class EvidenceIn(Strict):
    """A statistic to keep: inputs by value in `columns`, or by `reference`."""

    title: Annotated[str, Field(max_length=200)]
    method: Annotated[str, Field(max_length=80)]
    columns: Annotated[Columns, Field(max_length=100)] = {}
    reference: ReferenceIn | None = None
    options: Annotated[dict[str, Any], Field(max_length=100)] = {}
    note: Texts = ""


@router.get("/st/{number}/plan", response={200: dict[str, Any], **REFUSALS})
@needs("study.view")
def read_plan(request: HttpRequest, number: str) -> Any:
    """Read the plan with every usual value; the seed only after the verdict, or who leads it."""
    study = _study(number)
    is_told = study.verdict or may(account_of(request), "study.work")
    return {name: value for name, value in plan_of(study).items() if is_told or name != "seed"}


@router.put("/st/{number}/plan", response={200: dict[str, Any], **REFUSALS})
@needs("study.work")
def state_plan(request: HttpRequest, number: str, body: PlanIn) -> Any:
    """State the plan; once the sheet is drawn it is refused."""
    changed = services.plan_study(_study(number), values=body.values, actor=account_of(request))
    return plan_of(changed)


@router.get("/st/{number}/runs", response={200: list[RunOut], **REFUSALS})
@needs("study.view")
def list_runs(request: HttpRequest, number: str) -> Any:
    """Read the run sheet: blind until the study is judged."""
    study = _study(number)
    readings = readings_of(study)
    told = []
    for run in sheet_of(study):
        line = {
            "number": run.number, "operator": run.operator, "settings": list(run.settings),
            "has_reading": run.number in readings,
        }  # fmt: skip
        if study.verdict:
            line |= {"part": run.part, "trial": run.trial}
            line |= {"reading": readings[run.number].text} if run.number in readings else {}
        told.append(line)
    return told


@router.post("/st/{number}/readings", response={201: dict[str, int], **REFUSALS})
@needs("study.enter")
def enter_readings(request: HttpRequest, number: str, body: ReadingsIn) -> Any:
    """Enter readings by their run numbers, all or none."""

    def enter() -> tuple[int, dict[str, int]]:
        made = services.enter_readings(
            _study(number), readings=body.readings, actor=account_of(request), reason=body.reason
        )
        return 201, {"entered": len(made)}

    return once(request, enter)


@router.get("/evidence/on/{number}", response={200: list[dict[str, Any]], **REFUSALS})
@needs("evidence.view")
def list_evidence(request: HttpRequest, number: str) -> Any:
    """List the evidence kept on a record."""
    record = _record(request, number)
    rows = Evidence.objects.filter(record_id=record.pk).select_related("record", "saved_by")
    return [row.told() for row in rows]


@router.post("/evidence/on/{number}", response={201: dict[str, Any], **REFUSALS})
@needs("evidence.save")
def keep_evidence(request: HttpRequest, number: str, body: EvidenceIn) -> Any:
    """Compute a statistic and keep it on a record of any type."""

    def save() -> tuple[int, dict[str, Any]]:
        analysis = Analysis(
            body.title, body.method, body.columns, body.options,
            body.reference.model_dump() if body.reference else {},
        )  # fmt: skip
        record = _record(request, number)
        return 201, save_evidence(
            record, analysis, actor=account_of(request), note=body.note
        ).told()

    return once(request, save)


@router.get("/evidence/{key}", response={200: dict[str, Any], **REFUSALS})
@needs("evidence.view")
def read_evidence(request: HttpRequest, key: int) -> Any:
    """Read one evidence with inputs and result."""
    return _evidence(request, key).told()


@router.get("/evidence/{key}/again", response={200: dict[str, Any], **REFUSALS})
@needs("evidence.view")
def compute_again(request: HttpRequest, key: int) -> Any:
    """Compute an evidence again: equal, or the difference field by field; nothing is stored."""
    found = recompute(_evidence(request, key))
    return {"is_equal": found.is_equal, **to_plain(found)}


def _study(number: str) -> Study:
    return Study.objects.get(number=number.upper())


def _record(request: HttpRequest, number: str) -> Record:
    record = own_type(any_record(number.upper()))
    require(account_of(request), f"{record.kind}.view")
    return record


def _evidence(request: HttpRequest, key: int) -> Evidence:
    found = Evidence.objects.select_related("record", "saved_by").get(pk=key)
    require(account_of(request), f"{found.record.kind}.view")
    return found
