"""The tokens keep WCAG 2.2 AA contrast, in light and in dark."""

import re
from pathlib import Path

import pytest

import andon.web

CSS = Path(andon.web.__file__).parent / "static" / "web" / "css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
STATES = ("ok", "attention", "problem", "watched")
TEXT = [
    *[(ink, on) for ink in ("ink", "muted", "accent", *STATES) for on in ("surface", "ground")],
    *[(ink, "surface-soft") for ink in ("ink", "muted")],
    *[(state, f"{state}-soft") for state in STATES],
    *[("ink", f"{state}-soft") for state in STATES],
    *[(ink, "accent-soft") for ink in ("ink", "muted", "accent")],
    ("problem", "problem-faint"),
    ("muted", "problem-faint"),
    *[("on-fill", f"{fill}-fill") for fill in ("accent", "ok", "problem", "watched")],
    ("on-fill", "accent-fill-strong"),
    *[("on-fill", f"part-{part}") for part in ("use", "sort", "rework", "return", "scrap")],
    ("part-open-ink", "part-open"),
    ("part-open-ink", "part-open-stripe"),
    *[("side-text", on) for on in ("side", "side-active")],
    *[("side-ink", on) for on in ("side", "side-active")],
    ("side-quiet", "side"),
    *[(f"chart-{ink}", "surface") for ink in ("text", "ink", "specification", "mark", "good")],
    *[(f"chart-{ink}", f"chart-{on}") for ink in ("ink", "mark") for on in ("before", "after")],
]
SHAPES = [
    *[(shape, on) for shape in ("field-line", "focus") for on in ("surface", "ground")],
    *[(f"chart-{shape}", "surface") for shape in ("line", "point", "limit", "watched")],
    *[(f"chart-{shape}", "chart-band") for shape in ("line", "point", "specification")],
    *[(f"{state}-fill", "surface") for state in ("ok", "problem", "watched")],
]


def tokens(theme: int) -> dict[str, str]:
    found = TOKEN.findall((CSS / "tokens.css").read_text().split("@media")[0])
    return {name: colours[theme] for name, *colours in found}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_published_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "on"), TEXT)
def test_text_is_readable(ink: str, on: str, theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[on]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "on"), SHAPES)
def test_shapes_that_mean_something_stand_out(shape: str, on: str, theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours[shape], colours[on]) >= 3


def test_every_colour_used_is_a_token_that_exists() -> None:
    known = set(re.findall(r"--([\w-]+):", "".join(p.read_text() for p in CSS.glob("*.css"))))
    used = {
        name
        for path in CSS.glob("*.css")
        for name in re.findall(r"var\(--([\w-]+)", path.read_text())
    }
    assert used - known == set()


def test_chart_tokens_have_distinct_light_values_so_that_a_specification_can_be_themed() -> None:
    charts = [value for name, value in tokens(0).items() if name.startswith("chart-")]
    assert len(set(charts)) == len(charts)
