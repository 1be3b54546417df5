"""Creating and changing records by their forms, and what happens when two people do it at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from record_acts import cancelled

from andon.identify.nonconformities.models import Nonconformity
from andon.improve.actions.models import CorrectiveAction
from andon.records.models import Record
from andon.records.services import change


def sent(record: Nonconformity, **values: Any) -> dict[str, Any]:
    """Return what the form of a nonconformity sends."""
    return {
        "title": record.title,
        "defect": record.defect,
        "unit": "pieces",
        "version": 1,
        **values,
    }


@pytest.fixture
def form(record: Nonconformity) -> str:
    """The address of the form that changes the record."""
    return f"{record.get_absolute_url()}change/"


def test_a_record_is_created_from_its_few_fields(desk: Client) -> None:
    assert "New Corrective action" in desk.get("/ca/new/").content.decode()
    answer = desk.post("/ca/new/", {"title": "Dull brush", "severity": "minor"})
    created = CorrectiveAction.objects.get()
    assert answer.headers["Location"] == created.get_absolute_url()
    assert (created.title, created.severity, created.state) == ("Dull brush", "minor", "opened")


def test_a_missing_title_is_told_beside_its_field(desk: Client) -> None:
    answer = desk.post("/ca/new/", {"severity": "minor"})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert not Record.objects.exists()


def test_the_address_fills_the_form_in(desk: Client) -> None:
    assert 'value="Burr at A2"' in desk.get("/ca/new/?title=Burr+at+A2").content.decode()


def test_creating_needs_the_permission(client: Client, account_with: Callable[..., Any]) -> None:
    client.force_login(account_with("AUD"))
    assert client.get("/ca/new/").status_code == 403
    assert client.post("/ca/new/", {"title": "x", "severity": "minor"}).status_code == 403


def test_a_change_stores_only_what_differs_with_its_reason(
    desk: Client, record: Nonconformity, form: str
) -> None:
    assert desk.get(form).status_code == 200
    answer = desk.post(form, sent(record, title="Burr, both ends", reason="looked again"))
    assert answer.status_code == 302
    stored = Nonconformity.objects.get()
    assert (stored.title, stored.defect, stored.version) == ("Burr, both ends", "burr", 2)


def test_a_closed_record_is_not_changed(
    desk: Client, record: Nonconformity, form: str, manager: Any
) -> None:
    cancelled(record, manager)
    answer = desk.post(form, sent(record, title="x", version=2))
    assert answer.status_code == 422
    assert "A closed record is not edited" in answer.content.decode()


def test_two_people_at_once_both_versions_are_shown_and_nothing_is_lost(
    desk: Client, record: Nonconformity, form: str, manager: Any
) -> None:
    theirs = {"title": "Burr, lathe L3", "location": "L3"}
    change(record, actor=manager, values=theirs, version=1)
    answer = desk.post(form, sent(record, title="Burr, lathe L4", defect="burr, 0.2 mm"))
    told = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Burr, lathe L3", "Burr, lathe L4", "burr, 0.2 mm", "changed meanwhile"):
        assert text in told
    stored = Nonconformity.objects.get()
    assert (stored.title, stored.defect, stored.version) == ("Burr, lathe L3", "burr", 2)
    # Only the field nobody else touched is chosen beforehand.
    assert 'name="take" value="defect" checked' in told
    assert 'name="take" value="title">' in told


def test_after_a_conflict_one_takes_over_what_one_chose(
    desk: Client, record: Nonconformity, form: str, manager: Any
) -> None:
    change(record, actor=manager, values={"title": "theirs", "location": "L3"}, version=1)
    mine = sent(record, title="mine", defect="0.2 mm", version=2, is_choice="yes", take=["defect"])
    assert desk.post(form, mine).status_code == 302
    stored = Nonconformity.objects.get()
    assert (stored.title, stored.defect, stored.location) == ("theirs", "0.2 mm", "L3")


def test_the_same_change_made_twice_is_no_conflict(
    desk: Client, record: Nonconformity, form: str, manager: Any
) -> None:
    change(record, actor=manager, values={"title": "same"}, version=1)
    assert desk.post(form, sent(record, title="same")).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1"])
def test_a_version_that_is_none_never_overwrites(
    desk: Client, record: Nonconformity, form: str, version: str
) -> None:
    answer = desk.post(form, sent(record, title="x", version=version))
    assert answer.status_code == 409
    assert Nonconformity.objects.get().title == record.title


def test_a_photo_that_cannot_be_kept_leaves_no_half_record(
    desk: Client, settings: Any, data_folder: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MAX_ATTACHMENT_BYTES = 10
    photo = SimpleUploadedFile("p.jpg", b"x" * 11, "image/jpeg")
    answer = desk.post("/ca/new/", {"title": "x", "severity": "minor", "photo": photo})
    assert answer.status_code == 422
    assert not Record.objects.exists()
