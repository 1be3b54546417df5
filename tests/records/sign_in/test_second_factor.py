"""The second factor: enrolled once, asked at every door, recovered by codes, needed by roles."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from andon.records.accounts import create_token
from andon.records.login_limit import MOST_FAILURES
from andon.records.models import Entry, SecurityEvent
from records.sign_in.door import code_of, enrolled, recovery_codes, signed_in


@pytest.fixture
def secret(engineer: Any) -> str:
    """The secret of the app that the engineer enrolled."""
    return enrolled(signed_in("engineer")[0])


def test_an_app_is_asked_for_its_code(engineer: Any, secret: str) -> None:
    visitor, answer = signed_in("engineer")
    assert answer["Location"] == "/login/second-factor/"
    assert visitor.get("/profile/").status_code == 302
    answer = visitor.post("/login/second-factor/", {"code": code_of(secret)})
    assert answer["Location"] == "/"
    assert visitor.get("/profile/").status_code == 200


def test_a_password_alone_opens_no_door(engineer: Any, secret: str) -> None:
    visitor, _answer = signed_in("engineer")
    for page in ("/", "/nc/", "/profile/", "/profile/second-factor/", "/profile/passkeys/add/"):
        assert visitor.get(page)["Location"].startswith("/login/"), page
    assert visitor.get("/api/v1/me").status_code == 401
    assert visitor.post("/profile/tokens/", {"name": "x"})["Location"].startswith("/login/")
    assert visitor.get("/admin/").status_code == 404


def test_a_wrong_code_opens_nothing_and_counts_to_the_limit(engineer: Any, secret: str) -> None:
    visitor, _answer = signed_in("engineer")
    for _ in range(MOST_FAILURES):
        assert visitor.post("/login/second-factor/", {"code": "000000"}).status_code == 200
    visitor.post("/login/second-factor/", {"code": code_of(secret)})
    assert visitor.get("/profile/").status_code == 302


def test_a_code_is_good_once(engineer: Any, secret: str) -> None:
    code = code_of(secret)
    first, _answer = signed_in("engineer")
    first.post("/login/second-factor/", {"code": code})
    second, _answer = signed_in("engineer")
    second.post("/login/second-factor/", {"code": code})
    assert first.get("/profile/").status_code == 200
    assert second.get("/profile/").status_code == 302


def test_a_recovery_code_opens_once(engineer: Any, secret: str) -> None:
    code = recovery_codes(engineer)[0]
    for expected in (200, 302):
        visitor, _answer = signed_in("engineer")
        visitor.post("/login/second-factor/", {"code": code})
        assert visitor.get("/profile/").status_code == expected
    assert len(recovery_codes(engineer)) == 9


def test_secrets_are_sealed_in_the_database(engineer: Any, secret: str) -> None:
    kept = Authenticator.objects.get(user=engineer, type="totp")
    assert kept.data["secret"].startswith("sealed:")
    assert secret not in str(kept.data)


def test_enrolling_needs_the_password_again(engineer: Any) -> None:
    visitor, _answer = signed_in("engineer")
    assert visitor.get("/profile/second-factor/app/")["Location"].startswith("/profile/again/")
    assert visitor.get("/profile/passkeys/add/")["Location"].startswith("/profile/again/")


def test_what_changes_the_second_factor_stands_in_the_trail(engineer: Any, secret: str) -> None:
    event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.SECOND_FACTOR)
    assert (event.username, event.about) == ("engineer", "mfa_activate_totp")
    told = Entry.objects.filter(table=SecurityEvent._meta.db_table, actor="engineer")
    assert any("second factor changed" in entry.new for entry in told)


def test_a_role_that_needs_it_goes_nowhere_without(manager: Any, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["QM"]
    visitor, _answer = signed_in("manager")
    for page in ("/", "/nc/", "/profile/", "/nc/new/"):
        assert visitor.get(page)["Location"] == "/profile/second-factor/", page
    assert visitor.get("/api/v1/me").status_code == 403
    enrolled(visitor)
    assert visitor.get("/nc/").status_code == 200
    assert visitor.get("/api/v1/me").status_code == 200


def test_other_roles_go_on_without(engineer: Any, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["QM"]
    assert signed_in("engineer")[0].get("/nc/").status_code == 200


def test_a_device_calls_by_its_token_without_a_second_factor(manager: Any, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["QM"]
    secret = create_token(manager, name="gauge", actor=manager)
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
