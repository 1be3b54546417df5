"""One's own page: roles, permissions, password, tokens; and the page that verifies the trail."""

import re
from typing import Any

from django.test import Client
from record_acts import PASSWORD, behind_the_back

from andon.identify.nonconformities.models import Nonconformity
from andon.records.accounts import account_of_token


def told(browser: Client, address: str) -> str:
    """Return the text of a page."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_profile_says_who_one_is_and_what_one_may(desk: Client) -> None:
    page = told(desk, "/profile/")
    assert "engineer · quality engineer" in page
    assert "<code>nonconformity.review</code>" in page
    assert "records.accounts" not in page


def test_a_token_is_shown_once_works_and_ends(desk: Client, engineer: Any) -> None:
    desk.post("/profile/tokens/", {"name": "gauge at L3"})
    page = told(desk, "/profile/")
    found = re.search(r"andon_[\w-]+", page)
    assert found is not None
    secret = found[0]
    assert secret not in told(desk, "/profile/")
    known = account_of_token(secret)
    assert known is not None
    assert known[0] == engineer
    desk.post(f"/profile/tokens/{known[1].pk}/revoke/")
    assert account_of_token(secret) is None
    assert "revoked" in told(desk, "/profile/")


def test_somebody_elses_token_is_not_ended(desk: Client, office: Client, engineer: Any) -> None:
    desk.post("/profile/tokens/", {"name": "gauge"})
    office.post(f"/profile/tokens/{engineer.tokens.get().pk}/revoke/")
    assert engineer.tokens.get().revoked_at is None


def test_a_password_is_changed_with_the_old_one_only(desk: Client, engineer: Any) -> None:
    new = "a longer one than before"
    given = {"old_password": "guess", "new_password1": new, "new_password2": new}
    assert desk.post("/profile/password/", given).status_code == 200
    engineer.refresh_from_db()
    assert engineer.check_password(PASSWORD)
    answer = desk.post("/profile/password/", {**given, "old_password": PASSWORD})
    assert answer.status_code == 302
    engineer.refresh_from_db()
    assert engineer.check_password(new)


def test_the_trail_is_verified_on_a_page_for_those_who_may(
    desk: Client, client: Client, record: Nonconformity, account_with: Any
) -> None:
    assert "The trail is whole" in told(desk, "/trail/verify/")
    own = f"{record.get_absolute_url()}verify/"
    assert f"The trail of {record.number} is whole" in told(desk, own)
    behind_the_back("UPDATE records_record SET title = 'x' WHERE id = %s", record.pk)
    page = told(desk, "/trail/verify/")
    assert "1 place does not agree with the trail" in page
    assert f"records_record {record.pk}" in page
    assert "1 place does not agree" in told(desk, own)
    client.force_login(account_with("OP"))
    assert client.get("/trail/verify/").status_code == 403
    assert client.get(own).status_code == 403
