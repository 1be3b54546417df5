"""The table of 36 requirements: complete, in order, each with a test that exists or *open*."""

import re
from pathlib import Path

from kept_installations import KEPT

from records.moving.installations_at_hand import Installation

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows() -> list[tuple[str, ...]]:
    """Return the rows of the table: number, requirement, basis, tests, result."""
    return ROW.findall((ROOT / "docs" / "reference" / "trust.md").read_text())


def test_the_table_has_a_row_for_each_of_36_requirements() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 37))


def test_each_row_names_tests_that_exist_or_says_open() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    for number, _requirement, _basis, tests, result in rows():
        named = re.findall(r"`(test_\w+)`", tests)
        assert bool(named) != result.startswith("open"), number
        assert [name for name in named if f"def {name}(" not in source] == []


def test_requirement_36_what_each_release_left_behind_still_verifies(tmp_path: Path) -> None:
    """Each version in the changelog has its installation, which this version takes over whole."""
    text = (ROOT / "CHANGELOG.md").read_text()
    released = set(re.findall(r"^## (\d+\.\d+\.\d+)", text, re.MULTILINE))
    assert {path.stem for path in KEPT.glob("*.zip")} == released
    for version in sorted(released):
        made = Installation(tmp_path / version)
        assert made.told("restore", str(KEPT / f"{version}.zip"))["problems"] == []
        assert made.told("verify")["found"] == 0
