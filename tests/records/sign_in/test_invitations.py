"""Invitations: a link opens an account once; nobody signs up; a loaded account gets a password."""

from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from andon.cli import main
from andon.records.accounts import deactivate
from andon.records.errors import Forbidden, Refused
from andon.records.models import Account, SecurityEvent
from andon.records.sign_in.invitations import invite
from andon.records.trail.context import acting

NEW = "seven plungers in a row"


@pytest.fixture
def loaded(system: Any) -> Account:
    """An account as master data bring it: without a password."""
    with acting(system):
        return Account.objects.create_user("loaded", name="Loaded")


def chosen(path: str, password: str = NEW, again: str = "") -> Any:
    """Send the form behind an invitation."""
    return Client().post(path, {"password": password, "again": again or password})


def test_an_invitation_opens_the_account_once(loaded: Account, system: Any) -> None:
    path = invite(loaded, actor=system)
    assert Client().get(path).status_code == 200
    assert chosen(path).status_code == 302
    browser = Client()
    assert browser.post("/login/", {"username": "loaded", "password": NEW}).status_code == 302
    assert Client().get(path).status_code == 404
    assert chosen(path, "another one entirely").status_code == 404


def test_an_invitation_ends_after_days(
    loaded: Account, system: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    path = invite(loaded, actor=system)
    settings.PASSWORD_RESET_TIMEOUT = -int(timedelta(days=1).total_seconds())
    assert Client().get(path).status_code == 404


def test_a_bad_password_is_refused_and_the_link_stays_good(loaded: Account, system: Any) -> None:
    path = invite(loaded, actor=system)
    assert chosen(path, "password1234").status_code == 422
    assert chosen(path, NEW, "something else").status_code == 422
    assert chosen(path).status_code == 302


@pytest.mark.parametrize("path", ["/invitation/MQ/x-y/", "/invitation/%00/x/", "/invitation/x/y/"])
def test_a_made_up_link_opens_nothing(db: None, path: str) -> None:
    assert Client().get(path).status_code in (404, 422)


def test_only_an_administrator_invites(loaded: Account, engineer: Any, system: Any) -> None:
    with pytest.raises(Forbidden):
        invite(loaded, actor=engineer)
    deactivate(loaded, actor=system)
    loaded.refresh_from_db()
    with pytest.raises(Refused):
        invite(loaded, actor=system)


def test_nobody_signs_themselves_up(db: None) -> None:
    for page in ("/signup/", "/accounts/signup/", "/login/signup/", "/register/"):
        assert Client().get(page).status_code in (302, 404), page
        assert Client().post(page, {"username": "new"}).status_code in (302, 403, 404, 405), page
    assert not Account.objects.filter(username="new").exists()


def test_the_command_gives_a_loaded_account_its_password(loaded: Account) -> None:
    told = CliRunner().invoke(main, ["user", "loaded", "--role", "QE"], input=f"{NEW}\n{NEW}\n")
    assert told.exit_code == 0, told.output
    loaded = Account.objects.get(username="loaded")
    assert loaded.check_password(NEW)
    assert loaded.roles() == {"QE"}


def test_the_command_refuses_a_name_that_is_taken(engineer: Any) -> None:
    told = CliRunner().invoke(main, ["user", "engineer"], input=f"{NEW}\n{NEW}\n")
    assert told.exit_code == 1
    assert "given already" in told.output
    engineer.refresh_from_db()
    assert not engineer.check_password(NEW)


def test_invitation_and_new_password_are_kept(loaded: Account, system: Any) -> None:
    chosen(invite(loaded, actor=system))
    kinds = list(SecurityEvent.objects.values_list("kind", flat=True))
    assert "invited" in kinds
    assert "password changed" in kinds
    assert timezone.now() >= SecurityEvent.objects.latest("id").happened_at
