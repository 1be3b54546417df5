"""The REST interface of nonconformities: the whole way, and every refusal with its field."""

import json
from typing import Any

import pytest
from django.test import Client
from nonconformity_walk import PASSWORD, PLACES, Walk

from andon.identify.nonconformities.models import Nonconformity
from andon.records.accounts import create_token


@pytest.fixture
def call(walk: Walk) -> Any:
    """Call the interface with a token of the quality engineer."""
    secret = create_token(walk.engineer, name="test", actor=walk.engineer)
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = client.generic(
            method, f"/api/v1{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", headers=headers,
        )  # fmt: skip
        return answer.status_code, answer.json()

    return send


def reported(call: Any, **more: Any) -> str:
    """Report a nonconformity and return its number."""
    body = {"defect": "PD", "lots": {"PD-L3-250311-E": None}, "location": "rack 4", **more}
    status, told = call("POST", "/nonconformities", body)
    assert status == 201, told
    return str(told["number"])


def step(call: Any, number: str, name: str, **body: Any) -> Any:
    """Take a step of the workflow by the generic operation."""
    return call("POST", f"/nc/{number}/steps/{name}", body)


def test_the_whole_way_by_the_interface_alone(walk: Walk, call: Any) -> None:
    number = reported(call)
    places = dict.fromkeys(PLACES, 0) | {"stock": 1000}
    status, told = call(
        "POST", f"/nc/{number}/containment", {"places": places, "is_labelled": True}
    )
    assert (status, told["suspect"]) == (200, "1000.000")
    step(call, number, "review", values={"description": "Drift", "severity": "major"})
    line = {"kind": "sort", "quantity": 1000, "reason": "100 % check"}
    status, told = call("POST", f"/nc/{number}/dispositions", line)
    assert (status, told["open"], told["cost"]) == (201, "0.000", "31.11")
    key = told["lines"][0]["id"]
    signing = {"password": PASSWORD, "meaning": "disposition approved"}
    assert step(call, number, "dispose", signing=signing)[0] == 200
    status, told = call("POST", f"/nc/{number}/dispositions/{key}/execution", {})
    assert (status, told["lines"][0]["accepted"]) == (201, "1000.000")
    step(call, number, "execute")
    call("POST", f"/nc/{number}/decision", {"is_needed": False, "reason": "single case"})
    assert step(call, number, "close")[0] == 200
    assert Nonconformity.objects.get(number=number).state == "closed"


def test_the_same_key_reports_once(call: Any) -> None:
    body = {"defect": "PD", "lots": {"PD-L3-250311-E": 5}, "location": "rack"}
    answers = [
        call("POST", "/nonconformities", body, **{"Idempotency-Key": "report-1"}) for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Nonconformity.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"defect": "PD", "lots": {"nowhere": 1}}, "lot"),
        ({"defect": "PD", "machine": "L9"}, "machine"),
        ({"defect": "PD", "source": "NC-1999-0001"}, "target"),
        ({"defect": ""}, "body.body.defect"),
        ({"defect": "PD", "quantity": -1}, "body.body.quantity"),
        ({"defect": "PD", "quantity": "NaN"}, "body.body.quantity"),
        ({"defect": "PD", "lots": {"PD-L3-250311-E": 0.5}}, "quantity_suspect"),
        ({"defect": "PD", "colour": "red"}, "body.body.colour"),
    ],
)
def test_a_wrong_report_names_the_field(call: Any, body: dict[str, Any], field: str) -> None:
    status, told = call("POST", "/nonconformities", body)
    assert status == 422
    assert [error["field"] for error in told["errors"]] == [field]
    assert not Nonconformity.objects.exists()


def test_quantities_are_read_back(walk: Walk, call: Any) -> None:
    record = walk.under_review()
    line = walk.line(record, "scrap", 10)
    call("POST", f"/nc/{record.number}/dispositions/{line.pk}/take-back", {"reason": "wrong"})
    status, told = call("GET", f"/nc/{record.number}/quantities")
    assert (status, told["open"], told["lines"]) == (200, "1000.000", [])
    assert told["containment"]["stock"] == "1000.000"


def test_what_is_not_there_is_404_and_what_is_not_allowed_403(
    walk: Walk, call: Any, account_with: Any
) -> None:
    assert call("GET", "/nc/NC-1999-0001/quantities")[0] == 404
    auditor = account_with("AUD")
    secret = create_token(auditor, name="t", actor=auditor)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    answer = client.post("/api/v1/nonconformities", {"defect": "x"}, "application/json")
    assert answer.status_code == 403
