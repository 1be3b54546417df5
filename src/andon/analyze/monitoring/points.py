"""From measurement rows to subgroups on the model's scale."""

import math
from datetime import date, datetime

import polars as pl

from andon.analyze.monitoring.window import Point
from andon.history.frame import tuples

_COLUMNS = (
    "stream", "subgroup", "characteristic", "produced_on", "shift", "measured_at", "lot", "value",
)  # fmt: skip


_FEW = 500


def points_of(rows: pl.DataFrame, logarithmic: frozenset[str]) -> dict[str, list[Point]]:
    """Return for each stream its subgroups; characteristics named here are judged by logarithm."""
    if rows.height > _FEW:
        return _points_of_many(rows, logarithmic)
    parts: dict[tuple[str, str], list[float]] = {}
    heads: dict[tuple[str, str], tuple[date, str, datetime, str]] = {}
    for stream, key, characteristic, day, shift, at, lot, value in tuples(rows, *_COLUMNS):
        x = math.log(value) if characteristic in logarithmic else value
        group = (stream, key)
        parts.setdefault(group, []).append(x)
        if group not in heads or at < heads[group][2]:
            heads[group] = (day, shift, at, lot)
    found: dict[str, list[Point]] = {}
    for (stream, key), head in heads.items():
        found.setdefault(stream, []).append(_point(key, parts[stream, key], head))
    return _in_order(found)


def _points_of_many(rows: pl.DataFrame, logarithmic: frozenset[str]) -> dict[str, list[Point]]:
    """Return the same points; grouping many rows is quicker in the frame."""
    first = pl.col("measured_at").arg_min()
    groups = rows.group_by("stream", "subgroup", maintain_order=True).agg(
        pl.col("characteristic").first(),
        *(pl.col(name).get(first) for name in ("produced_on", "shift", "measured_at", "lot")),
        pl.col("value"),
    )
    found: dict[str, list[Point]] = {}
    for stream, key, characteristic, *head, values in groups.iter_rows():
        if characteristic in logarithmic:
            values = [math.log(value) for value in values]  # noqa: PLW2901
        found.setdefault(stream, []).append(_point(key, values, tuple(head)))
    return _in_order(found)


def _in_order(found: dict[str, list[Point]]) -> dict[str, list[Point]]:
    for points in found.values():
        points.sort(key=lambda point: (point.at, point.key))
    return found


def _point(key: str, values: list[float], head: tuple[date, str, datetime, str]) -> Point:
    day, shift, at, lot = head
    mean = math.fsum(values) / len(values)
    m2 = math.fsum((x - mean) ** 2 for x in values)
    return Point(key, day, shift, at, len(values), mean, m2, min(values), max(values), lot)


def as_told(value: float, *, is_logarithmic: bool) -> float:
    """Return a value of the model's scale on the characteristic's own."""
    return math.exp(value) if is_logarithmic else value
