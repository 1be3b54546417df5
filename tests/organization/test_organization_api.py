"""The interface of organization: lists, single entries, and lots stated, blocked and released."""

import json
from typing import Any

import pytest
from django.test import Client

from andon.organization.products.models import Characteristic, Lot, Product
from andon.records.trail.context import acting


class Api:
    """A client that speaks JSON as a signed-in account."""

    def __init__(self, client: Client, account: Any) -> None:
        client.force_login(account)
        self.client = client

    def get(self, address: str, status: int = 200) -> Any:
        response = self.client.get(f"/api/v1{address}")
        assert response.status_code == status, response.content
        return response.json()

    def post(self, address: str, body: Any, status: int = 200, **headers: str) -> Any:
        response = self.client.post(
            f"/api/v1{address}", json.dumps(body), content_type="application/json", headers=headers
        )
        assert response.status_code == status, response.content
        return response.json()


@pytest.fixture
def api(factory: Any, engineer: Any, client: Client) -> Api:
    """A quality engineer before a small factory."""
    return Api(client, engineer)


LOTS = [
    {"code": "PL-1", "machine": "L3", "quantity": 10800},
    {"code": "A1/1", "machine": "A1", "made_from": [{"lot": "PL-1", "quantity": 2400}]},
]


def test_processes_machines_and_partners_are_told_by_code(api: Api) -> None:
    assert [row["machines"] for row in api.get("/processes")] == [["L3"], ["A1", "A2"]]
    assert api.get("/machines/L3")["shifts"] == ["E", "L"]
    assert api.get("/machines")[0]["process"] == "turning"
    assert api.get("/processes/turning")["owner"] == ""
    assert [row["code"] for row in api.get("/partners?kind=supplier")["items"]] == ["S-A"]
    assert api.get("/partners/S-A")["name"] == "S-A"
    assert api.get("/people")["items"] == []


def test_working_days_are_told_and_a_century_is_refused(api: Api) -> None:
    days = api.get("/working-days?since=2025-03-14&until=2025-03-17")
    assert days == ["2025-03-14", "2025-03-17"]
    api.get("/working-days?since=1925-01-01&until=2025-01-01", 422)
    api.get("/working-days?since=x&until=2025-01-01", 422)


def test_a_missing_limit_is_null(api: Api, factory: Any, system: Any) -> None:
    with acting(system):
        Product.objects.create(code="P75", name="Probe")
        Characteristic.objects.create(
            code="CR", name="R", process=factory["assembly"], unit="mOhm", upper_specification=50.0
        )
    told = api.get("/characteristics/CR")
    assert (told["lower_specification"], told["upper_specification"]) == (None, 50.0)
    assert (told["product"], told["process"]) == ("", "assembly")
    assert api.get("/characteristics")["items"] == [told]
    assert api.get("/products/P75") == api.get("/products")["items"][0]


def test_lots_are_stated_with_their_genealogy_and_again_changes_nothing(api: Api) -> None:
    assert api.post("/lots", LOTS) == {"lots": ["PL-1", "A1/1"], "new_uses": 1}
    assert api.post("/lots", LOTS) == {"lots": ["PL-1", "A1/1"], "new_uses": 0}
    told = api.get("/lots/A1/1")
    assert [(row["lot"], row["distance"]) for row in told["made_from"]] == [("PL-1", 1)]
    assert told["where_used"] == []
    assert api.get("/lots/PL-1")["where_used"][0]["lot"] == "A1/1"
    first = api.get("/lots?limit=1")
    second = api.get(f"/lots?limit=1&cursor={first['next']}")
    assert {page["items"][0]["code"] for page in (first, second)} == {"PL-1", "A1/1"}
    assert second["next"] == ""
    assert api.get("/lots?kind=shipment")["items"] == []


@pytest.mark.parametrize(
    ("lot", "field"),
    [
        ({"code": "X", "machine": "L9"}, "machine"),
        ({"code": "X", "made_from": [{"lot": "Y"}]}, "lot"),
        ({"code": "X", "made_from": [{"lot": "X"}]}, "lot"),
        ({"code": " "}, "lot"),
        ({"code": "X" * 81}, "body.body.1.code"),
        ({"code": "X", "quantity": -1}, "body.body.1.quantity"),
        ({"code": "X", "kind": "thing"}, "body.body.1.kind"),
        ({"code": "X", "colour": "red"}, "body.body.1.colour"),
    ],
)
def test_a_wrong_lot_is_refused_by_field_and_nothing_is_stored(
    api: Api, lot: dict[str, Any], field: str
) -> None:
    refused = api.post("/lots", [{"code": "FIRST"}, lot], 422)
    assert refused["errors"][0]["field"] == field
    assert not Lot.objects.exists()


def test_lots_are_blocked_and_released_with_a_reason(api: Api, manager: Any) -> None:
    api.post("/lots", LOTS)
    asked = {"lots": ["PL-1"], "reason": "gold too thin"}
    assert api.post("/lots/block", asked) == ["PL-1"]
    assert api.post("/lots/block", asked) == []
    assert api.get("/lots/PL-1")["status"] == "blocked"
    assert api.get("/lots?status=blocked")["items"][0]["status_reason"] == "gold too thin"
    assert api.post("/lots/release", asked | {"reason": "measured"}) == ["PL-1"]
    api.post("/lots/block", asked | {"reason": ""}, 422)
    api.post("/lots/block", asked | {"lots": ["NONE"]}, 404)


def test_an_operator_may_state_lots_but_not_block_them(
    factory: Any, client: Client, account_with: Any
) -> None:
    api = Api(client, account_with("OP"))
    api.post("/lots", LOTS)
    api.post("/lots/block", {"lots": ["PL-1"], "reason": "x"}, 403)
    api.get("/people", 403)


def test_a_repeated_request_is_answered_once(api: Api) -> None:
    first = api.post("/lots", LOTS, **{"Idempotency-Key": "k1"})
    assert api.post("/lots", LOTS, **{"Idempotency-Key": "k1"}) == first
    api.post("/lots", LOTS[:1], 409, **{"Idempotency-Key": "k1"})


def test_what_does_not_exist_is_a_problem_document(api: Api) -> None:
    for address in ("/lots/x", "/products/x", "/machines/x", "/partners/x", "/characteristics/x"):
        assert api.get(address, 404)["status"] == 404
