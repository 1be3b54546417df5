"""The REST interface of corrective actions and causes: from the problem to the signed proof."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from action_walk import PASSWORD, SUBJECTS, Walk, write_crimp
from django.test import Client

from andon.improve.actions.models import CorrectiveAction
from andon.records import clock
from andon.records.accounts import create_token


class Caller:
    """Calls the interface with an account's token."""

    def __init__(self, account: Any) -> None:
        secret = create_token(account, name="test", actor=account)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """Return status and answer."""
        data = json.dumps(body) if body is not None else ""
        answer = self.client.generic(method, f"/api/v1{path}", data, "application/json")
        return answer.status_code, answer.json()


@pytest.fixture
def call(walk: Walk) -> Caller:
    """The quality engineer's scripts."""
    return Caller(walk.engineer)


@pytest.fixture
def sign(walk: Walk) -> Caller:
    """The quality manager's scripts."""
    return Caller(walk.manager)


PLAN = {
    "metric": "rate", "characteristic": "CRIMP", "machines": ["A2"], "shifts": [],
    "baseline_since": "2025-07-01", "baseline_until": "2025-09-12", "target": 0.5,
    "check_on": "2025-11-14", "minimum_n": 5000,
}  # fmt: skip


def expect(answer: tuple[int, Any], status: int = 200) -> Any:
    """Return what was answered with that status."""
    assert answer[0] == status, answer
    return answer[1]


def causes_verified(call: Caller, number: str) -> list[int]:
    """Propose, ask why and verify both causes; return their keys."""
    keys = []
    for kind in ("occurrence", "non-detection"):
        cause = {"kind": kind, "category": "man", "statement": "Crew not qualified"}
        key = expect(call("POST", f"/records/{number}/causes", cause), 201)["id"]
        why = {"answer": "agency staff", "evidence": "list"}
        expect(call("POST", f"/causes/{key}/whys", why), 201)
        told = {"evidence_kind": "data split", "evidence": "5.2 times on A2 N"}
        supported = expect(call("POST", f"/causes/{key}/support", told))
        assert (supported["status"], supported["root"]) == ("supported", "agency staff")
        keys.append(key)
    return keys


def planned(call: Caller, walk: Walk) -> str:
    """Open an action, form the team, plan, and state the problem."""
    source = walk.source().number
    number = expect(call("POST", "/corrective-actions", {"source": source}), 201)["number"]
    at = f"/ca/{number}"
    expect(call("POST", f"{at}/steps/start", {"values": {"is_emergency": False}}))
    member = {"name": "Process engineer", "function": "process expert"}
    expect(call("POST", f"{at}/team", member), 201)
    expect(call("POST", f"{at}/steps/form_team", {}))
    assert not expect(call("PUT", f"{at}/plan", PLAN))["is_registered"]
    expect(call("POST", f"{at}/steps/state_problem", {"values": {"problem_statement": "1.5 %"}}))
    contained = {
        "containment_action": "100 %", "containment_checked_on": "2025-09-12",
        "containment_checked": 500, "containment_escaped": 0,
    }  # fmt: skip
    expect(call("POST", f"{at}/steps/confirm_containment", {"values": contained}))
    return str(number)


def monitored(call: Caller, sign: Caller, walk: Walk) -> str:
    """Go from the verified causes to monitoring."""
    number = planned(call, walk)
    at = f"/ca/{number}"
    keys = causes_verified(call, number)
    expect(call("POST", f"{at}/steps/confirm_cause", {}))
    for key in keys:
        item = {
            "cause": key, "text": "Fit a sensor", "strength": "detect",
            "responsible": "engineer", "due_on": "2025-09-12",
        }  # fmt: skip
        expect(call("POST", f"{at}/items", item), 201)
    approve = {
        "values": {"change_risk": "none"},
        "signing": {"password": PASSWORD, "meaning": "actions and effectiveness plan approved"},
    }
    expect(sign("POST", f"{at}/steps/approve_actions", approve))
    for item in expect(call("GET", f"{at}/items")):
        expect(call("POST", f"{at}/items/{item['id']}/completion", {"evidence": "seen"}), 201)
    done = {"implemented_on": "2025-09-15", "validation": "30 good"}
    expect(call("PUT", f"{at}/implementation", done))
    expect(call("POST", f"{at}/steps/confirm_implementation", {}))
    for subject in SUBJECTS:
        answer = {"subject": subject, "is_updated": False, "answer": "not touched"}
        expect(call("PUT", f"{at}/updates", answer))
    expect(call("PUT", f"{at}/read-across", {"place": "A1", "answer": "same, done"}))
    expect(call("POST", f"{at}/steps/confirm_prevention", {}))
    return number


