"""Append batches to the log: keys first, then one block of only those whose key is new."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import polars as pl
from django.db import connection, transaction

from andon.history.frame import SCHEMA, digest, empty, encoded, tuples
from andon.history.models import BatchKey
from andon.history.statements import ran

Rows = pl.DataFrame | Sequence[Mapping[str, Any]]
"""Columns of `frame.SCHEMA`, but `batch` and `position`, which the log gives."""
Speaking = Callable[[str], AbstractContextManager[Any]]
"""Under whose name what is written meanwhile is told."""
COLUMNS = {name: kind for name, kind in SCHEMA.items() if name not in {"batch", "position"}}
_AT_ONCE, _FEW = 500, 500
"""Rows of one statement; rows up to which plain Python is faster than a query on a frame."""
_INSERT_KEYS = 'INSERT INTO history_batchkey ("key", digest, "rows", appended_at)'
_INSERT_PLACES = (
    'INSERT INTO history_blockstream (block_id, stream, characteristic, since, until, "rows")'
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are stored together or not at all, under a key of the sender's."""

    key: str
    rows: Rows
    digest: str
    """Of the rows as sent: tells a repetition from another batch under the same key."""
    sender: str = ""


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
    return append_told(batches, at=at, speaking=nullcontext)[0]


def append_told(
    batches: Sequence[Batch], *, at: datetime, speaking: Speaking
) -> tuple[list[Receipt], pl.DataFrame]:
    """Append, telling each batch under its sender's name, and also return the rows as stored."""
    with transaction.atomic(savepoint=False):
        receipts = _claimed(batches, at, speaking)
        fresh = [
            (receipt.batch, batch.rows)
            for batch, receipt in zip(batches, receipts, strict=True)
            if receipt.is_new
        ]
        rows = _placed(fresh) if fresh else empty()
        if rows.height:
            _store(rows, at)
    return receipts, rows


def _claimed(batches: Sequence[Batch], at: datetime, speaking: Speaking) -> list[Receipt]:
    """Insert the batches' keys in their order, and find who used the others before."""
    new: dict[int, int] = {}
    for sender, group in groupby(range(len(batches)), key=lambda place: batches[place].sender):
        places = list(group)
        with speaking(sender):
            for start in range(0, len(places), _AT_ONCE):
                new |= _inserted(batches, places[start : start + _AT_ONCE], at)
    keys = [batch.key for place, batch in enumerate(batches) if place not in new]
    kept = {one.key: one for one in BatchKey.objects.filter(key__in=keys)} if keys else {}
    return [
        Receipt(batch.key, new[place], len(batch.rows), is_new=True)
        if place in new
        else _used(batch, kept[batch.key])
        for place, batch in enumerate(batches)
    ]


def _inserted(batches: Sequence[Batch], places: Sequence[int], at: datetime) -> dict[int, int]:
    """Insert some keys with one statement; return the numbers of the new ones by their place."""
    first = {batches[place].key: place for place in reversed(places)}
    told: list[Any] = []
    for place in places:
        batch = batches[place]
        told += [batch.key, batch.digest, len(batch.rows), _adapted(at)]
    values = ", ".join(["(%s, %s, %s, %s)"] * len(places))
    rows = ran(
        f'{_INSERT_KEYS} VALUES {values} ON CONFLICT ("key") DO NOTHING RETURNING id, "key"', told
    )
    return {first[key]: number for number, key in rows}


def _used(batch: Batch, kept: BatchKey) -> Receipt:
    is_other = kept.digest != batch.digest
    return Receipt(batch.key, kept.pk, kept.rows, is_new=False, is_other=is_other)


def _placed(fresh: Sequence[tuple[int, Rows]]) -> pl.DataFrame:
    """Give each row its place, batch and position, by which a correction names it."""
    parts = []
    for is_frame, group in groupby(fresh, key=lambda one: isinstance(one[1], pl.DataFrame)):
        some = list(group)
        parts += [_of_frame(*one) for one in some] if is_frame else [_of_dicts(some)]
    return pl.concat(parts) if len(parts) > 1 else parts[0]


def _of_frame(batch: int, rows: Any) -> pl.DataFrame:
    placed = rows.with_columns(
        pl.lit(batch, dtype=pl.Int64).alias("batch"),
        pl.int_range(pl.len(), dtype=pl.Int32).alias("position"),
    )
    return placed.select(*SCHEMA)  # type: ignore[no-any-return]


def _of_dicts(parts: Sequence[tuple[int, Rows]]) -> pl.DataFrame:
    """Return the rows of many small batches as one frame: far cheaper than a frame for each."""
    rows: list[Any] = [
        {**row, "batch": batch, "position": position}  # type: ignore[dict-item]
        for batch, part in parts
        for position, row in enumerate(part)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def framed(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows that have no place yet as a frame."""
    return pl.DataFrame(list(rows), schema=COLUMNS, orient="row")


def _store(rows: pl.DataFrame, at: datetime) -> None:
    payload = encoded(rows)
    told = [payload, digest(payload), rows.height, _adapted(at)]
    block = ran(
        'INSERT INTO history_block (payload, digest, "rows", appended_at)'
        " VALUES (%s, %s, %s, %s) RETURNING id",
        told,
    )[0][0]
    places = _places(rows)
    for start in range(0, len(places), _AT_ONCE):
        _tell_places(block, places[start : start + _AT_ONCE])


def _places(rows: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Return each stream with its characteristic, first and last instant, and number of rows."""
    at, streams = pl.col("measured_at"), ("stream", "characteristic")
    if rows.height > _FEW:
        ends = at.min().alias("since"), at.max().alias("until"), pl.len()
        return rows.group_by(streams, maintain_order=True).agg(ends).rows()
    found: dict[tuple[str, str], list[datetime]] = {}
    for stream, characteristic, instant in tuples(rows, *streams, "measured_at"):
        found.setdefault((stream, characteristic), []).append(instant)
    return [(*key, min(times), max(times), len(times)) for key, times in found.items()]


def _tell_places(block: int, places: Sequence[tuple[Any, ...]]) -> None:
    """Tell where streams are, and over which time: the way to the blocks of one chart."""
    told: list[Any] = []
    for stream, characteristic, since, until, rows in places:
        told += [block, stream, characteristic, _adapted(since), _adapted(until), rows]
    values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(places))
    ran(f"{_INSERT_PLACES} VALUES {values} RETURNING id", told)


def _adapted(at: datetime) -> Any:
    """Return an instant as the database's own fields hold it."""
    return connection.ops.adapt_datetimefield_value(at)
