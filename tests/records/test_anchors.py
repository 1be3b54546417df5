"""Anchors outside the database: what a re-computed chain cannot hide from them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from record_acts import behind_the_back

from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.models import Anchor, Entry
from andon.records.pdf import content_of_pdf
from andon.records.services import change, comment
from andon.records.trail import anchoring
from andon.records.trail.evidence import verify_all
from andon.records.trail.merkle import EMPTY, Tree, leaf, root_of_path
from attacks_at_hand import rechain


@pytest.fixture
def anchored(record: Nonconformity, engineer: Any) -> Nonconformity:
    """A nonconformity whose whole history two anchors have seen."""
    comment(record, text="seen at lathe L3", actor=engineer)
    anchoring.anchor()
    changed = change(record, actor=engineer, values={"location": "L3"}, version=1, reason="found")
    anchoring.anchor()
    return changed


def texts() -> list[str]:
    """Return what the verification of everything finds."""
    return [str(problem) for problem in verify_all().problems]


@pytest.mark.parametrize("leaves", range(1, 18))
def test_every_leaf_has_a_path_to_the_root(leaves: int) -> None:
    tree, values = Tree(), [leaf(f"record:{n}", 1, "d") for n in range(leaves)]
    for place, value in enumerate(values):
        tree.put(place, value)
    root = tree.root()
    assert {root_of_path(value, tree.path(n)) for n, value in enumerate(values)} == {root}
    assert root_of_path(leaf("record:0", 2, "d"), tree.path(0)) != root


def test_a_changed_leaf_gives_the_root_of_a_tree_built_anew() -> None:
    grown, built = Tree(), Tree()
    for place in range(11):
        grown.put(place, leaf(f"{place}", 1, "d"))
        grown.root()
    grown.put(4, leaf("4", 2, "e"))
    for place in range(11):
        built.put(place, leaf("4", 2, "e") if place == 4 else leaf(f"{place}", 1, "d"))
    assert grown.root() == built.root() != EMPTY


def test_anchors_of_an_untouched_trail_raise_no_alarm(anchored: Nonconformity) -> None:
    assert texts() == []
    last = Anchor.objects.get(number=2)
    assert (last.entries, last.chains) == (
        Entry.objects.count(),
        Entry.objects.values("chain").distinct().count(),
    )
    assert anchoring.anchor() is None


def test_a_rechained_history_is_found_at_its_entry(anchored: Nonconformity) -> None:
    chain = f"record:{anchored.pk}"
    behind_the_back(
        "UPDATE records_entry SET reason = 'found later' WHERE chain = %s AND reason = 'found'",
        chain,
    )
    rechain(chain)
    place = Entry.objects.filter(chain=chain, reason="found later").order_by("sequence")[0].sequence
    assert any(t.startswith(f"entry {place} of {chain}: it is not the one") for t in texts())


def test_a_record_gone_with_its_chain_is_missed(anchored: Nonconformity) -> None:
    chain = f"record:{anchored.pk}"
    count = Entry.objects.filter(chain=chain).count()
    behind_the_back("DELETE FROM records_entry WHERE chain = %s", chain)
    assert any(t.startswith(f"entry 1 of {chain}: entry 1 to") for t in texts())
    assert count > 3


@pytest.mark.parametrize("change_of", ["root", "new", "previous", "at", "number"])
def test_an_edited_line_of_the_file_is_found(
    anchored: Nonconformity, anchor_file: Path, change_of: str
) -> None:
    lines = anchor_file.read_text().splitlines()
    told = json.loads(lines[0])
    told[change_of] = {"number": 7, "new": {"record:1": [1, ["0" * 64]]}}.get(change_of, "0" * 64)
    anchor_file.write_text("\n".join([json.dumps(told), *lines[1:], ""]))
    assert any(text.startswith("anchor file 1: ") for text in texts())


def test_a_line_that_is_none_is_told_and_no_error(
    anchored: Nonconformity, anchor_file: Path
) -> None:
    with anchor_file.open("a") as file:
        file.write("no anchor\n")
    assert "anchor file 3: line 3 of the anchor file is not one that Andon wrote" in texts()


def test_a_file_cut_short_is_missed_by_the_database(
    anchored: Nonconformity, anchor_file: Path
) -> None:
    first = anchor_file.read_text().splitlines(keepends=True)[0]
    anchor_file.write_text(first)
    assert texts() == ["anchor file 2: the database remembers this anchor; the file lacks it"]


def test_a_file_and_a_trail_made_anew_are_found_by_a_root_kept_elsewhere(
    anchored: Nonconformity, anchor_file: Path
) -> None:
    kept = Anchor.objects.get(number=2)
    chain = f"record:{anchored.pk}"
    behind_the_back("UPDATE records_entry SET actor = 'manager' WHERE chain = %s", chain)
    rechain(chain)
    anchor_file.unlink()
    behind_the_back("DELETE FROM records_anchor")
    anchoring.anchor()
    assert verify_all().is_whole
    assert verify_all(given=[f"1:{kept.root}"]).found == 1
    assert verify_all(given=[str(kept)]).found == 1


def test_a_given_root_that_is_right_raises_no_alarm(anchored: Nonconformity) -> None:
    kept = Anchor.objects.get(number=1)
    assert verify_all(given=[str(kept), f"1:{kept.root[:16]}"]).is_whole
    assert verify_all(given=["1:abc", "99:" + "0" * 64, "x"]).found == 3


def test_an_anchor_is_made_after_enough_entries_or_minutes(
    record: Nonconformity, engineer: Any, settings: Any
) -> None:
    settings.ANCHOR_ENTRIES, settings.ANCHOR_MINUTES = 4, 10
    assert anchoring.anchor_if_due() == {"anchor": 1}
    assert anchoring.anchor_if_due() == {"anchor": 0}
    comment(record, text="one", actor=engineer)
    assert not anchoring.is_due()
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        assert anchoring.is_due()
    for text in ("two", "three", "four"):
        comment(record, text=text, actor=engineer)
    assert anchoring.anchor_if_due() == {"anchor": 2}


def test_the_second_person_gets_a_mail_with_the_root(
    anchored: Nonconformity, engineer: Any, settings: Any, mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    from andon.records.jobs.worker import work_once

    settings.ANCHOR_MAIL = "second@example.org"
    comment(anchored, text="more", actor=engineer)
    with django_capture_on_commit_callbacks(execute=True):
        line = anchoring.anchor()
    work_once()
    assert line is not None
    (mail,) = [mail for mail in mailoutbox if line.root[:16] in mail.subject]
    assert line.short in mail.body
    assert mail.to == ["second@example.org"]


def test_every_print_carries_the_last_anchor(anchored: Nonconformity) -> None:
    last = Anchor.objects.get(number=2)
    foot = content_of_pdf(anchored)["anchor"]
    assert last.root in foot["text"]
    assert "2" in foot["text"]
    assert {len(row) for row in foot["code"]} == {len(foot["code"])}
