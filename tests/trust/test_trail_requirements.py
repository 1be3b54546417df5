"""The trail: requirements 1 to 3, 7, 8 and 31 of docs/reference/trust.md."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, ProtectedError, TextField
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.attachments import attach
from andon.records.configuration import note_changes, watch_clock
from andon.records.errors import Refused
from andon.records.forms import form_for
from andon.records.lists import narrowed
from andon.records.models import Entry, Record, SecurityEvent, TrailReview
from andon.records.rest.schemas import writable_fields
from andon.records.security_events import Kind, note
from andon.records.services import Signing, advance, change, comment, create
from andon.records.trail.context import acting
from andon.records.trail.evidence import verify_all
from andon.records.trail.reviewing import review_trail
from andon.records.trail.subjects import Subject, subjects
from attacked_world import build_attacked_world
from small_factory import PASSWORD


@pytest.fixture
def record(engineer: Any) -> Nonconformity:
    """A reported nonconformity: others have seen it."""
    made = create(Nonconformity(title="Burr", defect="burr"), actor=engineer)
    with acting(engineer):
        Record.objects.filter(pk=made.pk).update(state="reported")
    return Nonconformity.objects.get(pk=made.pk)


@pytest.fixture
def desk(engineer: Any, client: Client) -> Client:
    """A browser in which the quality engineer is signed in."""
    client.force_login(engineer)
    return client


def test_requirement_01_every_table_tells_raw_sql_bulk_and_shell(
    account_with: Callable[..., Any], data_folder: Path
) -> None:
    """Whatever way a row is written by, the database itself tells it: none can be passed by."""
    build_attacked_world(account_with, records=4)
    told = {subject.table: written_past(subject) for subject in subjects()}
    assert len([entries for entries in told.values() if entries]) >= 12
    for table, entries in told.items():
        assert len(entries) <= 1, table
        assert all(entry.action == "change" for entry in entries)
        assert all(entry.actor in ("", f"database:{_role()}") for entry in entries)


def written_past(subject: Subject) -> list[Entry]:
    """Change one text of a table's row by SQL alone, and return the entries that tell it."""
    newest = Entry.objects.order_by("-id")[0].pk
    savepoint = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # the services' transactions end before, not here
                cursor.execute("SELECT set_config('andon.actor', '', true)")
            cursor.execute(
                f'UPDATE "{subject.table}" SET "{_text_of(subject)}" = \'raw\''
                f' WHERE "{subject.key}" = (SELECT min("{subject.key}") FROM "{subject.table}")'
            )
    except (DatabaseError, LookupError):  # append-only, or without a text that may be so
        transaction.savepoint_rollback(savepoint)
    return list(Entry.objects.filter(pk__gt=newest))


def _text_of(subject: Subject) -> str:
    models = apps.get_models(include_auto_created=True)
    model = next(m for m in models if m._meta.db_table == subject.table)
    fields = (f for f in model._meta.local_concrete_fields if isinstance(f, CharField | TextField))
    found = next((f.column for f in fields if not f.primary_key), None)
    if found is None:
        raise LookupError(subject.table)
    return str(found)


def _role() -> str:
    return str(connection.settings_dict["USER"])


def test_requirement_01_every_entry_of_services_says_who_when_old_and_new(
    account_with: Callable[..., Any], data_folder: Path
) -> None:
    build_attacked_world(account_with, records=4)
    entries = Entry.objects.filter(chain__startswith="record:")
    assert entries.count() > 20
    assert not entries.filter(actor="").exists()
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", entry.at) for entry in entries)
    assert {e.action for e in entries if e.old == "{}"} == {"create"}
    assert entries.filter(action="change", reason="said more exactly").count() == 4
    assert verify_all().is_whole


@pytest.mark.parametrize("name", ["title", "defect"])
def test_requirement_02_a_value_that_others_saw_is_changed_with_a_reason_only(
    record: Nonconformity, engineer: Any, name: str
) -> None:
    for reason in ("", "  "):
        with pytest.raises(Refused, match="Give a reason"):
            change(record, actor=engineer, values={name: "other"}, version=1, reason=reason)
    changed = change(
        record, actor=engineer, values={name: "other"}, version=1, reason="typed wrong"
    )
    assert getattr(changed, name) == "other"
    assert Entry.objects.filter(chain=f"record:{record.pk}", reason="typed wrong").exists()


def test_requirement_02_holds_for_every_field_of_every_value(
    record: Nonconformity, engineer: Any
) -> None:
    filled = {
        name: getattr(record, name)
        for name in writable_fields(Nonconformity)
        if getattr(record, name) not in (None, "", [], {})
        and name not in ("owner", "due_at", "site")
    }
    assert {"title", "defect"} <= set(filled)
    for name, value in filled.items():
        other = (not value) if isinstance(value, bool) else "other"
        with pytest.raises(Refused, match="Give a reason"):
            change(record, actor=engineer, values={name: other}, version=1)


def test_requirement_02_the_page_asks_for_the_reason(record: Nonconformity, desk: Client) -> None:
    form = form_for(Nonconformity, writable_fields(Nonconformity))(instance=record)
    kept = {name: form[name].value() for name in form.fields}
    typed = {n: v for n, v in kept.items() if v not in (None, "")} | {"title": "other"}
    typed["version"] = "1"
    answer = desk.post(f"/nc/{record.number}/change/", typed)
    assert answer.status_code == 422
    assert "Give a reason" in answer.content.decode()


