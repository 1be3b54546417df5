"""The inbox: mine, waiting for others, overdue, and what was looked at when there is nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from record_acts import cancelled

from andon.identify.nonconformities.models import Nonconformity
from andon.improve.actions.models import CorrectiveAction
from andon.records import clock
from andon.records.inbox import MOST, inbox
from andon.records.models import Record
from andon.records.services import create
from andon.records.trail.context import acting


@pytest.fixture
def place(engineer: Any) -> Callable[..., Record]:
    """Return a setter of the kernel's marks, for states that take long to reach."""

    def change(record: Record, **values: Any) -> Record:
        with acting(engineer):
            Record.objects.filter(pk=record.pk).update(**values)
        return record

    return change


def numbers(records: tuple[Record, ...]) -> list[str]:
    """Return the numbers of records."""
    return [record.number for record in records]


def test_what_i_own_is_mine_by_date_and_late_ones_are_told(
    report: Callable[..., Nonconformity], place: Any, engineer: Any, noon: Any
) -> None:
    later, late, undated = (report(title) for title in ("later", "late", "undated"))
    place(later, owner=engineer, due_at=noon + timedelta(days=2))
    place(late, owner=engineer, due_at=noon - timedelta(hours=1))
    place(undated, owner=engineer)
    found = inbox(engineer)
    assert numbers(found.mine) == numbers((late, later, undated))
    assert numbers(found.overdue) == [late.number]


def test_what_nobody_owns_is_mine_where_the_next_step_is_of_my_role(
    record: Nonconformity, place: Any, engineer: Any, account_with: Callable[..., Any]
) -> None:
    place(record, state="contained")  # the review belongs to the quality engineer
    assert numbers(inbox(engineer).mine) == [record.number]
    assert inbox(account_with("OP")).mine == ()


def test_a_way_out_that_only_i_may_take_does_not_make_it_mine(
    record: Nonconformity, place: Any, account_with: Callable[..., Any], manager: Any
) -> None:
    place(record, state="contained")
    assert numbers(inbox(manager).mine) == [record.number]  # may review
    assert inbox(account_with("PE")).mine == ()  # may neither review nor cancel


def test_what_others_own_and_i_reported_waits(
    report: Callable[..., Nonconformity], place: Any, engineer: Any, manager: Any
) -> None:
    mine, theirs = report("asked by me"), report("asked by the manager", actor=manager)
    place(mine, owner=manager)
    place(theirs, owner=manager)
    assert numbers(inbox(engineer).waiting) == [mine.number]


def test_what_i_moved_last_waits(
    report: Callable[..., Nonconformity], place: Any, engineer: Any, account_with: Any, manager: Any
) -> None:
    moved = report("moved by me", actor=manager)
    place(moved, state="reported", owner=manager)  # the fixture acts as the engineer
    assert numbers(inbox(engineer).waiting) == [moved.number]
    with acting(manager):
        Record.objects.filter(pk=moved.pk).update(state="contained")
    assert inbox(engineer).waiting == ()


def test_a_paused_record_of_mine_waits_and_is_not_to_do(engineer: Any, place: Any) -> None:
    action = create(CorrectiveAction(title="New brush"), actor=engineer)
    place(action, owner=engineer, state="monitoring")
    found = inbox(engineer)
    assert (numbers(found.mine), numbers(found.waiting)) == ([], [action.number])


def test_closed_records_concern_nobody(record: Nonconformity, manager: Any, place: Any) -> None:
    place(record, owner=manager)
    cancelled(record, manager)
    found = inbox(manager)
    assert (found.mine, found.waiting, found.looked_at) == ((), (), 0)


def test_one_sees_only_kinds_one_may_see(engineer: Any, place: Any) -> None:
    action = create(CorrectiveAction(title="New brush"), actor=engineer)
    place(action, owner=engineer)
    assert inbox(engineer).looked_at == 1
    engineer.narrow(["nonconformity.view"])
    assert (inbox(engineer).mine, inbox(engineer).looked_at) == ((), 0)


def test_an_empty_inbox_says_what_was_looked_at(
    office: Client, report: Callable[..., Nonconformity], place: Any, engineer: Any
) -> None:
    for title in ("one", "two"):
        place(report(title), owner=engineer)
    told = " ".join(office.get("/inbox/").content.decode().split())
    assert "Nothing waits for you" in told
    assert "2 open records were looked at." in told


def test_the_inbox_ends_at_a_bound_and_asks_as_many_questions_for_many_as_for_few(
    report: Callable[..., Nonconformity], engineer: Any
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            inbox(engineer)
        return len(asked)

    report("first")
    few = questions()
    for place in range(MOST + 5):
        report(f"number {place}")
    with acting(engineer):
        Record.objects.update(owner=engineer, due_at=clock.now())
    assert questions() <= few
    assert len(inbox(engineer).mine) == MOST
