"""One statistic by three doors: the same figures from Python, the command line and REST."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from andon.records.accounts import create_token
from andon.stats import capability

VALUES = [0.7388, 0.7371, 0.7404, 0.7378, 0.7391, 0.7412, 0.7399, 0.7383, 0.7401, 0.7395]


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """Run `andon analyze` as a user does."""
    command = [sys.executable, "-m", "andon.cli", "analyze", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of ten readings."""
    path = tmp_path / "readings.csv"
    path.write_text("value\n" + "\n".join(str(value) for value in VALUES) + "\n")
    return path


def test_the_command_line_gives_the_figures_of_the_function(file: Path) -> None:
    options = ("--option", "lower=0.73", "--option", "upper=0.75", "--json")
    done = analyze("capability", str(file), "--value", "value", *options)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    told = told.get("result", told)
    assert told == capability(VALUES, lower=0.73, upper=0.75).to_dict()


def test_rest_gives_the_figures_of_the_function(engineer: Any) -> None:
    token = create_token(engineer, name="statistics", actor=engineer)
    body = {"columns": {"values": VALUES}, "options": {"lower": 0.73, "upper": 0.75}}
    answer = Client().post(
        "/api/v1/statistics/capability", json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    told = answer.json()
    expected = json.loads(json.dumps(capability(VALUES, lower=0.73, upper=0.75).to_dict()))
    assert told.get("result", told) == expected


@pytest.mark.parametrize(
    "words", [("capability", "--value", "nothing"), ("no_such_method", "--value", "value")]
)
def test_a_mistake_is_told_in_one_line_and_exit_two(file: Path, words: tuple[str, ...]) -> None:
    method, *others = words
    done = analyze(method, str(file), *others)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_list_names_every_method() -> None:
    done = analyze("--list")
    assert done.returncode == 0
    assert {"capability", "gauge_crossed", "rank_drivers_of_values"} <= set(done.stdout.split())
