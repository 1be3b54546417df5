"""Electronic signatures: requirements 16 to 21 of docs/reference/trust.md."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.accounts import create_token
from andon.records.errors import NotSigned, Refused
from andon.records.models import Account, Entry, FailedLogin, Record, SecurityEvent, Signature
from andon.records.pdf import content_of_pdf
from andon.records.services import Signing, advance, create
from andon.records.signatures import signatures_of
from andon.records.trail.evidence import verify_all
from attacks_at_hand import copy_signature
from small_factory import PASSWORD

MEANING = "cancelled, lots released"
RIGHT = {"meaning": MEANING, "username": "manager", "password": PASSWORD, "reason": "double"}


@pytest.fixture
def report(engineer: Any) -> Callable[[], Nonconformity]:
    """Return a maker of nonconformities."""
    return lambda: create(Nonconformity(title="Burr", defect="burr"), actor=engineer)


@pytest.fixture
def office(manager: Any, client: Client) -> Client:
    """A browser in which the quality manager is signed in."""
    client.force_login(manager)
    return client


@pytest.fixture
def signed(report: Callable[[], Nonconformity], manager: Any) -> Nonconformity:
    """A cancelled nonconformity with one signature."""
    return advance(
        report(), "cancel", actor=manager, reason="double", signing=Signing(PASSWORD, MEANING)
    )


def post(browser: Client, record: Record, **typed: str) -> int:
    """Sign by the page and return the status: 302 done, 422 refused."""
    return browser.post(f"/nc/{record.number}/step/cancel/", typed).status_code


def test_requirement_16_name_time_with_zone_and_meaning_stand_everywhere(
    office: Client, signed: Nonconformity
) -> None:
    (line,) = signatures_of(signed)
    three = (line.name, MEANING, line.at)
    assert line.at.split()[-1] in ("CET", "CEST")
    page = office.get(f"/nc/{signed.number}/").content.decode()
    printed = json.dumps(content_of_pdf(signed)["signatures"])
    table = office.get("/nc/?format=csv").content.decode("utf-8-sig")
    assert all(text in place for text in three for place in (page, printed, table))
    told = office.get(f"/api/v1/nc/{signed.number}").json()["signatures"][0]
    assert (told["name"], told["meaning"], told["is_void"]) == (line.name, MEANING, False)
    assert told["signed_at"].endswith(("+01:00", "+02:00"))
    listed = json.loads(office.get("/nc/?format=json").content)[0]["signatures"]
    assert listed == [told]


def test_requirement_17_an_edit_makes_the_signature_visibly_void_everywhere(
    office: Client, signed: Nonconformity
) -> None:
    Nonconformity.objects.filter(pk=signed.pk).update(defect="scratch")
    fresh = Nonconformity.objects.get(pk=signed.pk)
    assert "void: edited after signing" in office.get(f"/nc/{signed.number}/").content.decode()
    assert content_of_pdf(fresh)["signatures"][0][-1] == "void: edited after signing"
    assert office.get(f"/api/v1/nc/{signed.number}").json()["signatures"][0]["is_void"]
    rows = csv.reader(io.StringIO(office.get("/nc/?format=csv").content.decode("utf-8-sig")))
    assert "void: edited after signing" in list(rows)[1][-1]


def test_requirement_17_a_signature_copied_to_another_record_fails_verification(
    report: Callable[[], Nonconformity], signed: Nonconformity
) -> None:
    from random import Random

    report()
    assert verify_all().is_whole
    place = copy_signature(Random(1))
    assert any(str(problem).startswith(place) for problem in verify_all().problems)


def test_requirement_17_a_signature_in_another_name_fails_verification(
    signed: Nonconformity, engineer: Any
) -> None:
    kept = Signature.objects.get()
    Signature.objects.create(
        record=kept.record, account=engineer, printed_name="engineer", transition="cancel",
        meaning=MEANING, digest="0" * 64, version=kept.version, signed_at=kept.signed_at,
    )  # fmt: skip
    assert any("in the name of engineer" in str(p) for p in verify_all().problems)


def test_requirement_18_the_first_signing_of_a_session_needs_name_and_password(
    office: Client, report: Callable[[], Nonconformity]
) -> None:
    record = report()
    assert post(office, record, **RIGHT | {"username": ""}) == 422
    assert post(office, record, **RIGHT | {"username": "engineer"}) == 422
    assert post(office, record, **RIGHT | {"password": ""}) == 422
    assert not Signature.objects.exists()
    assert post(office, record, **RIGHT) == 302


def test_requirement_18_later_signings_need_the_password_and_after_a_break_both(
    office: Client, report: Callable[[], Nonconformity]
) -> None:
    assert post(office, report(), **RIGHT) == 302
    without_name = RIGHT | {"username": ""}
    assert post(office, report(), **without_name | {"password": "guess"}) == 422
    assert post(office, report(), **without_name) == 302
    with clock.fixed(clock.now() + timedelta(minutes=16)):
        assert post(office, report(), **without_name) == 422
        assert post(office, report(), **RIGHT) == 302


def test_requirement_18_holds_at_the_interface_of_a_page_and_a_token_names_its_account(
    office: Client, report: Callable[[], Nonconformity], manager: Any
) -> None:
    body = {"reason": "double", "signing": {"password": PASSWORD, "meaning": MEANING}}
    place = f"/api/v1/nc/{report().number}/steps/cancel"
    assert office.post(place, body, "application/json").status_code == 422
    body["signing"] = {"password": PASSWORD, "meaning": MEANING, "username": "manager"}
    assert office.post(place, body, "application/json").status_code == 200
    del body["signing"]["username"]  # type: ignore[attr-defined]
    bearer = {"Authorization": f"Bearer {create_token(manager, name='t', actor=manager)}"}
    place = f"/api/v1/nc/{report().number}/steps/cancel"
    answer = Client().post(place, body, "application/json", headers=bearer)
    assert answer.status_code == 200


@pytest.mark.parametrize("roles", [("QM",), ("QM", "ADM"), ("QM", "TM")])
def test_requirement_19_nobody_signs_in_the_name_of_another(
    account_with: Callable[..., Account], report: Callable[[], Nonconformity], manager: Any,
    roles: tuple[str, ...],
) -> None:  # fmt: skip
    other = account_with(*roles, username="other")
    with pytest.raises(NotSigned):
        advance(
            report(), "cancel", actor=other, reason="r",
            signing=Signing(PASSWORD, MEANING, "manager"),
        )  # fmt: skip
    assert not Signature.objects.exists()


def test_requirement_19_four_eyes_refuse_owner_and_author(manager: Any) -> None:
    from dataclasses import replace

    record = create(Nonconformity(title="Burr", defect="burr"), actor=manager)
    step = replace(record.WORKFLOW.transition("cancel"), is_four_eyes=True)
    from andon.records.services import refusals

    found = refusals(record, step, actor=manager, reason="r", signing=Signing(PASSWORD, MEANING))
    assert [str(one.message) for one in found] == [
        "Somebody else must sign: not the owner and not the author."
    ]


def test_requirement_20_failed_signings_lock_and_tell_an_administrator_at_once(
    office: Client, report: Callable[[], Nonconformity], account_with: Callable[..., Account],
    mailoutbox: list[Any], django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    from andon.records.jobs.worker import work_once
    from andon.records.login_limit import MOST_FAILURES

    administrator = account_with("ADM")
    Account.objects.filter(pk=administrator.pk).update(email="admin@example.org")
    record = report()
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(MOST_FAILURES):
            assert post(office, record, **RIGHT | {"password": "guess"}) == 422
    assert FailedLogin.objects.filter(username="manager").count() == MOST_FAILURES
    assert post(office, record, **RIGHT) == 422
    kinds = set(SecurityEvent.objects.values_list("kind", flat=True))
    assert {"signing failed", "locked"} <= kinds
    work_once()
    told = [mail.body for mail in mailoutbox if mail.to == ["admin@example.org"]]
    assert len(told) == MOST_FAILURES
    assert record.number in told[0]
    assert "locked" in told[-1]


def test_requirement_20_the_interface_counts_failed_signings_too(
    office: Client, report: Callable[[], Nonconformity]
) -> None:
    signing = {"password": "guess", "meaning": MEANING, "username": "manager"}
    body = {"reason": "double", "signing": signing}
    place = f"/api/v1/nc/{report().number}/steps/cancel"
    assert office.post(place, body, "application/json").status_code == 422
    assert FailedLogin.objects.filter(username="manager").count() == 1
    assert Entry.objects.filter(table="records_securityevent", actor="manager").count() == 1


@pytest.mark.parametrize("meaning", ["", "I like it", "Cancelled, lots released", f"{MEANING} "])
def test_requirement_21_no_other_meaning_is_taken_and_none_is_ticked(
    office: Client, report: Callable[[], Nonconformity], manager: Any, meaning: str
) -> None:
    record = report()
    page = office.get(f"/nc/{record.number}/step/cancel/").content.decode()
    assert 'type="radio" name="meaning"' in page
    assert " checked" not in page.split('name="meaning"')[1].split(">")[0]
    assert post(office, record, **RIGHT | {"meaning": meaning}) == 422
    with pytest.raises(Refused):
        advance(record, "cancel", actor=manager, reason="r", signing=Signing(PASSWORD, meaning))
    assert not Signature.objects.exists()