def test_requirement_03_no_route_deletes_a_record(
    desk: Client, record: Nonconformity, engineer: Any
) -> None:
    assert desk.delete(f"/api/v1/nc/{record.number}").status_code == 405
    comment(record, text="seen", actor=engineer)
    with pytest.raises(ProtectedError):
        record.delete()


def test_requirement_07_a_review_of_the_trail_is_an_entry_itself(
    record: Nonconformity, desk: Client, engineer: Any
) -> None:
    place = f"/nc/{record.number}/"
    assert "Review trail" in desk.get(place).content.decode()
    assert desk.post(f"{place}trail-review/", {"note": ""}).status_code == 422
    assert desk.post(f"{place}trail-review/", {"note": "nothing odd"}).status_code == 302
    kept = TrailReview.objects.get()
    entry = Entry.objects.filter(chain=f"record:{record.pk}").order_by("-sequence")[0]
    assert (entry.table, entry.actor) == ("records_trailreview", "engineer")
    assert kept.reviewed_until == entry.sequence - 1
    assert kept.head == entry.previous
    assert "reviewed the trail" in desk.get(place).content.decode()


def test_requirement_07_lists_show_what_was_not_reviewed_since_it_moved(
    record: Nonconformity, engineer: Any, manager: Any
) -> None:
    wanted = {"unreviewed": "yes"}
    assert record.pk in narrowed(Nonconformity, wanted, engineer).values_list("pk", flat=True)
    review_trail(record, note="fine", actor=engineer)
    assert not narrowed(Nonconformity, wanted, engineer).exists()
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        signing = Signing(PASSWORD, "cancelled, lots released")
        advance(record, "cancel", actor=manager, reason="r", signing=signing)
    assert narrowed(Nonconformity, wanted, engineer).exists()


def test_requirement_08_what_is_carried_out_or_fails_is_kept(
    record: Nonconformity, engineer: Any, data_folder: Path, account_with: Callable[..., Any]
) -> None:
    file = attach(record, SimpleUploadedFile("a.txt", b"a"), actor=engineer)
    browser, right = Client(), {"username": "engineer", "password": PASSWORD}
    for _time in range(2):
        browser.post("/login/", right | {"password": "guess"})
    browser.post("/login/", right)
    for place in (
        "/nc/?format=csv", f"/nc/{record.number}/pdf/", f"/files/{file.pk}/", "/trail/verify/",
    ):  # fmt: skip
        assert browser.get(place).status_code == 200, place
    new = "another long phrase"
    passwords = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    browser.post("/profile/password/", passwords)
    browser.post("/logout/")
    assert [event.kind for event in SecurityEvent.objects.all()] == [
        *2 * ["log-in failed"], "logged in", "list exported".replace("list ", ""), "printed",
        "downloaded", "verified", "password changed", "logged out",
    ]  # fmt: skip
    assert {event.username for event in SecurityEvent.objects.all()} == {"engineer"}
    assert {event.address for event in SecurityEvent.objects.all()} == {"127.0.0.1"}


def test_requirement_08_a_changed_setting_is_kept(engineer: Any, settings: Any) -> None:
    note_changes()
    assert note_changes() == {}
    settings.ANCHOR_MINUTES = 60.0
    assert note_changes() == {"ANCHOR_MINUTES": "60.0"}
    assert SecurityEvent.objects.filter(about="ANCHOR_MINUTES: 60.0").count() == 1


def test_requirement_08_a_changed_role_and_account_stand_in_the_trail(
    account_with: Callable[..., Any], system: Any
) -> None:
    from andon.records.accounts import deactivate

    account = account_with("QE")
    deactivate(account, actor=system)
    told = Entry.objects.filter(table__in=("records_roleassignment", "records_account"))
    assert told.filter(action="create", table="records_roleassignment", actor="andon").exists()
    assert told.filter(action="change", table="records_account", row=str(account.pk)).exists()


def test_requirement_08_all_fifteen_kinds_are_stated() -> None:
    assert len(Kind.values) >= 15


def test_requirement_08_an_event_cannot_be_changed_or_removed(engineer: Any) -> None:
    event = note(Kind.EXPORTED, username="engineer")
    for statement in ("UPDATE records_securityevent SET about = 'x'",
                      "DELETE FROM records_securityevent"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Entry.objects.filter(table="records_securityevent", row=str(event.pk)).count() == 1


def test_requirement_31_a_clock_set_back_is_kept_and_the_order_is_the_sequence(
    record: Nonconformity, engineer: Any
) -> None:
    assert watch_clock() == {"was_set_back": False}
    with clock.fixed(clock.now() - timedelta(hours=1)):
        assert watch_clock() == {"was_set_back": True}
        assert watch_clock() == {"was_set_back": False}
        change(record, actor=engineer, values={"location": "L3"}, version=1)
    kept = SecurityEvent.objects.get(kind="clock set back")
    assert kept.username == "andon"
    told = list(Entry.objects.filter(chain=f"record:{record.pk}").order_by("sequence"))
    assert [entry.sequence for entry in told] == list(range(1, len(told) + 1))
    assert told[-1].at < told[0].at
    assert verify_all().is_whole
