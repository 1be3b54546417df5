"""Single sign-on with a real OpenID Connect provider on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from andon.records.models import Account
from records.sign_in.door import code_of, enrolled, signed_in

PEOPLE = (
    User(sub="1", claims={"email": "QE@larkfield.example", "email_verified": True}),
    User(sub="2", claims={"email": "qe@larkfield.example", "email_verified": False}),
    User(sub="3", claims={"email": "nobody@larkfield.example", "email_verified": True}),
    User(sub="4", claims={"email": "qe@larkfield.example", "email_verified": "false"}),
    User(sub="5", claims={"name": "no address"}),
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of an identity provider that knows five people."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def account(engineer: Any, provider: str, settings: Any) -> Account:
    """The engineer's account, with the address that the provider knows."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso", "name": "Works", "client_id": "andon",
                    "secret": "kept", "settings": {"server_url": provider},
                }
            ],
        }
    }  # fmt: skip
    engineer.email = "qe@larkfield.example"
    engineer.save(update_fields=["email"])
    return Account.objects.get(pk=engineer.pk)


def vouched(browser: Client, sub: str) -> Any:
    """Go to the provider as one of its people, and come back with what it says."""
    out = browser.get("/login/sso/")
    assert out.status_code == 302
    back = requests.post(
        out["Location"], data={"sub": sub, "action": "authorize"}, allow_redirects=False, timeout=9
    )
    assert back.status_code == 302, back.text
    return browser.get(back.headers["Location"].removeprefix("http://testserver"))


def test_a_verified_address_opens_the_account_that_has_it(account: Account) -> None:
    browser = Client()
    assert vouched(browser, "1")["Location"] == "/"
    assert browser.get("/api/v1/me").json()["username"] == "engineer"
    assert SocialAccount.objects.get(uid="1").user_id == account.pk


def test_roles_stay_those_of_andon(account: Account) -> None:
    browser = Client()
    vouched(browser, "1")
    assert browser.get("/api/v1/me").json()["roles"] == ["QE"]


@pytest.mark.parametrize("sub", ["2", "3", "4", "5"])
def test_nobody_else_comes_in_and_no_account_is_made(account: Account, sub: str) -> None:
    browser, before = Client(), Account.objects.count()
    assert vouched(browser, sub)["Location"] == "/login/"
    assert browser.get("/api/v1/me").status_code == 401
    assert (Account.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_a_deactivated_account_stays_shut(account: Account) -> None:
    vouched(Client(), "1")
    account.is_active = False
    account.save(update_fields=["is_active"])
    browser = Client()
    vouched(browser, "1")
    assert browser.get("/api/v1/me").status_code == 401


def test_two_accounts_with_one_address_open_neither(account: Account, manager: Any) -> None:
    manager.email = account.email
    manager.save(update_fields=["email"])
    browser = Client()
    vouched(browser, "1")
    assert browser.get("/api/v1/me").status_code == 401


def test_the_second_factor_holds_here_too(account: Account) -> None:
    secret = enrolled(signed_in("engineer")[0])
    browser = Client()
    assert vouched(browser, "1")["Location"] == "/login/second-factor/"
    assert browser.get("/api/v1/me").status_code == 401
    browser.post("/login/second-factor/", {"code": code_of(secret)})
    assert browser.get("/api/v1/me").status_code == 200


def test_an_answer_that_was_not_asked_for_opens_nothing(account: Account) -> None:
    browser = Client()
    answer = browser.get("/login/sso/back/?code=made-up&state=made-up")
    assert answer.status_code in (200, 302, 401, 403)
    assert browser.get("/api/v1/me").status_code == 401


def test_the_sign_in_page_offers_it_only_when_it_is_set(account: Account, settings: Any) -> None:
    assert 'href="/login/sso/"' in Client().get("/login/").text
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert 'href="/login/sso/"' not in Client().get("/login/").text
    assert Client().get("/login/sso/").status_code == 404
