"""The control chart: points between frozen limits, one panel above the other.

The picture holds no data. It names the data sets it draws, so that one compiled picture serves
every stream and every span; what they hold is stated here and filled by the caller.

=========== ===================================================================================
data set    columns
=========== ===================================================================================
points      x, one column for each panel's value, is_beyond_<panel>, codes_<panel>, is_excluded,
            has_note, dot (size of a mark) and the texts of the tooltip
pieces      x, value, is_out and the texts of the tooltip: single values
bands       panel, x, x2, lower, upper: where limits hold
lines       panel, x, x2, value, kind (control, center, specification, reference)
reference   x, value: another series to compare with
labels      panel, at, text, kind: what stands at the right edge
events      x, word, kind (found, began, phase)
ticks       x, label
frame_NAME  x, y: two corners of the panel of that name, which span its scales
=========== ===================================================================================
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from andon.pictures import palette
from andon.pictures.fitting import fitted

DATA_SETS = (
    *("points", "pieces", "bands", "lines", "reference"),
    *("labels", "events", "ticks"),
)
_MARGIN = 190
"""What stands beside the panels: the axis to the left, the named limits to the right."""
_AXIS = 62
_KINDS = {
    "control": (palette.LIMIT, palette.TEXT, [5, 4]),
    "center": (palette.CENTER, palette.TEXT, [1, 0]),
    "specification": (palette.SPECIFICATION, palette.SPECIFICATION, [1, 0]),
    "reference": (palette.MARK, palette.MARK, [2, 3]),
}
_EVENTS = {
    "found": palette.SPECIFICATION,
    "began": palette.MARK,
    "phase": palette.LIMIT,
}
_STROKES = {**{kind: told[0] for kind, told in _KINDS.items()}, **_EVENTS}
_WORDS = {**{kind: told[1] for kind, told in _KINDS.items()}, **_EVENTS}
Layer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart of the picture."""

    name: str
    """The column of `points` it draws; "pieces" draws single values."""
    height: int
    title: str
    digits: int
    is_logarithmic: bool = False


def control_chart(
    panels: Sequence[Panel], *, columns: Mapping[str, str], width: int = 800
) -> dict[str, Any]:
    """Return a Vega-Lite picture of these panels; `columns` names the data table's columns.

    >>> spec = control_chart([Panel("mean", 260, "", 4)], columns={"when": "When"})
    >>> len(spec["vconcat"]), spec["usermeta"]["columns"]
    (1, {'when': 'When'})
    """
    last = panels[-1].name
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "usermeta": {"columns": dict(columns)},
        "padding": {"left": 2, "right": 2, "top": 4, "bottom": 4},
        "spacing": 16,
        "datasets": {},
        "vconcat": [
            {
                "width": width,
                "height": panel.height,
                "layer": _layers(panel, columns, has_ticks=panel.name == last),
            }
            for panel in panels
        ],
        "resolve": {"scale": {"x": "shared"}},
        "config": {
            "view": {"stroke": None},
            "text": {"fontSize": 12},
            "axis": {"labelFontSize": 12, "titleFontSize": 12},
        },
    }


