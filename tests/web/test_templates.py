"""Templates keep the security policy, and say nothing that cannot be translated."""

import re
from pathlib import Path

import pytest

import andon

SOURCE = Path(andon.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
# The living page shows sample content; nobody but builders reads it.
SPOKEN = [path for path in TEMPLATES if path.name != "living.html"]
FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline handler": r"\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "hx-vals in script": r"hx-vals\s*=\s*[\"']js:",
    "a javascript address": r"javascript:",
    "text marked safe": r"\|\s*safe\b|\{%\s*autoescape\s+off",
    "another host": r"(?:src|href)\s*=\s*[\"'](?:https?:)?//",
}
WORDS = re.compile(r"[^\W\d_]{2,}")
ATTRIBUTE = re.compile(r"\b(?:title|placeholder|aria-label|alt)\s*=\s*\"([^\"{]*)\"")
OPAQUE = re.compile(
    r"\{%\s*block body_class.*?endblock\s*%\}"
    r"|\{%\s*blocktranslate.*?%\}.*?\{%\s*endblocktranslate\s*%\}"
    r"|\{%\s*comment.*?%\}.*?\{%\s*endcomment\s*%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<script\b.*?</script>|<svg\b.*?</svg>|<!--.*?-->",
    re.DOTALL,
)


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def spoken_words(source: str) -> list[str]:
    """Return literal words between tags and in spoken attributes, outside translation."""
    bare = OPAQUE.sub(" ", source)
    spoken = [*re.findall(r">([^<>]*)<", f">{bare}<"), *ATTRIBUTE.findall(bare)]
    return [word for text in spoken for word in WORDS.findall(text)]


def inline_scripts(source: str) -> list[str]:
    tags = re.findall(r"<script\b[^>]*>", source)
    return [tag for tag in tags if "src=" not in tag and "application/json" not in tag]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    source = path.read_text()
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, source)]
    assert found + inline_scripts(source) == []


@pytest.mark.parametrize("path", SPOKEN, ids=name)
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    words = [word for word in spoken_words(path.read_text()) if word not in {"Andon", "DOCTYPE"}]
    assert words == []


@pytest.mark.parametrize(
    "source",
    ["<p>Hello there</p>", '<a title="Open it">{{ x }}</a>', "{% if a %}Open{% endif %}"],
)
def test_the_check_finds_words_that_are_not_translated(source: str) -> None:
    assert spoken_words(source)


@pytest.mark.parametrize(
    "source",
    ['<p style="x">', '<p onclick="x">', '<a href="//elsewhere.example">', "{{ text|safe }}"],
)
def test_the_check_finds_what_the_policy_refuses(source: str) -> None:
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, source)]


def test_the_check_finds_inline_scripts() -> None:
    assert inline_scripts("<script>alert(1)</script>")
    assert not inline_scripts('<script type="application/json">{}</script>')
