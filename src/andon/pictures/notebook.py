"""Results in a notebook: shown by themselves after `import andon.pictures`, or by `show`."""

from typing import Any

from andon.pictures.registry import picture_of
from andon.pictures.rendering import svg_of
from andon.stats.results import Result

__all__ = ["Shown", "bundle", "show"]

VEGA_LITE = "application/vnd.vegalite.v6+json"


class Shown:
    """A result with its inputs, ready to be shown."""

    def __init__(self, result: Result, inputs: dict[str, Any]) -> None:
        self.result = result
        self.inputs = inputs

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return bundle(self.result, self.inputs)

    def __repr__(self) -> str:
        return repr(self.result)


def show(result: Result, **inputs: Any) -> Shown:
    """Return the result as a notebook shows it, with the columns its picture draws.

    >>> from andon.stats import capability
    >>> values = [9.0, 10.0, 11.0, 10.5, 9.5, 10.2, 9.8, 10.1]
    >>> shown = show(capability(values, lower=7, upper=13), values=values)
    >>> sorted(shown._repr_mimebundle_())
    ['application/vnd.vegalite.v6+json', 'image/svg+xml', 'text/plain']
    """
    return Shown(result, inputs)


def bundle(result: Result, inputs: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what a notebook chooses from: specification, SVG, and words."""
    picture = picture_of(result, inputs or {})
    if picture is None:
        return {"text/plain": repr(result)}
    return {
        "text/plain": f"{picture.title}\n{picture.words}",
        "image/svg+xml": svg_of(picture, is_whole=True),
        VEGA_LITE: picture.whole,
    }
