"""Estimates with their intervals, one below the other, beside the value that means nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.figures import told
from andon.pictures.marks import Named, dots, name, quantity, spans, upright_lines
from andon.pictures.picture import Layer, Panel
from andon.stats.results import Interval

__all__ = ["Estimated", "interval_panel"]

_ROW = 30


@dataclass(frozen=True, slots=True)
class Estimated:
    """One estimate with its name."""

    name: str
    value: float
    interval: Interval | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The interval, or the value where there is none."""
        one = self.interval
        is_known = one is not None and not (np.isnan(one.low) or np.isnan(one.high))
        return (one.low, one.high) if one is not None and is_known else (self.value, self.value)

    @property
    def text(self) -> str:
        """Value and interval."""
        low, high = self.ends
        if np.isnan(self.value):
            return f"{told(low, 3)} to {told(high, 3)}"
        span = f"  ({told(low, 3)} to {told(high, 3)})" if low != high else ""
        return f"{told(self.value, 3)}{span}"

    def holds(self, value: float) -> bool:
        """Return whether a value lies inside the interval."""
        low, high = self.ends
        return low <= value <= high


def interval_panel(
    title: str,
    axis: str,
    rows: Sequence[Estimated],
    *,
    null: float | None = None,
    lines: Sequence[Named] = (),
) -> Panel:
    """Return the panel; an estimate whose interval holds `null` is drawn hollow."""
    drawn = [*lines, *([Named(null, "no effect", "centre")] if null is not None else [])]
    span = _span(rows, drawn)
    x, y = quantity("value", axis, domain=span), name("name", order=[row.name for row in rows])
    cells = [_cell(row, span) for row in rows]
    open_ones = [row for row, each in zip(cells, rows, strict=True)
                 if null is not None and each.holds(null)]  # fmt: skip
    firm = [row for row in cells if row not in open_ones]
    hollow = dots(open_ones, x, y, palette.LIMIT, size=60)
    hollow["mark"] |= {"filled": False, "strokeWidth": 1.6}
    right: Layer = {"type": "text", "align": "left", "dx": 8, "color": palette.TEXT}
    texts = {"x": {"value": "width"}, "y": y, "text": {"field": "text"}}
    layers = [
        spans(cells, {**x, "field": "low"}, y, colour=palette.LIMIT, width=2),
        dots(firm, x, y, size=62), hollow,
        {"data": {"values": cells}, "mark": right, "encoding": texts},
        *upright_lines(drawn, x, span=span),
    ]  # fmt: skip
    table = [(row.name, row.value, *row.ends) for row in rows]
    height = _ROW * len(rows) + (24 if drawn else 0)
    return Panel(title, layers, ("name", axis, "from", "to"), table, max(64, height))


def _cell(row: Estimated, span: Sequence[float]) -> dict[str, Any]:
    """Return the row with an open or distant end cut off at the edge of the panel."""
    low, high = (
        float(np.clip(end, span[0], span[1])) if not np.isnan(end) else None for end in row.ends
    )
    value = row.value if np.isfinite(row.value) else None
    return {"name": row.name, "value": value, "low": low, "high": high, "text": row.text}


def _span(rows: Sequence[Estimated], lines: Sequence[Named]) -> list[float]:
    ends = [end for row in rows for end in (*row.ends, row.value)] + [one.at for one in lines]
    finite = [end for end in ends if np.isfinite(end)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    return [low - room, high + room]
