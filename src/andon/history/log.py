"""Append and read: the interface of the measurement history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
from django.db import connection, transaction
from django.db.models import QuerySet

from andon.history.frame import SCHEMA, decoded, digest, empty, encoded, tuples
from andon.history.models import BatchKey, Block, BlockStream

Where = Mapping[str, str | Sequence[str]]
"""Column -> the value, or the values, that a row must have."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are stored together or not at all, under a key of the sender's."""

    key: str
    rows: pl.DataFrame
    """Columns of `frame.SCHEMA`, but `batch` and `position`, which the log gives."""
    digest: str
    """Of the rows as sent: tells a repetition from another batch under the same key."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch."""

    key: str
    batch: int
    rows: int
    is_new: bool
    is_other: bool = False
    """The key was used before for other rows: nothing of this batch was stored."""


def append(batches: Sequence[Batch], *, at: datetime) -> list[Receipt]:
    """Store the batches whose keys are new; durable when the surrounding transaction commits.

    The keys go first, so that a retried batch is left out before anything is encoded.
    """
    with transaction.atomic():
        receipts = [_claimed(batch, at) for batch in batches]
        fresh = [
            _placed(batch.rows, receipt.batch)
            for batch, receipt in zip(batches, receipts, strict=True)
            if receipt.is_new
        ]
        if fresh:
            _store(pl.concat(fresh) if len(fresh) > 1 else fresh[0], at)
    return receipts


def scan(
    where: Where | None = None,
    *,
    columns: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.LazyFrame:
    """Return the rows that match, superseded ones left out, in order of measurement.

    `since` is included and `until` is not. Only blocks that can hold such rows are read.
    """
    rows = _narrowed(_frames(_blocks(where or {}, since, until)), where or {}, since, until)
    rows = without_superseded(rows).sort("measured_at", "batch", "position")
    return rows.select(columns) if columns else rows


def tail(stream: str, n: int) -> pl.DataFrame:
    """Return the last n rows of a stream, oldest first, reading only the blocks they are in."""
    places = BlockStream.objects.filter(stream=stream).order_by("-until")
    chosen, rows = [], 0
    for place in places.values_list("block_id", "rows").iterator(chunk_size=64):
        chosen.append(place[0])
        rows += place[1]
        if rows >= n:
            break
    found = _narrowed(_frames(Block.objects.filter(pk__in=chosen)), {"stream": stream}, None, None)
    return without_superseded(found).sort("measured_at", "batch", "position").tail(n).collect()


def moments(
    by: Sequence[str],
    where: Where | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Return n, mean, M2 (sum of squared deviations), min, max and out-of-specification count."""
    value = pl.col("value")
    return (
        scan(where, since=since, until=until)
        .group_by(by)
        .agg(
            pl.len().alias("n"),
            value.mean().alias("mean"),
            ((value - value.mean()) ** 2).sum().alias("M2"),
            value.min().alias("min"),
            value.max().alias("max"),
            pl.col("is_out_of_specification").sum().alias("out_of_specification"),
        )
        .sort(by)
        .collect()
    )


def without_superseded(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Leave out rows that a later row corrects."""
    place = pl.concat_str(pl.col("batch"), pl.lit(":"), pl.col("position"))
    corrected = rows.filter(pl.col("supersedes") != "").select(_place="supersedes").unique()
    return rows.with_columns(_place=place).join(corrected, on="_place", how="anti").drop("_place")


def _claimed(batch: Batch, at: datetime) -> Receipt:
    """Insert the batch's key, or find who used it before."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO history_batchkey ("key", digest, "rows", appended_at)'
            ' VALUES (%s, %s, %s, %s) ON CONFLICT ("key") DO NOTHING RETURNING id',
            [batch.key, batch.digest, batch.rows.height, at],
        )
        inserted = cursor.fetchone()
    if inserted is not None:
        return Receipt(batch.key, inserted[0], batch.rows.height, is_new=True)
    kept = BatchKey.objects.get(key=batch.key)
    is_other = kept.digest != batch.digest
    return Receipt(batch.key, kept.pk, kept.rows, is_new=False, is_other=is_other)


def _placed(rows: pl.DataFrame, batch: int) -> pl.DataFrame:
    """Give each row its place: batch and position, by which a correction names it."""
    placed = rows.clone()
    placed.insert_column(0, pl.Series("batch", [batch] * rows.height, dtype=pl.Int64))
    placed.insert_column(1, pl.Series("position", range(rows.height), dtype=pl.Int32))
    return placed if placed.columns == list(SCHEMA) else placed.select(*SCHEMA)


def _store(rows: pl.DataFrame, at: datetime) -> None:
    payload = encoded(rows)
    block = Block.objects.create(
        payload=payload, digest=digest(payload), rows=rows.height, appended_at=at
    )
    BlockStream.objects.bulk_create(
        BlockStream(
            block=block, characteristic=characteristic, stream=stream,
            since=min(times), until=max(times), rows=len(times),
        )
        for (stream, characteristic), times in _times_by_stream(rows).items()
    )  # fmt: skip


def _times_by_stream(rows: pl.DataFrame) -> dict[tuple[str, str], list[datetime]]:
    found: dict[tuple[str, str], list[datetime]] = {}
    for stream, characteristic, at in tuples(rows, "stream", "characteristic", "measured_at"):
        found.setdefault((stream, characteristic), []).append(at)
    return found


def _blocks(where: Where, since: datetime | None, until: datetime | None) -> QuerySet[Block]:
    """Return the blocks that can hold matching rows."""
    places = BlockStream.objects.all()
    for column in ("stream", "characteristic"):
        if column in where:
            places = places.filter(**{f"{column}__in": _several(where[column])})
    if since is not None:
        places = places.filter(until__gte=since)
    if until is not None:
        places = places.filter(since__lt=until)
    return Block.objects.filter(pk__in=places.values("block_id"))


def _frames(blocks: Iterable[Block]) -> pl.LazyFrame:
    frames = [decoded(block.payload) for block in blocks]
    return pl.concat(frames, rechunk=False).lazy() if frames else empty().lazy()


def _narrowed(
    rows: pl.LazyFrame, where: Where, since: datetime | None, until: datetime | None
) -> pl.LazyFrame:
    for column, wanted in where.items():
        rows = rows.filter(pl.col(column).is_in(_several(wanted)))
    if since is not None:
        rows = rows.filter(pl.col("measured_at") >= since.astimezone(UTC))
    if until is not None:
        rows = rows.filter(pl.col("measured_at") < until.astimezone(UTC))
    return rows


def _several(wanted: str | Sequence[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted)
