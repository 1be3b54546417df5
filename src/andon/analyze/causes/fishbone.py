"""The Ishikawa diagram as SVG: six bones, each branch with the status of its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from andon.analyze.causes.models import Cause
from andon.analyze.causes.queries import Bone

WIDTH, SLOT, LEAN, LINE, HEAD = 1110, 300, 70, 21, 200
"""Widths in drawing units: the whole, a bone's slot, its lean, a branch's height, the head."""
_MOST_LETTERS = 34
_MARKS = {
    Cause.Status.SUPPORTED: ("✓", "status--ok"),
    Cause.Status.REFUTED: ("○", "status--idle"),
    Cause.Status.OPEN: ("◆", "status--watched"),
}


@dataclass(frozen=True, slots=True)
class _Side:
    """Three bones on one side of the spine."""

    bones: Sequence[Bone]
    spine: float
    height: float
    sign: int
    """-1 above the spine, 1 below."""


def fishbone(bones: Sequence[Bone], effect: str) -> SafeString:
    """Draw the bones towards the effect; ruled-out branches stay visible."""
    above, below = _height(bones[:3]), _height(bones[3:])
    spine = above + 4
    sides = (_Side(bones[:3], spine, above, -1), _Side(bones[3:], spine, below, 1))
    return format_html(
        '<div class="table-scroll"><svg class="fishbone" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' role="img"><title>{}</title><line x1="10" y1="{}" x2="{}" y2="{}" stroke="currentColor"'
        ' stroke-width="2"/>{}{}{}</svg></div>',
        *(WIDTH, spine + below + 4, WIDTH, spine + below + 4, effect),
        *(spine, WIDTH - HEAD, spine, _head(effect, spine)),
        *(_bones(side) for side in sides),
    )


def _height(bones: Sequence[Bone]) -> float:
    return 44 + LINE * max(1, *(len(bone.branches) for bone in bones))


def _head(effect: str, spine: float) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="40" rx="8" fill="none" stroke="currentColor"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="12.5" font-weight="600"'
        ' fill="currentColor">{}</text>',
        *(WIDTH - HEAD, spine - 20, HEAD - 4),
        *(WIDTH - HEAD / 2 - 2, spine + 4.5, _short(effect, 28)),
    )


def _bones(side: _Side) -> SafeString:
    return format_html_join(
        "", "{}", ((_bone(bone, place, side),) for place, bone in enumerate(side.bones))
    )


def _bone(bone: Bone, place: int, side: _Side) -> SafeString:
    foot = 10 + SLOT * (place + 1)
    tip = side.spine + side.sign * (side.height - 22)
    label = side.spine + side.sign * (side.height - 10) + (4 if side.sign > 0 else 0)
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" opacity=".5"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="13" font-weight="600"'
        ' fill="currentColor">{}</text>{}',
        *(foot - LEAN, tip, foot, side.spine),
        *(foot - LEAN, label, bone.label),
        format_html_join(
            "",
            "{}",
            ((_branch(cause, n, foot, side),) for n, cause in enumerate(bone.branches)),
        ),
    )


def _branch(cause: Cause, number: int, foot: float, side: _Side) -> SafeString:
    """Draw a branch ending at its bone, whose lean it follows."""
    distance = 18 + LINE * number
    y = side.spine + side.sign * distance
    x = foot - LEAN * distance / (side.height - 22)
    mark, css = _MARKS[Cause.Status(cause.status)]
    return format_html(
        '<g class="{}"><title>{}: {}</title><line x1="{}" y1="{}" x2="{}" y2="{}"'
        ' stroke="currentColor" opacity=".6"/><text x="{}" y="{}" text-anchor="end" font-size="12"'
        ' fill="currentColor">{} {}</text></g>',
        *(css, cause.statement, cause.get_status_display()),
        *(round(x - 14, 1), y, round(x, 1), y),
        *(round(x - 18, 1), y + 4, mark, _short(cause.statement, _MOST_LETTERS)),
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
