"""docs/reference/statistics.md: every public function is there, and what it says is complete."""

import re
from pathlib import Path

import pytest
from test_coverage_of_intervals import STUDIES

import andon.stats

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "statistics.md"
TEXT = PAGE.read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and line.count("|") == 5
]


@pytest.mark.parametrize("name", andon.stats.__all__)
def test_every_public_name_is_in_the_reference(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_every_row_names_method_comparison_and_deviation() -> None:
    assert len(ROWS) > 90
    for function, method, compared, deviation in ROWS:
        assert compared, function
        assert deviation, function
        assert method or not function, function


def test_the_reference_names_no_function_that_does_not_exist() -> None:
    named = {name for row in ROWS for name in re.findall(r"`([a-z][a-z0-9_]+)`", row[0])}
    assert named <= set(andon.stats.__all__)


def test_the_table_of_coverage_holds_every_study_and_no_other() -> None:
    section = TEXT.split("## Coverage of the intervals")[1].split("## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([\d.]+) \| ([\d.]+) \|$", section, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(STUDIES)
    for name, low, high in rows:
        wanted = STUDIES[name].wanted
        assert 100 * wanted[0] - 10 <= float(low) <= float(high) <= 100 * wanted[1] + 10
