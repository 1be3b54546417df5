"""From a result to its picture: one table, read by page, file, REST interface and notebook.

What a page, the study bench or an interface uses:

>>> from andon.stats import individuals_chart
>>> picture = picture_of(individuals_chart([1.0, 2.0, 1.5, 1.0]))
>>> picture.title, picture.columns, [panel.headers[0] for panel in picture.panels]
('Individuals chart: individual value and moving range', 1, ['point', 'point'])

- `picture.spec`: Vega-Lite for a page (`web.charts.chart("name", "", picture.spec)`); it holds its
  data, and its colours are the light chart tokens, which the page turns dark;
- `picture.title`, `picture.verdict`, `picture.caption` (both: `words`): what it says;
- `picture.panels`: each with `title`, `headers` and `rows`, the table twin;
- `picture.whole`: the specification with title and words inside, for a file or a notebook;
- `picture_of` gives None where there is no picture, and `why_no_picture` says why.

`inputs` are the columns by the names of the method's inputs; a picture shows what it is given, so
without them a histogram has its curve and limits, but no bars.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from andon.pictures.charts import draw_chart, draw_pair
from andon.pictures.picture import Picture
from andon.stats.charts import ChartPair, ControlChart
from andon.stats.results import Result

__all__ = ["DRAWN", "NOT_DRAWN", "picture_of", "why_no_picture"]

Drawer = Callable[[Any, Mapping[str, Any]], Picture | None]

DRAWN: Mapping[type[Result], Drawer] = MappingProxyType(
    {
        ControlChart: draw_chart,
        ChartPair: draw_pair,
    }
)
"""Every type of result that has a picture, with what draws it."""

NOT_DRAWN: Mapping[type[Result], str] = MappingProxyType({})
"""Every other type of result, with the reason."""


def picture_of(result: Result, inputs: Mapping[str, Any] | None = None) -> Picture | None:
    """Return the picture of a result, None where there is none; `inputs` are its columns."""
    drawer = DRAWN.get(type(result))
    return drawer(result, inputs or {}) if drawer else None


def why_no_picture(result: type[Result]) -> str:
    """Return why a type of result has no picture; empty where it has one."""
    return "" if result in DRAWN else NOT_DRAWN.get(result, "no picture has been made for it")
