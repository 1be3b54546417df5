"""Measurements over REST: `POST /api/v1/measurements`, and reading them back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Required, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StrictFloat, StrictInt, StrictStr
from typing_extensions import TypedDict

from andon.identify.measurements import services
from andon.identify.measurements.corrections import correct
from andon.identify.measurements.queries import Selection, last_rows_of
from andon.identify.measurements.submission import ColumnRows, Outcome, Row
from andon.records.errors import Conflict, Refused
from andon.records.rest import account_of, claim_of, needs, response_of
from andon.records.rest.idempotency import Answer
from andon.records.rest.problems import REFUSALS
from andon.records.rest.schemas import Strict

router = Router(tags=["measurements"])
MOST = 10_000
_ONLY_TEXT = {str}
Text = Annotated[str, Field(max_length=300)]


class MeasurementIn(TypedDict, total=False):
    """One record; any further field is kept as a factor."""

    __pydantic_config__ = ConfigDict(extra="allow", allow_inf_nan=False)  # type: ignore[misc]
    characteristic: Required[Text]
    machine: Required[Text]
    value: Required[StrictStr | StrictInt | StrictFloat]
    """As typed (text keeps trailing zeros) or as a number; never true, NaN or infinity."""
    unit: Text
    measured_at: Text
    serial: Text
    product: Text
    lot: Text
    shift: Text
    operator: Text
    instrument: Text
    comment: Text
    inspected: StrictInt | StrictStr | None


Value = StrictStr | StrictInt | StrictFloat
Column = Value | Annotated[list[Value | None], Field(max_length=MOST)]
"""One value for all records, or one for each; null where a record does not have it."""


class ColumnsIn(TypedDict, total=False):
    """The same records by columns, for many at once; any further column is kept as a factor."""

    __pydantic_config__ = ConfigDict(extra="allow", allow_inf_nan=False)  # type: ignore[misc]
    characteristic: Required[Column]
    machine: Required[Column]
    value: Required[Annotated[list[Value], Field(min_length=1, max_length=MOST)]]
    """One for each record; how many there are is how many records there are."""
    unit: Column
    measured_at: Column
    serial: Column
    product: Column
    lot: Column
    shift: Column
    operator: Column
    instrument: Column
    comment: Column
    inspected: Column


class Submission(Strict):
    """Records that belong together, by `rows` or by `columns`: all are stored, or none."""

    rows: Annotated[list[MeasurementIn] | None, Field(min_length=1, max_length=MOST)] = None
    columns: ColumnsIn | None = None


class NoteOut(Schema):
    """What the judgement says."""

    kind: str
    stream: str
    text: str
    reaction: str
    url: str


class OutcomeOut(Schema):
    """What became of a submission."""

    records: int
    stored: int
    repeated: int
    batch: int | None
    notes: list[NoteOut]


class MeasurementOut(Schema):
    """One stored measurement; `batch` and `position` are its place, which a correction names."""

    batch: int
    position: int
    stream: str
    machine: str
    lot: str
    shift: str
    instrument: str
    measured_at: datetime
    produced_on: date
    value: float
    text: str
    unit: str
    inspected: int | None
    is_out_of_specification: bool | None


class CorrectionIn(Strict):
    """Another value for a measurement, and why."""

    place: Annotated[str, Field(max_length=30)]
    """batch:position of the measurement, as reading it tells."""
    value: Annotated[str, Field(max_length=60)]
    reason: Annotated[str, Field(max_length=300)]


class CorrectionOut(Schema):
    """What became of a correction; `place` names the row that holds the value now."""

    place: str
    stream: str
    before: str
    after: str
    notes: list[NoteOut]


class Span(Schema):
    """Which measurements to read."""

    characteristic: str
    machine: str = ""
    since: date | None = None
    until: date | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 1000


@router.post("/measurements", response={201: OutcomeOut, **REFUSALS})
@needs("measurements.record")
def record_measurements(request: HttpRequest, body: Submission) -> Any:
    """Store measurements; they are judged before the answer is given."""
    rows, actor, claim = _rows_of(body), account_of(request), claim_of(request)
    if claim is None:
        return response_of(_answer(services.record(rows, actor=actor)))
    try:
        outcome = services.record_once(rows, actor=actor, claim=claim, answer=_answer)
    except (Refused, Conflict):
        if claim.is_answered():  # when it was first sent, nothing stood against it
            return claim.replayed()
        raise
    return response_of(_answer(outcome)) if outcome else claim.replayed()


@router.get("/measurements", response={200: list[MeasurementOut], **REFUSALS})
@needs("measurements.view")
def list_measurements(request: HttpRequest, query: Query[Span]) -> Any:
    """Read measurements of one characteristic, the newest last."""
    machines = [query.machine] if query.machine else []
    span = Selection(
        characteristic=query.characteristic, since=query.since, until=query.until, machines=machines
    )
    return last_rows_of(span, query.limit).select(list(MeasurementOut.model_fields)).to_dicts()


@router.post("/measurements/corrections", response={201: CorrectionOut, **REFUSALS})
@needs("measurements.correct")
def correct_measurement(request: HttpRequest, body: CorrectionIn) -> Any:
    """Supersede a measurement by another value, with a reason; nothing is overwritten."""
    account = account_of(request)
    told = correct(body.place, body.value, reason=body.reason, actor=account)
    return Status(201, asdict(told))


def _rows_of(body: Submission) -> Sequence[Row]:
    """Return the records of a submission as texts."""
    if (body.rows is None) == (body.columns is None):
        raise Refused.because(_("Send either rows or columns."), "rows")
    if body.columns is None:
        return [_texts(row) for row in body.rows or ()]
    height = len(body.columns["value"])
    told = {name: _column(name, given, height) for name, given in body.columns.items()}
    filled = {
        name: texts for name, texts in told.items() if any(text is not None for text in texts)
    }
    return ColumnRows(filled, height)


def _column(name: str, given: Any, height: int) -> Sequence[str | None]:
    """Return a column's texts; numbers as their shortest text."""
    if not isinstance(given, list):
        is_text = given is None or isinstance(given, str)
        return [given if is_text else repr(given)] * height
    if len(given) != height:
        text = _("This column has %(n)d values, but there are %(height)d records.")
        raise Refused.because(text % {"n": len(given), "height": height}, f"columns.{name}")
    if set(map(type, given)) == _ONLY_TEXT:
        return given
    return [x if x is None or isinstance(x, str) else repr(x) for x in given]


def _texts(row: MeasurementIn) -> Row:
    """Return a record as the texts that the door reads; numbers as their shortest text."""
    if set(map(type, row.values())) == _ONLY_TEXT:
        return cast("Row", row)
    return {
        name: value if isinstance(value, str) else repr(value)
        for name, value in row.items()
        if value is not None
    }


def _answer(outcome: Outcome) -> Answer:
    told = asdict(outcome)
    return 201, {name: told[name] for name in OutcomeOut.model_fields}
