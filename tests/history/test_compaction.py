"""Compaction keeps every row once, whatever is killed, repeated or damaged on the way."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction

from andon.history import compaction
from andon.history.compaction import Damaged, compact, empty_blocks, released, sorted_parts
from andon.history.lake import Lake, plans_in
from andon.history.log import moments, scan, tail
from andon.history.models import (
    Block,
    BlockStream,
    CompactionPlan,
    LakeStream,
    LakeVersion,
    PlannedBlock,
)
from andon.history.reading import Asked, Snapshot
from andon.records.trail.verify import verify
from history.rows_at_hand import START, rows_of, stored

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=2)


def three_days() -> pl.DataFrame:
    """Append three batches of two streams and return all their rows."""
    for day in range(3):
        start = START + timedelta(days=20 * day)
        stored(f"a{day}", rows_of("PD/L1", [day + 0.1, day + 0.2], start=start))
        stored(f"b{day}", rows_of("BO/L5", [day + 0.5], start=start))
    return scan().collect()


def released_version() -> int:
    """Return the version that readers use."""
    version = released()
    assert version is not None
    return version.version


def test_compacted_rows_read_as_before() -> None:
    before = three_days()
    done = compact(at=LATER, is_forced=True)
    assert (done.plans, done.rows) == (1, 9)
    assert scan().collect().equals(before)
    assert scan({"stream": "PD/L1"}).collect().equals(before.filter(stream="PD/L1"))
    assert tail("PD/L1", 3)["value"].to_list() == [1.2, 2.1, 2.2]


def test_compacting_again_changes_nothing() -> None:
    three_days()
    compact(at=LATER, is_forced=True)
    version = released()
    again = compact(at=LATER, is_forced=True)
    assert (again.plans, again.rows, again.rewound) == (0, 0, 0)
    assert released() == version


def test_few_rows_wait_for_more_but_a_day_at_most() -> None:
    stored("a", rows_of("PD/L1", [1.0]))
    assert compact(at=START + timedelta(hours=23)).plans == 0
    assert compact(at=START + timedelta(hours=25)).plans == 1


def test_a_run_killed_after_planning_is_finished_by_the_next() -> None:
    before = three_days()
    plan = compaction._open_plan(Lake.configured(), LATER, is_forced=True)
    assert plan is not None
    assert scan().collect().equals(before)
    stored("late", rows_of("PD/L9", [9.0]))
    assert compact(at=LATER, is_forced=True).plans == 2
    assert scan().collect().height == 10


def test_a_run_killed_after_its_commit_is_recognised_by_the_number() -> None:
    before = three_days()
    lake = Lake.configured()
    plan = compaction._open_plan(lake, LATER, is_forced=True)
    assert plan is not None
    lake.put(compaction._rows_of(plan), plan.number)
    assert scan().collect().equals(before), "not released: readers still take the blocks"
    done = compact(at=LATER, is_forced=True)
    assert (done.plans, done.rewound) == (0, 0)
    assert scan().collect().equals(before)
    with pytest.raises(Exception, match="Failed to commit"):
        second_commit(lake, plan)


def second_commit(lake: Lake, plan: CompactionPlan) -> None:
    """Commit a plan's rows from a state of the lake that lacks them, as a second worker might."""
    from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

    from andon.history.lake import with_month

    stale = DeltaTable(lake.url, version=0)
    lake.put(compaction._rows_of(plan), plan.number + 1)
    write_deltalake(
        stale, with_month(compaction._rows_of(plan)), mode="append",
        commit_properties=CommitProperties(app_transactions=[Transaction("andon", plan.number + 1)])
    )  # fmt: skip


def test_a_file_that_a_power_cut_spoiled_is_taken_back_and_made_anew(lake_folder: Path) -> None:
    before = three_days()
    lake = Lake.configured()
    plan = compaction._open_plan(lake, LATER, is_forced=True)
    assert plan is not None
    lake.put(compaction._rows_of(plan), plan.number)
    spoiled = next(lake_folder.rglob("*.parquet"))
    spoiled.write_bytes(spoiled.read_bytes()[:-100] + bytes(100))
    done = compact(at=LATER, is_forced=True)
    assert (done.rewound, done.plans) == (1, 1)
    assert scan().collect().equals(before)
    assert CompactionPlan.objects.get().number > plan.number


def test_a_database_put_back_to_an_older_state_loses_nothing() -> None:
    three_days()
    compact(at=LATER, is_forced=True)
    older = scan().collect()
    stored("new", rows_of("PD/L9", [9.0]))
    compact(at=LATER + timedelta(minutes=1), is_forced=True)
    # The backup knows the new block as hot, and neither the second plan nor its version.
    newest = CompactionPlan.objects.order_by("-number")[0]
    LakeVersion.objects.filter(plans_until=newest.number).delete()
    newest.delete()
    assert scan().collect().height == older.height + 1
    done = compact(at=LATER + timedelta(minutes=2), is_forced=True)
    assert (done.rewound, done.plans) == (1, 1)
    assert scan().collect().height == older.height + 1


def test_a_damaged_block_stops_compaction_by_its_digest() -> None:
    stored("a", rows_of("PD/L1", [1.0]))
    with connection.cursor() as cursor:
        from andon.records.trail.install import install, remove

        remove()
        other = "'\\x00'" if connection.vendor == "postgresql" else "X'00'"
        cursor.execute(f"UPDATE history_block SET payload = {other}")
        install()
    with pytest.raises(Damaged, match="restore it from a backup"):
        compact(at=LATER, is_forced=True)