def control_chart_on_page(panels: Sequence[Panel], *, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the compiled picture for a page: as wide as its place, scaled by its corners alone.

    >>> spec = control_chart_on_page([Panel("mean", 260, "", 4)], columns={"when": "When"})
    >>> [scale["domain"] for scale in spec["scales"] if scale["name"] == "x"]
    [{'data': 'frame_mean', 'field': 'x'}]
    """
    picture = fitted(control_chart(panels, columns=columns), margin=_MARGIN)
    frames = {f"concat_{n}_y": (f"frame_{panel.name}", "y") for n, panel in enumerate(panels)}
    frames["x"] = (f"frame_{panels[0].name}", "x")
    scales = [_framed(scale, frames.get(scale["name"])) for scale in picture["scales"]]
    return {**picture, "scales": scales}


def _framed(scale: dict[str, Any], frame: tuple[str, str] | None) -> dict[str, Any]:
    if frame is None:
        return scale
    return {**scale, "domain": {"data": frame[0], "field": frame[1]}}


def _layers(panel: Panel, columns: Mapping[str, str], *, has_ticks: bool) -> list[Layer]:
    ticks = [_ticks()] if has_ticks else []
    inside = _pieces(panel, columns) if panel.name == "pieces" else _points(panel, columns)
    behind = [_band(panel), *_rules(panel), *_reference(panel), *_events(panel)]
    return [*behind, *inside, _frame(panel), *ticks]


def _x(field: str = "x") -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"zero": False, "nice": False},
    }


def _y(panel: Panel, field: str) -> dict[str, Any]:
    scale = {"type": "log"} if panel.is_logarithmic else {"zero": False}
    return {
        "field": field,
        "type": "quantitative",
        "scale": {**scale, "nice": False},
        "axis": {
            "title": panel.title or None,
            "format": f",.{panel.digits}f",
            "grid": False,
            "domain": False,
            "ticks": False,
            "minExtent": _AXIS,
            "maxExtent": _AXIS,
            "tickCount": max(2, panel.height // 48),
            "labelOverlap": True,
            "titlePadding": 6,
            "titleFontWeight": 400,
        },
    }


def _of(panel: Panel, data: str, *conditions: str) -> Layer:
    """Return the data of a layer: a set narrowed to the panel and to conditions."""
    wanted = [f"datum.panel === '{panel.name}'"] if data in _BY_PANEL else []
    return {
        "data": {"name": data},
        "transform": [{"filter": text} for text in (*wanted, *conditions)],
    }


_BY_PANEL = ("bands", "lines", "labels")


def _band(panel: Panel) -> Layer:
    encoding = {"x": _x(), "x2": {"field": "x2"}, "y": _y(panel, "lower"), "y2": {"field": "upper"}}
    return {
        **_of(panel, "bands"),
        "mark": {"type": "rect", "color": palette.BAND},
        "encoding": encoding,
    }


def _rules(panel: Panel) -> list[Layer]:
    """Return limits, centre and specification, each named with its value at the right edge."""
    lines = {
        "x": _x(),
        "x2": {"field": "x2"},
        "y": _y(panel, "value"),
        "color": _coloured("kind", _STROKES),
        "strokeDash": _coloured("kind", {kind: told[2] for kind, told in _KINDS.items()}),
    }
    words = {
        "x": {"value": "width"},
        "y": _y(panel, "at"),
        "text": {"field": "text"},
        "fill": _coloured("kind", _WORDS),
    }
    right = {"type": "text", "align": "left", "dx": 8, "baseline": "middle"}
    return [
        {
            **_of(panel, "lines"),
            "mark": {"type": "rule", "strokeWidth": 1.4},
            "encoding": lines,
        },
        {**_of(panel, "labels"), "mark": right, "encoding": words},
    ]


def _events(panel: Panel) -> list[Layer]:
    colours, inks = _coloured("kind", _STROKES), _coloured("kind", _WORDS)
    rule = {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.3}
    word = {"type": "text", "align": "left", "dx": 6, "baseline": "top", "fontWeight": 600}
    drawn: list[Layer] = [
        {**_of(panel, "events"), "mark": rule, "encoding": {"x": _x(), "color": colours}}
    ]
    if panel.name in ("mean", "pieces", "rate"):
        encoding = {"x": _x(), "y": {"value": -4}, "text": {"field": "word"}, "fill": inks}
        drawn.append({**_of(panel, "events"), "mark": word, "encoding": encoding})
    return drawn


def _points(panel: Panel, columns: Mapping[str, str]) -> list[Layer]:
    """Return line, quiet points, squares beyond a limit, hollow exclusions, rule codes, notes."""
    name = panel.name
    at = {"x": _x(), "y": _y(panel, name)}
    dots = {**at, "size": {"field": "dot", "type": "quantitative", "scale": None}}
    kept, beyond = "!datum.is_excluded", f"datum.is_beyond_{name}"
    square = {"type": "square", "color": palette.SPECIFICATION, "size": 60, "opacity": 1}
    hollow = {"type": "point", "filled": False, "color": palette.LIMIT, "size": 44, "opacity": 1}
    code = {"type": "text", "color": palette.SPECIFICATION, "dy": -10, "fontWeight": 600}
    note = {"type": "point", "shape": "triangle-down", "filled": True, "color": palette.WATCHED}
    line = {"type": "line", "color": palette.LINE, "strokeWidth": 1.4}
    return [
        {**_of(panel, "points", kept), "mark": line, "encoding": at},
        {**_of(panel, "points", kept, f"!{beyond}"), "mark": _dot(), "encoding": dots},
        {**_of(panel, "points", kept, beyond), "mark": square, "encoding": at},
        {**_of(panel, "points", "datum.is_excluded"), "mark": hollow, "encoding": at},
        {
            **_of(panel, "points", f"datum.codes_{name} != ''"),
            "mark": {**code, "fontSize": 10.5},
            "encoding": {**at, "text": {"field": f"codes_{name}"}},
        },
        {
            **_of(panel, "points", "datum.has_note"),
            "mark": {**note, "size": 60, "yOffset": -20, "opacity": 1},
            "encoding": at,
        },
        {**_of(panel, "points"), "mark": _touched(), "encoding": {**at, **_tooltip(columns)}},
    ]


def _reference(panel: Panel) -> list[Layer]:
    line = {"type": "line", "color": palette.MARK, "strokeDash": [4, 3]}
    encoding = {"x": _x(), "y": _y(panel, "value")}
    is_compared = panel.name == "rate"
    return [{**_of(panel, "reference"), "mark": line, "encoding": encoding}] if is_compared else []


def _pieces(panel: Panel, columns: Mapping[str, str]) -> list[Layer]:
    at = {"x": _x(), "y": _y(panel, "value")}
    square = {"type": "square", "color": palette.SPECIFICATION, "size": 50, "opacity": 1}
    dots = {**at, "size": {"field": "dot", "type": "quantitative", "scale": None}}
    return [
        {**_of(panel, "pieces", "!datum.is_out"), "mark": _dot(), "encoding": dots},
        {**_of(panel, "pieces", "datum.is_out"), "mark": square, "encoding": at},
        {**_of(panel, "pieces"), "mark": _touched(), "encoding": {**at, **_tooltip(columns)}},
    ]


def _dot() -> dict[str, Any]:
    return {"type": "circle", "color": palette.POINT, "opacity": 1}


def _touched() -> dict[str, Any]:
    """Return the unseen mark that takes pointer and click, larger than what is seen."""
    return {"type": "circle", "size": 170, "opacity": 0.001, "cursor": "pointer"}


def _tooltip(columns: Mapping[str, str]) -> dict[str, Any]:
    return {
        "tooltip": [
            {"field": field, "title": title, "type": "nominal"} for field, title in columns.items()
        ]
    }


def _frame(panel: Panel) -> Layer:
    """Return unseen corners: they make room around the values and keep the panels aligned."""
    corners = {"type": "circle", "size": 1, "opacity": 0, "tooltip": None}
    return {
        "data": {"name": f"frame_{panel.name}"},
        "mark": corners,
        "encoding": {"x": _x(), "y": _y(panel, "y")},
    }


def _ticks() -> Layer:
    words = {"type": "text", "baseline": "top", "dy": 12, "color": palette.TEXT}
    encoding = {"x": _x(), "y": {"value": "height"}, "text": {"field": "label"}}
    return {"data": {"name": "ticks"}, "mark": words, "encoding": encoding}


def _coloured(field: str, scale: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "field": field,
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(scale), "range": list(scale.values())},
    }
