"""Corrective actions over REST: team, plan, items, answers, the check and the proof of effect."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from andon.analyze.causes.models import Cause
from andon.control.plans.models import PlanLine
from andon.improve.actions import services
from andon.improve.actions.guards import plan_of, result_of
from andon.improve.actions.models import (
    ActionItem,
    CorrectiveAction,
    EffectivenessPlan,
    EffectivenessResult,
)
from andon.improve.actions.queries import changed_for_good
from andon.improve.actions.schemas import (
    Done,
    EvidenceIn,
    ImplementationIn,
    ItemIn,
    ItemOut,
    MemberIn,
    Opened,
    OpenIn,
    PlanIn,
    PlanOut,
    ProofOut,
    ReadAcrossIn,
    TrainingIn,
    UpdateIn,
)
from andon.improve.actions.services.checking import check_date
from andon.improve.actions.services.prevention import Tightening
from andon.improve.actions.side_effects import side_effects_in_words
from andon.improve.actions.words import sentence
from andon.organization.products.models import Characteristic
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.rest import account_of, needs, once
from andon.records.rest.problems import REFUSALS
from andon.records.rest.record_types import any_record

router = Router(tags=["Corrective actions"])
WORK = "correctiveaction.work"


@router.post("/corrective-actions", response={201: Opened, **REFUSALS})
@needs("correctiveaction.create")
def open_on(request: HttpRequest, body: OpenIn) -> Any:
    """Open an action on a record; a record with an open action gets that one."""

    def opened() -> tuple[int, dict[str, Any]]:
        action = services.open_action(
            any_record(body.source), actor=account_of(request), title=body.title,
            owner=_account(body.owner, "owner"),
        )  # fmt: skip
        told = {"number": action.number, "state": action.state, "url": action.get_absolute_url()}
        return 201, told

    return once(request, opened)


@router.post("/ca/{number}/team", response={201: Done, **REFUSALS})
@needs(WORK)
def add_member(request: HttpRequest, number: str, body: MemberIn) -> Any:
    """Add somebody to the team."""
    record = _record(number)
    services.add_member(
        record, name=body.name, function=body.function, actor=account_of(request),
        account=_account(body.account, "account"),
    )  # fmt: skip
    return Status(201, _done(number))


@router.get("/ca/{number}/plan", response={200: PlanOut, **REFUSALS})
@needs("correctiveaction.view")
def read_plan(request: HttpRequest, number: str) -> Any:
    """Read the effectiveness plan of the present cycle."""
    plan = plan_of(_record(number))
    if plan is None:
        raise EffectivenessPlan.DoesNotExist
    return _plan(plan)


@router.put("/ca/{number}/plan", response={200: PlanOut, **REFUSALS})
@needs(WORK)
def state_plan(request: HttpRequest, number: str, body: PlanIn) -> Any:
    """State or complete the plan; once registered it is refused."""
    values = body.model_dump(exclude_unset=True)
    if "characteristic" in values:
        values["characteristic"] = _characteristic(values["characteristic"])
    return _plan(services.plan_effect(_record(number), values=values, actor=account_of(request)))


@router.get("/ca/{number}/items", response={200: list[ItemOut], **REFUSALS})
@needs("correctiveaction.view")
def list_items(request: HttpRequest, number: str) -> Any:
    """Read the action items of the present cycle."""
    record = _record(number)
    return [_item(item) for item in record.items.filter(cycle=record.cycle)]


@router.post("/ca/{number}/items", response={201: ItemOut, **REFUSALS})
@needs(WORK)
def add_item(request: HttpRequest, number: str, body: ItemIn) -> Any:
    """Choose an action against a verified cause."""
    responsible = _account(body.responsible, "responsible")
    if responsible is None:
        raise Refused.because(_("Name who is responsible."), "responsible")
    item = services.add_item(
        _record(number), cause=_cause(body.cause), text=body.text, strength=body.strength,
        responsible=responsible, due_on=body.due_on, actor=account_of(request),
    )  # fmt: skip
    return Status(201, _item(item))


@router.post("/ca/{number}/items/{key}/completion", response={201: ItemOut, **REFUSALS})
@needs(WORK)
def complete_item(request: HttpRequest, number: str, key: int, body: EvidenceIn) -> Any:
    """Say that an item is done."""
    item = ActionItem.objects.get(pk=key, action__number=number.upper())
    services.complete_item(item, evidence=body.evidence, actor=account_of(request))
    return Status(201, _item(ActionItem.objects.get(pk=key)))


@router.post("/ca/{number}/training-only", response={200: Done, **REFUSALS})
@needs("correctiveaction.accept_training")
def accept_training(request: HttpRequest, number: str, body: TrainingIn) -> Any:
    """Let training alone pass, with a reason."""
    services.accept_training_only(_record(number), reason=body.reason, actor=account_of(request))
    return _done(number)


@router.put("/ca/{number}/implementation", response={200: Done, **REFUSALS})
@needs(WORK)
def implement(request: HttpRequest, number: str, body: ImplementationIn) -> Any:
    """Say from which day on the action works."""
    services.record_implementation(
        _record(number), implemented_on=body.implemented_on, validation=body.validation,
        actor=account_of(request),
    )  # fmt: skip
    return _done(number)


@router.put("/ca/{number}/updates", response={200: Done, **REFUSALS})
@needs(WORK)
def answer_update(request: HttpRequest, number: str, body: UpdateIn) -> Any:
    """Answer whether a standard was updated."""
    services.answer_update(
        _record(number), subject=body.subject, is_updated=body.is_updated, answer=body.answer,
        tightening=_tightening(body), actor=account_of(request),
    )  # fmt: skip
    return _done(number)


@router.put("/ca/{number}/read-across", response={200: Done, **REFUSALS})
@needs(WORK)
def read_across(request: HttpRequest, number: str, body: ReadAcrossIn) -> Any:
    """Name a similar part or process, or answer for it."""
    services.read_across(
        _record(number), place=body.place, answer=body.answer, actor=account_of(request)
    )
    return _done(number)


@router.post("/ca/{number}/check", response={200: ProofOut, **REFUSALS})
@needs("correctiveaction.check")
def check(request: HttpRequest, number: str) -> Any:
    """Compute the effect at its check date; the verdict decides how it goes on."""
    services.check_effect(_record(number), actor=account_of(request))
    return _proof(_record(number))


@router.get("/ca/{number}/effect", response={200: ProofOut, **REFUSALS})
@needs("correctiveaction.view")
def proof(request: HttpRequest, number: str) -> Any:
    """Read the proof of effect."""
    return _proof(_record(number))


def _proof(record: CorrectiveAction) -> dict[str, Any]:
    plan, result = plan_of(record), result_of(record)
    if plan is None or plan.registered_at is None:
        raise Refused.because(_("The effectiveness plan is not registered yet."), "plan")
    told = {
        "number": record.number, "state": record.state, "cycle": record.cycle,
        "check_on": check_date(plan), "changed_for_good": changed_for_good(record),
    }  # fmt: skip
    return told | (_result(result) if result else {})


def _result(result: EffectivenessResult) -> dict[str, Any]:
    names = (
        "verdict", "estimate", "low", "high", "before", "after", "result", "side_effects",
        "saved_per_month", "inputs_digest", "next_check_on",
    )  # fmt: skip
    return {name: getattr(result, name) for name in names} | {
        "words": sentence(result),
        "side_effects_in_words": side_effects_in_words(result),
    }


def _plan(plan: EffectivenessPlan) -> dict[str, Any]:
    told = {name: getattr(plan, name, None) for name in PlanOut.model_fields}
    code = plan.characteristic.code if plan.characteristic else ""
    return told | {"characteristic": code, "is_registered": plan.registered_at is not None}


def _item(item: ActionItem) -> dict[str, Any]:
    return {
        "id": item.pk, "cause": item.cause_id, "text": item.text, "strength": item.strength,
        "responsible": item.responsible.username, "due_on": item.due_on, "is_done": item.is_done,
    }  # fmt: skip


def _done(number: str) -> dict[str, Any]:
    record = _record(number)
    return {"number": record.number, "state": record.state, "version": record.version}


def _record(number: str) -> CorrectiveAction:
    return CorrectiveAction.objects.get(number=number.upper())


def _account(username: str, field: str) -> Account | None:
    if not username:
        return None
    try:
        return Account.objects.get(username=username, is_active=True)
    except ObjectDoesNotExist as error:
        raise Refused.because(
            _("There is no account “%(name)s”.") % {"name": username[:60]}, field
        ) from error


def _characteristic(code: str) -> Characteristic:
    try:
        return Characteristic.objects.get(code=code)
    except ObjectDoesNotExist as error:
        message = _("There is no characteristic “%(code)s”.") % {"code": code[:40]}
        raise Refused.because(message, "characteristic") from error


def _cause(key: int) -> Cause:
    try:
        return Cause.objects.get(pk=key)
    except ObjectDoesNotExist as error:
        message = _("There is no cause %(key)d.") % {"key": key}
        raise Refused.because(message, "cause") from error


def _tightening(body: UpdateIn) -> Tightening | None:
    if body.line is None:
        return None
    line = PlanLine.objects.filter(pk=body.line).first()
    if line is None:
        raise Refused.because(
            _("There is no control plan line %(key)d.") % {"key": body.line}, "line"
        )
    return Tightening(line=line, sample_size=body.sample_size, frequency=body.frequency)
