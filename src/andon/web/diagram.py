"""State diagram: a workflow as SVG, the way taken so far and the state of now marked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BOX, GAP = 34, 34
_LETTER, _PADDING, _ROOM = 7.2, 26, 16
"""Widths are estimated: the server knows no font."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A state's place: left edge and width."""

    name: str
    label: str
    x: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def state_diagram(workflow: Any, current: str, visited: Collection[str] = ()) -> SafeString:
    """Draw the states in their order, the steps between them as arrows.

    `workflow` has `states` (name, label) and `transitions` (sources, target).
    """
    boxes = _boxes(workflow.states)
    order = {box.name: position for position, box in enumerate(boxes)}
    steps = sorted(_steps(workflow.transitions, order))
    over = max((_lift(a, b) for a, b in steps if b > a + 1), default=0)
    under = max((_lift(a, b) for a, b in steps if b < a), default=0)
    width = boxes[-1].x + boxes[-1].width + 2
    return format_html(
        '<div class="state-diagram-scroll"><svg class="state-diagram" viewBox="0 {} {} {}"'
        ' width="{}" height="{}" role="img"><title>{}</title>{}{}</svg></div>',
        *(-over - 3, width, over + BOX + under + 6, width, over + BOX + under + 6),
        " → ".join(box.label for box in boxes),
        format_html_join("", "{}", ((_arrow(boxes, a, b),) for a, b in steps)),
        format_html_join("", "{}", ((_state(box, current, visited),) for box in boxes)),
    )


def _boxes(states: Iterable[Any]) -> list[_Box]:
    boxes: list[_Box] = []
    x = 2.0
    for state in states:
        label = str(state.label)
        boxes.append(_Box(state.name, label, x, round(len(label) * _LETTER + _PADDING)))
        x += boxes[-1].width + GAP
    return boxes


def _steps(transitions: Iterable[Any], order: dict[str, int]) -> set[tuple[int, int]]:
    pairs = ((source, step.target) for step in transitions for source in step.sources)
    return {(order[a], order[b]) for a, b in pairs if a != b}


def _lift(start: int, end: int) -> float:
    """Return how far an arc reaches over or under the row: farther steps go higher."""
    return _ROOM + 7 * min(6, abs(end - start) - (1 if end > start else 0))


def _arrow(boxes: list[_Box], start: int, end: int) -> SafeString:
    source, target, half = boxes[start], boxes[end], BOX / 2
    if end == start + 1:
        line = f"M{source.x + source.width},{half}H{target.x - 5}"
        return _path(line, f"M{target.x},{half}l-7,-4v8z")
    is_forward = end > start
    edge, sign = (0.0, -1) if is_forward else (float(BOX), 1)
    height = edge + sign * _lift(start, end)
    shift = 9 if is_forward else -9
    line = (
        f"M{source.middle + shift},{edge}C{source.middle + shift},{height}"
        f" {target.middle - shift},{height} {target.middle - shift},{edge + sign * 5}"
    )
    return _path(line, f"M{target.middle - shift},{edge}l-4,{sign * 7}h8z")


def _path(line: str, head: str) -> SafeString:
    return format_html('<path d="{}"/><path class="arrow-head" d="{}"/>', line, head)


def _state(box: _Box, current: str, visited: Collection[str]) -> SafeString:
    kind = "now" if box.name == current else "done" if box.name in visited else "open"
    return format_html(
        '<g class="state--{}"><rect x="{}" y="0" width="{}" height="{}" rx="8"/>'
        '<text x="{}" y="{}">{}</text></g>',
        *(kind, box.x, box.width, BOX, box.middle, BOX / 2, box.label),
    )
