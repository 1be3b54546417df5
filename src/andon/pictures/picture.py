"""What a picture is: panels, each with its table twin, a title, and a caption in words."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from andon.pictures import palette

__all__ = ["Layer", "Panel", "Picture", "Rows"]

Layer = dict[str, Any]
Rows = list[tuple[Any, ...]]
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_WIDTHS = {1: 660, 2: 290, 3: 190}
_HEIGHTS = {1: 240, 2: 190, 3: 170}
_LETTERS = 120


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: its Vega-Lite layers and the same as a table.

    Attributes:
        title: what it shows, with the unit where there is one.
        layers: drawn one above the other, each with its own data.
        headers, rows: the table twin.
        height: in pixels; 0: as usual.
        more: what the panel says beside its layers, such as `resolve`.
    """

    title: str
    layers: Sequence[Layer]
    headers: tuple[str, ...] = ()
    rows: Sequence[tuple[Any, ...]] = ()
    height: int = 0
    more: Layer | None = None

    @property
    def table(self) -> dict[str, Any]:
        """The table twin as a specification carries it under `usermeta`: numbers of six figures."""
        return {"headers": list(self.headers), "rows": [list(map(_cell, row)) for row in self.rows]}


def _cell(value: Any) -> Any:
    """Return a cell as JSON holds it; what is no plain value is told as text."""
    if isinstance(value, bool | str | int) or value is None:
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    return float(f"{number:.6g}") if math.isfinite(number) else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of one result.

    Attributes:
        title: what is shown.
        verdict: what it says: a symbol and a word first; empty where nothing is judged.
        caption: how to read it and the convention behind it.
        panels: in reading order, `columns` side by side.
    """

    title: str
    verdict: str
    caption: str
    panels: tuple[Panel, ...]
    columns: int = 1

    @property
    def words(self) -> str:
        """Verdict and caption as one paragraph."""
        return " ".join(part for part in (self.verdict, self.caption) if part)

    @property
    def spec(self) -> Layer:
        """The Vega-Lite specification for a page, which says title and words itself."""
        return {
            "$schema": _SCHEMA,
            "concat": [self._drawn(panel) for panel in self.panels],
            "columns": self.columns,
            "spacing": 28,
            "resolve": {"scale": dict.fromkeys(("x", "y", "color", "shape"), "independent")},
            "config": _CONFIG,
            "background": None,
            "padding": 4,
        }

    @property
    def whole(self) -> Layer:
        """The specification that stands alone: title and words are in the picture."""
        title = {
            "text": self.title,
            "subtitle": [
                each
                for part in (self.verdict, self.caption)
                for each in textwrap.wrap(part, _LETTERS)
            ],
            "anchor": "start",
            "fontSize": 16,
            "fontWeight": 600,
            "color": palette.INK,
            "subtitleColor": palette.TEXT,
            "subtitleFontSize": 11.5,
            "subtitleLineHeight": 16,
            "subtitlePadding": 6,
            "offset": 18,
        }
        return {**self.spec, "background": palette.SURFACE, "title": title, "padding": 20}

    def _drawn(self, panel: Panel) -> Layer:
        width = _WIDTHS[self.columns]
        return {
            "title": panel.title,
            "width": width,
            "height": panel.height or _HEIGHTS[self.columns],
            "layer": list(panel.layers),
            **(panel.more or {}),
        }


_CONFIG: Layer = {
    "view": {"stroke": None},
    "text": {"fontSize": 11, "color": palette.TEXT},
    "title": {"anchor": "start", "fontSize": 12.5, "fontWeight": 600, "color": palette.INK,
              "offset": 17},
    "axis": {"grid": False, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": 400,
             "labelColor": palette.TEXT, "titleColor": palette.TEXT, "tickColor": palette.BAR,
             "domainColor": palette.BAR,
             "domain": False, "labelOverlap": True, "titlePadding": 6,
             "labelLimit": 150},
    "axisY": {"minExtent": 38},
    "legend": {"labelColor": palette.TEXT, "titleColor": palette.TEXT, "labelFontSize": 11},
}  # fmt: skip
