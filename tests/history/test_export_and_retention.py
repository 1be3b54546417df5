"""The history leaves whole, and months go whole, counted."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from andon.history.compaction import compact, empty_blocks
from andon.history.export import export_history
from andon.history.log import scan, tail
from andon.history.models import DroppedMonth
from andon.history.places import newest_by_stream
from andon.history.retention import NotYet, drop_months, months_before
from history.rows_at_hand import START, rows_of, stored

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=200)


def three_months() -> None:
    """Append rows of January to March, one of them corrected, the last month not compacted."""
    first = stored("a", rows_of("PD/L1", [1.0, 2.0]))
    stored("b", rows_of("BO/L5", [5.0], start=START + timedelta(days=2)))
    stored("c", rows_of("PD/L1", [2.5], start=START, supersedes=f"{first}:1"))
    stored("d", rows_of("PD/L1", [3.0], start=START + timedelta(days=40)))
    compact(at=LATER, is_forced=True)
    stored("e", rows_of("PD/L1", [4.0], start=START + timedelta(days=70)))


def test_an_export_holds_every_row_and_its_manifest_the_digests(tmp_path: Path) -> None:
    three_months()
    assert export_history(tmp_path) == {"2025-01": 4, "2025-02": 1, "2025-03": 1}
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    for told in manifest["files"]:
        content = (tmp_path / told["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == told["sha256"]
    rows = pl.read_parquet(tmp_path / "*.parquet")
    assert sorted(rows["value"]) == [1.0, 2.0, 2.5, 3.0, 4.0, 5.0]
    assert rows.columns == manifest["columns"]


def test_months_go_whole_and_leave_a_counted_line() -> None:
    three_months()
    assert months_before(date(2025, 2, 15))["month"].to_list() == ["2025-01"]
    day = LATER + timedelta(days=2)
    compact(at=LATER, is_forced=True)
    empty_blocks(at=day)
    (line,) = drop_months(date(2025, 2, 15), reason="Ten years are over.", at=day)
    assert (line.month, line.rows, line.streams) == ("2025-01", 4, 2)
    assert scan().collect()["value"].to_list() == [3.0, 4.0]
    assert tail("PD/L1", 9)["value"].to_list() == [3.0, 4.0]
    assert set(newest_by_stream()) == {"PD/L1"}
    assert drop_months(date(2025, 2, 15), reason="Again.", at=day) == []
    assert compact(at=day, is_forced=True).rewound == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        DroppedMonth.objects.update(rows=0)


def test_months_whose_rows_are_still_in_blocks_stay() -> None:
    three_months()
    with pytest.raises(NotYet, match="wait until"):
        drop_months(date(2025, 2, 15), reason="Too early.", at=LATER)
    assert scan().collect().height == 5


def test_a_removal_that_was_killed_before_its_release_is_taken_back() -> None:
    from andon.history.lake import Lake

    three_months()
    table = Lake.configured().latest()
    assert table is not None
    before = scan().collect()
    table.delete("month = '2025-01'")
    assert scan().collect().equals(before)
    assert compact(at=LATER, is_forced=True).rewound == 1
    assert scan().collect().equals(before)
