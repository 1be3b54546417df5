"""Compaction: blocks go from the database to the lake, and every step may be killed and repeated.

1. A plan names its blocks. One plan is open at most, so plans reach the lake in order.
2. Its rows are committed to the lake, and the commit carries the plan's number.
3. The version is released to readers: the files hold exactly the plan's rows, by digest, and files,
   folders and log are on the disk.
4. Small files of a month are merged to sorted ones; the same check releases that version.
5. Blocks of plans released long enough are emptied; their digests and trail entries stay.

What a killed run left is settled by the next: a commit whose files are whole is released, any
other is taken back, and its plan is made anew.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Sum

from andon.history.frame import decoded, digest
from andon.history.lake import ORDER, Lake, content_of, contents, plans_in
from andon.history.models import (
    Block,
    BlockStream,
    CompactionPlan,
    LakeStream,
    LakeVersion,
    PlannedBlock,
    SupersededPlace,
)
from andon.history.reading import corrected_by
from andon.history.turns import compacting

log = logging.getLogger(__name__)
_MOST_ROWS = 500_000
"""Rows of one plan: they are sorted in memory."""
_ENOUGH_ROWS = 100_000
_LONGEST_WAIT = timedelta(hours=24)
_MOST_FILES = 8
"""Files of a month that are merged when there are more."""
_SMALL_BYTES = 32 * 2**20
_SHORTEST_STAY = timedelta(minutes=10)
"""A reader that took an older version of the lake still finds the blocks that it lacks."""


class Damaged(Exception):
    """A block's payload is not what its digest says."""


@dataclass(slots=True)
class Compacted:
    """What a compaction did."""

    is_busy: bool = False
    """Another one is under way: nothing was done."""
    plans: int = 0
    rows: int = 0
    merged_months: int = 0
    emptied_blocks: int = 0
    rewound: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


def compact(*, at: datetime, is_forced: bool = False) -> Compacted:
    """Move what has come together to the lake; again, or after a kill, changes nothing twice.

    Without force, few rows wait for more, a day at most.
    """
    done = Compacted(is_busy=True)
    with compacting() as has_turn:
        if has_turn:
            done.is_busy = False
            _compact(Lake.configured(), done, at, is_forced=is_forced)
    return done


def empty_blocks(*, at: datetime) -> int:
    """Empty the blocks of plans that were released long enough ago; return how many."""
    stay = max(timedelta(hours=settings.LAKE_KEEP_BLOCKS_HOURS), _SHORTEST_STAY)
    return sum(
        _empty(plan, at)
        for plan in CompactionPlan.objects.filter(released_at__lte=at - stay, purged_at=None)
    )


def released() -> LakeVersion | None:
    """Return the version of the lake that readers use."""
    return LakeVersion.objects.order_by("-version").first()


def release(lake: Lake, table: DeltaTable, *, at: datetime, plans_until: int) -> None:
    """Make the present version durable and let readers use it, without a further look."""
    version, before = table.version(), released()
    known = set(lake.at(before.version)["path"]) if before else set()
    added = [path for path in lake.at(version)["path"] if path not in known]
    lake.sync(added, range(before.version + 1 if before else 0, version + 1))
    with transaction.atomic():
        LakeVersion.objects.update_or_create(
            version=version, defaults={"plans_until": plans_until, "released_at": at}
        )
        CompactionPlan.objects.filter(is_open=True, number__lte=plans_until).update(
            is_open=False, released_at=at
        )


def settle(lake: Lake, *, at: datetime) -> int:
    """Release what a killed run left committed and whole, take back what is not; return how often.

    Committed rows that the open plan does not explain come from a database that was put back to
    an older state: they are taken back too, since its blocks hold them.
    """
    table, before = lake.latest(), released()
    if table is None or (before is not None and table.version() == before.version):
        return 0
    plan = CompactionPlan.objects.filter(is_open=True).first()
    taken, known = plans_in(table), before.plans_until if before else 0
    is_ours = taken == known or (plan is not None and taken == plan.number)
    if is_ours and _is_explained(lake, table, before, plan if taken > known else None):
        release(lake, table, at=at, plans_until=taken)
        return 0
    _rewind(lake, table, before, at)
    return 1


