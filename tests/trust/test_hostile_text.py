"""Hostile text in every text field: pages keep their elements, files their cells, logs a line."""

import csv
import io
import json
import logging
from collections.abc import Iterator
from html.parser import HTMLParser
from logging.config import DictConfigurator
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records import logs
from andon.records.accounts import create_token
from andon.records.errors import Refused
from andon.records.pdf import content_of_pdf, pdf_of
from andon.records.services import comment, create
from hostile_text import TEXTS

FIELDS = ("title", "defect", "description", "location")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Elements(HTMLParser):
    """Counts a page's elements, and keeps those that could run or load something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element with the names of its attributes; a broken line is no new element."""
        if tag in ("br", "p") and not attrs:
            return
        self.seen.append(f"{tag} {' '.join(sorted(name for name, _value in attrs))}")


@pytest.fixture
def records(engineer: Any) -> list[Nonconformity]:
    """A nonconformity with each text in each field that takes it, and in a comment."""
    return [made for text in TEXTS if (made := _record(text, engineer)) is not None]


def _record(text: str, actor: Any) -> Nonconformity | None:
    values = {name: _fitting(name, text) for name in FIELDS}
    try:
        record = create(Nonconformity(**values), actor=actor)
        comment(record, text=text, actor=actor)
    except Refused:
        return None
    return record


def _fitting(name: str, text: str) -> str:
    most = Nonconformity._meta.get_field(name).max_length
    return text[:most]


@pytest.fixture
def desk(engineer: Any) -> Client:
    """A browser in which the engineer is signed in."""
    browser = Client()
    browser.force_login(engineer)
    return browser


def pages(record: Nonconformity) -> Iterator[str]:
    """Yield the addresses on which a record's texts are shown."""
    for place in ("", "change/", "step/report/"):
        yield f"{record.get_absolute_url()}{place}"


def test_pages_have_the_elements_of_a_harmless_record(
    records: list[Nonconformity], engineer: Any, desk: Client
) -> None:
    assert len(records) >= 28
    plain = _record("plain", engineer)
    assert plain is not None
    wanted = [Elements(desk.get(address).text).seen for address in pages(plain)]
    for record in records:
        found = [Elements(desk.get(address).text).seen for address in pages(record)]
        assert found == wanted, record.title[:40]


def test_lists_search_and_inbox_show_text_as_text(
    records: list[Nonconformity], desk: Client
) -> None:
    for address in ("/nc/", "/", "/inbox/", *(f"/search/?q={word}" for word in ("alert", "x"))):
        kinds = {element.partition(" ")[0] for element in Elements(desk.get(address).text).seen}
        assert not kinds & {"iframe", "object", "embed", "style", "base"}, address
    for text in TEXTS:
        answer = desk.get("/search/", {"q": text})
        assert answer.status_code in (200, 302), text[:40]
        assert "alert(1)</script>" not in answer.text


def test_csv_and_xlsx_hold_no_live_formula(records: list[Nonconformity], desk: Client) -> None:
    told = desk.get("/nc/?format=csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(told)) for cell in row]
    assert len(cells) > 100
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []
    book = ZipFile(io.BytesIO(desk.get("/nc/?format=xlsx").content))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert list(sheet.iter(f"{space}f")) == []
    assert {cell.get("t") for cell in sheet.iter(f"{space}c") if len(cell)} == {"s"}


def test_json_gives_every_text_back_as_it_was(records: list[Nonconformity], desk: Client) -> None:
    told = {row["number"]: row for row in json.loads(desk.get("/nc/?format=json").content)}
    for record in records:
        stored = Nonconformity.objects.get(pk=record.pk)
        for name in FIELDS:
            assert told[record.number][name] == getattr(stored, name)


def test_the_pdf_prints_texts_and_runs_none(records: list[Nonconformity]) -> None:
    for record in records[::4]:
        assert content_of_pdf(record)["title"] == record.title
        assert pdf_of(record).startswith(b"%PDF-")


def test_a_log_keeps_one_line_per_event(engineer: Any) -> None:
    settings = logs.configuration("line", "WARNING")
    assert settings["handlers"]
    formatter = _formatter(settings)
    for text in TEXTS:
        for message, arguments in (("log-in of %r failed", (text,)), ("said %s", (text,))):
            event = logging.LogRecord("andon", logging.WARNING, "x", 1, message, arguments, None)
            line = formatter.format(event)
            assert len(line.splitlines()) == 1, text[:40]
            assert "\x1b" not in line


def _formatter(settings: dict[str, Any]) -> logging.Formatter:
    name, told = next(iter(settings["formatters"].items()))
    made: logging.Formatter = DictConfigurator(settings).configure_formatter(dict(told))
    assert name
    return made


def test_names_of_tokens_filters_and_sign_ins_are_text_too(engineer: Any, desk: Client) -> None:
    desk.get("/profile/")
    for text in TEXTS[:12]:
        create_token(engineer, name=text[:100], actor=engineer)
        desk.post("/nc/filters/", {"name": text, "query": "state=draft"})
        answer = Client().post("/login/", {"username": text, "password": "x"})
        assert answer.status_code in (200, 429)
    for address in ("/profile/", "/nc/", "/login/"):
        kinds = {element.partition(" ")[0] for element in Elements(desk.get(address).text).seen}
        assert not kinds & {"iframe", "object", "embed", "style", "base"}, address
        assert "onerror" not in str(Elements(desk.get(address).text).seen)
