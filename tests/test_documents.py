"""What the documents say is so: links lead somewhere, commands, settings, tests and paths exist.

`python tests/test_documents.py` writes docs/reference/cli.md anew from the command line's own help.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.urls import get_resolver

from andon.cli import main

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]
CLI = ROOT / "docs" / "reference" / "cli.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^\s*|`)(?:\.venv/bin/)?andon ([a-z][a-z-]*)([^`\n]*)", re.MULTILINE)
OPTION = re.compile(r"(?<!\S)--[a-z-]+")
MAKE = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)
OPERATION = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^` ]*)`")
SETTING = re.compile(r"ANDON_[A-Z_]+")
FOREIGN = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|var)/|pypi|pythonhosted|npmjs|registry\.")


def prose(path: Path) -> str:
    """Return a document without its blocks of code."""
    return FENCE.sub("", path.read_text())


def anchors(path: Path) -> set[str]:
    """Return the anchors that the headings of a document make."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def dead_links(path: Path) -> Iterator[str]:
    """Yield the relative links of a document that lead nowhere."""
    for link in LINK.findall(prose(path)):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _hash, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def wrong_commands(text: str) -> Iterator[str]:
    """Yield the commands, and options of commands, that the command line does not have."""
    for name, rest in COMMAND.findall(text):
        command = main.commands.get(name)
        if command is None:
            yield name
            continue
        known = {option for parameter in command.params for option in parameter.opts}
        yield from (f"{name} {o}" for o in OPTION.findall(rest) if o not in {*known, "--help"})


def cli_reference() -> str:
    """Return the command line's own help as a document."""
    parts = [
        "# Command line\n",
        "Written from `andon COMMAND --help` by `tests/test_documents.py`.\n",
    ]
    top = click.Context(
        main, info_name="andon", terminal_width=80, max_content_width=80,
        help_option_names=list(main.context_settings["help_option_names"]),
    )  # fmt: skip
    parts += [f"## andon\n\n```\n{main.get_help(top)}\n```\n"]
    for name, command in sorted(main.commands.items()):
        context = click.Context(command, parent=top, info_name=name)
        parts += [f"## andon {name}\n\n```\n{command.get_help(context)}\n```\n"]
    return "\n".join(parts)


def operations() -> set[tuple[str, str]]:
    """Return every operation of the interface; those of each record type as {type}."""
    from andon.records.registry import record_types
    from andon.records.rest.api import api

    assert get_resolver().url_patterns  # the addresses mount the operations
    prefixes = "|".join(model.WORKFLOW.prefix.lower() for model in record_types().values())
    found = set()
    for path, methods in api.get_openapi_schema()["paths"].items():
        plain = path.removeprefix("/api/v1")
        generic = re.sub(rf"^/(?:{prefixes})/", "/{type}/", plain)
        found |= {(method.upper(), told) for method in methods for told in (plain, generic)}
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    assert list(dead_links(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_named_exists_with_its_options(path: Path) -> None:
    assert list(wrong_commands(path.read_text())) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_names_a_machine_or_a_registry(path: Path) -> None:
    assert FOREIGN.findall(path.read_text().lower()) == []


def test_the_checks_find_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](none.md) [d](https://example.org)\n")
    assert list(dead_links(page)) == ["#two", "none.md"]
    text = "`andon serve --port 1`, `andon fly`\n```\nandon load --wings x\n```"
    assert list(wrong_commands(text)) == ["fly", "load --wings"]


def test_the_command_line_reference_is_what_help_says() -> None:
    assert CLI.read_text() == cli_reference(), "write it anew: python tests/test_documents.py"


def test_every_target_of_make_named_exists() -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in MAKE.findall(path.read_text())}
    assert named - known == set()


def test_the_settings_described_are_those_that_are_read() -> None:
    source = (ROOT / "src" / "andon" / "settings.py").read_text()
    read = {f"ANDON_{name}" for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)}
    told = set(SETTING.findall((ROOT / "docs" / "reference" / "settings.md").read_text()))
    assert told - {"ANDON_TEST_POSTGRES", "ANDON_TEST_BROWSER"} == read


def test_every_operation_described_exists() -> None:
    text = (ROOT / "docs" / "reference" / "api.md").read_text()
    told = set(OPERATION.findall(text))
    assert len(told) > 40
    assert told - operations() == set()


def test_every_test_that_a_promise_rests_on_exists() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    text = (ROOT / "docs" / "reference" / "trust.md").read_text()
    named = re.findall(r"`(test_\w+)`", text)
    assert len(named) > 30
    assert [name for name in named if f"def {name}(" not in source] == []


if __name__ == "__main__":
    CLI.write_text(cli_reference())
