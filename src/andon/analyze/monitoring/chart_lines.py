"""What a chart is judged by: limits of each phase, specification, and their names at the edge."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from andon.analyze.monitoring.models import FrozenLimits, Stream
from andon.analyze.monitoring.points import as_told
from andon.organization.products.models import Characteristic
from andon.stats.chart_factors import d2, d3
from andon.web.formats import at_resolution, fixed, limit_at

_CLOSEST = 0.062
"""Share of a panel's height below which two names at its edge would touch."""
_AIR = 0.07
RATIO_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Phase:
    """Where one version of the limits holds: first and last place in the picture."""

    limits: FrozenLimits
    first: int
    last: int


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
        places = table.filter((days >= start) & (days < end))["x"]
        if len(places):
            found.append(Phase(limits, int(places[0]), int(places[-1])))
    return found


def bounds_of(limits: FrozenLimits, panel: str) -> Bounds:
    """Return the limits that a panel draws: exactly those by which it is judged."""
    if panel == "mean":
        return Bounds(limits.lower, limits.mean, limits.upper)
    size = max(2, limits.size)
    centre = d2(size) * limits.sigma_within
    if limits.size > 1:
        return Bounds(limits.spread_lower, centre, limits.spread_upper)
    return Bounds(0.0, centre, (d2(2) + 3 * d3(2)) * limits.sigma_within)


def with_verdicts(table: pl.DataFrame, phases: Sequence[Phase]) -> pl.DataFrame:
    """Add for each panel whether a point lies beyond the limits that are drawn at its place."""
    return table.with_columns(
        _beyond(phases, "mean").alias("is_beyond_mean"),
        _beyond(phases, "range").alias("is_beyond_range"),
    )


def _beyond(phases: Sequence[Phase], panel: str) -> pl.Expr:
    column, place = pl.col(f"{panel}_x"), pl.col("x")
    found = pl.lit(value=False)
    for phase in phases:
        bounds = bounds_of(phase.limits, panel)
        low = -math.inf if bounds.lower is None else bounds.lower
        high = math.inf if bounds.upper is None else bounds.upper
        outside = (column < low) | (column > high)
        found = found | (place.is_between(phase.first, phase.last) & outside)
    return found.fill_null(value=False)


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
    for phase in phases:
        x = ends[0] if phase is phases[0] else phase.first - 0.5
        x2 = ends[1] if phase is phases[-1] else phase.last + 0.5
        bounds = bounds_of(phase.limits, panel)
        for kind, name, value in (
            ("control", "UCL", bounds.upper),
            ("center", "Mean", bounds.centre),
            ("control", "LCL", bounds.lower),
        ):
            if value is None or (panel == "range" and name == "LCL" and not value):
                continue
            told = as_told(value, is_logarithmic=phase.limits.is_logarithmic)
            text = f"{name} {_number(stream, told, panel)}" if phase is phases[-1] else ""
            found.append(Line(panel, x, x2, told, kind, text))
    return found


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
    for phase in phases:
        bounds = bounds_of(phase.limits, panel)
        if bounds.upper is None or bounds.lower is None:
            continue
        is_log = phase.limits.is_logarithmic
        found.append(
            {
                "panel": panel,
                "x": ends[0] if phase is phases[0] else phase.first - 0.5,
                "x2": ends[1] if phase is phases[-1] else phase.last + 0.5,
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
