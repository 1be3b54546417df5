"""Recognising rows that were stored before, so that importing again changes nothing."""

import hashlib
from datetime import timedelta

import polars as pl

from andon.history import log

_IDENTITY = (
    "stream", "product", "lot", "serial", "operator", "instrument", "measured_at", "text",
    "inspected", "factors", "comment", "supersedes",
)  # fmt: skip
"""What makes two rows the same measurement: everything that was typed."""


def without_stored(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that the history does not hold yet, counting equal ones.

    Five pieces may read the same value at the same instant: of k equal rows, as many are left
    out as the history already holds.
    """
    if rows.is_empty():
        return rows
    stored = _stored(rows).with_columns(_count())
    return (
        rows.with_columns(_count())
        .join(
            stored, on=[*_IDENTITY, "_count"], how="anti", nulls_equal=True, maintain_order="left"
        )
        .drop("_count")
    )


def digest(rows: pl.DataFrame) -> str:
    """Return the digest of rows by their identity."""
    return hashlib.sha256(rows.select(_IDENTITY).write_csv().encode()).hexdigest()


def _count() -> pl.Expr:
    return pl.int_range(pl.len()).over(*_IDENTITY).alias("_count")


def _stored(rows: pl.DataFrame) -> pl.DataFrame:
    """Read, of the touched streams and times only, what the history holds."""
    streams = rows["stream"].unique().to_list()
    since, until = rows.select(
        low=pl.col("measured_at").min(), high=pl.col("measured_at").max()
    ).row(0)
    found = log.scan({"stream": streams}, since=since, until=until + timedelta(microseconds=1))
    return found.select(_IDENTITY).collect()
