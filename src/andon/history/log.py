"""Append and read: the interface of the measurement history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection, transaction

from andon.history.frame import SCHEMA, digest, encoded, tuples
from andon.history.models import BatchKey
from andon.history.reading import Where, moments, scan, tail

__all__ = ["Batch", "Receipt", "Where", "append", "moments", "scan", "tail"]


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


_ADD_BLOCK = (
    'INSERT INTO history_block (payload, digest, "rows", appended_at)'
    " VALUES (%s, %s, %s, %s) RETURNING id"
)
_ADD_PLACE = (
    'INSERT INTO history_blockstream (block_id, characteristic, stream, since, until, "rows")'
    " VALUES (%s, %s, %s, %s, %s, %s)"
)


def append(batches: Sequence[Batch], *, at: datetime) -> list[Receipt]:
    """Store the batches whose keys are new; durable when the surrounding transaction commits.

    The keys go first, so that a retried batch is left out before anything is encoded.
    """
    with transaction.atomic(savepoint=False):
        receipts = [_claimed(batch, at) for batch in batches]
        fresh = [
            _placed(batch.rows, receipt.batch)
            for batch, receipt in zip(batches, receipts, strict=True)
            if receipt.is_new
        ]
        if fresh:
            _store(pl.concat(fresh) if len(fresh) > 1 else fresh[0], at)
    return receipts


def _claimed(batch: Batch, at: datetime) -> Receipt:
    """Insert the batch's key, or find who used it before."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO history_batchkey ("key", digest, "rows", appended_at)'
            ' VALUES (%s, %s, %s, %s) ON CONFLICT ("key") DO NOTHING RETURNING id',
            [batch.key, batch.digest, batch.rows.height, _told(at)],
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
    # Plain statements: building these through the ORM costs more than carrying them out.
    with connection.cursor() as cursor:
        cursor.execute(_ADD_BLOCK, [payload, digest(payload), rows.height, _told(at)])
        block = cursor.fetchone()[0]
        places = [
            (block, characteristic, stream, _told(min(times)), _told(max(times)), len(times))
            for (stream, characteristic), times in _times_by_stream(rows).items()
        ]
        cursor.executemany(_ADD_PLACE, places)


def _told(at: datetime) -> Any:
    """Return an instant as the database stores it."""
    return connection.ops.adapt_datetimefield_value(at)


def _times_by_stream(rows: pl.DataFrame) -> dict[tuple[str, str], list[datetime]]:
    found: dict[tuple[str, str], list[datetime]] = {}
    for stream, characteristic, at in tuples(rows, "stream", "characteristic", "measured_at"):
        found.setdefault((stream, characteristic), []).append(at)
    return found
