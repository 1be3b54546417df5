"""Monitoring over REST."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from chart_story import weeks_of_l3
from django.test import Client

from andon.records import clock
from small_factory import build_small_factory

API = "/api/v1"


@pytest.fixture
def api(db: None, engineer: Any, client: Client) -> Iterator[Client]:
    """A signed-in quality engineer before six weeks of L3."""
    build_small_factory()
    with clock.fixed(datetime(2025, 3, 13, 12, tzinfo=UTC)):
        weeks_of_l3(engineer)
        client.force_login(engineer)
        yield client


def post(client: Client, path: str, **body: Any) -> Any:
    """Send a body as JSON."""
    return client.post(f"{API}{path}", body, content_type="application/json")


def test_streams_tell_how_they_stand(api: Client) -> None:
    told = api.get(f"{API}/streams").json()
    assert [(one["code"], one["state"], one["limits_version"]) for one in told] == [
        ("PD/L3", "problem", 1)
    ]


def test_signals_are_paged_and_acknowledged_once(api: Client) -> None:
    first = api.get(f"{API}/signals?limit=2").json()
    assert len(first["items"]) == 2
    following = api.get(f"{API}/signals", {"limit": 2, "cursor": first["next"]}).json()
    assert following["items"][0]["id"] < first["items"][1]["id"]
    path = f"/signals/{first['items'][0]['id']}/acknowledge"
    assert post(api, path, reaction="insert changed").json()["reaction"] == "insert changed"
    assert post(api, path, reaction="again").status_code == 409
    assert post(api, path, reaction=" ").status_code == 422
    assert post(api, path, reaction="x", more=1).status_code == 422
    assert post(api, "/signals/999999/acknowledge", reaction="x").status_code == 404
    waiting = {one["id"] for one in api.get(f"{API}/signals?limit=500").json()["items"]}
    everyone = {
        one["id"] for one in api.get(f"{API}/signals?limit=500&is_open=false").json()["items"]
    }
    assert everyone - waiting == {first["items"][0]["id"]}


def test_findings_are_told_by_stream(api: Client) -> None:
    told = api.get(f"{API}/findings?stream=PD/L3").json()["items"]
    assert {one["rule"] for one in told} >= {"SHIFT"}
    assert all(one["place"] == "PD/L3" for one in told)
    assert api.get(f"{API}/findings?stream=none").json()["items"] == []


def test_a_new_phase_is_frozen_once_for_a_key(api: Client) -> None:
    path = f"{API}/streams/PD/L3/limits"
    body = {"since": "2025-01-06", "until": "2025-02-24", "reason": "new insert grade"}
    answers = [
        api.post(path, body, content_type="application/json", headers={"Idempotency-Key": "k"})
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    versions = api.get(path).json()
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[1]["upper"] > versions[1]["mean"] > versions[1]["lower"]
    assert post(api, "/streams/PD/L3/limits", **{**body, "until": "2025-01-07"}).status_code == 422
    assert api.get(f"{API}/streams/none/limits").status_code == 404


def test_who_may_only_look_changes_nothing(api: Client, account_with: Any) -> None:
    api.force_login(account_with("AUD"))
    signal = api.get(f"{API}/signals").json()["items"][0]["id"]
    assert post(api, f"/signals/{signal}/acknowledge", reaction="x").status_code == 403
    body = {"since": "2025-01-06", "until": "2025-02-24", "reason": "x"}
    assert post(api, "/streams/PD/L3/limits", **body).status_code == 403
    api.logout()
    assert api.get(f"{API}/signals").status_code == 401
