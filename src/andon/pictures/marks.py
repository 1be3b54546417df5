"""The building blocks of pictures: axes, lines, points, bars, spans, and lines with their names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from andon.pictures import palette
from andon.pictures.figures import told
from andon.pictures.picture import Layer

__all__ = [
    "Named",
    "area",
    "bars",
    "dots",
    "flat_lines",
    "line",
    "name",
    "quantity",
    "spans",
    "upright_lines",
    "words",
]

Table = list[dict[str, Any]]
_ROOM = 9
"""Pixels between the outermost marks and the frame, so that none lies on a label."""
_KINDS = {
    "control": (palette.LIMIT, palette.TEXT, [5, 4]),
    "centre": (palette.CENTER, palette.TEXT, [1, 0]),
    "specification": (palette.SPECIFICATION, palette.SPECIFICATION, [1, 0]),
    "target": (palette.MARK, palette.MARK, [3, 3]),
    "good": (palette.GOOD, palette.GOOD, [5, 3]),
    "attention": (palette.ATTENTION, palette.TEXT, [5, 3]),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A straight line with its name; its kind gives colour and dash."""

    at: float
    word: str
    kind: str = "control"

    @property
    def text(self) -> str:
        """Name and value."""
        return f"{self.word} {told(self.at)}"


def quantity(
    field: str, title: str = "", *, is_zero: bool = False, domain: Sequence[float] | None = None,
    form: str = "", has_grid: bool = False, values: Sequence[float] | None = None,
) -> Layer:  # fmt: skip
    """Return the channel of a number with its axis."""
    scale: Layer = {"zero": is_zero, "nice": is_zero and domain is None}
    if not is_zero and domain is None:
        scale |= {"padding": _ROOM}
    axis: Layer = {"title": title or None, "tickCount": 5, "grid": has_grid}
    axis |= {"gridColor": palette.GRID} | ({"format": form} if form else {})
    axis |= {"values": list(values)} if values is not None else {}
    scale |= {"domain": list(domain)} if domain is not None else {}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def name(field: str, title: str = "", *, order: Sequence[str] | None = None) -> Layer:
    """Return the channel of a label, in the order given."""
    axis = {"title": title or None, "labelAngle": 0, "ticks": False, "domain": False}
    sort = list(order) if order is not None else None
    return {"field": field, "type": "nominal", "sort": sort, "axis": axis}


def dots(rows: Table, x: Layer, y: Layer, colour: str = palette.POINT, *, size: int = 34,
         shape: str = "circle") -> Layer:  # fmt: skip
    """Return filled points."""
    mark = {"type": "point", "filled": True, "opacity": 1, "color": colour, "size": size,
            "shape": shape}  # fmt: skip
    return {"data": {"values": _used(rows, x, y)}, "mark": mark, "encoding": {"x": x, "y": y}}


def line(rows: Table, x: Layer, y: Layer, colour: str = palette.LINE, *, width: float = 1.4,
         dash: Sequence[int] = (1, 0), shape: str = "linear") -> Layer:  # fmt: skip
    """Return a line through the rows in their order."""
    mark = {"type": "line", "color": colour, "strokeWidth": width, "strokeDash": list(dash),
            "interpolate": shape}  # fmt: skip
    channels: Layer = {"x": x, "y": y}
    drawn = _used(rows, x, y)
    if x["type"] != "quantitative":  # labels have no order of their own
        channels["order"] = {"field": "order", "type": "quantitative"}
        drawn = [{**row, "order": at} for at, row in enumerate(drawn)]
    return {"data": {"values": drawn}, "mark": mark, "encoding": channels}


def area(rows: Table, x: Layer, low: Layer, high: str, colour: str = palette.BAND,
         *, shape: str = "linear") -> Layer:  # fmt: skip
    """Return the area between two columns."""
    mark = {"type": "area", "color": colour, "opacity": 1, "line": False, "interpolate": shape}
    return {"data": {"values": _used(rows, x, low, {"field": high})}, "mark": mark,
            "encoding": {"x": x, "y": low, "y2": {"field": high}}}  # fmt: skip


