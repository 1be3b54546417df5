"""What Prometheus and the log are told about requests."""

import logging
from typing import Any

import pytest
from django.test import Client

from andon.records.accounts import create_token
from andon.records.models import Account
from small_factory import build_small_factory


@pytest.fixture
def administrator(account_with: Any) -> Account:
    """The administrator."""
    account: Account = account_with("ADM", username="administrator")
    return account


def figures(client: Client, account: Account) -> str:
    """Return what the interface tells a token of this account."""
    token = create_token(account, name="prometheus", actor=account)
    answer = client.get("/api/v1/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return answer.content.decode()


def test_requests_are_counted_by_route_and_never_by_address(
    client: Client, administrator: Account
) -> None:
    client.get("/nc/NC-2025-0001/")
    client.get("/no-such-page-anywhere/")
    text = figures(client, administrator)
    assert 'route="/<str:prefix>/<str:number>/"' in text or 'route="/<' in text
    assert 'route="unknown",status="404"' in text
    assert "NC-2025-0001" not in text
    assert "no-such-page" not in text


def test_the_installation_tells_how_far_it_has_come(client: Client, administrator: Account) -> None:
    build_small_factory()
    text = figures(client, administrator)
    assert "andon_database_up 1.0" in text
    entries = next(line for line in text.splitlines() if line.startswith("andon_entries_total"))
    assert float(entries.split()[1]) > 10


def test_others_do_not_see_the_figures(client: Client, engineer: Account) -> None:
    assert client.get("/api/v1/metrics").status_code == 401
    client.force_login(engineer)
    assert client.get("/api/v1/metrics").status_code == 403


def test_a_request_has_a_number_and_one_line(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "andon.request"):
        own = client.get("/health/live")["X-Request-ID"]
        given = client.get("/health/live", headers={"X-Request-ID": "proxy-number-7"})
        forged = client.get("/health/live", headers={"X-Request-ID": "a b\tc" * 3})
    assert len(own) == 32
    assert given["X-Request-ID"] == "proxy-number-7"
    assert len(forged["X-Request-ID"]) == 32
    lines = [one for one in caplog.records if one.name == "andon.request"]
    assert [one.__dict__["route"] for one in lines] == ["/health/live"] * 3