def test_small_files_of_a_month_are_merged_in_order() -> None:
    for day in range(10):
        at = START + timedelta(hours=day)
        stored(f"a{day}", rows_of("PD/L1", [float(day)], start=at))
        stored(f"b{day}", rows_of("BO/L5", [float(day)], start=at))
        done = compact(at=LATER, is_forced=True)
        assert done.merged_months == (day == 8)
    files = Lake.configured().at(released_version())
    assert files["rows"].sort().to_list() == [2, 18]
    assert scan({"stream": "PD/L1"}).collect()["value"].to_list() == list(map(float, range(10)))
    assert plans_in(Lake.configured().latest()) == 10  # type: ignore[arg-type]


def test_a_merge_that_was_killed_before_its_release_is_settled() -> None:
    before = three_days()
    compact(at=LATER, is_forced=True)
    lake = Lake.configured()
    january = lake.at(released_version()).filter(pl.col("month") == "2025-01")
    lake.rewrite("2025-01", sorted_parts(lake, january))
    assert scan().collect().equals(before)
    assert compact(at=LATER, is_forced=True).rewound == 0
    assert scan().collect().equals(before)
    january = lake.at(released_version()).filter(pl.col("month") == "2025-01")
    lake.rewrite("2025-01", [part.head(1) for part in sorted_parts(lake, january)])
    assert compact(at=LATER, is_forced=True).rewound == 1
    assert scan().collect().equals(before)


def test_blocks_are_emptied_only_when_their_plan_was_released_long_enough(
    lake_folder: Path,
) -> None:
    before = three_days()
    compact(at=LATER, is_forced=True)
    assert empty_blocks(at=LATER + timedelta(hours=23)) == 0
    assert empty_blocks(at=LATER + timedelta(hours=24)) == 6
    assert empty_blocks(at=LATER + timedelta(hours=25)) == 0
    assert {bytes(block.payload) for block in Block.objects.all()} == {b""}
    assert not BlockStream.objects.exists()
    assert scan().collect().equals(before)
    assert LakeStream.objects.get(stream="PD/L1").rows == 6
    assert verify().is_whole


def test_the_database_lets_no_block_be_emptied_before() -> None:
    three_days()
    compaction._open_plan(Lake.configured(), LATER, is_forced=True)
    for change in (
        lambda: Block.objects.update(payload=b""),
        lambda: BlockStream.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    compact(at=LATER, is_forced=True)
    for values in ({"payload": b"other"}, {"payload": b"", "digest": "0"}, {"rows": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Block.objects.update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.all()._raw_delete("default")


def test_there_is_one_open_plan_at_most() -> None:
    CompactionPlan.objects.create(number=1, rows=1, planned_at=START)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompactionPlan.objects.create(number=2, rows=1, planned_at=START)


def test_two_compactions_do_not_run_at_once() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("a session may take its own advisory lock twice")
    three_days()
    with compaction.compacting():
        assert compact(at=LATER, is_forced=True).is_busy
    assert not compact(at=LATER, is_forced=True).is_busy


def test_a_block_that_is_committed_late_is_planned_nevertheless() -> None:
    stored("a", rows_of("PD/L1", [1.0]))
    stored("b", rows_of("PD/L1", [2.0], start=START + timedelta(hours=1)))
    first, second = Block.objects.order_by("pk")
    plan = CompactionPlan.objects.create(number=1, rows=1, planned_at=LATER)
    PlannedBlock.objects.create(block=second, plan=plan)
    compact(at=LATER + timedelta(days=1), is_forced=True)
    assert PlannedBlock.objects.get(block=first).plan_id == 2
    assert scan().collect()["value"].to_list() == [1.0, 2.0]


def test_moments_of_blocks_and_lake_equal_those_of_blocks_alone() -> None:
    three_days()
    alone = moments(["stream"])
    compact(at=LATER, is_forced=True)
    together = moments(["stream"])
    assert together.drop("M2", "mean").equals(alone.drop("M2", "mean"))
    for name in ("M2", "mean"):
        assert together[name].to_list() == pytest.approx(alone[name].to_list(), rel=1e-12)


def test_a_month_may_begin_anywhere() -> None:
    at = datetime.fromisoformat("2024-12-31T23:59:30+00:00")
    stored("a", rows_of("PD/L1", [1.0, 2.0, 3.0], start=at))
    compact(at=LATER, is_forced=True)
    assert Lake.configured().at(released_version())["month"].sort().to_list() == [
        "2024-12",
        "2025-01",
    ]
    assert tail("PD/L1", 2)["value"].to_list() == [2.0, 3.0]


def test_only_files_row_groups_and_columns_that_are_needed_are_read() -> None:
    three_days()
    compact(at=LATER, is_forced=True)
    moment = Snapshot.now()
    asked = Asked({"stream": "PD/L1"}, since=START + timedelta(days=30))
    assert moment.files(asked)["month"].to_list() == ["2025-02"]
    assert moment.files(Asked({"characteristic": "ZZ"})).height == 0
    later = pl.col("produced_on") > START.date()
    plan = scan({"stream": "PD/L1"}).filter(later).select("value").explain()
    parquet = plan[plan.index("Parquet SCAN") :]
    assert "PROJECT 6/23 COLUMNS" in parquet
    assert "SELECTION" in parquet and "produced_on" in parquet and "PD/L1" in parquet
    assert "FILTER" not in plan
