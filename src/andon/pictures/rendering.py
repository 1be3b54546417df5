"""A picture as SVG or PNG, with the colours of both themes."""

from typing import Any

import vl_convert

from andon.pictures import palette
from andon.pictures.picture import Picture

__all__ = ["dark_style", "png_of", "svg_of"]


def svg_of(picture: Picture, *, is_whole: bool = False, is_dark: bool = False) -> str:
    """Return the picture as SVG; whole, with title and words inside.

    >>> from andon.pictures.registry import picture_of
    >>> from andon.stats import individuals_chart
    >>> svg_of(picture_of(individuals_chart([1.0, 2.0, 1.5])))[:4]
    '<svg'
    """
    svg: str = vl_convert.vegalite_to_svg(_spec(picture, is_whole, is_dark))
    return svg


def png_of(picture: Picture, *, scale: float = 2.0, is_dark: bool = False) -> bytes:
    """Return the whole picture as PNG."""
    png: bytes = vl_convert.vegalite_to_png(_spec(picture, True, is_dark), scale=scale)
    return png


def dark_style(within: str = "svg") -> str:
    """Return style rules that turn an SVG in the light colours dark.

    >>> dark_style().split("}")[0]
    'svg [fill="#4a6572"]{fill:#8fa9b5'
    """
    return "".join(
        f'{within} [{kind}="{light}"]{{{kind}:{dark}}}'
        for light, dark in palette.DARK.items()
        for kind in ("fill", "stroke")
    )


def _spec(picture: Picture, is_whole: bool, is_dark: bool) -> dict[str, Any]:
    spec = picture.whole if is_whole else picture.spec
    found: dict[str, Any] = palette.in_dark(spec) if is_dark else spec
    return found
