"""The subgroups of a stream as its chart needs them: judged on the model's scale."""

import polars as pl

from andon.analyze.monitoring.models import Stream
from andon.analyze.monitoring.spans import Span
from andon.history import log
from andon.identify.measurements.queries import Selection, rows_of
from andon.organization.products.models import Characteristic

_ROOMY = 30
"""Rows read for each subgroup when its usual size is not known."""
_TEXTS = ("shift", "lot", "instrument", "operator")
_READ = (
    *("subgroup", "produced_on", "measured_at", "batch", "position", "value", "text"),
    *("is_out_of_specification", *_TEXTS),
)
"""What a chart reads of a row; the lake leaves the other columns where they are."""


def rows_in(stream: Stream, span: Span, size: int | None) -> pl.DataFrame:
    """Return the rows of a span; the last subgroups are read without what lies before them."""
    if span.last is not None:
        return log.tail(stream.code, (span.last + 1) * (size or _ROOMY))
    places = [stream.machine.code]
    selection = Selection(
        characteristic=stream.characteristic.code,
        since=span.since, until=span.until, machines=places,
    )  # fmt: skip
    return rows_of(selection, _READ)


def subgroups_of(rows: pl.DataFrame, stream: Stream, span: Span) -> pl.DataFrame:
    """Return the subgroups of a span's rows in order; `x` is the place in the picture.

    `mean_x` and `range_x` are on the model's scale, by which limits judge; `mean` and `range` are
    what a person reads: on the log model the geometric mean, and the largest over the smallest.
    """
    is_log = stream.characteristic.model == Characteristic.Model.LOG
    table = _grouped(rows, is_log=is_log)
    if span.last is not None:
        table = table.tail(span.last)
    return _told(table, is_log=is_log).with_row_index("x")


def pieces_of(rows: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the single values of the subgroups that are shown, each at its subgroup's place."""
    shown = rows.join(table.select("x", "subgroup"), on="subgroup", how="inner")
    return shown.sort("measured_at", "batch", "position")


def _grouped(rows: pl.DataFrame, *, is_log: bool) -> pl.DataFrame:
    scale = pl.col("value").log() if is_log else pl.col("value")
    x = pl.col("model")
    firsts = [pl.col(name).first() for name in ("produced_on", *_TEXTS)]
    return (
        rows.with_columns(scale.alias("model"))
        .group_by("subgroup", maintain_order=True)
        .agg(
            pl.col("measured_at").min(),
            *firsts,
            x.mean().alias("mean_x"),
            (x.max() - x.min()).alias("range_x"),
            pl.len().alias("n"),
            pl.col("is_out_of_specification").sum().alias("out"),
        )
        .sort("measured_at", "subgroup", maintain_order=True)
    )


def _told(table: pl.DataFrame, *, is_log: bool) -> pl.DataFrame:
    """Add what a person reads; single values are followed by their moving range."""
    moving = pl.col("mean_x").diff().abs()
    is_single = table.height > 0 and table["n"].max() == 1
    table = table.with_columns(range_x=moving if is_single else pl.col("range_x"))
    mean, spread = pl.col("mean_x"), pl.col("range_x")
    return table.with_columns(
        mean=mean.exp() if is_log else mean, range=spread.exp() if is_log else spread
    )