def _compact(lake: Lake, done: Compacted, at: datetime, *, is_forced: bool) -> None:
    done.rewound = settle(lake, at=at)
    while plan := _open_plan(lake, at, is_forced=is_forced):
        try:
            lake.put(_rows_of(plan), plan.number)
        except CommitFailedError:
            log.warning("plan %s was committed by another process", plan.number)
        done.rewound += settle(lake, at=at)
        done.plans += 1
        done.rows += plan.rows
    _merge(lake, done, at)
    done.emptied_blocks = empty_blocks(at=at)
    if done.merged_months or done.rewound:
        _tidy(lake)


def _open_plan(lake: Lake, at: datetime, *, is_forced: bool) -> CompactionPlan | None:
    """Return the open plan, or make one where enough rows wait; None when there is nothing."""
    plan = CompactionPlan.objects.filter(is_open=True).first()
    if plan is not None:
        return plan
    chosen, rows, oldest = [], 0, at
    for key, height, appended_at in _waiting(at):
        chosen.append(key)
        rows, oldest = rows + height, min(oldest, appended_at)
        if rows >= _MOST_ROWS:
            break
    if not chosen or not (is_forced or rows >= _ENOUGH_ROWS or at - oldest >= _LONGEST_WAIT):
        return None
    return _planned(lake, chosen, rows, at)


def _waiting(at: datetime) -> Iterator[tuple[int, int, datetime]]:
    """Yield the blocks without a plan.

    The first plan of a day looks at every block; later ones only after the oldest block of the
    last day's plans, so that the look costs little. A smaller number may be committed later.
    """
    blocks = Block.objects.filter(~Exists(PlannedBlock.objects.filter(block=OuterRef("pk"))))
    if CompactionPlan.objects.filter(planned_at__gte=at.replace(hour=0, minute=0)).exists():
        recent = PlannedBlock.objects.filter(plan__planned_at__gt=at - _LONGEST_WAIT)
        blocks = blocks.filter(pk__gt=recent.aggregate(least=Min("block_id"))["least"] or 0)
    found = blocks.order_by("pk").values_list("pk", "rows", "appended_at")
    yield from found.iterator(chunk_size=2000)


def _planned(lake: Lake, blocks: list[int], rows: int, at: datetime) -> CompactionPlan:
    table = lake.latest()
    newest = CompactionPlan.objects.aggregate(newest=Max("number"))["newest"] or 0
    number = max(newest, plans_in(table) if table else 0) + 1
    with transaction.atomic():
        plan = CompactionPlan.objects.create(number=number, rows=rows, planned_at=at)
        PlannedBlock.objects.bulk_create(
            (PlannedBlock(block_id=key, plan=plan) for key in blocks), batch_size=2000
        )
        _keep_corrections(plan)
    return plan


def _keep_corrections(plan: CompactionPlan) -> None:
    places = pl.concat([corrected_by(frame) for frame in _frames_of(plan)])
    SupersededPlace.objects.bulk_create(
        [SupersededPlace(batch=b, position=p) for b, p in places.iter_rows()],
        ignore_conflicts=True,
    )


def _frames_of(plan: CompactionPlan) -> Iterator[pl.DataFrame]:
    """Yield the rows of a plan's blocks, each held against its digest."""
    for block in Block.objects.filter(planned__plan=plan).iterator(chunk_size=200):
        if digest(block.payload) != block.digest:
            message = f"Block {block.pk} is damaged: restore it from a backup, then compact again."
            raise Damaged(message)
        yield decoded(block.payload)


def _rows_of(plan: CompactionPlan) -> pl.DataFrame:
    return pl.concat(list(_frames_of(plan)))


