"""Nonconformities over REST: what the generic operations of records do not cover."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from andon.identify.nonconformities import services
from andon.identify.nonconformities.guards import decided_lines
from andon.identify.nonconformities.models import (
    DispositionLine,
    Nonconformity,
)
from andon.identify.nonconformities.quantities import balance_of
from andon.identify.nonconformities.queries import cost_of_record, reasons_for_action, seen_before
from andon.identify.nonconformities.raising_form import known_characteristic
from andon.identify.nonconformities.schemas import (
    AspectIn,
    ContainmentIn,
    DecisionIn,
    ExecutionIn,
    LineIn,
    QuantitiesOut,
    ReasonIn,
    Reported,
    ReportIn,
)
from andon.identify.nonconformities.services.raising import Facts
from andon.organization.processes.models import Machine
from andon.organization.products.models import Lot
from andon.records.errors import Refused
from andon.records.rest import account_of, needs, once
from andon.records.rest.problems import REFUSALS
from andon.records.rest.record_types import any_record

router = Router(tags=["Nonconformities"])


@router.post("/nonconformities", response={201: Reported, **REFUSALS})
@needs("nonconformity.create")
def report(request: HttpRequest, body: ReportIn) -> Any:
    """Report a nonconformity; with lot or machine, quantity and place it is reported at once."""

    def raised() -> tuple[int, dict[str, Any]]:
        source = any_record(body.source) if body.source else None
        record = services.raise_nonconformity(
            _facts(body), actor=account_of(request), source=source
        )
        told = {"number": record.number, "state": record.state, "url": record.get_absolute_url()}
        return 201, told

    return once(request, raised)


@router.get("/nc/{number}/quantities", response={200: QuantitiesOut, **REFUSALS})
@needs("nonconformity.view")
def quantities(request: HttpRequest, number: str) -> Any:
    """Read the balance, the lines, the containment and the earlier cases."""
    return _quantities(_record(number))


@router.post("/nc/{number}/containment", response={200: QuantitiesOut, **REFUSALS})
@needs("nonconformity.contain")
def contain(request: HttpRequest, number: str, body: ContainmentIn) -> Any:
    """Answer the five places and contain: the suspect lots are blocked."""
    record = services.contain(
        _record(number), places=body.places, actor=account_of(request),
        is_labelled=body.is_labelled,
    )  # fmt: skip
    return _quantities(record)


@router.post("/nc/{number}/dispositions", response={201: QuantitiesOut, **REFUSALS})
@needs("nonconformity.review")
def add_disposition(request: HttpRequest, number: str, body: LineIn) -> Any:
    """Add a disposition line; its cost is computed now."""
    record = _record(number)
    services.add_disposition(
        record, kind=body.kind, quantity=body.quantity, reason=body.reason,
        lot=_lot(body.lot) if body.lot else None, authority=body.authority,
        is_outside_specification=body.is_outside_specification,
        concession_number=body.concession_number, actor=account_of(request),
    )  # fmt: skip
    return Status(201, _quantities(record))


@router.post(
    "/nc/{number}/dispositions/{line}/take-back", response={201: QuantitiesOut, **REFUSALS}
)
@needs("nonconformity.review")
def take_back(request: HttpRequest, number: str, line: int, body: ReasonIn) -> Any:
    """Take a line back by a counter-entry."""
    found = _line(number, line)
    services.take_back(found, actor=account_of(request), reason=body.reason)
    return Status(201, _quantities(found.nonconformity))


@router.post(
    "/nc/{number}/dispositions/{line}/execution", response={201: QuantitiesOut, **REFUSALS}
)
@needs("nonconformity.execute")
def execute(request: HttpRequest, number: str, line: int, body: ExecutionIn) -> Any:
    """Say what became of a line."""
    found = _line(number, line)
    services.record_execution(
        found, actor=account_of(request), accepted=body.accepted, rejected=body.rejected,
        lost=body.lost, instruction=body.instruction, reinspection=body.reinspection,
    )  # fmt: skip
    return Status(201, _quantities(found.nonconformity))


@router.post("/nc/{number}/decision", response={201: QuantitiesOut, **REFUSALS})
@needs("nonconformity.review")
def decide(request: HttpRequest, number: str, body: DecisionIn) -> Any:
    """Decide whether a corrective action is needed; one is opened when it is."""
    record = _record(number)
    services.decide_action(
        record, is_needed=body.is_needed, reason=body.reason, actor=account_of(request)
    )
    return Status(201, _quantities(record))


def _facts(body: ReportIn) -> Facts:
    machine = Machine.objects.filter(code=body.machine).first() if body.machine else None
    if body.machine and machine is None:
        raise Refused.because(
            _("There is no machine “%(code)s”.") % {"code": body.machine[:40]}, "machine"
        )
    return Facts(
        title=body.title, defect=body.defect, characteristic=known_characteristic(body.defect),
        lots={_lot(code): quantity for code, quantity in body.lots.items()}, machine=machine,
        quantity=body.quantity, location=body.location, description=body.description,
        is_customer_affected=body.is_customer_affected,
    )  # fmt: skip


@router.put("/records/{number}/is-is-not", response={200: AspectIn, **REFUSALS})
@needs("nonconformity.view")
def narrow_down(request: HttpRequest, number: str, body: AspectIn) -> Any:
    """State one row of is and is not on any record; the record's own permission is asked too."""
    services.narrow_down(
        any_record(number), aspect=body.aspect, is_so=body.is_so, is_not=body.is_not,
        distinction=body.distinction, change=body.change, actor=account_of(request),
    )  # fmt: skip
    return body


def _quantities(record: Nonconformity) -> dict[str, Any]:
    balance = balance_of(record)
    return {
        "suspect": balance.suspect, "rejected_again": balance.rejected_again,
        "disposed": balance.disposed, "split_off": balance.split_off, "open": balance.open,
        "cost": cost_of_record(record),
        "lines": [_told(line) for line in decided_lines(record).select_related("execution")],
        "containment": dict(record.containment.values_list("place", "quantity")),
        "seen_before": [case.record.number for case in seen_before(record)],
        "reasons_for_action": reasons_for_action(record),
    }  # fmt: skip


def _told(line: DispositionLine) -> dict[str, Any]:
    done = getattr(line, "execution", None)
    return {
        "id": line.pk, "kind": line.kind, "lot": str(line.lot or ""), "quantity": line.quantity,
        "reason": line.reason, "cost": line.cost,
        **{name: getattr(done, name, None) for name in ("accepted", "rejected", "lost")},
    }  # fmt: skip


def _record(number: str) -> Nonconformity:
    return Nonconformity.objects.get(number=number.upper())


def _line(number: str, key: int) -> DispositionLine:
    lines = DispositionLine.objects.select_related("nonconformity", "lot")
    return lines.get(pk=key, nonconformity__number=number.upper())


def _lot(code: str) -> Lot:
    found = Lot.objects.filter(code=code).first()
    if found is None:
        message = _("There is no lot “%(code)s”.") % {"code": code[:80]}
        raise Refused.because(message, "lot")
    return found
