"""`andon new-record` writes a record type that works at once, in a copy of the checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
TESTS = ("conftest.py", "small_factory.py", "settings_for_tests.py")
TAKEN = (".importlinter", "pyproject.toml", *(f"tests/{name}" for name in TESTS))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout without its history and its data."""
    root = tmp_path / "andon"
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests").mkdir()
    for name in TAKEN:
        shutil.copy(ROOT / name, root / name)
    return root


def run(checkout: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command there, on SQLite and a data folder of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANDON_", "DJANGO_"))
    }
    own = {
        "PYTHONPATH": str(checkout / "src"), "ANDON_DATA_DIR": str(checkout / ".data"),
        "ANDON_SECRET_KEY": "only-for-this-test" * 3,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *command], cwd=checkout, env={**kept, **own}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip


def new_record(checkout: Path, *names: str) -> "subprocess.CompletedProcess[str]":
    """Run `andon new-record` there."""
    return run(checkout, "-m", "andon.cli", "new-record", *names)


def test_what_it_writes_passes_its_own_test_and_the_contracts(checkout: Path) -> None:
    written = new_record(checkout, "identify.observations", "Observation")
    assert written.returncode == 0, written.stderr
    assert written.stdout.count("Wrote ") == 8, written.stdout + written.stderr
    test = "tests/identify/observations/test_observation.py"
    passed = run(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", test)
    assert "8 passed" in passed.stdout, passed.stdout[-3000:]
    contracts = run(checkout, "-c", "import sys; from importlinter.cli import lint_imports;"
                    " sys.exit(lint_imports(no_cache=True))")  # fmt: skip
    assert "0 broken" in contracts.stdout, contracts.stdout
    style = run(checkout, "-m", "ruff", "check", "src/andon/identify/observations", test)
    assert style.returncode == 0, style.stdout


@pytest.mark.parametrize(
    ("package", "name", "told"),
    [
        ("kitchen.meals", "Meal", "There is no layer 'kitchen'; known: analyze, control"),
        ("observations", "Observation", "PACKAGE is a layer and a slice"),
        ("identify.../../etc", "Observation", "PACKAGE is a layer and a slice"),
        ("identify.nonconformities", "Observation", "There is a slice 'nonconformities' already"),
        ("control.nonconformities", "Observation", "There is a slice 'nonconformities' already"),
        ("identify.observations", "Nonconformity", "There is a model Nonconformity already"),
        ("identify.observations", "observation", "NAME is a class's name"),
        ("identify.class", "Observation", "cannot be the name of a slice"),
        ("identify.helpers", "Observation", "cannot be the name of a slice"),
    ],
)
def test_names_that_do_not_fit_are_refused_in_words(
    tmp_path: Path, package: str, name: str, told: str
) -> None:
    from click import ClickException

    from andon.records.new_record import write_new_record

    before = (ROOT / ".importlinter").read_text()
    with pytest.raises(ClickException) as refused:
        write_new_record(package, name, ROOT)
    assert told in refused.value.message
    assert (ROOT / ".importlinter").read_text() == before


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    from click import ClickException

    from andon.records.new_record import write_new_record

    with pytest.raises(ClickException, match="no checkout"):
        write_new_record("identify.observations", "Observation", tmp_path)
    assert list(tmp_path.iterdir()) == []
