"""What a chart is judged by: limits of each phase, specification, and their names at the edge."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from andon.analyze.monitoring.freezing import baseline_of
from andon.analyze.monitoring.models import FrozenLimits, Stream
from andon.analyze.monitoring.points import as_told
from andon.organization.products.models import Characteristic
from andon.stats.chart_factors import d2, d3
from andon.web.formats import at_resolution, fixed, limit_at

_CLOSEST = 0.062
"""Share of a panel's height below which two names at its edge would touch."""
_AIR = 0.07
_MOST_STRETCHES = 400
"""Changes of the subgroup size that a picture can show."""
RATIO_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Phase:
    """Where one version of the limits holds: first and last place in the picture."""

    limits: FrozenLimits
    first: int
    last: int
    stretches: tuple[tuple[int, int, int], ...] = ()
    """Size of the subgroups with first and last place, where it changes: limits are those of it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lower limit, centre and upper limit of a panel, on the model's scale."""

    lower: float | None
    centre: float
    upper: float | None


def phases_of(table: pl.DataFrame, versions: Sequence[FrozenLimits]) -> list[Phase]:
    """Return which version holds where: a phase begins on its first day, the first one ever."""
    ordered = sorted(versions, key=lambda one: one.version)
    starts = [date.min, *(one.since for one in ordered[1:])][: len(ordered)]
    ends = [*starts[1:], date.max]
    found = []
    for limits, start, end in zip(ordered, starts, ends[: len(ordered)], strict=True):
        days = pl.col("produced_on")
        rows = table.filter((days >= start) & (days < end))
        if rows.height:
            first, last = int(rows["x"][0]), int(rows["x"][-1])
            found.append(Phase(limits, first, last, _stretches(rows, limits.size)))
    return found


def _stretches(rows: pl.DataFrame, usual: int) -> tuple[tuple[int, int, int], ...]:
    """Return the runs of subgroups of one size; of too many to be told apart the usual one."""
    ends = (usual, int(rows["x"][0]), int(rows["x"][-1]))
    if (rows["n"] == usual).all():
        return (ends,)
    runs = rows.group_by(pl.col("n").rle_id(), maintain_order=True).agg(
        pl.col("n").first().alias("size"), pl.col("x").first(), pl.col("x").last().alias("x2")
    )
    found = tuple(runs.select("size", "x", "x2").iter_rows())
    return found if len(found) <= _MOST_STRETCHES else (ends,)


def bounds_of(limits: FrozenLimits, panel: str, n: int | None = None) -> Bounds:
    """Return the limits that a panel draws for subgroups of n: those by which they are judged."""
    is_usual = n is None or n == limits.size
    if panel == "mean":
        room = 3 * baseline_of(limits).sigma_for(n)
        return Bounds(limits.mean - room, limits.mean, limits.mean + room)
    sigma = limits.sigma_within
    if limits.size == 1:
        return Bounds(0.0, d2(2) * sigma, (d2(2) + 3 * d3(2)) * sigma)
    if is_usual or n is None:
        return Bounds(limits.spread_lower, d2(limits.size) * sigma, limits.spread_upper)
    if n < 2:
        return Bounds(None, 0.0, None)
    lower, upper = baseline_of(limits).range_limits(n)
    return Bounds(lower, d2(n) * sigma, upper)


def with_verdicts(table: pl.DataFrame, phases: Sequence[Phase]) -> pl.DataFrame:
    """Add for each panel whether a point lies beyond the limits that are drawn at its place."""
    sizes = table["n"].unique().to_list()
    return table.with_columns(
        _beyond(phases, "mean", sizes).alias("is_beyond_mean"),
        _beyond(phases, "range", sizes).alias("is_beyond_range"),
    )


def _beyond(phases: Sequence[Phase], panel: str, sizes: Sequence[int]) -> pl.Expr:
    column, place = pl.col(f"{panel}_x"), pl.col("x")
    found = pl.lit(value=False)
    for phase in phases:
        bounds = {n: bounds_of(phase.limits, panel, n) for n in sizes}
        low = _for_size({n: one.lower for n, one in bounds.items()}, -math.inf)
        high = _for_size({n: one.upper for n, one in bounds.items()}, math.inf)
        outside = (column < low) | (column > high)
        found = found | (place.is_between(phase.first, phase.last) & outside)
    return found.fill_null(value=False)


