"""What people did during the demo year, through the same services as in life."""

from datetime import date
from decimal import Decimal

from andon.analyze.causes.models import Cause
from andon.analyze.causes.services import add_why, propose_cause, support_cause
from andon.demo.cases import CASES, CORRECTIONS, Argued, Case, Correction
from andon.demo.logins import PASSWORD
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.services import contain, narrow_down, raise_nonconformity
from andon.identify.nonconformities.services.raising import Facts
from andon.improve.actions import services as actions
from andon.improve.actions.models import CorrectiveAction
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.models import Account
from andon.records.services import Signing, advance

_PLACES = ("work in progress", "stock", "sub-supplier", "in transit", "customer")


def act(on: date) -> None:
    """Do what people did on the morning of a day."""
    for correction in CORRECTIONS:
        if correction.reported_on == on:
            _correct(correction)
    for case in CASES:
        for day, step in (
            (case.opened_on, _open), (case.approved_on, _approve),
            (case.implemented_on, _implement), (case.signed_on, _sign),
        ):  # fmt: skip
            if day == on:
                step(case)


def _correct(correction: Correction) -> None:
    """Report, contain, and find that no corrective action is needed."""
    lead, engineer, manager = _person("shift-lead"), _person("engineer"), _person("manager")
    facts = Facts(
        title=correction.title, defect=correction.defect, quantity=Decimal(correction.pieces),
        machine=Machine.objects.get(code=correction.machine), severity="minor",
    )  # fmt: skip
    record = raise_nonconformity(facts, actor=lead, owner=lead)
    _contain(record, correction.pieces)
    action = actions.open_action(record, actor=engineer, owner=_person("process-engineer"))
    advance(action, "cancel", actor=manager, reason=correction.reason)


def _open(case: Case) -> None:
    """D0 to D3: team, problem, containment."""
    engineer, process = _person("engineer"), _person("process-engineer")
    record = _nonconformity(case, engineer)
    action = actions.open_action(record, actor=engineer, owner=process, title=case.title)
    action = advance(action, "start", actor=process, values={"is_emergency": False})
    actions.add_member(action, name="process engineer", function="leader", actor=process)
    actions.add_member(action, name="shift lead", function="process expert", actor=process)
    action = advance(action, "form_team", actor=process)
    narrow_down(action, aspect="where", is_so=case.machine, is_not=case.is_not, actor=process)
    plan = {key: value for key, value in case.plan.items() if key != "baseline_until"}
    until = min(case.plan["baseline_until"], _yesterday(case.opened_on))
    actions.plan_effect(action, values={**plan, "baseline_until": until}, actor=process)
    stated = {"problem_statement": case.statement}
    action = advance(action, "state_problem", actor=process, values=stated)
    values: dict[str, object] = {
        "containment_action": case.containment, "containment_checked_on": case.opened_on,
        "containment_checked": case.pieces, "containment_escaped": 0,
    }  # fmt: skip
    advance(action, "confirm_containment", actor=process, values=values)


def _approve(case: Case) -> None:
    """D4 and D5: causes verified, actions chosen, the effectiveness plan registered."""
    engineer, process = _person("engineer"), _person("process-engineer")
    action = _action(case)
    causes = [_argue(action, argued) for argued in case.causes]
    action = advance(action, "confirm_cause", actor=engineer)
    for chosen in case.actions:
        actions.add_item(
            action, cause=causes[chosen.cause], text=chosen.text, strength=chosen.strength,
            responsible=process, due_on=case.implemented_on, actor=process,
        )  # fmt: skip
    actions.plan_effect(action, values=case.plan, actor=process)
    values: dict[str, object] = {"change_risk": case.risk}
    if case.cost_per_defect:
        values["cost_per_defect"] = Decimal(case.cost_per_defect)
    _signed(action, "approve_actions", values=values)


def _implement(case: Case) -> None:
    """D6 and D7: done, validated, standards answered; from here Andon watches the effect."""
    engineer, process = _person("engineer"), _person("process-engineer")
    action = _action(case)
    for item, chosen in zip(action.items.order_by("pk"), case.actions, strict=True):
        actions.complete_item(item, evidence=chosen.evidence, actor=process)
    actions.record_implementation(
        action, implemented_on=case.implemented_on, actor=process,
        validation="First parts of the shift were measured: in order.",
    )  # fmt: skip
    action = advance(action, "confirm_implementation", actor=process)
    for subject, (is_updated, answer) in case.updates.items():
        actions.answer_update(
            action, subject=subject, is_updated=is_updated, answer=answer, actor=process
        )
    for place, answer in case.read_across:
        actions.read_across(action, place=place, answer=answer, actor=process)
    advance(action, "confirm_prevention", actor=engineer)


def _sign(case: Case) -> None:
    """The quality manager signs what the data say."""
    _signed(_action(case), "close_effective" if case.is_effective else "reopen_at_cause")


def _signed(
    action: CorrectiveAction, step: str, *, values: dict[str, object] | None = None
) -> None:
    meaning = str(action.WORKFLOW.transition(step).meaning)
    signing = Signing(PASSWORD, meaning)
    advance(action, step, actor=_person("manager"), values=values or {}, signing=signing)


def _argue(action: CorrectiveAction, argued: Argued) -> Cause:
    engineer = _person("engineer")
    cause = propose_cause(
        action, kind=argued.kind, statement=argued.statement, category=argued.category,
        actor=engineer,
    )  # fmt: skip
    for answer, evidence in argued.whys:
        add_why(cause, answer=answer, evidence=evidence, actor=engineer)
    return support_cause(
        cause, evidence_kind=argued.evidence_kind, evidence=argued.evidence, actor=engineer
    )


def _nonconformity(case: Case, actor: Account) -> Nonconformity:
    """Return what Andon raised from its finding, else report it by hand; contained either way."""
    characteristic = Characteristic.objects.get(code=case.characteristic)
    record = Nonconformity.objects.filter(
        characteristic=characteristic, machine__code=case.machine, closed_at=None
    ).first()
    if record is None:
        machine = Machine.objects.get(code=case.machine)
        facts = Facts(
            title=case.title, characteristic=characteristic, machine=machine,
            quantity=Decimal(case.pieces), location=machine.code,
        )  # fmt: skip
        record = raise_nonconformity(facts, actor=actor, owner=actor)
    if record.state == "draft":
        values = {"quantity_suspect": record.quantity_suspect or Decimal(case.pieces),
                  "location": record.location or case.machine}  # fmt: skip
        record = advance(record, "report", actor=actor, values=values)
    return _contain(record, case.pieces) if record.state == "reported" else record


def _contain(record: Nonconformity, pieces: int) -> Nonconformity:
    held = {place: Decimal(0) for place in _PLACES} | {"work in progress": Decimal(pieces)}
    return contain(record, places=held, actor=_person("shift-lead"), is_labelled=True)


def _action(case: Case) -> CorrectiveAction:
    return CorrectiveAction.objects.get(title=case.title)


def _person(username: str) -> Account:
    return Account.objects.get(username=username)


def _yesterday(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
