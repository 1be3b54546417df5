"""When a stream was measured last is known without its blocks."""

from datetime import timedelta

import pytest

from andon.history.compaction import compact, empty_blocks
from andon.history.places import newest, newest_by_stream
from history.rows_at_hand import START, rows_of, stored


@pytest.mark.django_db
def test_what_was_measured_last_outlives_its_blocks() -> None:
    assert newest() is None
    stored("a", rows_of("PD/L1", [1.0, 2.0]))
    stored("b", rows_of("BO/L5", [1.0], start=START + timedelta(days=1)))
    before = newest_by_stream()
    compact(at=START + timedelta(days=2), is_forced=True)
    assert empty_blocks(at=START + timedelta(days=4)) == 2
    assert newest_by_stream() == before
    assert newest() == newest("BO") == START + timedelta(days=1)
    assert newest("PD") == START + timedelta(minutes=1)
    stored("c", rows_of("PD/L1", [3.0], start=START + timedelta(hours=1)))
    assert newest_by_stream(START + timedelta(minutes=30)) == {
        "PD/L1": START + timedelta(hours=1), "BO/L5": START + timedelta(days=1),
    }  # fmt: skip
