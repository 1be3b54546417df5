"""The aggregates, each written once: lazy rows in, lazy rows out, for every engine alike.

Narwhals turns an expression into the language of the frame it is given. Sums are taken of what
merges: partial results of two parts give the result of the whole.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import narwhals as nw

Rows: TypeAlias = nw.LazyFrame[Any]
_SUBGROUP = ("stream", "produced_on", "shift", "subgroup")
_ROUNDED = 1e-12
"""By how much of itself a mean may differ with the order of its sum."""


def moments(rows: Rows, by: Sequence[str]) -> Rows:
    """Return n, mean, M2 (sum of squared deviations), min, max and out-of-specification count."""
    value = nw.col("value")
    is_out = nw.col("is_out_of_specification").fill_null(False).cast(nw.Int64)
    return _with_m2(
        rows.group_by(*by).agg(
            nw.len().alias("n"),
            value.count().alias("measured"),
            value.mean().alias("mean"),
            value.var(ddof=0).alias("variance"),
            value.min().alias("min"),
            value.max().alias("max"),
            is_out.sum().alias("out_of_specification"),
        ),
        *by, "n", "mean", "M2", "min", "max", "out_of_specification",
    )  # fmt: skip


def group_sums(rows: Rows, factor: str) -> Rows:
    """Return what the drivers are ranked by: n, mean and M2 of the means of subgroups by level."""
    means = _subgroup_means(rows, factor).rename({"mean": "value"})
    value = nw.col("value")
    return _with_m2(
        means.group_by(factor).agg(
            nw.len().alias("n"),
            value.count().alias("measured"),
            value.mean().alias("mean"),
            value.var(ddof=0).alias("variance"),
        ),
        factor, "n", "mean", "M2",
    )  # fmt: skip


def pareto_counts(rows: Rows, by: Sequence[str]) -> Rows:
    """Return defects and pieces looked at, of what is counted and not measured."""
    counted = rows.filter(nw.col("inspected") > 0)
    return counted.group_by(*by).agg(
        nw.col("value").sum().alias("defects"),
        nw.col("inspected").sum().alias("inspected"),
        nw.len().alias("n"),
    )


def capability_moments(rows: Rows) -> Rows:
    """Return by stream what capability rests on: whole and within-subgroup n, mean and M2."""
    value = nw.col("value")
    each = rows.group_by(*_SUBGROUP).agg(
        nw.len().alias("n"),
        value.sum().alias("sum"),
        value.mean().alias("mean"),
        value.var(ddof=0).alias("variance"),
    )
    within = (nw.col("variance") * nw.col("n")).alias("within")
    pooled = each.with_columns(within).group_by("stream").agg(
        nw.len().alias("subgroups"), nw.col("within").sum().alias("M2_within")
    )  # fmt: skip
    whole = moments(rows, ["stream"]).drop("out_of_specification")
    return whole.join(pooled, on="stream", how="inner")


def alarm_counts(rows: Rows, limits: Rows) -> Rows:
    """Return by stream how many subgroups there are and how many lie outside given limits.

    `limits` has stream, lower and upper: what would have been called out had they held all along.
    A mean on a limit is not beyond it, whichever way an engine rounded its sum.
    """
    means = _subgroup_means(rows, "stream").join(limits, on="stream", how="inner")
    mean, lower, upper = nw.col("mean"), nw.col("lower"), nw.col("upper")
    is_below = mean < lower - lower.abs() * _ROUNDED
    is_out = (is_below | (mean > upper + upper.abs() * _ROUNDED)).cast(nw.Int64)
    return (
        means.with_columns(is_out.alias("alarm"))
        .group_by("stream")
        .agg(nw.len().alias("subgroups"), nw.col("alarm").sum().alias("alarms"))
    )


def _subgroup_means(rows: Rows, further: str) -> Rows:
    names = dict.fromkeys((*_SUBGROUP, further))
    return rows.group_by(*names).agg(nw.col("value").mean().alias("mean"))


def _with_m2(found: Rows, *columns: str) -> Rows:
    m2 = (nw.col("variance") * nw.col("measured")).alias("M2")
    return found.with_columns(m2).select(*columns)
