"""One picture per statistic: results in, Vega-Lite specifications out, for page, PDF and notebook.

Plain dictionaries in the light colours of the --chart-* tokens. No Django, no database.

- `andon.pictures.registry.picture_of(result, inputs)`: what a page or a file draws;
- `andon.pictures.notebook.show(result, values=...)`: what a notebook shows. After
  `import andon.pictures` every result also shows itself, as far as it can without its columns.
"""

from typing import Any

from andon.stats.results import Result


def _shown(result: Result, include: Any = None, exclude: Any = None) -> dict[str, Any]:
    from andon.pictures.notebook import bundle  # noqa: PLC0415 - drawing is loaded when asked for

    return bundle(result)


# `stats` stands below and must not know pictures; so the door of notebooks is hung in from here.
Result._repr_mimebundle_ = _shown  # type: ignore[attr-defined]