def test_the_whole_way_by_the_interface_alone(call: Caller, sign: Caller, walk: Walk) -> None:
    write_crimp(effective=True)
    number = monitored(call, sign, walk)
    assert call("PUT", f"/ca/{number}/plan", {"target": 0.9})[0] == 422
    assert call("POST", f"/ca/{number}/check")[0] == 422
    with clock.fixed(datetime(2025, 11, 14, 12, tzinfo=UTC)):
        proof = expect(call("POST", f"/ca/{number}/check"))
    assert (proof["verdict"], proof["state"]) == ("effective", "effectiveness_review")
    assert [round(proof[name], 3) for name in ("estimate", "low", "high")] == [0.168, 0.123, 0.231]
    assert "83 % lower" in proof["words"]
    signing = {"password": PASSWORD, "meaning": "effectiveness confirmed"}
    expect(sign("POST", f"/ca/{number}/steps/close_effective", {"signing": signing}))
    assert expect(call("GET", f"/ca/{number}/effect"))["state"] == "closed"


def test_an_action_that_is_not_proven_is_not_closed(call: Caller, sign: Caller, walk: Walk) -> None:
    write_crimp(effective=False)
    record = walk.checked(walk.monitoring())
    signing = {"password": PASSWORD, "meaning": "effectiveness confirmed"}
    status, told = sign("POST", f"/ca/{record.number}/steps/close_effective", {"signing": signing})
    assert (status, told["errors"][0]["field"]) == (422, "results")


@pytest.mark.parametrize(
    ("request_line", "body", "field"),
    [
        ("PUT plan", {"characteristic": "NOPE"}, "characteristic"),
        ("PUT plan", {"machines": ["A9"]}, "machines"),
        ("PUT plan", {"target": "much"}, "body.body.target"),
        ("PUT plan", {"baseline_since": "yesterday"}, "body.body.baseline_since"),
        ("POST team", {"name": "X", "function": "boss"}, "body.body.function"),
        ("POST team", {"name": "X", "function": "member", "account": "ghost"}, "account"),
        ("POST items", {
            "cause": 10**6, "text": "x", "strength": "detect", "responsible": "engineer",
            "due_on": "2025-09-12",
        }, "cause"),
        ("PUT updates", {"subject": "FMEA", "is_updated": True, "line": 10**6}, "line"),
    ],
)  # fmt: skip
def test_a_wrong_line_names_the_field(
    call: Caller, walk: Walk, request_line: str, body: dict[str, Any], field: str
) -> None:
    record = walk.problem()
    method, path = request_line.split()
    status, told = call(method, f"/ca/{record.number}/{path}", body)
    assert (status, [error["field"] for error in told["errors"]]) == (422, [field])


def test_refuting_needs_evidence(call: Caller, walk: Walk) -> None:
    number = walk.root_cause().number
    cause = {"kind": "occurrence", "category": "machine", "statement": "Worn die"}
    key = expect(call("POST", f"/records/{number}/causes", cause), 201)["id"]
    assert call("POST", f"/causes/{key}/refute", {"evidence": ""})[0] == 422
    told = expect(call("POST", f"/causes/{key}/refute", {"evidence": "die is new"}))
    assert told["status"] == "refuted"
    assert [one["id"] for one in expect(call("GET", f"/records/{number}/causes"))] == [key]


def test_the_same_source_gets_one_action(call: Caller, walk: Walk) -> None:
    source = walk.source().number
    numbers = {
        expect(call("POST", "/corrective-actions", {"source": source}), 201)["number"]
        for _again in range(2)
    }
    assert len(numbers) == CorrectiveAction.objects.count() == 1


def test_training_alone_is_accepted_by_the_manager_only(
    call: Caller, sign: Caller, walk: Walk
) -> None:
    number = walk.actions().number
    body = {"reason": "no other way"}
    assert call("POST", f"/ca/{number}/training-only", body)[0] == 403
    expect(sign("POST", f"/ca/{number}/training-only", body))


def test_proof_without_a_registered_plan_says_so(call: Caller, walk: Walk) -> None:
    status, told = call("GET", f"/ca/{walk.problem().number}/effect")
    assert (status, told["errors"][0]["field"]) == (422, "plan")
