"""From measurement rows to subgroups on the model's scale."""

import math

import polars as pl

from andon.analyze.monitoring.window import Point


def points_of(rows: pl.DataFrame, logarithmic: frozenset[str]) -> dict[str, list[Point]]:
    """Return for each stream its subgroups; characteristics named here are judged by logarithm."""
    on_scale = (
        pl.when(pl.col("characteristic").is_in(list(logarithmic)))
        .then(pl.col("value").log())
        .otherwise(pl.col("value"))
        .alias("x")
    )
    x = pl.col("x")
    groups = (
        rows.with_columns(on_scale)
        .group_by("stream", "subgroup")
        .agg(
            pl.col("produced_on").first(),
            pl.col("shift").first(),
            pl.col("measured_at").min(),
            pl.len().alias("n"),
            x.mean().alias("mean"),
            ((x - x.mean()) ** 2).sum().alias("m2"),
            x.min().alias("low"),
            x.max().alias("high"),
            pl.col("lot").first(),
        )
        .sort("measured_at", "subgroup")
    )
    found: dict[str, list[Point]] = {}
    for row in groups.iter_rows():
        stream, key, *told = row
        found.setdefault(stream, []).append(Point(key, *told))
    return found


def as_told(value: float, *, is_logarithmic: bool) -> float:
    """Return a value of the model's scale on the characteristic's own."""
    return math.exp(value) if is_logarithmic else value
