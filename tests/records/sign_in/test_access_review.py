"""The access review: complete, the same as page, CSV and PDF, and signed by who looked."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from andon.records.accounts import create_token, deactivate
from andon.records.models import Account, SecurityEvent
from andon.records.sign_in.review import content_of_pdf, report
from records.sign_in.door import enrolled, signed_in
from small_factory import PASSWORD


@pytest.fixture
def administrator(account_with: Any, engineer: Any, manager: Any, system: Any) -> Client:
    """Somebody who reviews: one has a second factor, one a token, one has left."""
    enrolled(signed_in("engineer")[0])
    create_token(manager, name="gauge at L3", actor=manager)
    deactivate(account_with("OP", username="=left"), actor=system)
    account_with("ADM", username="admin")
    return signed_in("admin")[0]


def test_requirement_29_every_account_stands_in_it(administrator: Client) -> None:
    answer = administrator.get("/accounts/access.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = {row[0]: row for row in rows[1:]}
    assert len(told) == Account.objects.count()
    assert told["engineer"][3:] == ["quality engineer", "yes", told["engineer"][5], "totp", ""]
    assert told["engineer"][5] != ""
    assert told["manager"][5:] == ["", "", "gauge at L3"]
    assert told["'=left"][4] == "no"


def test_requirement_29_page_and_pdf_tell_the_same(administrator: Client) -> None:
    page = administrator.get("/accounts/")
    told = content_of_pdf(report())
    assert "gauge at L3" in page.text
    assert [line for _account, line in page.context["rows"]] == told["lines"]
    assert page.context["digest"] in told["foot"]
    pdf = administrator.get("/accounts/access.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert len(pdf.content) > 5000


def test_requirement_29_the_review_is_signed_and_kept(administrator: Client) -> None:
    digest = administrator.get("/accounts/").context["digest"]
    given = {"digest": digest, "remark": "two left", "password": PASSWORD}
    wrong = administrator.post("/accounts/review/", {**given, "password": "guess"})
    assert wrong.status_code == 422
    assert administrator.post("/accounts/review/", given).status_code == 302
    kept = SecurityEvent.objects.get(kind=SecurityEvent.Kind.ACCESS_REVIEWED)
    assert (kept.username, kept.about) == ("admin", f"{digest} two left")
    assert "two left" in administrator.get("/accounts/").text


def test_requirement_29_what_changed_meanwhile_is_looked_at_again(
    administrator: Client, manager: Any, system: Any
) -> None:
    digest = administrator.get("/accounts/").context["digest"]
    deactivate(manager, actor=system)
    given = {"digest": digest, "password": PASSWORD}
    assert administrator.post("/accounts/review/", given).status_code == 422


def test_an_administrator_invites_and_deactivates_from_the_page(
    administrator: Client, manager: Any
) -> None:
    administrator.post(f"/accounts/{manager.pk}/invite/")
    page = administrator.get("/accounts/").text
    assert "http://testserver/invitation/" in page
    assert "http://testserver/invitation/" not in administrator.get("/accounts/").text
    administrator.post(f"/accounts/{manager.pk}/deactivate/")
    manager.refresh_from_db()
    assert not manager.is_active


def test_who_may_not_is_refused(engineer: Any) -> None:
    browser = signed_in("engineer")[0]
    for page in ("/accounts/", "/accounts/access.csv", "/accounts/access.pdf"):
        assert browser.get(page).status_code == 403, page
    assert browser.post(f"/accounts/{engineer.pk}/deactivate/").status_code == 403
