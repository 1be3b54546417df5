"""Sparkline: the last values as a small picture, drawn by the server."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIDTH, HEIGHT, MARGIN = 168, 44, 4


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value stands in the picture."""

    low: float
    high: float
    count: int

    def x(self, index: int) -> float:
        step = (WIDTH - 2 * MARGIN) / max(1, self.count - 1)
        return round(MARGIN + index * step, 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)


def sparkline(
    values: Sequence[float | None],
    lower: float | None = None,
    upper: float | None = None,
    flagged: Collection[int] = (),
    label: str = "",
) -> SafeString:
    """Draw values within their control limits; `flagged` holds the positions beyond a limit."""
    known = [(i, float(v)) for i, v in enumerate(values) if v is not None and math.isfinite(v)]
    levels = [v for _i, v in known] + [float(v) for v in (lower, upper) if v is not None]
    scale = _Scale(min(levels, default=0), max(levels, default=1), len(values))
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img">'
        "<title>{}</title>{}{}</svg>",
        WIDTH,
        HEIGHT,
        _title(label, len(known), len(flagged)),
        _band(scale, lower, upper),
        _curve(scale, known, flagged),
    )


def _title(label: str, count: int, beyond: int) -> str:
    counted = ngettext("%(n)d value", "%(n)d values", count) % {"n": count}
    judged = _("%(n)d beyond a limit") % {"n": beyond} if beyond else _("none beyond a limit")
    return ": ".join(part for part in (label, f"{counted}, {judged}") if part)


def _band(scale: _Scale, lower: float | None, upper: float | None) -> SafeString:
    if lower is None or upper is None:
        return SafeString("")
    top, bottom, middle = scale.y(upper), scale.y(lower), scale.y((lower + upper) / 2)
    return format_html(
        '<rect class="sparkline-band" y="{}" width="{}" height="{}"/>'
        '<line class="sparkline-center" x2="{}" y1="{}" y2="{}"/>',
        *(top, WIDTH, round(bottom - top, 1), WIDTH, middle, middle),
    )


def _curve(scale: _Scale, known: list[tuple[int, float]], flagged: Collection[int]) -> SafeString:
    if not known:
        return SafeString("")
    points = " ".join(f"{scale.x(i)},{scale.y(v)}" for i, v in known)
    last = known[-1][0]
    # A line of no length keeps its round or square cap however the picture is stretched.
    marks = [("last", i, v) for i, v in known if i == last and i not in flagged]
    marks += [("flag", i, v) for i, v in known if i in flagged]
    dots = ((f"sparkline-{kind}", f"M{scale.x(i)},{scale.y(v)}h0") for kind, i, v in marks)
    return format_html('<polyline class="sparkline-line" points="{}"/>', points) + format_html_join(
        "", '<path class="{}" d="{}"/>', dots
    )
