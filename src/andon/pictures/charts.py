"""Control charts of every kind: points between their limits, stages, exclusions, signals."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from andon.pictures import palette
from andon.pictures.false_alarms import rates_in_words
from andon.pictures.figures import kept, rows_of, sentence
from andon.pictures.marks import Named, area, dots, flat_lines, line, quantity, words
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.charts import ChartPair, ControlChart
from andon.stats.rules import Rule, RuleKind, broken_rules

__all__ = ["chart_panel", "draw_chart", "draw_pair", "signals_in_words"]

_FEW = 5
_LEGEND = "■ beyond a limit, ▲ another rule, its number above; ○ left out of the estimate."


def draw_chart(result: ControlChart, inputs: Any = None) -> Picture:
    """Return one chart with what it says."""
    title = f"{_title(result.method)}: {result.statistic}"
    caption = f"{_LEGEND} {rates_in_words(result)} {_convention(result)}"
    return Picture(title, signals_in_words([result]), caption, (chart_panel(result),))


def draw_pair(result: ChartPair, inputs: Any = None) -> Picture:
    """Return the chart of location above the chart of dispersion."""
    both = (result.location, result.dispersion)
    rates = rates_in_words(result.location)
    panels = (chart_panel(both[0], height=230, axis=""), chart_panel(both[1], height=120))
    title = f"{_title(result.method)}: {both[0].statistic} and {both[1].statistic}"
    caption = f"{_LEGEND} {rates} {_convention(result.location)}"
    return Picture(title, signals_in_words(both), caption, panels)


def chart_panel(
    chart: ControlChart, *, height: int = 240, title: str = "", axis: str = "point"
) -> Panel:
    """Return one chart: band, limits, centre, phases, points and signals."""
    n = len(chart.points)
    lines = {key: np.broadcast_to(np.asarray(getattr(chart, key), dtype=np.float64), n)
             for key in ("lower", "centre", "upper")}  # fmt: skip
    left_out = np.isin(np.arange(n), chart.excluded)
    at = kept(chart.points, (chart.violations != 0) | left_out)
    codes = [_codes(int(mask), chart.rules) for mask in chart.violations[at]]
    limits = [_limit(int(mask), chart.rules) for mask in chart.violations[at]]
    told = {"codes": codes, "is_beyond": limits, "is_left_out": left_out[at]}
    columns = {"at": at + 1, "value": chart.points[at], **told}
    rows = rows_of(columns | {key: each[at] for key, each in lines.items()})
    span = _span(np.concatenate([chart.points, *lines.values()]))
    y = quantity("value", domain=span)
    x = quantity("at", axis, domain=[0.5, n + 0.5], form="d")
    layers = [
        *_limit_layers(rows, x, y, span),
        *_stages(chart, x),
        *_last(lines, y, height, span),
        *point_layers(rows, x, y, n),
    ]
    cells = [tuple(row[key] for key in ("at", "value", "lower", "centre", "upper", "codes"))
             for row in rows]  # fmt: skip
    headers = ("point", chart.statistic, "lower limit", "centre", "upper limit", "rules broken")
    return Panel(title or sentence(chart.statistic)[:-1], layers, headers, cells, height)


def point_layers(rows: list[Layer], x: Layer, y: Layer, n: int) -> list[Layer]:
    """Return line, quiet points, squares beyond a limit, triangles, hollow exclusions, codes."""
    size = 34 if n <= 60 else 14 if n <= 250 else 5
    inside = [row for row in rows if not row["is_left_out"]]
    quiet = [row for row in inside if not row["codes"]]
    beyond = [row for row in inside if row["is_beyond"]]
    others = [row for row in inside if row["codes"] and not row["is_beyond"]]
    hollow = dots([row for row in rows if row["is_left_out"]], x, y, palette.LIMIT, size=44)
    hollow["mark"] |= {"filled": False}
    coded = [{**row, "text": row["codes"]} for row in (*beyond, *others)]
    drawn = [line(inside, x, y), dots(quiet, x, y, size=size), hollow]
    if others:
        drawn.append(dots(others, x, y, palette.ATTENTION, size=62, shape="triangle-up"))
    if beyond:
        drawn.append(dots(beyond, x, y, palette.SPECIFICATION, size=62, shape="square"))
    if 0 < len(coded) <= 80:
        drawn.append(words(coded, x, y, align="center", dx=0, dy=-11))
    return drawn


def signals_in_words(charts: Any) -> str:
    """Return what the charts say, symbol and word first."""
    found = [(chart, at, rules) for chart in charts for at, rules in chart.signals()]
    n = max(len(chart.points) for chart in charts)
    if not found:
        return f"● In control: no rule fired on {n:,} points."
    said = [f"{chart.statistic} {at + 1} (rule {', '.join(str(rule.number) for rule in rules)})"
            for chart, at, rules in found[:_FEW]]  # fmt: skip
    more = f" and {len(found) - _FEW} more" if len(found) > _FEW else ""
    points = len({at for _, at, _ in found})
    verb = "breaks" if points == 1 else "break"
    return f"■ {points} of {n:,} points {verb} a rule: {', '.join(said)}{more}."


def _title(method: str) -> str:
    told = method.replace("_", " ").removesuffix(" chart").replace("ewma", "EWMA")
    is_symbol = len(told) <= 2  # p, np, c, u, g, t
    return f"{told if is_symbol else sentence(told)[:-1]} chart"


def _convention(chart: ControlChart) -> str:
    is_said = not chart.estimator or chart.estimator in chart.convention
    sigma = "" if is_said else f"estimated from the {chart.estimator}; "
    said = f"{sigma}{chart.convention}".strip("; ")
    return f"{said[:1].upper()}{said[1:]}. Source: {chart.source}." if said else ""


def _codes(mask: int, rules: tuple[Rule, ...]) -> str:
    return ",".join(str(rule.number) for rule in broken_rules(mask, rules)) if mask else ""


def _limit(mask: int, rules: tuple[Rule, ...]) -> bool:
    return bool(mask) and any(rule.kind is RuleKind.LIMIT for rule in broken_rules(mask, rules))


def _span(values: NDArray[np.float64]) -> list[float]:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    room = 0.09 * ((high - low) or abs(high) or 1.0)
    return [low - (0.0 if low == 0.0 else room), high + room]


def _limit_layers(rows: list[Layer], x: Layer, y: Layer, span: list[float]) -> list[Layer]:
    ends = (("floor", "lower", span[0]), ("ceiling", "upper", span[1]))
    filled = [
        row | {end: open_end if row[limit] is None else row[limit] for end, limit, open_end in ends}
        for row in rows
    ]
    filled = _corners(filled)
    drawn = [area(filled, x, {**y, "field": "floor"}, "ceiling", shape="step")]
    for field, colour, dash in (("lower", palette.LIMIT, (5, 4)), ("upper", palette.LIMIT, (5, 4)),
                                ("centre", palette.CENTER, (1, 0))):  # fmt: skip
        drawn.append(line(filled, x, {**y, "field": field}, colour, dash=dash, shape="step"))
    return drawn


def _corners(rows: list[Layer]) -> list[Layer]:
    """Return the rows at which the limits change, with both ends of each level stretch."""
    levels = [tuple(row[key] for key in ("floor", "centre", "ceiling")) for row in rows]
    last = len(rows) - 1
    return [
        row
        for at, row in enumerate(rows)
        if at in (0, last) or not levels[at - 1] == levels[at] == levels[at + 1]
    ]


def _last(lines: dict[str, Any], y: Layer, height: int, span: list[float]) -> list[Layer]:
    """Return the names of the last limits at the right edge."""
    named = (
        ("lower", "LCL", "control"),
        ("centre", "Centre", "centre"),
        ("upper", "UCL", "control"),
    )
    last = [Named(float(lines[key][-1]), word, kind) for key, word, kind in named]
    finite = [each for each in last if np.isfinite(each.at)]
    return flat_lines(finite, y, height=height, span=span, is_drawn=False)


def _stages(chart: ControlChart, x: Layer) -> list[Layer]:
    """Return a dotted upright line with a word where a stage begins."""
    starts = [{"at": start + 0.5, "text": f"stage {number}"}
              for number, start in enumerate(chart.stage_starts, 1) if start > 0]  # fmt: skip
    if not starts:
        return []
    rule = {"type": "rule", "color": palette.MARK, "strokeDash": [2, 3], "strokeWidth": 1.3}
    word = {"type": "text", "align": "left", "dx": 5, "baseline": "bottom", "color": palette.MARK,
            "fontWeight": 600}  # fmt: skip
    data = {"values": starts}
    top = {"x": x, "y": {"value": -3}, "text": {"field": "text"}}
    return [{"data": data, "mark": rule, "encoding": {"x": x}},
            {"data": data, "mark": word, "encoding": top}]  # fmt: skip
