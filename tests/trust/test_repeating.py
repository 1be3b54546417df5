"""No request creates anything twice: every form of a page and every operation of the interface."""

import errno
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from andon.board import uploads
from andon.identify.measurements.files import Table
from andon.identify.measurements.submission import Outcome
from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock, lost
from andon.records.accounts import create_token
from andon.records.models import Attachment, Comment, FailedLogin, IdempotencyKey, Link, Record
from andon.records.repeating import OnlyOnce
from andon.records.services import create
from andon.records.trail.evidence import verify_all
from small_factory import build_small_factory


@pytest.fixture
def record(engineer: Any) -> Nonconformity:
    """A nonconformity in draft."""
    return create(Nonconformity(title="Burr", defect="burr"), actor=engineer)


@pytest.fixture
def desk(engineer: Any) -> Client:
    """A browser that sends the token of its forms, as a real one does."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(engineer)
    return browser


def token_on(browser: Client, place: str) -> str:
    """Return the token of the forms of a page."""
    text = browser.get(place).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert found
    return found[1]


def test_each_page_gives_its_forms_a_key_of_their_own(desk: Client, record: Nonconformity) -> None:
    assert token_on(desk, f"/nc/{record.number}/") != token_on(desk, f"/nc/{record.number}/")


@pytest.mark.parametrize(
    "case",
    [
        ("comments/", {"text": "seen"}, Comment),
        ("files/", {"file": b"photo"}, Attachment),
        ("trail-review/", {"note": "fine"}, None),
    ],
)
def test_a_double_click_on_a_record_page_does_it_once(
    desk: Client, record: Nonconformity, data_folder: Path, case: tuple[str, Any, Any]
) -> None:
    place, typed, model = case
    token = token_on(desk, f"/nc/{record.number}/")
    answers = []
    for _click in range(2):
        files = {n: SimpleUploadedFile("a.txt", v) for n, v in typed.items() if n == "file"}
        sent = {**typed, **files, "csrfmiddlewaretoken": token}
        answers.append(desk.post(f"/nc/{record.number}/{place}", sent))
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, f"/nc/{record.number}/")] * 2
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert (model or record.trail_reviews.model).objects.count() == 1


def test_a_double_click_creates_one_record(desk: Client, account_with: Callable[..., Any]) -> None:
    metrologist = account_with("QE", "MET")
    desk.force_login(metrologist)
    token = token_on(desk, "/ca/new/")
    before = Record.objects.count()
    for _click in range(2):
        answer = desk.post("/ca/new/", {"title": "Burr again", "csrfmiddlewaretoken": token})
    assert Record.objects.count() == before + (1 if answer.status_code == 302 else 0)
    assert answer.status_code in (302, 422)


def test_other_content_from_the_same_page_is_another_request(
    desk: Client, record: Nonconformity
) -> None:
    token = token_on(desk, f"/nc/{record.number}/")
    for text in ("one", "two", "one"):
        typed = {"text": text, "csrfmiddlewaretoken": token}
        desk.post(f"/nc/{record.number}/comments/", typed)
    assert sorted(Comment.objects.values_list("text", flat=True)) == ["one", "two"]


def test_a_refused_form_may_be_sent_again_and_its_failure_stays_counted(
    account_with: Callable[..., Any], record: Nonconformity
) -> None:
    manager = account_with("QM", username="manager")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(manager)
    place = f"/nc/{record.number}/step/cancel/"
    typed = {
        "meaning": "cancelled, lots released", "username": "manager", "password": "guess",
        "reason": "double", "csrfmiddlewaretoken": token_on(browser, place),
    }  # fmt: skip
    assert [browser.post(place, typed).status_code for _time in range(2)] == [422, 422]
    assert FailedLogin.objects.filter(username="manager").count() == 2
    assert IdempotencyKey.objects.count() == 0
    assert verify_all().is_whole


@pytest.mark.parametrize(
    ("place", "body", "status"),
    [("comments", {"text": "seen"}, 201), ("links", {"target": "", "kind": "related"}, 201)],
)
def test_an_operation_below_a_record_is_done_once(
    record: Nonconformity, engineer: Any, place: str, body: dict[str, Any], status: int
) -> None:
    other = create(Nonconformity(title="Other", defect="burr"), actor=engineer)
    body = {**body, "target": other.number} if "target" in body else body
    secret = create_token(engineer, name="t", actor=engineer)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k1"}
    address = f"/api/v1/nc/{record.number}/{place}"
    answers = [
        Client().post(address, body, "application/json", headers=headers) for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [status, status]
    assert answers[0].content == answers[1].content
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert Comment.objects.count() + Link.objects.count() == 1
    other_body = {**body, "text": "else"} if "text" in body else {**body, "note": "else"}
    refused = Client().post(address, other_body, "application/json", headers=headers)
    assert refused.status_code == 409


def test_a_key_of_one_account_says_nothing_to_another(
    record: Nonconformity, engineer: Any, manager: Any
) -> None:
    for account in (engineer, manager):
        secret = create_token(account, name="t", actor=account)
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "same"}
        body = {"text": f"by {account}"}
        address = f"/api/v1/nc/{record.number}/comments"
        answer = Client().post(address, body, "application/json", headers=headers)
        assert answer.status_code == 201
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("key", ["k" * 201, "a\0b"])
def test_a_key_that_cannot_be_kept_is_refused(
    record: Nonconformity, engineer: Any, key: str
) -> None:
    secret = create_token(engineer, name="t", actor=engineer)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
    address = f"/api/v1/nc/{record.number}/comments"
    answer = Client().post(address, {"text": "seen"}, "application/json", headers=headers)
    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_a_stating_and_a_changing_operation_are_done_once_too(
    record: Nonconformity, engineer: Any
) -> None:
    secret = create_token(engineer, name="t", actor=engineer)
    told = {"aspect": "what", "is_so": "burr"}
    for method, path, body in (
        ("PUT", f"/api/v1/records/{record.number}/is-is-not", told),
        ("PATCH", f"/api/v1/nc/{record.number}?reason=seen", {"title": "Burr at tip"}),
    ):
        version = str(Record.objects.get(pk=record.pk).version)
        headers = {
            "Authorization": f"Bearer {secret}", "Idempotency-Key": method, "If-Match": version,
        }  # fmt: skip
        answers = [
            Client().generic(method, path, json.dumps(body), "application/json", headers=headers)
            for _time in range(2)
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[1]["Idempotency-Replayed"] == "true"
        assert Record.objects.get(pk=record.pk).version == int(version) + 1


def test_what_a_failed_request_began_is_taken_back(
    record: Nonconformity, engineer: Any, rf: RequestFactory
) -> None:
    def begin_and_fail(_request: HttpRequest) -> HttpResponse:
        Comment.objects.create(record=record, text="half", author=engineer, written_at=clock.now())
        return HttpResponse(status=500)

    request = rf.post("/nc/", {"csrfmiddlewaretoken": "t" * 64})
    request.user = engineer
    assert OnlyOnce(begin_and_fail)(request).status_code == 500
    assert not Comment.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_of_two_files_both_are_kept_or_none(
    desk: Client, record: Nonconformity, data_folder: Path, settings: Any
) -> None:
    settings.MAX_ATTACHMENT_BYTES = 10
    place = f"/nc/{record.number}/"
    files = [SimpleUploadedFile("a.txt", b"short"), SimpleUploadedFile("b.txt", b"longer than ten")]
    sent = {"file": files, "csrfmiddlewaretoken": token_on(desk, place)}
    assert desk.post(f"{place}files/", sent).status_code == 422
    assert not Attachment.objects.exists()


def test_a_report_whose_photo_is_refused_is_not_made(
    desk: Client, data_folder: Path, settings: Any
) -> None:
    settings.MAX_ATTACHMENT_BYTES = 10
    build_small_factory()
    photo = SimpleUploadedFile("a.jpg", b"longer than ten", "image/jpeg")
    sent = {
        "defect": "burr", "quantity": "5", "location": "L3", "photo": photo,
        "csrfmiddlewaretoken": token_on(desk, "/nc/new/"),
    }  # fmt: skip
    assert desk.post("/nc/new/", sent).status_code == 422
    assert not Record.objects.exists()


def test_an_uploaded_table_stays_until_what_was_taken_in_is_committed(
    engineer: Any, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DATA_DIR = tmp_path
    key = uploads.keep_table(Table(("value",), (("1",),)), "a.csv", actor=engineer)
    with django_capture_on_commit_callbacks() as after_commit:
        uploads.keep_outcome(key, "a.csv", Outcome(records=1, stored=1), actor=engineer)
    assert uploads.kept_table(key, actor=engineer)
    for callback in after_commit:
        callback()
    assert uploads.kept_table(key, actor=engineer) is None
    assert uploads.kept_outcome(key, actor=engineer)


def test_a_full_disk_is_told_as_one(db: None) -> None:
    full = sqlite3.connect(":memory:")
    full.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as told:
        full.execute("CREATE TABLE page (text)")
    error = OperationalError("nothing of it")
    error.__cause__ = told.value
    assert lost.words(error) == (
        "The disk is full", "Nothing was stored; make space, then send it again.",
    )  # fmt: skip
    assert lost.words(OperationalError("gone"))[0] == "The database is away"
    assert lost.is_loss(OSError(errno.ENOSPC, "no space"))
    assert not lost.is_loss(OSError(errno.EACCES, "not permitted"))


def test_every_creating_operation_but_one_goes_through_the_same_gate() -> None:
    from andon.records.repeating import _OWN_WAY

    assert _OWN_WAY == ("/api/v1/measurements",)
    text = (Path(__file__).parents[2] / "src/andon/settings.py").read_text()
    order = [line.strip(' ",') for line in text.splitlines() if "andon.records." in line]
    assert order.index("andon.records.watching.Watched") < order.index(
        "andon.records.repeating.OnlyOnce"
    )
