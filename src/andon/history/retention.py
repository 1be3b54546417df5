"""Removing months of measurements whose time is over: whole, counted, and for good.

Whether a month may go is decided above, by a plan that two people carry. Here it is only done.
"""

from datetime import UTC, date, datetime

import polars as pl
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from andon.history.compaction import compact, empty_blocks, release, released, settle
from andon.history.lake import Lake, plans_in
from andon.history.models import BlockStream, DroppedMonth, LakeStream
from andon.history.reading import month_after
from andon.history.turns import compacting


class NotYet(Exception):
    """Rows of these months are still in the database, or another compaction is under way."""


def months_before(day: date) -> pl.DataFrame:
    """Return the months that end before a day, with their rows, streams and span: for the plan."""
    version = released()
    if version is None:
        return pl.DataFrame()
    lake = Lake.configured()
    files = lake.at(version.version)
    over = [month for month in files["month"].unique() if month_after(month).date() <= day]
    chosen = files.filter(pl.col("month").is_in(over))
    if not chosen.height:
        return pl.DataFrame()
    rows = lake.read(chosen["path"].to_list())
    month = pl.col("measured_at").dt.strftime("%Y-%m").alias("month")
    at = pl.col("measured_at")
    return rows.group_by(month).agg(
        pl.len().alias("rows"), pl.col("stream").n_unique().alias("streams"),
        at.min().alias("since"), at.max().alias("until"),
    ).sort("month").collect()  # fmt: skip


def drop_months(before: date, *, reason: str, at: datetime) -> list[DroppedMonth]:
    """Remove the months that end before a day, and leave one counted line for each.

    Their blocks must have been emptied, so that nothing of them stays in the database. The files
    go with the next tidying, after the hours that `LAKE_KEEP_FILES_HOURS` says.

    Raises:
        NotYet: rows of these months are still in blocks, or a compaction is under way.
    """
    compact(at=at, is_forced=True)
    empty_blocks(at=at)
    end = datetime.combine(before, datetime.min.time(), UTC).replace(day=1)
    if BlockStream.objects.filter(since__lt=end).exists():
        message = "Rows of these months are still in blocks: wait until those are emptied."
        raise NotYet(message)
    with compacting() as has_turn:
        if not has_turn:
            message = "Another compaction is under way."
            raise NotYet(message)
        return _dropped(before, reason, at)


def _dropped(before: date, reason: str, at: datetime) -> list[DroppedMonth]:
    lake = Lake.configured()
    settle(lake, at=at)
    told, table = months_before(before), lake.latest()
    if table is None or not told.height:
        return []
    months = ", ".join(f"'{month}'" for month in told["month"])
    table.delete(f"month IN ({months})")
    with transaction.atomic():
        release(lake, table, at=at, plans_until=plans_in(table))
        _shorten(told["until"].max())  # type: ignore[arg-type]
        return [
            DroppedMonth.objects.create(reason=reason[:300], dropped_at=at, **line)
            for line in told.iter_rows(named=True)
        ]


def _shorten(until: datetime) -> None:
    """A stream that was measured in these months only is not known to the lake any more."""
    LakeStream.objects.filter(until__lte=until).delete()
    LakeStream.objects.filter(since__lte=until).update(since=Greatest(F("since"), until))
