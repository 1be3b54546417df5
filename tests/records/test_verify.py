"""Verifying finds and locates what was done to the database behind Andon's back."""

from collections.abc import Callable
from typing import Any

import pytest
from record_acts import behind_the_back

from andon.identify.nonconformities.models import Nonconformity
from andon.records.models import Entry, Record
from andon.records.services import change, comment
from andon.records.trail import install
from andon.records.trail.verify import Problem, verify, verify_record


@pytest.fixture
def lived(record: Nonconformity, engineer: Any) -> Nonconformity:
    """A nonconformity with a few entries of history."""
    for text in ("seen at lathe L3", "again at lathe L4"):
        comment(record, text=text, actor=engineer)
    return change(record, actor=engineer, values={"location": "L3"}, version=1, reason="found")


def places(problems: list[Problem]) -> set[str]:
    """Return the places of problems."""
    return {problem.place for problem in problems}


def test_a_database_nobody_touched_is_whole(lived: Nonconformity) -> None:
    told = verify()
    assert told.problems == []
    assert told.is_whole
    assert told.entries == Entry.objects.count() > 6
    assert told.chains == Entry.objects.values("chain").distinct().count()


def test_an_edited_row_is_found_with_its_column(lived: Nonconformity) -> None:
    behind_the_back("UPDATE records_record SET title = 'harmless' WHERE id = %s", lived.pk)
    (problem,) = verify().problems
    assert problem.place == f"records_record {lived.pk}"
    assert "title is 'harmless', the trail says 'Burr on the plunger tip'" in problem.text


def test_a_deleted_row_is_found(lived: Nonconformity) -> None:
    gone = lived.comments.order_by("id")[0].pk
    behind_the_back("DELETE FROM records_comment WHERE id = %s", gone)
    (problem,) = verify().problems
    assert (problem.table, problem.row) == ("records_comment", str(gone))
    assert "gone" in problem.text


def test_a_smuggled_row_is_found(lived: Nonconformity, engineer: Any) -> None:
    behind_the_back(
        "INSERT INTO records_comment (id, record_id, text, author_id, written_at)"
        " VALUES (990001, %s, 'approved', %s, '2025-03-13 12:00:00+00:00')",
        lived.pk, engineer.pk,
    )  # fmt: skip
    (problem,) = verify().problems
    assert problem.place == "records_comment 990001"
    assert "no entry created" in problem.text


@pytest.mark.parametrize("column", ["actor", "at", "reason", "new", "old", "action"])
def test_an_edited_entry_is_found_at_its_place(lived: Nonconformity, column: str) -> None:
    chain = f"record:{lived.pk}"
    behind_the_back(
        f"UPDATE records_entry SET {column} = 'x' WHERE chain = %s AND sequence = 2", chain
    )
    assert f"entry 2 of {chain}" in places(verify().problems)


def test_an_entry_with_its_own_new_digest_breaks_the_one_after_it(lived: Nonconformity) -> None:
    chain = f"record:{lived.pk}"
    behind_the_back(
        "UPDATE records_entry SET digest = %s WHERE chain = %s AND sequence = 2", "0" * 64, chain
    )
    assert {f"entry 2 of {chain}", f"entry 3 of {chain}"} <= places(verify().problems)


def test_a_missing_entry_leaves_a_gap(lived: Nonconformity) -> None:
    chain = f"record:{lived.pk}"
    behind_the_back("DELETE FROM records_entry WHERE chain = %s AND sequence = 3", chain)
    (gap, *_rest) = [p for p in verify().problems if p.chain]
    assert (gap.chain, gap.sequence) == (chain, 4)
    assert "entry 3 should stand here" in gap.text


def test_entries_in_another_order_are_found(lived: Nonconformity) -> None:
    chain = f"record:{lived.pk}"
    for old, new in ((2, 9999), (3, 2), (9999, 3)):
        behind_the_back(
            "UPDATE records_entry SET sequence = %s WHERE chain = %s AND sequence = %s",
            new, chain, old,
        )  # fmt: skip
    assert {f"entry 2 of {chain}", f"entry 3 of {chain}"} <= places(verify().problems)


def test_a_tail_that_was_cut_off_shows_in_the_rows(lived: Nonconformity) -> None:
    last = Entry.objects.filter(chain=f"record:{lived.pk}").order_by("-sequence")[0]
    behind_the_back("DELETE FROM records_entry WHERE id = %s", last.pk)
    assert {p.table for p in verify().problems} <= {"records_record", last.table}
    assert not verify().is_whole


def test_a_missing_trigger_is_found(lived: Nonconformity) -> None:
    install.remove()
    assert "records_record" in {p.table for p in verify().problems}
    install.install()


def test_one_record_is_verified_alone(
    lived: Nonconformity, report: Callable[..., Nonconformity]
) -> None:
    other = report("Scratch")
    behind_the_back("UPDATE records_record SET title = 'x' WHERE id = %s", other.pk)
    assert verify_record(lived.pk).is_whole
    assert places(verify_record(other.pk).problems) == {f"records_record {other.pk}"}


def test_many_problems_are_counted_and_some_are_told(
    lived: Nonconformity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.records.trail.verify.MOST_PROBLEMS", 2)
    behind_the_back("UPDATE records_entry SET actor = 'x'")
    told = verify()
    assert (len(told.problems), told.found) == (2, Entry.objects.count())


def test_values_of_every_kind_replay_exactly(engineer: Any, record: Nonconformity) -> None:
    weighed = {"unit": "kg", "quantity_suspect": "1234.500", "piece_weight": "0.000125"}
    values = {**weighed, "is_customer_affected": True, "severity": "major"}
    changed = change(record, actor=engineer, values=values, version=1)
    change(changed, actor=engineer, values={"title": "Prüfmaß „0,75“ 不合格\n"}, version=2)
    assert Record.objects.get(pk=record.pk).title.startswith("Prüfmaß")
    assert verify().problems == []
