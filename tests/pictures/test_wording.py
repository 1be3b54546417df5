"""Every fixed word in the pictures of the study bench can be said in another language."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from andon.pictures.registry import picture_of
from andon.pictures.wording import FIXED, worded
from andon.stats import catalogue

RNG = np.random.default_rng(7)
PARTS = [f"{part:02d}" for part in range(1, 6) for _each in range(6)]
PEOPLE = list("AABBCC") * 5
READINGS = (np.repeat(RNG.normal(1, 0.03, 5), 6) + RNG.normal(0, 0.005, 30)).tolist()
CROSSED = {"values": READINGS, "parts": PARTS, "operators": PEOPLE}
MANY = RNG.normal(1, 0.02, 100).tolist()
CASES: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("gauge_crossed", CROSSED, {"tolerance": 0.3}),
    ("gauge_average_range", CROSSED, {}),
    ("gauge_nested", {**CROSSED, "parts": [a + b for a, b in zip(PEOPLE, PARTS, strict=True)]}, {}),
    ("gauge_type1", {"values": MANY}, {"reference": 1.0, "tolerance": 0.3}),
    ("gauge_bias", {"values": MANY[:15]}, {"reference": 1.0}),
    ("gauge_linearity", {"values": MANY[:18], "references": [1.0, 2.0, 3.0] * 6}, {}),
    ("gauge_stability", {"sessions": np.reshape(MANY, (20, 5)).tolist()}, {}),
    (
        "attribute_agreement",
        {"ratings": ["good", "bad", "good"] * 10, "parts": PARTS, "appraisers": PEOPLE},
        {},
    ),
    ("individuals_chart", {"values": MANY}, {}),
    ("mean_range_chart", {"subgroups": np.reshape(MANY, (20, 5)).tolist()}, {}),
    ("capability", {"values": MANY}, {"lower": 0.9, "upper": 1.1, "target": 1.0}),
    ("capability", {"values": np.reshape(MANY, (20, 5)).tolist()}, {"lower": 0.9}),
)


def words_in(part: Any, key: str = "") -> Iterator[str]:
    """Yield the titles of a specification."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from words_in(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from words_in(value, key)
    elif key == "title" and isinstance(part, str):
        yield part


@pytest.mark.parametrize(("method", "columns", "options"), CASES)
def test_titles_axes_and_columns_are_all_said_in_the_other_language(
    method: str, columns: dict[str, Any], options: dict[str, Any]
) -> None:
    result = catalogue.run(method, columns, options)
    drawn = picture_of(result, catalogue.arguments_of(method, columns, options))
    assert drawn is not None
    other = worded(drawn, lambda word: f"<{word}>")
    told = set(words_in(other.spec)) | {head for panel in other.panels for head in panel.headers}
    assert {word for word in told if any(map(str.isalpha, word)) and word[0] != "<"} == set()


def test_series_and_lines_are_said_and_labels_of_the_data_are_not() -> None:
    columns = {**CROSSED, "operators": ["good" if one == "A" else one for one in PEOPLE]}
    result = catalogue.run("gauge_crossed", columns, {})
    drawn = picture_of(result, catalogue.arguments_of("gauge_crossed", columns, {}))
    assert drawn is not None
    text = str(worded(drawn, lambda word: f"<{word}>").spec)
    assert "'name': '<repeatability>'" in text
    assert "<Centre> 1.0" in text or "<Centre> 0.9" in text
    assert "'good'" in text and "<good>" not in text


def test_the_table_beside_a_picture_is_that_of_its_panel() -> None:
    columns = {"values": [1.23456789, 1.0, 1.5]}
    drawn = picture_of(catalogue.run("individuals_chart", columns, {}), columns)
    assert drawn is not None
    table = drawn.panels[0].table
    assert table["headers"][:2] == ["point", "individual value"]
    assert table["rows"][0][:2] == [1, 1.23457]
    assert {len(row) for row in table["rows"]} == {len(table["headers"])}


def test_no_fixed_word_is_empty() -> None:
    assert all(word.strip() == word and word for word in FIXED)
