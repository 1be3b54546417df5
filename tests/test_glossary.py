"""The words of the code are the words of the glossary, and no other words for the same thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Choices

from andon.analyze.causes.models import Cause
from andon.analyze.monitoring.models import Finding
from andon.control.instruments.models import Instrument
from andon.identify.nonconformities.models import DispositionLine, Nonconformity
from andon.improve.actions.models import ActionItem, EffectivenessResult
from andon.organization.products.models import Characteristic, Lot
from andon.records.models import Link
from andon.records.registry import record_types
from andon.records.roles import Role

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "andon"
ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<meaning>[^|]+) \| (?P<source>[^|]+) \|$")
BY_LABEL: tuple[type[Choices], ...] = (
    DispositionLine.Kind, Nonconformity.Severity, EffectivenessResult.Verdict,
    ActionItem.Strength, Cause.Status, Characteristic.Classification, Instrument.Status,
    Lot.Kind, Lot.Status, Link.Kind, Role,
)  # fmt: skip
BY_VALUE: tuple[type[Choices], ...] = (Finding.Rule, Cause.Kind)
NEVER_ONE = (
    ("control limit", "specification limit"),
    ("signal", "finding"),
    ("correction", "corrective action"),
    ("containment", "correction"),
    ("rework", "repair"),
    ("concession", "deviation permit"),
    ("capability", "performance"),
    ("common cause", "special cause"),
    ("verification", "validation"),
    ("calibration", "adjustment"),
)
"""Pairs that are mixed up in the field: here each has a line, and one says it is not the other."""
SYNONYMS = re.compile(
    r"\b(tickets?|bugs?|issues?|incidents?|capas?|non-?conformances?|non-conformit(?:y|ies)"
    r"|gages?|outliers?|tolerance limits?|preventive actions?|waivers?"
    r"|(?:out of|within) tolerance)\b",
    re.IGNORECASE,
)
TRANSLATED = re.compile(
    r"{%\s*translate\s+(?:\"([^\"]*)\"|'([^']*)')|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblock",
    re.DOTALL,
)
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


def rows() -> list[re.Match[str]]:
    """Return the lines of the glossary."""
    lines = (ROOT / "GLOSSARY.md").read_text().splitlines()
    return [found for line in lines[2:] if (found := ROW.match(line)) and found["term"] != "term"]


def plain(term: str) -> str:
    """Return a term by its letters alone: `is / is not` is `is is not`."""
    return " ".join(re.findall(r"[^\W_]+", term)).lower()


def words(name: str) -> str:
    """Return a class name as words: `DispositionLine` is `disposition line`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def explained() -> set[str]:
    """Return every term of the glossary in plain letters."""
    return {plain(row["term"]) for row in rows()}


def wrong_words(text: str) -> list[str]:
    """Return the words in a text that the glossary has another term for."""
    return [found.lower() for found in SYNONYMS.findall(text)]


def shown_by_python(source: str) -> Iterator[str]:
    """Yield the texts of a module that are translated, so that users see them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT:
            texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str))


def shown_by_template(source: str) -> Iterator[str]:
    """Yield the texts of a template that are translated; addresses within are left out."""
    for parts in TRANSLATED.findall(source):
        yield re.sub(r"{[{%].*?[%}]}|<[^>]*>", " ", "".join(parts), flags=re.DOTALL)


def shown_by(path: Path) -> Iterator[str]:
    """Yield what a file shows to users."""
    read = shown_by_python if path.suffix == ".py" else shown_by_template
    return read(path.read_text())


def test_the_glossary_is_a_sorted_table_of_terms_with_meaning_and_source() -> None:
    lines = (ROOT / "GLOSSARY.md").read_text().splitlines()
    terms = [row["term"] for row in rows()]
    assert len(terms) == sum(line.startswith("|") for line in lines) - 2
    assert terms == sorted(terms, key=lambda term: (term.casefold(), term))
    assert len(terms) == len(set(terms)) > 100


def test_every_model_is_explained() -> None:
    models = [m.__name__ for m in apps.get_models() if m.__module__.startswith("andon.")]
    assert [name for name in models if words(name) not in explained()] == []


def test_every_state_of_every_record_type_is_explained() -> None:
    missing = [
        f"{kind}: {state.name}"
        for kind, model in record_types().items()
        for state in model.WORKFLOW.states
        if plain(state.name.replace("_", " ")) not in explained()
    ]
    assert missing == []


@pytest.mark.parametrize("choices", BY_LABEL, ids=lambda choices: choices.__qualname__)
def test_every_choice_is_explained_by_its_label(choices: type[Choices]) -> None:
    assert [str(one) for one in choices.labels if plain(str(one)) not in explained()] == []


@pytest.mark.parametrize("choices", BY_VALUE, ids=lambda choices: choices.__qualname__)
def test_every_choice_is_explained_by_its_value(choices: type[Choices]) -> None:
    terms = {row["term"] for row in rows()}
    assert [one for one in choices.values if one not in terms] == []


@pytest.mark.parametrize(("one", "other"), NEVER_ONE)
def test_words_that_are_mixed_up_have_a_line_each_that_tells_them_apart(
    one: str, other: str
) -> None:
    meanings = {row["term"]: row["meaning"] for row in rows()}
    told = meanings[one] + meanings[other]
    assert f"Not {other}" in told or f"Not {one}" in told


def test_no_user_reads_another_word_for_a_term() -> None:
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]
    wrong = [
        f"{path.relative_to(SOURCE)}: {text!r}"
        for path in files
        if "migrations" not in path.parts
        for text in shown_by(path)
        if wrong_words(text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    ['{% translate "Open a ticket" %}', "{% blocktranslate %}a CAPA{% endblocktranslate %}"],
)
def test_the_check_reads_templates(source: str) -> None:
    assert [text for text in shown_by_template(source) if wrong_words(text)]


@pytest.mark.parametrize("source", ['_("Fix the bug")', 'gettext("Out of tolerance")'])
def test_the_check_reads_modules(source: str) -> None:
    assert [text for text in shown_by_python(source) if wrong_words(text)]


def test_the_check_leaves_longer_words_alone() -> None:
    assert wrong_words("Every specification and each capability") == []
