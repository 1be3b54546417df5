"""Sessions: a new key at sign-in, an idle and an absolute end, and an end by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from andon.records import clock
from andon.records.accounts import deactivate
from records.sign_in.door import signed_in
from small_factory import NOON, PASSWORD


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 302)])
def test_a_session_ends_when_it_is_idle(
    engineer: Any, noon: Any, minutes: int, status: int
) -> None:
    visitor, _answer = signed_in("engineer")
    with clock.fixed(NOON + timedelta(minutes=minutes)):
        assert visitor.get("/profile/").status_code == status


def test_a_session_ends_after_twelve_hours_however_busy(engineer: Any, noon: Any) -> None:
    visitor, _answer = signed_in("engineer")
    seen = []
    for minutes in range(30, 751, 30):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            seen.append(visitor.get("/profile/").status_code)
    assert seen == [200] * 24 + [302]


def test_signing_in_changes_the_key_of_the_session(engineer: Any) -> None:
    visitor = Client()
    visitor.get("/login/")
    session = visitor.session
    session["kept"] = 1
    session.save()
    before = visitor.session.session_key
    signed_in("engineer", visitor)
    assert visitor.session.session_key != before


def test_deactivation_ends_every_session_and_token_at_once(engineer: Any, system: Any) -> None:
    first, _a = signed_in("engineer")
    second, _a = signed_in("engineer")
    deactivate(engineer, actor=system)
    for visitor in (first, second):
        assert visitor.get("/profile/").status_code == 302
        assert visitor.get("/api/v1/me").status_code == 401


def test_one_sees_and_ends_ones_own_sessions(engineer: Any) -> None:
    here, _a = signed_in("engineer")
    there, _a = signed_in("engineer", Client(REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT="Kiosk"))
    page = here.get("/profile/sessions/")
    assert "10.1.2.3" in page.text
    assert "Kiosk" in page.text
    key = page.context["sessions"][0].pk
    other = next(one.pk for one in page.context["sessions"] if one.ip == "10.1.2.3")
    assert key
    assert here.post(f"/profile/sessions/{other}/end/").status_code == 302
    assert there.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200


def test_somebody_elses_session_is_not_there(engineer: Any, manager: Any) -> None:
    here, _a = signed_in("engineer")
    there, _a = signed_in("manager")
    key = here.get("/profile/sessions/").context["sessions"][0].pk
    assert there.post(f"/profile/sessions/{key}/end/").status_code == 404
    assert here.get("/profile/").status_code == 200


def test_a_new_password_ends_the_other_sessions(engineer: Any) -> None:
    here, _a = signed_in("engineer")
    there, _a = signed_in("engineer")
    new = "seven plungers in a row"
    here.post(
        "/profile/password/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(
    engineer: Any, account_with: Callable[..., Any]
) -> None:
    visitor, _a = signed_in("engineer")
    stolen = Client()
    stolen.cookies = visitor.cookies.copy()
    visitor.post("/logout/")
    assert stolen.get("/profile/").status_code == 302
