"""The whole loop by the interface alone: a bad lot, and in the end a signature under a proof."""

from datetime import date, timedelta
from typing import Any

import pytest

from andon.board.work import do_what_is_due
from andon.records import clock
from andon.records.accounts import create_token
from andon.records.trail.verify import verify
from scenarios.walking import Caller, day_of_measurements, evening, working_days
from small_factory import PASSWORD, build_small_factory

DAYS = working_days(date(2025, 1, 6), 75)
BASELINE, BAD, REPAIRED, CHECK = DAYS[:30], DAYS[34], DAYS[37], DAYS[70]
PLACES = {"stock": 0, "sub-supplier": 0, "in transit": 0, "customer": 0, "work in progress": 200}


@pytest.fixture
def people(account_with: Any) -> dict[str, Caller]:
    """One caller per role, each with a token."""
    roles = {"inspector": "INS", "engineer": "QE", "process": "PE", "lead": "LEAD", "manager": "QM"}
    callers = {}
    for name, role in roles.items():
        account = account_with(role, username=name)
        callers[name] = Caller(create_token(account, name="walk", actor=account))
    return callers


def measure(inspector: Caller, days: list[date], *, bad: tuple[date, ...] = ()) -> None:
    """Send each day's measurements in its evening; then Andon does what is due."""
    for day in days:
        with clock.fixed(evening(day)):
            rows = day_of_measurements(day, shift_of_l3=0.008 if day in bad else 0.0)
            inspector.send("/measurements", {"rows": rows})
            do_what_is_due()


def test_a_bad_lot_is_found_contained_acted_upon_and_proven_repaired(
    db: None, people: dict[str, Caller]
) -> None:
    build_small_factory(baseline_until=BASELINE[-1])
    measure(people["inspector"], DAYS[:35], bad=(BAD,))
    problem, nonconformity = found(people["engineer"])
    with clock.fixed(evening(DAYS[35])):
        contain_and_dispose(people, nonconformity)
        action = choose_action(people, nonconformity, problem)
    with clock.fixed(evening(REPAIRED)):
        implement(people, action)
    measure(people["inspector"], DAYS[36:71])
    with clock.fixed(evening(DAYS[71])):
        close_by_evidence(people, action)
        assert people["engineer"].get(f"/pr/{problem}")["state"] == "solved"
    assert verify().problems == []


def found(engineer: Caller) -> tuple[str, str]:
    """The finding is there, its story too, and the nonconformity that holds the lots."""
    findings = engineer.get("/findings")
    findings = findings["items"] if isinstance(findings, dict) else findings
    assert {(f["place"] if "place" in f else f["stream"], f["found_on"]) for f in findings} == {
        ("PD/L3", BAD.isoformat())
    }
    problems = engineer.get("/pr/")["items"]
    assert [p["state"] for p in problems] == ["new"]
    assert "L3" in problems[0]["title"]
    raised = engineer.get("/nc/")["items"]
    assert len(raised) == 1
    return problems[0]["number"], raised[0]["number"]


def contain_and_dispose(people: dict[str, Caller], number: str) -> None:
    """From the draft that Andon raised to a closed record with balanced quantities."""
    engineer, lead, process = people["engineer"], people["lead"], people["process"]
    if engineer.get(f"/nc/{number}")["state"] == "draft":
        values = {"quantity_suspect": "200", "location": "turning"}
        lead.send(f"/nc/{number}/steps/report", {"values": values})
    lead.send(f"/nc/{number}/containment", {"places": PLACES, "is_labelled": True})
    row = {"aspect": "extent", "is_so": "one lot of 200 pieces", "is_not": "all other lots"}
    engineer.send(f"/records/{number}/is-is-not", row, method="put")
    values = {"description": "mean 8 µm high, inside specification", "severity": "major"}
    engineer.send(f"/nc/{number}/steps/review", {"values": values})
    suspect = engineer.get(f"/nc/{number}/quantities")["suspect"]
    engineer.send(f"/nc/{number}/steps/dispose", {}, expect=422)
    engineer.send(
        f"/nc/{number}/dispositions",
        {"kind": "scrap", "quantity": suspect, "reason": "worn insert"},
    )
    sign(process, number, "agree_process")
    sign(lead, number, "agree_production")
    sign(engineer, number, "dispose")
    line = engineer.get(f"/nc/{number}/quantities")["lines"][0]["id"]
    lead.send(f"/nc/{number}/dispositions/{line}/execution", {"accepted": suspect})
    lead.send(f"/nc/{number}/steps/execute", {})


