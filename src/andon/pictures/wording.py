"""Wording: the fixed words of a picture in another language; figures and labels of the data stay.

Pictures are drawn in English. Who shows one says by `words` how a word reads, such as Django's
`gettext`; only what stands in `FIXED` is asked for, so that a part called "good" stays so.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from andon.pictures.picture import Panel, Picture

__all__ = ["FIXED", "worded"]

Words = Callable[[str], str]
_NAMED = re.compile(r"(?P<word>[^\d−-]+) (?P<number>[−-]?[\d.,]+(?:e[+-]?\d+)?)")
"""A line's name and its value, as `marks.Named` writes them."""
_LISTS = ("domain", "sort")


def _(text: str) -> str:
    """Mark a word for the catalogue of translations."""
    return text


FIXED = frozenset({
    # Titles of panels
    _("Agreement with the reference"), _("Agreement with themselves"),
    _("Bad parts accepted, good parts rejected"), _("Effects"),
    _("Effects; red line: limit of chance"),
    _("Bias with its interval"), _("By operator"), _("By part"), _("Coefficients"),
    _("Components of variation"), _("Deviation over the range"), _("Indices"),
    _("Indices with their intervals"), _("Individual value"), _("Kappa"), _("Mean"),
    _("Means by operator (outside the limits is good)"), _("Moving range"),
    _("Normal plot of effects"), _("Part and operator"), _("Probability plot"), _("Range"),
    _("Ranges by operator"), _("Readings in their order"), _("Readings of the master part"),
    _("Residuals"), _("Residuals against fitted values"), _("Residuals in their order"),
    _("Response surface"), _("Spread of the readings"), _("Standard deviation"),
    _("The last values in detail"), _("Values and specification"),
    _("Values, specification and percentiles"),
    # Axes and columns
    _("% of study variation"), _("% of tolerance"), _("% of variance"), _("at"), _("bias"),
    _("centre"), _("component"), _("count"), _("effect"), _("fitted value"), _("from"),
    _("group"), _("index"), _("individual value"), _("kappa"), _("least"), _("level"), _("line"),
    _("lower limit"), _("mean"), _("mean − reference"), _("median"), _("most"),
    _("moving range"), _("n"), _("name"), _("normal score"), _("operator"), _("p"), _("part"),
    _("parts of each operator"), _("point"), _("quartile 1"), _("quartile 3"), _("range"),
    _("reading"), _("reading − reference"), _("readings"), _("reference"), _("residual"),
    _("response"), _("rules broken"), _("run"), _("session"), _("share below"), _("sigma"),
    _("signal"), _("size of the effect"), _("standard deviation"), _("subgroup"), _("target"),
    _("term"), _("to"), _("upper limit"), _("value"), _("variance"),
    # Lines and series
    _("Centre"), _("LCL"), _("LSL"), _("Target"), _("UCL"), _("USL"), _("gauge"),
    _("interaction"), _("no bias"), _("no effect"), _("repeatability"), _("reproducibility"),
    _("total"),
})  # fmt: skip
"""Every fixed word in the pictures of the study bench."""


def worded(picture: Picture, words: Words) -> Picture:
    """Return the picture with its fixed words as `words` says them.

    >>> from andon.pictures.registry import picture_of
    >>> from andon.stats import individuals_chart
    >>> picture = picture_of(individuals_chart([1.0, 2.0, 1.5, 1.0]))
    >>> [panel.title for panel in worded(picture, str.upper).panels]
    ['INDIVIDUAL VALUE', 'MOVING RANGE']
    """
    return replace(picture, panels=tuple(_panel(panel, words) for panel in picture.panels))


def _panel(panel: Panel, words: Words) -> Panel:
    return replace(
        panel,
        title=_said(panel.title, words),
        headers=tuple(_said(header, words) for header in panel.headers),
        rows=[tuple(_said(cell, words) for cell in row) for row in panel.rows],
        layers=[_walked(layer, words) for layer in panel.layers],
        more=_walked(panel.more, words) if panel.more else panel.more,
    )


def _walked(part: Any, words: Words) -> Any:
    """Return a part of a specification: titles, rows of data and lists of labels are words."""
    if isinstance(part, list):
        return [_walked(one, words) for one in part]
    if not isinstance(part, dict):
        return part
    return {key: _of_key(key, value, words) for key, value in part.items()}


def _of_key(key: str, value: Any, words: Words) -> Any:
    if key == "title":
        return _said(value, words)
    if key in _LISTS and isinstance(value, list):
        return [_said(one, words) for one in value]
    if key == "values" and isinstance(value, list):
        return [_row(row, words) for row in value]
    return _walked(value, words)


def _row(row: Any, words: Words) -> Any:
    if not isinstance(row, dict):
        return _said(row, words)
    return {key: _said(value, words) for key, value in row.items()}


def _said(text: Any, words: Words) -> Any:
    if not isinstance(text, str):
        return text
    if text in FIXED:
        return words(text)
    named = _NAMED.fullmatch(text)
    if named is None or named["word"] not in FIXED:
        return text
    return f"{words(named['word'])} {named['number']}"
