"""Rows of streams for the tests of the history."""

from datetime import UTC, datetime, timedelta

import polars as pl

from andon.history.frame import SCHEMA, digest
from andon.history.log import Batch, append

START = datetime(2025, 1, 2, 6, tzinfo=UTC)
_TEXTS = ("product", "lot", "serial", "shift", "operator", "instrument", "unit", "comment")


def rows_of(
    stream: str, values: list[float], *, start: datetime = START, supersedes: str = ""
) -> pl.DataFrame:
    """Return rows of one stream, a minute apart."""
    characteristic, _slash, machine = stream.partition("/")
    columns = {
        "stream": stream, "characteristic": characteristic, "machine": machine,
        "received_at": start, "produced_on": start.date(), "subgroup": f"{start:%Y-%m-%d}",
        "inspected": None, "is_out_of_specification": False, "factors": "{}",
        "supersedes": supersedes, **dict.fromkeys(_TEXTS, ""),
    }  # fmt: skip
    frame = pl.DataFrame({"value": values, "text": [str(value) for value in values]})
    times = [start + timedelta(minutes=place) for place in range(len(values))]
    literals = [pl.lit(value, dtype=SCHEMA[name]).alias(name) for name, value in columns.items()]
    return frame.with_columns(
        pl.Series("measured_at", times, dtype=SCHEMA["measured_at"]), *literals
    )


def batch(key: str, rows: pl.DataFrame) -> Batch:
    """Return a batch with the digest of its values."""
    return Batch(key, rows, digest(rows["text"].str.join("|").item().encode()))


def stored(key: str, rows: pl.DataFrame, *, at: datetime = START) -> int:
    """Append a batch and return its number."""
    return append([batch(key, rows)], at=at)[0].batch