def choose_action(people: dict[str, Caller], nonconformity: str, problem: str) -> str:
    """D0 to D5: from the decision to the registered effectiveness plan."""
    engineer, process = people["engineer"], people["process"]
    body = {"source": nonconformity, "owner": "process"}
    number = str(engineer.send("/corrective-actions", body)["number"])
    assert engineer.get(f"/pr/{problem}")["state"] in ("new", "contained", "under_action")
    process.send(f"/ca/{number}/steps/start", {"values": {"is_emergency": False}})
    process.send(f"/ca/{number}/team", {"name": "shift lead", "function": "process expert"})
    process.send(f"/ca/{number}/steps/form_team", {})
    plan = {
        "metric": "mean", "characteristic": "PD", "machines": ["L3"], "target": 0.5,
        "baseline_since": BASELINE[0].isoformat(), "baseline_until": BASELINE[-1].isoformat(),
        "check_on": CHECK.isoformat(), "minimum_n": 40,
    }  # fmt: skip
    process.send(f"/ca/{number}/plan", plan, method="put")
    values = {"problem_statement": "The mean on L3 rose by 8 µm in one lot."}
    process.send(f"/ca/{number}/steps/state_problem", {"values": values})
    values = {
        "containment_action": "lot held", "containment_checked_on": DAYS[35].isoformat(),
        "containment_checked": 200, "containment_escaped": 0,
    }  # fmt: skip
    process.send(f"/ca/{number}/steps/confirm_containment", {"values": values})
    fed = {c["factor"]: c["status"] for c in engineer.get(f"/records/{number}/causes")}
    assert fed == {"shift": "refuted"}  # too few days to clear more
    engineer.send(f"/ca/{number}/steps/confirm_cause", {}, expect=422)
    for kind in ("occurrence", "non-detection"):
        cause = argue(engineer, number, kind)
    engineer.send(f"/ca/{number}/steps/confirm_cause", {})
    causes = engineer.get(f"/records/{number}/causes")
    for cause in [c["id"] for c in causes if c["status"] == "supported"]:
        item = {
            "cause": cause, "text": "lock the counter", "strength": "engineer",
            "responsible": "process", "due_on": REPAIRED.isoformat(),
        }  # fmt: skip
        process.send(f"/ca/{number}/items", item)
    values = {"change_risk": "two minutes per shift"}
    sign(people["manager"], number, "approve_actions", values)
    process.send(f"/ca/{number}/plan", plan, method="put", expect=422)
    return number


def argue(engineer: Caller, number: str, kind: str) -> int:
    """Propose a cause and decide it by evidence."""
    body = {"kind": kind, "category": "machine", "statement": f"insert life counter, {kind}"}
    cause = int(engineer.send(f"/records/{number}/causes", body)["id"])
    why = {"answer": "the counter allowed too many parts", "evidence": "counter record"}
    engineer.send(f"/causes/{cause}/whys", why)
    body = {"evidence_kind": "on/off test", "evidence": "new insert: back at 0.7400"}
    engineer.send(f"/causes/{cause}/support", body)
    return cause


def implement(people: dict[str, Caller], number: str) -> None:
    """D6 and D7: done, validated, every standard answered."""
    engineer, process = people["engineer"], people["process"]
    for item in process.get(f"/ca/{number}/items"):
        process.send(f"/ca/{number}/items/{item['id']}/completion", {"evidence": "seen"})
    body = {"implemented_on": REPAIRED.isoformat(), "validation": "first parts in order"}
    process.send(f"/ca/{number}/implementation", body, method="put")
    process.send(f"/ca/{number}/steps/confirm_implementation", {})
    for subject in ("FMEA", "control plan", "documents", "training", "supplier"):
        body = {"subject": subject, "is_updated": False, "answer": "not concerned"}
        process.send(f"/ca/{number}/updates", body, method="put")
    body = {"place": "lathe L1", "answer": "same lock, done"}
    process.send(f"/ca/{number}/read-across", body, method="put")
    engineer.send(f"/ca/{number}/steps/confirm_prevention", {})
    people["manager"].send(f"/ca/{number}/steps/close_effective", {}, expect=422)


def close_by_evidence(people: dict[str, Caller], number: str) -> None:
    """The verdict was computed at its date; only somebody else than the owner signs it."""
    assert people["engineer"].get(f"/ca/{number}")["state"] == "effectiveness_review"
    assert people["engineer"].get(f"/ca/{number}/effect")["verdict"] == "effective"
    people["manager"].send(
        f"/ca/{number}/steps/close_effective",
        {"signing": {"password": "wrong", "meaning": "effectiveness confirmed"}}, expect=422,
    )  # fmt: skip
    sign(people["manager"], number, "close_effective")
    assert people["engineer"].get(f"/ca/{number}")["state"] == "closed"


def sign(caller: Caller, number: str, step: str, values: dict[str, Any] | None = None) -> None:
    """Take a signed step with the meaning that the step itself states."""
    prefix = number[:2].lower()
    steps = {one["name"]: one for one in caller.get(f"/{prefix}/{number}/steps")}
    signing = {"password": PASSWORD, "meaning": steps[step]["meaning"]}
    caller.send(f"/{prefix}/{number}/steps/{step}", {"values": values or {}, "signing": signing})


def test_the_days_of_the_walk_are_in_order() -> None:
    assert BASELINE[-1] < BAD < REPAIRED < CHECK
    assert timedelta(days=30) < CHECK - REPAIRED
