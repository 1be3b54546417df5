"""The verbs on records: what they refuse changes nothing, what they do is numbered and kept."""

from collections.abc import Callable
from typing import Any

import pytest

from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.errors import Forbidden, Refused, Stale
from andon.records.inbox import inbox
from andon.records.models import Entry, Link, Record
from andon.records.services import (
    Signing,
    advance,
    assign,
    change,
    comment,
    create,
    is_void,
    link,
    steps,
)
from small_factory import NOON, PASSWORD

CANCELLED = "cancelled, lots released"


def untouched(record: Record, attempted: Callable[[], object], error: type[Exception]) -> bool:
    """Tell whether an attempt failed so and left the record and its history as they were."""

    def seen() -> tuple[object, ...]:
        stored = Record.objects.filter(pk=record.pk).values_list()
        return (*stored, Entry.objects.count(), record.signatures.count())

    before = seen()
    with pytest.raises(error):
        attempted()
    return seen() == before


def cancelled(record: Record, actor: Any, password: str = PASSWORD, **changed: Any) -> Record:
    """Cancel a record with a signature."""
    signing = Signing(password, changed.get("meaning", CANCELLED))
    return advance(record, "cancel", actor=actor, reason="a test part", signing=signing)


def test_numbers_follow_each_other_by_year(report: Callable[..., Nonconformity]) -> None:
    with clock.fixed(NOON):
        numbers = [report().number for _ in range(3)]
    with clock.fixed(NOON.replace(year=2026)):
        numbers.append(report().number)
    assert numbers == ["NC-2025-0001", "NC-2025-0002", "NC-2025-0003", "NC-2026-0001"]


def test_a_refused_record_takes_no_number(
    report: Callable[..., Nonconformity], engineer: Any, noon: Any
) -> None:
    with pytest.raises(Refused):
        create(Nonconformity(title="x" * 301), actor=engineer)
    assert report().number == "NC-2025-0001"


def test_a_change_of_an_older_version_tells_both(record: Nonconformity, engineer: Any) -> None:
    change(record, actor=engineer, values={"title": "theirs"}, version=1)
    with pytest.raises(Stale) as caught:
        change(record, actor=engineer, values={"title": "mine"}, version=1)
    assert (caught.value.mine["title"], caught.value.theirs["title"]) == ("mine", "theirs")
    assert Record.objects.get(pk=record.pk).title == "theirs"


def test_a_stale_change_changes_nothing(record: Nonconformity, engineer: Any) -> None:
    change(record, actor=engineer, values={"title": "theirs"}, version=1)
    stale = {"actor": engineer, "values": {"title": "mine"}, "version": 1}
    assert untouched(record, lambda: change(record, **stale), Stale)


def test_a_step_on_an_older_version_is_refused(record: Nonconformity, manager: Any) -> None:
    change(record, actor=manager, values={"title": "theirs"}, version=1)
    signing = Signing(PASSWORD, CANCELLED)
    late = {"actor": manager, "reason": "why", "signing": signing, "version": 1}
    assert untouched(record, lambda: advance(record, "cancel", **late), Stale)


def test_a_step_that_is_not_due_changes_nothing(record: Nonconformity, manager: Any) -> None:
    assert untouched(record, lambda: advance(record, "close", actor=manager), Refused)


def test_a_step_that_lacks_fields_names_each(record: Nonconformity, engineer: Any) -> None:
    with pytest.raises(Refused) as caught:
        advance(record, "report", actor=engineer)
    assert {"quantity_suspect", "location"} <= {one.field for one in caught.value.refusals}


def test_a_step_needs_its_permission(record: Nonconformity, engineer: Any) -> None:
    assert untouched(record, lambda: cancelled(record, engineer), Forbidden)


def test_a_step_that_needs_a_reason_is_refused_without(record: Any, manager: Any) -> None:
    signing = Signing(PASSWORD, CANCELLED)
    silent = {"actor": manager, "reason": "  ", "signing": signing}
    assert untouched(record, lambda: advance(record, "cancel", **silent), Refused)


@pytest.mark.parametrize(("password", "meaning"), [("wrong", CANCELLED), (PASSWORD, "I like it")])
def test_a_wrong_signature_changes_nothing(
    record: Nonconformity, manager: Any, password: str, meaning: str
) -> None:
    def attempt() -> object:
        return cancelled(record, manager, password, meaning=meaning)

    assert untouched(record, attempt, Refused)


def test_a_signature_binds_name_meaning_version_and_content(record: Any, manager: Any) -> None:
    closed = cancelled(record, manager)
    (signature,) = closed.signatures.all()
    assert (signature.printed_name, signature.meaning) == (manager.name, CANCELLED)
    assert signature.version == closed.version
    assert not is_void(signature, Nonconformity.objects.get(pk=record.pk))


def test_a_signature_is_void_after_an_edit(record: Nonconformity, manager: Any) -> None:
    (signature,) = cancelled(record, manager).signatures.all()
    edited = Nonconformity.objects.get(pk=record.pk)
    edited.title = "Something else was signed"
    edited.save()
    assert is_void(signature, Nonconformity.objects.get(pk=record.pk))


def test_a_closed_record_is_not_edited(record: Nonconformity, manager: Any) -> None:
    closed = cancelled(record, manager)
    late = {"actor": manager, "values": {"title": "late"}, "version": closed.version}
    assert untouched(record, lambda: change(closed, **late), Refused)


def test_steps_offer_only_what_the_account_may_take(
    record: Nonconformity, engineer: Any, manager: Any
) -> None:
    mine = {step.name for step, _refused in steps(record, actor=engineer)}
    theirs = {step.name for step, _refused in steps(record, actor=manager)}
    assert (mine, theirs - mine) == ({"report"}, {"cancel"})


@pytest.mark.parametrize("text", ["", " \n ", "x" * 10_001])
def test_an_empty_or_endless_comment_is_refused(record: Any, engineer: Any, text: str) -> None:
    assert untouched(record, lambda: comment(record, text=text, actor=engineer), Refused)


def test_a_link_drawn_twice_is_one(
    record: Nonconformity, report: Callable[..., Nonconformity], engineer: Any
) -> None:
    other = report("Scratch")
    drawn = [link(record, other, kind=Link.Kind.RELATED, actor=engineer) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert record.links_out.count() == 1


def test_a_link_of_an_unknown_kind_or_to_itself_is_refused(record: Any, engineer: Any) -> None:
    for target, kind in ((record, Link.Kind.RELATED), (Record(pk=0), "is the best friend of")):

        def attempt(target: Record = target, kind: str = kind) -> object:
            return link(record, target, kind=kind, actor=engineer)

        assert untouched(record, attempt, Refused)


def test_the_inbox_tells_mine_others_and_late(
    report: Callable[..., Nonconformity], engineer: Any, manager: Any
) -> None:
    late, given, _unowned = report("late", due_at=NOON), report("given"), report("unowned")
    assign(late, owner=engineer, actor=engineer)
    assign(given, owner=manager, actor=engineer)
    with clock.fixed(NOON.replace(day=14)):
        seen = inbox(engineer)
    told = [[one.title for one in part] for part in (seen.mine, seen.waiting, seen.overdue)]
    assert told == [["late", "unowned"], ["given"], ["late"]]
    assert seen.looked_at == 3
