"""Charts: a figure that carries its Vega specification as data, drawn by js/charts.js."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import vl_convert
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_ESCAPES = {ord(mark): f"\\u{ord(mark):04X}" for mark in "<>&\u2028\u2029"}
"""Marks that could end a script block or mean something to a parser."""


def compiled(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Vega specification: Vega-Lite is compiled, once for each distinct one."""
    if "vega-lite" not in str(spec.get("$schema", "vega-lite")):
        return dict(spec)
    result: dict[str, Any] = json.loads(_compiled(json.dumps(spec, cls=DjangoJSONEncoder)))
    return result


@lru_cache(maxsize=256)
def _compiled(spec: str) -> str:
    return json.dumps(vl_convert.vegalite_to_vega(spec))


def json_block(data: Any) -> SafeString:
    """Return data as a script block that no browser runs and no text can leave."""
    text = json.dumps(data, cls=DjangoJSONEncoder).translate(_ESCAPES)
    # nosemgrep: text-declared-safe - what could end the block is escaped above
    return format_html('<script type="application/json">{}</script>', mark_safe(text))  # noqa: S308


def chart(name: str, data_url: str, spec: Mapping[str, Any], label: str = "") -> SafeString:
    """Return the figure; its data come from `data_url` as columns by data set, or with the spec."""
    return format_html(
        '<figure class="chart" id="{}" data-chart data-url="{}" data-failed="{}">'
        '<div class="chart-picture" role="img" aria-label="{}"></div>{}'
        '<figcaption class="chart-foot"><details class="chart-data"><summary>{}</summary>'
        '<div class="chart-data-table" tabindex="0"></div></details></figcaption></figure>',
        *(name, data_url, _("The chart could not be drawn. Reload the page."), label),
        json_block(compiled(spec)),
        _("Data table"),
    )
