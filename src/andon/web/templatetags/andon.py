"""The tags of the design system: `{% load andon %}`."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from andon.web import bars, charts, diagram, formats, icons, sparkline

SYMBOLS = {
    "ok": "●",
    "attention": "▲",
    "problem": "■",
    "watched": "◆",
    "idle": "○",
    "done": "✓",
}
"""What a state looks like to people who do not see its colour."""
_TOASTS = {"success": "ok", "warning": "attention", "error": "problem"}

register = template.Library()
register.simple_tag(icons.icon, name="icon")
register.simple_tag(sparkline.sparkline, name="sparkline")
register.simple_tag(bars.bar, name="bar")
register.simple_tag(bars.balance_bar, name="balance_bar")
register.simple_tag(bars.scale, name="scale")
register.simple_tag(diagram.state_diagram, name="state_diagram")
register.simple_tag(charts.chart, name="chart")
for name in ("fixed", "signed", "percent", "ppm", "at_resolution", "limit_at", "significant"):
    register.filter(name, getattr(formats, name))


@register.filter
def symbol(kind: str) -> str:
    """Return the symbol of a kind of state."""
    return SYMBOLS[kind]


@register.simple_tag
def status(kind: str, text: Any) -> SafeString:
    """Return symbol and word in the colour of the kind; `SYMBOLS` lists the kinds."""
    return format_html(
        '<span class="status status--{}"><span class="status-symbol" aria-hidden="true">{}</span>'
        "{}</span>",
        *(kind, SYMBOLS[kind], text),
    )


@register.simple_tag
def chip(text: Any, kind: str = "") -> SafeString:
    """Return a chip: plain, or with the symbol and colour of a kind."""
    if not kind:
        return format_html('<span class="chip">{}</span>', text)
    return format_html(
        '<span class="chip chip--{}"><span class="status-symbol" aria-hidden="true">{}</span>'
        "{}</span>",
        *(kind, SYMBOLS[kind], text),
    )


@register.simple_tag(takes_context=True)
def sort_header(context: RequestContext, label: Any, field: str, css: str = "") -> SafeString:
    """Return a column's heading whose link sorts by it, and turns the order round when it does."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    is_up, is_down = now == field, now == f"-{field}"
    query["sort"] = f"-{field}" if is_up else field
    query.pop("page", None)
    order = "ascending" if is_up else "descending" if is_down else ""
    mark = "arrow-up" if is_up else "arrow-down" if is_down else "arrow-up-down"
    return format_html(
        '<th scope="col" class="{}"{}><a class="sort" href="?{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', order) if order else "",
        query.urlencode(),
        label,
        icons.icon(mark),
    )


@register.filter
def initials(person: Any) -> str:
    """Return at most two capital letters for a person's mark."""
    words = str(person).split()
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


@register.filter
def toast_kind(level: str) -> str:
    """Return the kind of a Django message's level."""
    return _TOASTS.get(level, "")
