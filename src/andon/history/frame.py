"""The shape of a measurement row, and its compressed form."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import polars as pl

INSTANT = pl.Datetime("us", "UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "batch": pl.Int64,
    "position": pl.Int32,
    "stream": pl.String,
    "characteristic": pl.String,
    "machine": pl.String,
    "product": pl.String,
    "lot": pl.String,
    "serial": pl.String,
    "shift": pl.String,
    "operator": pl.String,
    "instrument": pl.String,
    "measured_at": INSTANT,
    "received_at": INSTANT,
    "produced_on": pl.Date,
    "subgroup": pl.String,
    "value": pl.Float64,
    "text": pl.String,
    "unit": pl.String,
    "inspected": pl.Int64,
    "is_out_of_specification": pl.Boolean,
    "comment": pl.String,
    "factors": pl.String,
    "supersedes": pl.String,
}
"""Every column of the log. `text` is the value as typed, `value` the number it means;
`inspected` is the number of pieces looked at when `value` counts defects; `factors` is JSON of
any further columns; `supersedes` names the row (batch:position) that this one corrects."""


def instant(at: datetime) -> pl.Expr:
    """Return an instant to compare with; polars would run two queries to make one of a datetime."""
    return pl.lit((at - _EPOCH) // timedelta(microseconds=1)).cast(INSTANT)


def encoded(frame: pl.DataFrame) -> bytes:
    """Return a frame as compressed Arrow IPC."""
    buffer = BytesIO()
    frame.write_ipc_stream(buffer, compression="zstd")
    return buffer.getvalue()


def decoded(payload: bytes | memoryview) -> pl.DataFrame:
    """Return the frame of a payload."""
    return pl.read_ipc_stream(BytesIO(bytes(payload)))


def digest(payload: bytes | memoryview) -> str:
    """Return the digest by which a block is checked."""
    return hashlib.sha256(payload).hexdigest()


def tuples(frame: pl.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows of some columns; for small frames far cheaper than a query for each."""
    return zip(*(frame[name].to_list() for name in columns), strict=True)


def empty() -> pl.DataFrame:
    """Return a frame with all columns and no row."""
    return pl.DataFrame(schema=SCHEMA)