def _for_size(limits: dict[int, float | None], missing: float) -> pl.Expr:
    """Return the limit for each row's number of values."""
    told = {n: missing if limit is None else limit for n, limit in limits.items()}
    if len(set(told.values())) == 1:
        return pl.lit(next(iter(told.values())))
    return pl.col("n").replace_strict(told, return_dtype=pl.Float64)


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of a panel with its name."""

    panel: str
    x: float
    x2: float
    value: float
    kind: str
    text: str


def lines_of(
    stream: Stream, phases: Sequence[Phase], panel: str, ends: tuple[float, float]
) -> list[Line]:
    """Return limits and centre of each phase; the last phase's are named at the edge."""
    found = []
    for phase, n, x, x2, is_named in _segments(phases, ends):
        bounds = bounds_of(phase.limits, panel, n)
        for kind, name, value in (
            ("control", "UCL", bounds.upper),
            ("center", "Mean", bounds.centre),
            ("control", "LCL", bounds.lower),
        ):
            is_none = panel == "range" and not value and (name == "LCL" or bounds.upper is None)
            if value is None or is_none:
                continue
            told = as_told(value, is_logarithmic=phase.limits.is_logarithmic)
            text = f"{name} {_number(stream, told, panel)}" if is_named else ""
            found.append(Line(panel, x, x2, told, kind, text))
    return found


def _segments(
    phases: Sequence[Phase], ends: tuple[float, float]
) -> Iterator[tuple[Phase, int, float, float, bool]]:
    """Yield phase, size, both ends and whether it gives the names: the last of the usual size."""
    if not phases:
        return
    sizes = [n for n, _first, _last in phases[-1].stretches]
    usual = phases[-1].limits.size
    named = len(sizes) - 1 - sizes[::-1].index(usual) if usual in sizes else len(sizes) - 1
    for phase in phases:
        is_last = phase is phases[-1]
        for place, (n, first, last) in enumerate(phase.stretches):
            is_first_one = phase is phases[0] and place == 0
            is_last_one = is_last and place == len(phase.stretches) - 1
            x = ends[0] if is_first_one else first - 0.5
            yield phase, n, x, ends[1] if is_last_one else last + 0.5, is_last and place == named


def specification_of(
    characteristic: Characteristic, panel: str, ends: tuple[float, float]
) -> list[Line]:
    """Return the specification lines: none, one or two."""
    limits = (
        ("USL", characteristic.upper_specification),
        ("LSL", characteristic.lower_specification),
    )
    return [
        Line(
            panel, *ends, value, "specification",
            f"{name} {at_resolution(value, characteristic.resolution)}",
        )
        for name, value in limits
        if value is not None
    ]  # fmt: skip


def bands_of(
    phases: Sequence[Phase], panel: str, ends: tuple[float, float]
) -> list[dict[str, Any]]:
    """Return the quiet fill between both limits of each phase."""
    found = []
    for phase, n, x, x2, _is_named in _segments(phases, ends):
        bounds = bounds_of(phase.limits, panel, n)
        if bounds.upper is None or bounds.lower is None:
            continue
        is_log = phase.limits.is_logarithmic
        found.append(
            {
                "panel": panel,
                "x": x,
                "x2": x2,
                "lower": as_told(bounds.lower, is_logarithmic=is_log),
                "upper": as_told(bounds.upper, is_logarithmic=is_log),
            }
        )
    return found


def frame_of(
    panel: str, values: Sequence[float], ends: tuple[float, float], *, is_log: bool
) -> list[dict[str, Any]]:
    """Return the corners of a panel: all its values with some air above and below."""
    shown = [math.log(value) if is_log else value for value in values]
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    air = (high - low or abs(high) or 1.0) * _AIR
    corners = (low - air, high + air) if panel != "range" else (low, high + air)
    return [{"x": x, "y": math.exp(y) if is_log else y} for x, y in zip(ends, corners, strict=True)]


def labels_of(
    lines: Sequence[Line],
    frame: Sequence[dict[str, Any]],
    *,
    is_log: bool,
    closest: float = _CLOSEST,
) -> list[dict[str, Any]]:
    """Return the names at the right edge, moved apart where they would touch."""
    named = sorted((line for line in lines if line.text), key=lambda line: line.value)
    scale = math.log if is_log else float
    low, high = (scale(corner["y"]) for corner in frame)
    places = _apart([scale(line.value) for line in named], closest * (high - low), low, high)
    return [
        {
            "panel": line.panel,
            "at": math.exp(place) if is_log else place,
            "text": line.text,
            "kind": line.kind,
        }
        for line, place in zip(named, places, strict=True)
    ]


def _apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Push ascending places upwards until they keep the gap, then back below the top."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else max(place, low))
    ceiling = high
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return moved


def _number(stream: Stream, value: float, panel: str) -> str:
    is_ratio = panel == "range" and stream.characteristic.model == Characteristic.Model.LOG
    if is_ratio:
        return f"×{fixed(value, RATIO_DIGITS)}"
    return limit_at(value, stream.characteristic.resolution)
