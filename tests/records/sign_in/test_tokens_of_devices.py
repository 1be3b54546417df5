"""A device's token: what it may do, until when, that it was used, and that it ends."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from andon.records import clock
from andon.records.accounts import create_token, deactivate, revoke_token, token_digest
from andon.records.errors import Forbidden, Refused
from andon.records.models import ApiToken, Entry
from small_factory import NOON, build_small_factory, measured


def called(secret: str, path: str = "/api/v1/me", body: Any = None) -> int:
    """Return the status of a call with a token."""
    headers = {"Authorization": f"Bearer {secret}"}
    if body is None:
        return Client().get(path, headers=headers).status_code
    sent = {"data": json.dumps(body), "content_type": "application/json", "headers": headers}
    return Client().post(path, **sent).status_code


@pytest.fixture
def gauge(engineer: Any, noon: Any) -> str:
    """The token of a gauge that may record measurements and nothing else."""
    return create_token(
        engineer, name="gauge", actor=engineer, scopes=["measurements.record"],
        expires_at=NOON + timedelta(days=30),
    )  # fmt: skip


def test_requirement_28_a_scope_opens_its_own_door_only(gauge: str) -> None:
    build_small_factory()
    assert called(gauge, "/api/v1/measurements", {"rows": [measured()]}) in (200, 201)
    for path in ("/api/v1/me", "/api/v1/nc/", "/api/v1/measurements", "/api/v1/people"):
        assert called(gauge, path) == 403, path
    assert called(gauge, "/api/v1/nonconformities", {"title": "x"}) == 403


def test_requirement_28_it_ends_at_its_end(gauge: str) -> None:
    for days, status in ((29, 403), (30, 401), (31, 401)):
        with clock.fixed(NOON + timedelta(days=days)):
            assert called(gauge) == status


def test_requirement_28_revoked_deactivated_and_unknown_are_401(
    engineer: Any, manager: Any, system: Any, noon: Any
) -> None:
    first, second = (create_token(engineer, name="x", actor=engineer) for _ in range(2))
    other = create_token(manager, name="y", actor=manager)
    assert {called(one) for one in (first, second, other)} == {200}
    revoke_token(engineer, key=ApiToken.objects.get(digest=token_digest(first)).pk, actor=engineer)
    deactivate(manager, actor=system)
    wanted = [401, 200, 401, 401, 401]
    assert [called(one) for one in (first, second, other, "andon_made-up", "")] == wanted


def test_requirement_28_only_the_hash_is_stored(gauge: str, engineer: Any) -> None:
    kept = engineer.tokens.get()
    assert kept.digest == token_digest(gauge)
    assert gauge not in str(list(ApiToken.objects.values()))
    assert gauge not in "".join(Entry.objects.values_list("new", flat=True))


def test_requirement_28_the_last_use_is_known_to_the_minute(gauge: str, engineer: Any) -> None:
    seen = []
    for seconds in (0, 30, 61):
        with clock.fixed(NOON + timedelta(seconds=seconds)):
            called(gauge)
        seen.append(engineer.tokens.get().last_used_at)
    assert seen == [NOON, NOON, NOON + timedelta(seconds=61)]


def test_a_scope_that_does_not_exist_is_refused(engineer: Any) -> None:
    with pytest.raises(Refused, match=r"measurements\.recrod"):
        create_token(engineer, name="x", actor=engineer, scopes=["measurements.recrod"])


def test_a_token_never_gives_more_than_its_account(account_with: Any) -> None:
    operator = account_with("OP")
    secret = create_token(operator, name="x", actor=operator, scopes=["people.view"])
    assert called(secret, "/api/v1/people") == 403


def test_nobody_makes_or_ends_tokens_for_others(engineer: Any, manager: Any) -> None:
    with pytest.raises(Forbidden):
        create_token(manager, name="x", actor=engineer)
    with pytest.raises(Forbidden):
        revoke_token(manager, key=1, actor=engineer)


def test_the_page_makes_a_token_with_scope_and_end(engineer: Any, noon: Any) -> None:
    browser = Client()
    browser.force_login(engineer)
    given = {"name": "gauge", "scopes": ["measurements.record"], "expires_on": "2025-12-31"}
    browser.post("/profile/tokens/", given)
    kept = engineer.tokens.get()
    assert kept.scopes == ["measurements.record"]
    assert kept.expires_at.isoformat() == "2025-12-31T22:59:59.999999+00:00"
    for bad in ("2024-01-01", "tomorrow", "99999-01-01"):
        answer = browser.post("/profile/tokens/", {"name": "x", "expires_on": bad})
        assert answer.status_code == 422, bad
