"""Guessing a password ends after ten failures, and the answer tells the guesser nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from andon.records import clock
from andon.records.login_limit import MOST_FAILURES
from andon.records.models import FailedLogin
from small_factory import NOON, PASSWORD

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.fixed(NOON):
        yield


def sign_in(name: str, password: str, address: str = HERE) -> Any:
    """Send the form of the log-in page."""
    browser = Client(REMOTE_ADDR=address)
    return browser.post("/login/", {"username": name, "password": password})


def shown(answer: Any) -> list[str]:
    """Return the errors that the form shows."""
    return [str(error) for error in answer.context["form"].non_field_errors()]


def test_the_right_password_opens(engineer: Any) -> None:
    assert sign_in("engineer", PASSWORD).status_code == 302
    assert FailedLogin.objects.count() == 0


def test_ten_failures_close_the_account_with_the_same_words(engineer: Any) -> None:
    answers = [sign_in("engineer", "guess", f"10.0.1.{place}") for place in range(MOST_FAILURES)]
    right = sign_in("engineer", PASSWORD, ELSEWHERE)
    assert right.status_code == 429
    assert shown(right) == shown(answers[0])


def test_nine_failures_close_nothing(engineer: Any) -> None:
    for _ in range(MOST_FAILURES - 1):
        sign_in("engineer", "guess")
    assert sign_in("engineer", PASSWORD).status_code == 302


def test_ten_failures_close_the_address_for_every_account(engineer: Any, manager: Any) -> None:
    for place in range(MOST_FAILURES):
        sign_in(f"somebody {place}", "guess")
    assert sign_in("manager", PASSWORD).status_code == 429
    assert sign_in("manager", PASSWORD, ELSEWHERE).status_code == 302


def test_other_letters_are_the_same_account(engineer: Any) -> None:
    for place in range(MOST_FAILURES):
        sign_in("Engineer" if place % 2 else "ENGINEER", "guess", f"10.0.1.{place}")
    assert sign_in("engineer", PASSWORD, ELSEWHERE).status_code == 429


def test_after_fifteen_minutes_the_account_opens_again(engineer: Any) -> None:
    for _ in range(MOST_FAILURES):
        sign_in("engineer", "guess")
    for minutes, status in ((14, 429), (15, 302)):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            assert sign_in("engineer", PASSWORD).status_code == status


def test_trying_while_it_is_closed_does_not_keep_it_closed(engineer: Any) -> None:
    for _ in range(MOST_FAILURES + 5):
        sign_in("engineer", "guess")
    assert FailedLogin.objects.count() == MOST_FAILURES


def test_failures_spread_over_time_close_nothing(engineer: Any) -> None:
    for place in range(MOST_FAILURES):
        with clock.fixed(NOON + timedelta(minutes=2 * place)):
            sign_in("engineer", "guess")
    with clock.fixed(NOON + timedelta(minutes=20)):
        assert sign_in("engineer", PASSWORD).status_code == 302


def test_a_failure_is_logged_and_forgotten_after_a_day(
    engineer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in("engineer", "guess")
    assert "log-in of 'engineer' from 10.0.0.1 failed" in caplog.text
    assert "guess" not in caplog.text
    with clock.fixed(NOON + timedelta(days=2)):
        sign_in("manager", "guess")
    assert [one.username for one in FailedLogin.objects.all()] == ["manager"]