def bars(rows: Table, x: Layer, y: Layer, colour: Any = palette.LINE) -> Layer:
    """Return bars; `colour` is one colour or a channel."""
    mark: Layer = {"type": "bar", "opacity": 1}
    encoding = {"x": x, "y": y, "color": colour if isinstance(colour, dict) else {"value": colour}}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def spans(rows: Table, along: Layer, across: Layer, *, is_upright: bool = False,
          colour: str = palette.TEXT, width: float = 2.0) -> Layer:  # fmt: skip
    """Return lines from `low` to `high` of each row."""
    one, two = ("y", "x") if is_upright else ("x", "y")
    encoding = {one: along, f"{one}2": {"field": "high"}, two: across}
    mark = {"type": "rule", "color": colour, "strokeWidth": width}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def words(rows: Table, x: Layer, y: Layer, *, align: str = "left", dx: int = 6, dy: int = 0,
          colour: str = palette.TEXT) -> Layer:  # fmt: skip
    """Return the rows' `text` beside their points."""
    mark = {"type": "text", "align": align, "dx": dx, "dy": dy, "color": colour,
            "baseline": "middle"}  # fmt: skip
    encoding = {"x": x, "y": y, "text": {"field": "text"}}
    used = _used(rows, x, y, encoding["text"])
    return {"data": {"values": used}, "mark": mark, "encoding": encoding}


def flat_lines(
    lines: Iterable[Named],
    channel: Layer,
    *,
    height: int,
    span: Sequence[float],
    is_drawn: bool = True,
) -> list[Layer]:
    """Return level lines, each named with its value at the right edge.

    `channel` is the vertical axis; `span` its domain, by which names too close are moved apart.
    """
    drawn = sorted(lines, key=lambda each: each.at)
    places = spaced([each.at for each in drawn], 14.0 * (span[1] - span[0]) / height)
    layers: list[Layer] = []
    for each, place in zip(drawn, places, strict=True):
        colour, ink, dash = _KINDS[each.kind]
        rule = {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": 1.4}
        right = {"type": "text", "align": "left", "dx": 8, "baseline": "middle", "color": ink}
        at, row = {**channel, "field": "at"}, [{"at": each.at, "place": place, "text": each.text}]
        beside = {"x": {"value": "width"}, "y": {**channel, "field": "place"}}
        if is_drawn:
            layers.append({"data": {"values": row}, "mark": rule, "encoding": {"y": at}})
        layers.append({"data": {"values": row}, "mark": right,
                       "encoding": {**beside, "text": {"field": "text"}}})  # fmt: skip
    return layers


def upright_lines(lines: Iterable[Named], channel: Layer, *, span: Sequence[float]) -> list[Layer]:
    """Return upright lines named at the top; names too close stand on a second and third row."""
    layers: list[Layer] = []
    ends = [-float("inf")] * 3
    for each in sorted(lines, key=lambda item: item.at):
        colour, ink, dash = _KINDS[each.kind]
        share = (each.at - span[0]) / (span[1] - span[0])
        row = next((at for at, end in enumerate(ends) if share - end > 0.01), 2)
        ends[row] = share + 0.022 * len(each.text)
        is_late = share > 0.8
        rule = {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": 1.4}
        text = {"type": "text", "align": "right" if is_late else "left", "dx": -5 if is_late else 5,
                "baseline": "top", "color": ink}  # fmt: skip
        at = {**channel, "field": "at"}
        data = {"values": [{"at": each.at, "text": each.text}]}
        top = {"x": at, "y": {"value": 2 + 14 * row}, "text": {"field": "text"}}
        layers += [{"data": data, "mark": rule, "encoding": {"x": at}},
                   {"data": data, "mark": text, "encoding": top}]  # fmt: skip
    return layers


def _used(rows: Table, *channels: Layer) -> Table:
    """Return the rows with the columns that these channels read, which keeps pictures small."""
    fields = [channel["field"] for channel in channels if "field" in channel]
    return [{field: row.get(field) for field in fields} for row in rows]


def spaced(places: Sequence[float], least: float) -> list[float]:
    """Return rising places at least so far apart, moved as little as one pass allows.

    >>> spaced([1.0, 1.1, 5.0], 0.5)
    [0.8, 1.3, 5.0]
    """
    moved = list(places)
    for at in range(1, len(moved)):
        gap = least - (moved[at] - moved[at - 1])
        if gap > 0:
            is_free = at == 1 or moved[at - 1] - gap / 2 - moved[at - 2] >= least
            moved[at - 1] -= gap / 2 if is_free else 0.0
            moved[at] = moved[at - 1] + least
    return moved
