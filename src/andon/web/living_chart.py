"""The control chart of the living page, in the colours of the --chart-* tokens."""

import math
from typing import Any

_RULES = (
    ("USL 0.750", 0.75, "#b3261f"),
    ("UCL 0.7431", 0.7431, "#7d8f99"),
    ("Mean 0.7399", 0.7399, "#8fa0a9"),
    ("LCL 0.7367", 0.7367, "#7d8f99"),
    ("LSL 0.730", 0.73, "#b3261f"),
)


def _points() -> list[dict[str, Any]]:
    values = [
        0.7399 + 0.0014 * math.sin(2.1 * i) + 0.0008 * math.sin(5.3 * i) + 0.00028 * max(0, i - 24)
        for i in range(38)
    ]
    return [
        {"subgroup": i + 1, "mean": round(v, 5), "is_beyond": v > 0.7431}
        for i, v in enumerate(values)
    ]


def _rule(label: str, level: float, colour: str) -> list[dict[str, Any]]:
    is_dashed = label[1:3] == "CL"
    y = {"datum": level, "type": "quantitative", "scale": {"zero": False}}
    words = {"type": "text", "align": "left", "dx": 8, "color": colour, "text": label}
    once: dict[str, Any] = {"values": [{}]}
    return [
        {
            "data": once,
            "mark": {
                "type": "rule",
                "color": colour,
                **({"strokeDash": [5, 4]} if is_dashed else {}),
            },
            "encoding": {"y": y},
        },
        {"data": once, "mark": words, "encoding": {"y": y, "x": {"value": "width"}}},
    ]


def control_chart() -> dict[str, Any]:
    """Return a Vega-Lite chart of means with limits, specification and three points beyond."""
    x = {
        "field": "subgroup",
        "type": "quantitative",
        "scale": {"domain": [1, 38], "nice": False},
        "axis": {"grid": False, "title": "Subgroup", "domain": False, "ticks": False},
    }
    y = {
        "field": "mean",
        "type": "quantitative",
        "scale": {"domain": [0.728, 0.752], "zero": False},
        "axis": {"grid": False, "format": ".4f", "title": None, "domain": False, "ticks": False},
    }
    at = {"x": x, "y": y, "tooltip": [{"field": "subgroup"}, {"field": "mean", "format": ".5f"}]}
    beyond = {"filter": "datum.is_beyond"}
    return {
        "usermeta": {
            "columns": {"subgroup": "Subgroup", "mean": "Mean", "is_beyond": "Beyond a limit"}
        },
        "width": "container",
        "height": 260,
        "data": {"name": "points", "values": _points()},
        "layer": [
            {
                "data": {"values": [{}]},
                "mark": {"type": "rect", "color": "#edf2f4"},
                "encoding": {
                    "y": {"datum": 0.7367, "type": "quantitative"},
                    "y2": {"datum": 0.7431},
                },
            },
            *(layer for rule in _RULES for layer in _rule(*rule)),
            {"mark": {"type": "line", "color": "#4a6572", "strokeWidth": 1.4}, "encoding": at},
            {
                "mark": {"type": "circle", "color": "#2b4a57", "size": 24, "opacity": 1},
                "encoding": at,
            },
            {
                "transform": [beyond],
                "mark": {"type": "square", "color": "#b3261f", "size": 64, "opacity": 1},
                "encoding": at,
            },
        ],
        "config": {"view": {"stroke": None}},
    }
