"""Records are kept for their time, then destroyed by two people: requirement 11."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.attachments import attach, path_of
from andon.records.errors import Conflict, Forbidden, Refused
from andon.records.keeping.retention import keep_for, kept_until, purge, request_purge
from andon.records.models import Entry, Purge, Record
from andon.records.services import Signing, advance, comment, create, link
from andon.records.trail.anchoring import anchor
from andon.records.trail.evidence import verify_all
from small_factory import PASSWORD

SIGNING = Signing(PASSWORD, "cancelled, lots released")


@pytest.fixture
def director(account_with: Callable[..., Any]) -> Any:
    """A second person who may destroy."""
    return account_with("QM", username="director")


@pytest.fixture
def closed(engineer: Any, manager: Any, data_folder: Path) -> Nonconformity:
    """A cancelled nonconformity with a comment, a file and a signature."""
    record = create(Nonconformity(title="Secret burr", defect="burr"), actor=engineer)
    comment(record, text="Secret comment", actor=engineer)
    attach(record, SimpleUploadedFile("secret.txt", b"secret"), actor=engineer)
    made = advance(record, "cancel", actor=manager, reason="double", signing=SIGNING)
    keep_for("nonconformity", years=3, basis="contract 7", actor=manager)
    anchor()
    return made


def in_years(count: int) -> Any:
    """Hold the clock some years from now."""
    return clock.fixed(clock.now() + timedelta(days=365 * count + 2))


def test_requirement_11_before_its_time_a_record_is_kept(
    closed: Nonconformity, manager: Any
) -> None:
    until = kept_until(closed)
    assert until is not None
    assert closed.closed_at is not None
    assert until.year == closed.closed_at.year + 3
    with in_years(2), pytest.raises(Refused, match="It is kept until"):
        request_purge(closed, reason="time is over", actor=manager)


def test_requirement_11_two_people_destroy_it_and_the_trail_still_verifies(
    closed: Nonconformity, manager: Any, director: Any
) -> None:
    key, sha256 = closed.pk, closed.attachments.get().sha256
    with in_years(3):
        request_purge(closed, reason="time is over", actor=manager)
        with pytest.raises(Refused, match="Somebody else"):
            purge(closed.number, actor=manager)
        assert Record.objects.filter(pk=key).exists()
        purge(closed.number, actor=director)
    assert not Record.objects.filter(pk=key).exists()
    assert not path_of(sha256).exists()
    assert [str(problem) for problem in verify_all().problems] == []
    anchor()
    assert verify_all().is_whole
    chain = Entry.objects.filter(chain=f"record:{key}").order_by("sequence")
    assert not any("Secret" in entry.old + entry.new for entry in chain)
    stub = list(chain)[-1]
    assert (stub.table, stub.actor, stub.reason) == ("records_purge", "director", "time is over")
    assert Purge.objects.get().number == closed.number


def test_requirement_11_what_is_not_purged_cannot_be_emptied(
    closed: Nonconformity, manager: Any
) -> None:
    for statement in (
        "UPDATE records_entry SET old = '', new = ''", "DELETE FROM records_signature",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_requirement_11_a_forged_purge_is_found(
    closed: Nonconformity, manager: Any, director: Any
) -> None:
    now = clock.now()
    Purge.objects.create(
        record_key=closed.pk, number=closed.number, kind=closed.kind, closed_at=now, reason="x",
        requested_by=manager, requested_at=now, approved_by=director, approved_at=now,
        purged_until=2,
    )  # fmt: skip
    assert any("not those two people" in str(problem) for problem in verify_all().problems)


def test_requirement_11_what_others_point_to_stays(
    closed: Nonconformity, manager: Any, director: Any, engineer: Any
) -> None:
    other = create(Nonconformity(title="Other", defect="burr"), actor=engineer)
    link(other, closed, kind="related", actor=engineer)
    with in_years(3):
        request_purge(closed, reason="time is over", actor=manager)
        purge(closed.number, actor=director)
    assert verify_all().is_whole
    assert Record.objects.filter(pk=other.pk).exists()


def test_requirement_11_an_open_record_and_a_type_without_period_are_kept(
    engineer: Any, manager: Any
) -> None:
    record = create(Nonconformity(title="Burr", defect="burr"), actor=engineer)
    with pytest.raises(Refused, match="open"):
        request_purge(record, reason="r", actor=manager)
    with pytest.raises(Forbidden):
        request_purge(record, reason="r", actor=engineer)
    with pytest.raises(Refused):
        keep_for("no such type", years=3, basis="b", actor=manager)
    with pytest.raises((Refused, Conflict)):
        purge(record.number, actor=manager)
