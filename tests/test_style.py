"""The style of the house, measured: short functions, short files, no forbidden names."""

import ast
from pathlib import Path
from statistics import median

import pytest

pytestmark = pytest.mark.once

SOURCE = Path(__file__).parents[1] / "src" / "andon"
FILES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
FORBIDDEN = {"utils", "helpers", "managers", "signals", "constants", "misc"}


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring, so that documenting costs nothing."""
    body = node.body
    if ast.get_docstring(node) is not None and len(body) > 1:
        return (node.end_lineno or 0) - body[1].lineno + 1 + (body[0].lineno - node.lineno)
    return (node.end_lineno or 0) - node.lineno + 1


def functions() -> dict[str, int]:
    """Return the length of every function of the product."""
    found = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"] = length(node)
    return found


def test_no_function_is_longer_than_fifty_lines() -> None:
    assert [(name, lines) for name, lines in functions().items() if lines > 50] == []


def test_the_median_function_has_at_most_eight_lines() -> None:
    assert median(functions().values()) <= 8


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in FILES}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_no_file_hides_behind_a_name_that_says_nothing() -> None:
    assert [path for path in FILES if path.stem in FORBIDDEN] == []


def test_nothing_is_left_to_do() -> None:
    marks = ("TODO", "FIXME", "XXX", "raise NotImplemented")
    assert [path for path in FILES if any(mark in path.read_text() for mark in marks)] == []


def test_no_code_listens_to_django_signals() -> None:
    places = ("django.dispatch", "django.db.models.signals", "django.core.signals")
    assert [path for path in FILES if any(place in path.read_text() for place in places)] == []


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    asks = ("datetime.now(", "timezone.now(", "date.today(", "utcnow(")
    allowed = {SOURCE / "records" / "clock.py"}
    assert [p for p in FILES if p not in allowed and any(a in p.read_text() for a in asks)] == []


def test_the_repository_names_no_machine_and_no_registry() -> None:
    root = SOURCE.parents[1]
    words = ("/work/", "pypi.org", "files.pythonhosted", "registry.npmjs")
    others = (".venv", ".git", ".data", "build")
    top = [p for p in root.iterdir() if not p.name.startswith(others)]
    kept = [p for place in top for p in (place, *place.rglob("*")) if p.is_file()]
    texts = [
        p for p in kept if p.suffix in {".py", ".md", ".toml", ".lock", ".html", ".css", ".js"}
    ]
    me = Path(__file__)
    assert [
        p for p in texts if p != me and any(w in p.read_text(errors="ignore") for w in words)
    ] == []
