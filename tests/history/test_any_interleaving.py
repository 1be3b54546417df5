"""Whatever is appended, corrected, compacted and emptied in any order: readers see the same."""

import tempfile
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from andon.history.compaction import compact, empty_blocks
from andon.history.log import moments, scan, tail
from history.rows_at_hand import START, rows_of, stored

STREAMS = ("PD/L1", "PD/L3", "BO/L5")
LONG_AFTER = START + timedelta(days=900)
appends = st.tuples(
    st.just("append"), st.sampled_from(STREAMS), st.integers(1, 4), st.integers(0, 70)
)
corrections = st.tuples(st.just("correct"), st.integers(0, 50))
moves = st.tuples(st.sampled_from(["compact", "empty"]))
steps = st.lists(st.one_of(appends, appends, corrections, moves), min_size=3, max_size=14)


class Oracle:
    """Every row ever appended, in one frame."""

    def __init__(self) -> None:
        self.rows: list[pl.DataFrame] = []

    def take(self, rows: pl.DataFrame) -> None:
        """Append rows to the history, and keep them."""
        batch = stored(f"key-{len(self.rows)}", rows)
        placed = rows.select(pl.lit(batch).alias("batch"), pl.all())
        self.rows.append(placed.with_columns(position=pl.int_range(pl.len(), dtype=pl.Int32)))

    def correct(self, which: int) -> None:
        """Supersede a present row by one of another value."""
        present = self.present()
        if present.height:
            row = present.row(which % present.height, named=True)
            place = f"{row['batch']}:{row['position']}"
            at = row["measured_at"]
            self.take(rows_of(row["stream"], [row["value"] + 1], start=at, supersedes=place))

    def present(self) -> pl.DataFrame:
        """Return the rows that no other one corrects, in order of measurement."""
        if not self.rows:
            return scan().collect().clear()
        rows = pl.concat(self.rows)
        place = pl.format("{}:{}", "batch", "position")
        kept = rows.filter(~place.is_in(rows["supersedes"].to_list()))
        return kept.sort("measured_at", "batch", "position")


def same(found: pl.DataFrame, wanted: pl.DataFrame) -> bool:
    """Compare rows by everything, in order."""
    return found.equals(wanted.select(found.columns))


def assert_readers_agree(oracle: Oracle) -> None:
    """Hold every reader against the plain frame."""
    present = oracle.present()
    assert same(scan().collect(), present)
    middle = START + timedelta(days=31)
    for stream in STREAMS:
        own = present.filter(stream=stream)
        later = own.filter(pl.col("measured_at") >= middle)
        assert same(scan({"stream": stream}, since=middle).collect(), later)
        assert same(tail(stream, 1), own.tail(1))
        assert same(tail(stream, 3), own.tail(3))
        assert same(tail(stream, 50), own)
        assert same(tail(stream, 3, since=middle), later.tail(3))
    earlier = present.filter(pl.col("measured_at") < middle)
    for n in (1, 3, 50):
        assert same(tail({}, n), present.tail(n))
        assert same(tail({"stream": STREAMS}, n, until=middle), earlier.tail(n))
    found = moments(["stream"], until=middle)
    wanted = present.filter(pl.col("measured_at") < middle).group_by("stream").agg(
        n=pl.len(), mean=pl.col("value").mean(), greatest=pl.col("value").max()
    ).sort("stream")  # fmt: skip
    assert found["n"].to_list() == wanted["n"].to_list()
    assert found["max"].to_list() == wanted["greatest"].to_list()
    assert found["mean"].to_list() == pytest.approx(wanted["mean"].to_list())


def do(oracle: Oracle, step: tuple[Any, ...], number: int) -> None:
    """Take one step."""
    if step[0] == "append":
        _name, stream, count, day = step
        start = START + timedelta(days=day, minutes=day % 3)
        oracle.take(rows_of(stream, [number + place / 8 for place in range(count)], start=start))
    elif step[0] == "correct":
        oracle.correct(step[1])
    elif step[0] == "compact":
        compact(at=START + timedelta(days=number), is_forced=True)
    else:
        empty_blocks(at=LONG_AFTER)


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps)
def test_any_interleaving_reads_as_the_plain_rows(
    taken: list[tuple[Any, ...]], settings: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.LAKE_URL, oracle = f"{folder}/lake", Oracle()
        for number, step in enumerate(taken):
            do(oracle, step, number)
        assert_readers_agree(oracle)
        compact(at=LONG_AFTER, is_forced=True)
        empty_blocks(at=LONG_AFTER + timedelta(days=2))
        assert_readers_agree(oracle)
        transaction.set_rollback(True)
