"""`andon aggregate` sums up the history from the command line."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from andon import cli
from andon.identify.measurements.services import take_in
from small_factory import build_small_factory, measured


@pytest.fixture
def history(db: Any, noon: Any, data_folder: Any, settings: Any, engineer: Any) -> None:
    from andon.records.accounts import system_account
    from andon.records.trail.context import acting

    settings.LAKE_URL = str(data_folder / "lake")
    with acting(system_account()):
        build_small_factory()
    rows = [measured(f"0.74{digit}0", serial=str(digit)) for digit in range(5)]
    take_in(rows, actor=engineer)


def _told(*arguments: str) -> Any:
    done = CliRunner().invoke(cli.main, ["aggregate", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_moments_are_told_by_column(history: None) -> None:
    (row,) = _told("moments", "--by", "machine", "--where", "characteristic=PD")
    assert (row["machine"], row["n"], row["min"], row["max"]) == ("L3", 5, 0.74, 0.744)
    assert row["mean"] == pytest.approx(0.742)
    assert row["M2"] == pytest.approx(10 * 0.001**2)


def test_nothing_is_found_before_the_first_day(history: None) -> None:
    assert _told("capability", "--until", "2025-01-01") == []


def test_a_column_that_is_none_is_refused_in_words(history: None) -> None:
    done = CliRunner().invoke(cli.main, ["aggregate", "moments", "--by", "colour"])
    assert done.exit_code == 2
    assert "no column 'colour'" in done.output
