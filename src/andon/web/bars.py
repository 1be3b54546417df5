"""Bars: shares and positions as SVG, whose lengths are attributes and need no style."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from andon.web.formats import at_resolution, fixed

_READABLE_SHARE = 0.08
"""A narrower part shows its words in the legend instead."""
_STRIPES = (
    '<line class="balance-stripe" x1="-24" y1="15" x2="110%" y2="15" transform="skewX(-35)"/>'
)


@dataclass(frozen=True, slots=True)
class BalancePart:
    """One disposition's quantity; `kind` is use, sort, rework, return, scrap or open."""

    label: str | Promise
    quantity: float
    kind: str


def bar(share: float | None, kind: str = "") -> SafeString:
    """Draw a share of 1 as a bar; decoration, since its number stands beside it."""
    width = min(1.0, max(0.0, share or 0.0))
    return format_html(
        '<svg class="bar {}" aria-hidden="true"><rect width="{}%" height="100%" rx="3"/></svg>',
        kind,
        round(width * 100, 1),
    )


def balance_bar(parts: Iterable[BalancePart], total: float) -> SafeString:
    """Draw how a quantity is dispositioned; what no part covers is open and striped."""
    shown = [part for part in parts if part.quantity > 0]
    rest = total - sum(part.quantity for part in shown)
    shown += [BalancePart(_("open"), rest, "open")] if rest > 0 else []
    whole = max(total, sum(part.quantity for part in shown)) or 1
    words = ", ".join(_words(part) for part in shown)
    return format_html(
        '<svg class="balance" role="img"><title>{}</title>{}</svg>{}',
        words,
        _segments(shown, whole),
        _legend([part for part in shown if part.quantity / whole < _READABLE_SHARE]),
    )


def _words(part: BalancePart) -> str:
    return f"{part.label} {fixed(part.quantity)}"


def _segments(parts: Sequence[BalancePart], whole: float) -> SafeString:
    starts = [sum(part.quantity for part in parts[:i]) for i in range(len(parts))]
    return format_html_join(
        "",
        '<svg x="{}%" width="{}%" height="100%"><title>{}</title>'
        '<rect class="balance-part--{}" width="100%" height="100%"/>{}</svg>',
        (
            (
                round(100 * start / whole, 3),
                round(100 * part.quantity / whole, 3),
                _words(part),
                part.kind,
                _inside(part, part.quantity / whole),
            )
            for start, part in zip(starts, parts, strict=True)
        ),
    )


def _inside(part: BalancePart, share: float) -> SafeString:
    # nosemgrep: text-declared-safe - a constant of this file
    under = SafeString(_STRIPES if part.kind == "open" else "")
    if share < _READABLE_SHARE:
        return under
    text = '<text class="balance-text--{}" x="50%" y="50%">{}</text>'
    return under + format_html(text, part.kind, _words(part))


def _legend(parts: Sequence[BalancePart]) -> SafeString:
    if not parts:
        return SafeString("")
    items = format_html_join(
        "",
        '<li><svg aria-hidden="true"><rect class="balance-part--{}" width="9" height="9" rx="2"/>'
        "</svg>{}</li>",
        ((part.kind, _words(part)) for part in parts),
    )
    return format_html('<ul class="balance-legend">{}</ul>', items)


def scale(
    values: Iterable[float],
    *,
    lower: float | None = None,
    upper: float | None = None,
    band: tuple[float, float] | None = None,
    target: float | None = None,
    resolution: Any = None,
) -> SafeString:
    """Draw typed values between the specification limits, with the control band; sides may miss."""
    typed = [float(value) for value in values]
    levels = [v for v in (lower, upper, target, *(band or ()), *typed) if v is not None]
    low = lower if lower is not None else min(levels, default=0.0)
    high = upper if upper is not None else max(levels, default=1.0)
    inside = _Span(low, high if high > low else low + 1)
    ends = (
        ("start", lower, _("lower specification")),
        ("", target, _("target")),
        ("end", upper, _("upper specification")),
    )
    return format_html(
        '<svg class="scale" role="img"><title>{}</title>'
        '<rect class="scale-track" y="4" width="100%" height="10" rx="5"/>{}{}{}</svg>',
        ", ".join(at_resolution(value, resolution) for value in typed) or _("no values yet"),
        _band(inside, band),
        _marks(inside, typed),
        _ends(inside, ends, resolution),
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """Percent of the way from low to high, never outside."""

    low: float
    high: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def _band(span: _Span, band: tuple[float, float] | None) -> SafeString:
    if band is None:
        return SafeString("")
    start, end = span.at(band[0]), span.at(band[1])
    rect = '<rect class="scale-band" x="{}%" y="4" width="{}%" height="10" rx="5"/>'
    return format_html(rect, start, round(end - start, 2))


def _marks(span: _Span, values: Iterable[float]) -> SafeString:
    return format_html_join(
        "",
        '<rect class="scale-mark{}" x="{}%" y="0" width="6" height="18" rx="3"'
        ' transform="translate(-3 0)"/>',
        (("" if span.holds(v) else " scale-mark--problem", span.at(v)) for v in values),
    )


def _ends(
    span: _Span, ends: Iterable[tuple[str, float | None, str]], resolution: Any
) -> SafeString:
    return format_html_join(
        "",
        '<text class="scale-{}" x="{}%" y="36">{}</text>'
        '<text class="scale-word scale-{}" x="{}%" y="53">{}</text>',
        (
            (side, span.at(v), at_resolution(v, resolution), side, span.at(v), word)
            for side, v, word in ends
            if v is not None
        ),
    )
