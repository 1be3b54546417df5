"""Before and after: one measure by week, with the day of the change, both levels and the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from andon.pictures import palette

__all__ = ["Phase", "before_after"]

BEFORE, AFTER, GOOD, INK = "#faf1f0", "#eff7f2", "#17784b", "#16202c"
"""Light values of the chart tokens before, after, good and ink."""
_ONE: dict[str, Any] = {"values": [{}]}


@dataclass(frozen=True, slots=True)
class Phase:
    """One window with its level and the words beside it."""

    since: date
    until: date
    level: float | None
    words: str


def before_after(
    weeks: Sequence[Mapping[str, Any]],
    *,
    before: Phase,
    after: Phase,
    change: str,
    target: float | None,
    target_words: str,
    axis: str,
    number_format: str = "~s",
    from_zero: bool = True,
) -> dict[str, Any]:
    """Return a Vega-Lite chart of a measure by week before and after an action.

    Args:
        weeks: rows with `week` (its Monday), `value` and `n`, in order.
        before, after: the two windows with their levels.
        change: what was done, written at its day.
        target: the level to reach in the after window, drawn as a line; None when it is no level.
        target_words: named at the right edge.
        axis: title of the vertical axis.
        number_format: d3 format of the vertical axis.
        from_zero: whether the axis begins at zero, as it must for rates.
    """
    rows = [{**row, "week": f"{row['week'].isoformat()}T00:00"} for row in weeks]
    levels = [
        v for v in (before.level, after.level, target, *(r["value"] for r in rows)) if v is not None
    ]
    layers = [
        _area(before, BEFORE), _area(after, AFTER),
        _words_at(before.since, before.words, INK), _mark(after.since, change),
        _level(before, palette.CENTER, ""), _level(after, GOOD, after.words),
    ]  # fmt: skip
    if target is not None:
        layers.append(
            _level(Phase(after.since, after.until, target, ""), palette.SPECIFICATION, target_words)
        )
    return {
        "usermeta": {"columns": {"week": "Week", "value": axis, "n": "n"}},
        "width": "container",
        "height": 280,
        "config": {"view": {"stroke": None}},
        "layer": [*layers, _measure(rows, axis, number_format, _domain(levels, from_zero))],
    }


def _x(day: date) -> dict[str, Any]:
    return {"datum": {"year": day.year, "month": day.month, "date": day.day}, "type": "temporal"}


def _area(phase: Phase, colour: str) -> dict[str, Any]:
    end = phase.until + timedelta(days=1)
    return {
        "data": _ONE,
        "mark": {"type": "rect", "color": colour},
        "encoding": {"x": _x(phase.since), "x2": {"datum": _x(end)["datum"]}},
    }


def _words_at(day: date, words: str, colour: str) -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "baseline": "top", "dx": 6, "dy": 4,
            "fontWeight": 600, "color": colour, "text": words}  # fmt: skip
    return {"data": _ONE, "mark": mark, "encoding": {"x": _x(day), "y": {"value": 0}}}


def _mark(day: date, words: str) -> dict[str, Any]:
    rule = {"type": "rule", "color": palette.MARK, "strokeDash": [2, 3], "strokeWidth": 1.5}
    return {
        "layer": [
            {"data": _ONE, "mark": rule, "encoding": {"x": _x(day)}},
            _words_at(day, words, palette.MARK),
        ]
    }


def _level(phase: Phase, colour: str, words: str) -> dict[str, Any]:
    """Return a level over its window, named at the right edge."""
    if phase.level is None:
        return {"data": _ONE, "mark": {"type": "text", "text": ""}}
    y = {"datum": phase.level, "type": "quantitative"}
    rule = {"type": "rule", "color": colour, "strokeWidth": 1.8}
    text = {"type": "text", "align": "left", "dx": 8, "color": colour, "text": words}
    end = phase.until + timedelta(days=1)
    span = {"x": _x(phase.since), "x2": {"datum": _x(end)["datum"]}, "y": y}
    named = {"data": _ONE, "mark": text, "encoding": {"x": _x(end), "y": y}}
    return {"layer": [{"data": _ONE, "mark": rule, "encoding": span}, named]}


def _domain(levels: Sequence[float], from_zero: bool) -> list[float]:
    """Return the ends of the vertical axis, with room for words at the top."""
    low, high = (0.0 if from_zero else min(levels, default=0.0)), max(levels, default=1.0)
    span = high - low or abs(high) or 1.0
    return [low - (0.0 if from_zero else 0.1 * span), high + 0.16 * span]


def _measure(
    rows: list[dict[str, Any]], axis: str, number_format: str, domain: list[float]
) -> dict[str, Any]:
    y = {
        "field": "value", "type": "quantitative", "title": None,
        "scale": {"domain": domain, "zero": False, "nice": False},
        "axis": {"format": number_format, "domain": False, "ticks": False, "grid": True},
    }  # fmt: skip
    x = {
        "field": "week", "type": "temporal", "title": None,
        "axis": {"format": "%-d %b", "grid": False, "ticks": False, "labelOverlap": True},
    }  # fmt: skip
    tooltip = [
        {"field": "week", "type": "temporal", "title": "Week", "format": "%-d %b %Y"},
        {"field": "value", "type": "quantitative", "title": axis, "format": ".4~g"},
        {"field": "n", "type": "quantitative", "title": "n"},
    ]
    point = {"filled": True, "size": 42, "color": palette.POINT, "opacity": 1}
    return {
        "data": {"name": "weeks", "values": rows},
        "mark": {"type": "line", "color": palette.LINE, "strokeWidth": 1.5, "point": point},
        "encoding": {"x": x, "y": y, "tooltip": tooltip},
    }
