"""Every method of the catalogue runs on a fitting example, and its result is told and drawn.

`python tests/stats/test_catalogue_runs.py` writes docs/reference/pictures.md anew.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest
import vl_convert
from catalogue_examples import WITHOUT, example

from andon.analyze.studies.telling import as_text, tell
from andon.pictures.experiment import SURFACE_COLOURS
from andon.pictures.palette import DARK
from andon.pictures.picture import Picture
from andon.pictures.registry import DRAWN, NOT_DRAWN, picture_of, why_no_picture
from andon.stats import catalogue
from andon.stats.catalogue import Answer
from andon.stats.errors import StatisticsError
from andon.stats.results import Result

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "pictures.md"
NAMES = [method.name for method in catalogue.methods() if method.name not in WITHOUT]


def test_only_methods_that_take_a_structure_go_without_an_example() -> None:
    for name, reason in WITHOUT.items():
        required = [each for each in catalogue.describe(name).parameters if each.is_required]
        assert any(each.type[0].isupper() for each in required), reason


@cache
def drawn(name: str) -> tuple[Result, Picture | None]:
    """Return the result of a method's example, given as JSON, and its picture."""
    given = json.loads(json.dumps(example(name)))
    result = catalogue.run(name, {}, given)
    return result, picture_of(result, catalogue.arguments_of(name, {}, given))


@pytest.mark.parametrize("name", NAMES)
def test_every_method_runs_is_told_and_is_drawn_or_says_why_not(name: str) -> None:
    result, picture = drawn(name)
    json.dumps(result.to_dict(), allow_nan=False)
    assert name in as_text(tell(result)) or result.method in as_text(tell(result))
    if picture is None:
        assert type(result) in NOT_DRAWN and why_no_picture(type(result))
        return
    assert type(result) in DRAWN
    assert picture.title and picture.words.rstrip().endswith((".", ")")), picture.words
    assert "Source: ." not in picture.caption
    for panel in picture.panels:
        assert panel.title and len(panel.rows) > 0, panel.title
        assert {len(row) for row in panel.rows} == {len(panel.headers)}
    json.dumps(picture.whole, allow_nan=False)
    assert colours(picture.whole) <= set(DARK) | set(SURFACE_COLOURS)


def test_no_type_is_drawn_and_refused_but_bare_answers_of_which_some_are_curves() -> None:
    assert set(DRAWN) & set(NOT_DRAWN) == {Answer}


def one_of_each_type() -> list[str]:
    """Return one method for each type of result."""
    return list({str(get_type_hints(catalogue.describe(name).function).get("return")): name
                 for name in NAMES}.values())  # fmt: skip


@pytest.mark.parametrize("name", one_of_each_type())
def test_one_picture_of_each_type_compiles(name: str) -> None:
    _, picture = drawn(name)
    if picture is not None:
        compiled = vl_convert.vegalite_to_vega(picture.whole)
        assert len(compiled["marks"]) == len(picture.panels)


def colours(part: Any) -> set[str]:
    """Return the colours named anywhere but in data."""
    if isinstance(part, dict):
        return {each for key, item in part.items() if key != "values" for each in colours(item)}
    if isinstance(part, list):
        return {each for item in part for each in colours(item)}
    return {part} if isinstance(part, str) and part.startswith("#") else set()


@pytest.mark.parametrize(
    "values", [[1.0] * 12, [1.0, 2.0], [1e300, -1e300, 0.0], [0.0] * 11 + [1e-9]]
)
def test_awkward_values_are_refused_or_drawn(values: list[float]) -> None:
    for name in ("individuals_chart", "capability", "judge_normality", "find_trend", "cusum_chart",
                 "ewma_chart", "count_runs", "find_changes", "find_autocorrelation"):  # fmt: skip
        options = {"lower": -2, "upper": 3} if name == "capability" else {}
        try:
            with np.errstate(all="ignore"):
                result = catalogue.run(name, {"values": values}, options)
        except StatisticsError:
            continue
        picture = picture_of(result, {"values": values})
        assert picture is not None
        json.dumps(picture.spec, allow_nan=False)


def shortened(value: Any, count: int) -> Any:
    """Return the first rows of a column, rounded so that values repeat."""
    if isinstance(value, dict):
        return {key: shortened(each, count) for key, each in value.items()}
    if not isinstance(value, list) or len(value) < 12:
        return value
    return [round(each) if isinstance(each, float) else each for each in value[:count]]


@pytest.mark.parametrize("count", [3, 8])
def test_few_values_that_repeat_are_refused_or_drawn(count: int) -> None:
    shown = 0
    for name in NAMES:
        given = {key: shortened(value, count) for key, value in example(name).items()}
        try:
            result = catalogue.run(name, {}, given)
        except StatisticsError:
            continue
        picture = picture_of(result, catalogue.arguments_of(name, {}, given))
        if picture is not None:
            json.dumps(picture.whole, allow_nan=False)
            shown += 1
    assert shown > 40


def reference() -> str:
    """Return the page that lists every method with its picture."""
    lines = [
        "# Pictures of statistics\n",
        "Written from what is drawn by `tests/stats/test_catalogue_runs.py`. Every method of",
        "`andon analyze` with the panels of its picture, or why it has none. A picture is one",
        "definition (`andon.pictures.registry`): page, file, interface and notebook show the same,",
        "each with its verdict and caption in words and a table behind every panel. Panels that",
        "show single values need the columns; a result alone is drawn without them.\n",
        "| method | picture | panels |",
        "|---|---|---|",
    ]
    for name in NAMES:
        result, picture = drawn(name)
        panels = "; ".join(panel.title for panel in picture.panels) if picture else ""
        title = picture.title if picture else f"none: {why_no_picture(type(result))}"
        lines.append(f"| `{name}` | {title} | {panels} |")
    lines += [f"| `{name}` | none: {reason} | |" for name, reason in sorted(WITHOUT.items())]
    return "\n".join(lines) + "\n"


def test_the_reference_lists_what_is_drawn() -> None:
    assert REFERENCE.read_text() == reference(), "python tests/stats/test_catalogue_runs.py"


if __name__ == "__main__":
    REFERENCE.write_text(reference())
