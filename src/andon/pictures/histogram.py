"""The histogram: how often values fall where, beside the specification."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from andon.pictures import palette
from andon.pictures.filling import filled

_MOST_BARS = 40


def histogram(
    values: ArrayLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    resolution: float | None = None,
    digits: int = 3,
) -> dict[str, Any]:
    """Return a compiled picture of the values with the specification limits that there are.

    Bars are as wide as Freedman and Diaconis say, but never split the resolution, which would
    show gaps that are the gauge's.

    >>> spec = histogram([1.0, 2.0, 2.0, 3.0], upper=4.0)
    >>> sum(bar["count"] for bar in spec["data"][0]["values"])
    4
    """
    bars = _bars(np.asarray(values, dtype=np.float64), resolution, digits)
    named = (
        ("LSL", lower, "specification"),
        ("T", target, "target"),
        ("USL", upper, "specification"),
    )
    limits = [
        {"value": value, "text": f"{name} {value:.{digits}f}", "kind": kind}
        for name, value, kind in named
        if value is not None
    ]
    return filled(_spec(digits), {"bars": bars, "limits": limits})


def _bars(
    values: np.ndarray[Any, Any], resolution: float | None, digits: int
) -> list[dict[str, Any]]:
    if not values.size:
        return []
    low, high = float(values.min()), float(values.max())
    width = _width(values, resolution)
    count = max(1, min(_MOST_BARS, int(np.floor((high - low) / width)) + 1))
    edges = low - width / 2 + width * np.arange(count + 1)
    edges[-1] = max(edges[-1], high)
    counts, edges = np.histogram(values, bins=edges)
    return [
        {
            "low": float(start), "high": float(end), "count": int(n),
            "told": f"{start:.{digits + 1}f} – {end:.{digits + 1}f}",
        }
        for start, end, n in zip(edges[:-1], edges[1:], counts, strict=True)
    ]  # fmt: skip


def _width(values: np.ndarray[Any, Any], resolution: float | None) -> float:
    quarter, three = np.quantile(values, [0.25, 0.75])
    usual = 2.0 * float(three - quarter) / values.size ** (1 / 3)
    span = float(values.max() - values.min())
    width = max(usual, span / _MOST_BARS) or resolution or 1.0
    return max(1, round(width / resolution)) * resolution if resolution else width


def _spec(digits: int) -> dict[str, Any]:
    at = {"field": "value", "type": "quantitative"}
    colour = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": ["specification", "target"],
                  "range": [palette.SPECIFICATION, palette.MARK]},
    }  # fmt: skip
    dash = {**colour, "scale": {"domain": ["specification", "target"], "range": [[1, 0], [3, 3]]}}
    word = {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 11}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "usermeta": {"columns": {"told": "from – to", "count": "n"}},
        "width": "container",
        "height": 130,
        "padding": {"left": 2, "right": 2, "top": 20, "bottom": 2},
        "layer": [
            _bar_layer(digits),
            {
                "data": {"name": "limits"},
                "mark": {"type": "rule", "strokeWidth": 1.4},
                "encoding": {"x": at, "color": colour, "strokeDash": dash},
            },
            {
                "data": {"name": "limits"},
                "mark": word,
                "encoding": {"x": at, "y": {"value": 0}, "text": {"field": "text"}, "fill": colour},
            },
        ],
        "config": {"view": {"stroke": None}},
    }


def _bar_layer(digits: int) -> dict[str, Any]:
    x = {
        "field": "low",
        "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 8},
        "axis": {
            "title": None,
            "format": f".{digits}f",
            "grid": False,
            "ticks": False,
            "tickCount": 5,
        },
    }
    told = [{"field": "told", "title": "from – to"}, {"field": "count", "title": "n"}]
    return {
        "data": {"name": "bars"},
        "mark": {"type": "rect", "color": palette.BAR},
        "encoding": {
            "x": x,
            "x2": {"field": "high"},
            "y": {"field": "count", "type": "quantitative", "axis": None},
            "y2": {"datum": 0},
            "tooltip": told,
        },
    }
