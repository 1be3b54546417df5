"""Colours of pictures: the light and dark values of the --chart-* tokens.

A picture is written in the light values; a page, or `in_dark`, turns each into its dark one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

LINE = "#4a6572"
POINT = "#2b4a57"
BAND = "#edf2f4"
CENTER = "#8fa0a9"
LIMIT = "#7d8f99"
GRID = "#eceff2"
TEXT = "#5b6874"
INK = "#16202c"
SPECIFICATION = "#b3261f"
MARK = "#0b5564"
GOOD = "#17784b"
WATCHED = "#2459a7"
ATTENTION = "#d98a13"
BAR = "#c4ced4"
SURFACE = "#ffffff"
SERIES = (POINT, WATCHED, ATTENTION, GOOD, SPECIFICATION, CENTER)
"""Colours of groups, which a shape or a place tells apart as well."""

DARK: Mapping[str, str] = MappingProxyType(
    {
        LINE: "#8fa9b5",
        POINT: "#b9d0da",
        BAND: "#1e2b33",
        CENTER: "#71858f",
        LIMIT: "#82959f",
        GRID: "#26323a",
        TEXT: "#a4b3bd",
        INK: "#e8eef2",
        SPECIFICATION: "#ff948a",
        MARK: "#75c8d5",
        GOOD: "#64d29a",
        WATCHED: "#94bef8",
        ATTENTION: "#e9a53b",
        BAR: "#43545e",
        SURFACE: "#161e24",
    }
)


def in_dark(spec: Any) -> Any:
    """Return the specification in the dark colours; its data stay as they are.

    >>> in_dark({"mark": {"color": LINE}, "data": {"values": [LINE]}})
    {'mark': {'color': '#8fa9b5'}, 'data': {'values': ['#4a6572']}}
    """
    if isinstance(spec, Mapping):
        return {key: part if key == "values" else in_dark(part) for key, part in spec.items()}
    if isinstance(spec, list):
        return [in_dark(part) for part in spec]
    return DARK.get(spec, spec) if isinstance(spec, str) else spec