def _is_explained(
    lake: Lake, table: DeltaTable, before: LakeVersion | None, plan: CompactionPlan | None
) -> bool:
    """Tell whether the new files hold exactly the rows of the old ones and of the plan."""
    old = set(lake.at(before.version)["path"]) if before else set()
    new = set(lake.at(table.version())["path"])
    count, total = content_of(contents(lake, sorted(old - new)))
    planned = content_of([_rows_of(plan)]) if plan else (0, 0)
    wanted = (count + planned[0], (total + planned[1]) % 2**64)
    try:
        return content_of(contents(lake, sorted(new - old))) == wanted
    except (pl.exceptions.PolarsError, OSError) as error:
        log.warning("the lake's newest files cannot be read: %s", error)
        return False


def _rewind(lake: Lake, table: DeltaTable, before: LakeVersion | None, at: datetime) -> None:
    """Take the lake back to the released version; the open plan's blocks get another plan."""
    log.warning("the lake is taken back from version %s", table.version())
    if before is None:
        table.delete()
    else:
        table.restore(before.version)
    with transaction.atomic():
        CompactionPlan.objects.filter(is_open=True).delete()
        latest = lake.latest()
        if latest is not None:
            release(lake, latest, at=at, plans_until=before.plans_until if before else 0)


def _merge(lake: Lake, done: Compacted, at: datetime) -> None:
    version = released()
    if version is None:
        return
    files = lake.at(version.version)
    for month in _months_of_many_files(files):
        lake.rewrite(month, sorted_parts(lake, files.filter(pl.col("month") == month)))
        done.rewound += settle(lake, at=at)
        done.merged_months += 1


def _months_of_many_files(files: pl.DataFrame) -> list[str]:
    """Return months whose small files are many, and make up enough to be worth it."""
    small = pl.col("bytes") < _SMALL_BYTES
    told = files.group_by("month").agg(
        small.sum().alias("files"),
        (pl.col("bytes").filter(small).sum() / pl.col("bytes").sum()).alias("share"),
    )
    count = pl.col("files")
    is_worth = (count > _MOST_FILES) & ((pl.col("share") > 0.2) | (count > 8 * _MOST_FILES))
    return told.filter(is_worth)["month"].sort().to_list()


def sorted_parts(lake: Lake, files: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows of files in order, one characteristic at a time.

    The lake's writer asks for them in a thread of its own: nothing here may ask the database.
    """
    rows = lake.read(files["path"].to_list())
    names = rows.select("characteristic").unique().collect()["characteristic"].sort()
    for name in names:
        yield rows.filter(pl.col("characteristic") == name).sort(ORDER).collect()


def _empty(plan: CompactionPlan, at: datetime) -> int:
    """Empty a plan's blocks; what their streams span is kept in one line for each stream."""
    blocks = Block.objects.filter(planned__plan=plan)
    places = BlockStream.objects.filter(block__planned__plan=plan)
    with transaction.atomic():
        spans = places.order_by().values("stream", "characteristic").annotate(
            least=Min("since"), greatest=Max("until"), total=Sum("rows")
        )  # fmt: skip
        for span in spans:
            _widen(span)
        places.delete()
        count = blocks.update(payload=b"")
        plan.purged_at = at
        plan.save(update_fields=["purged_at"])
    return count


def _widen(span: Mapping[str, Any]) -> None:
    kept, is_new = LakeStream.objects.select_for_update().get_or_create(
        stream=span["stream"],
        defaults={
            "characteristic": span["characteristic"], "since": span["least"],
            "until": span["greatest"], "rows": span["total"],
        },
    )  # fmt: skip
    if not is_new:
        kept.since, kept.until = min(kept.since, span["least"]), max(kept.until, span["greatest"])
        kept.rows += span["total"]
        kept.save()


def _tidy(lake: Lake) -> None:
    """Remove files that no version of the last days needs, and versions that nobody reads."""
    table = lake.latest()
    if table is None:
        return
    table.vacuum(
        retention_hours=int(settings.LAKE_KEEP_FILES_HOURS), dry_run=False,
        enforce_retention_duration=False,
    )  # fmt: skip
    kept = LakeVersion.objects.order_by("-version").values_list("version", flat=True)[:20]
    LakeVersion.objects.exclude(version__in=list(kept)).delete()
