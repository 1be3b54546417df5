"""Hostile tables through both doors of files: stored exactly, told with the column, or refused."""

import time
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from andon.history.log import scan
from andon.identify.measurements.imports import import_file
from andon.identify.measurements.submission import Outcome
from andon.organization.products.models import Lot
from hostile.tables import TEXTS, WORKBOOKS, Case
from hostile.tables_at_hand import HEADER
from small_factory import build_small_factory

CASES = [(case, "day.csv") for case in TEXTS] + [(case, "day.xlsx") for case in WORKBOOKS]
LONGEST_SECONDS = 10


@pytest.fixture(autouse=True)
def _factory(db: None, noon: Any, data_folder: Path, settings: Any) -> None:
    settings.DATA_DIR = data_folder
    settings.MAX_IMPORT_INFLATED_BYTES = 30 * 2**20
    build_small_factory()


@cache
def built(case: Case) -> bytes:
    """Return the file of a case."""
    return bytes(case.build())


def tried() -> Iterator[tuple[Case, str, bytes]]:
    """Yield each case with its file; what it stored is undone before the next one."""
    for case, name in CASES:
        with transaction.atomic():
            yield case, name, built(case)
            transaction.set_rollback(True)


def values() -> tuple[float, ...]:
    """Return the values that are stored now."""
    return tuple(sorted(row["value"] for row in scan().collect().to_dicts()))


def differs(case: Case, told: Outcome) -> bool:
    """Tell whether what became of a file is not what the table says, or records were lost."""
    records = {one.record for one in told.reported}
    columns = tuple(one.column for one in told.reported)
    is_refused = bool(case.refused) == (told.records == 0) and case.refused in told.refused
    is_complete = told.records == told.stored + len(records) and told.stored == len(case.stored)
    return not is_refused or not is_complete or columns != case.reported


def test_every_hostile_table_is_stored_reported_or_refused_as_the_table_says(engineer: Any) -> None:
    wrong: list[Any] = []
    for case, name, content in tried():
        began = time.monotonic()
        tried_only = import_file(content, name, actor=engineer, is_dry=True)
        is_untouched = values() == () and not Lot.objects.exists()
        told = import_file(content, name, actor=engineer)
        is_exact = values() == tuple(sorted(case.stored))
        is_quick = time.monotonic() - began < LONGEST_SECONDS
        if differs(case, tried_only) or differs(case, told):
            wrong.append((case.name, values(), told))
        elif not (is_untouched and is_exact and is_quick):
            wrong.append((case.name, is_untouched, values(), is_quick))
    assert wrong == []


def test_the_page_takes_each_of_them_without_an_error_of_the_server(engineer: Any) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(engineer)
    wrong: list[Any] = []
    for case, name, content in tried():
        answer = browser.post("/import/", {"file": SimpleUploadedFile(name, content)})
        if answer.status_code == 302:
            answer = browser.post(answer["Location"], {"take": "1"})
        wanted = 302 if case.stored or (case.reported and case.reported != ("",)) else 422
        is_told = case.refused in unescape(answer.content.decode())
        is_exact = values() == tuple(sorted(case.stored))
        if answer.status_code not in (wanted, 302) or not is_told or not is_exact:
            wrong.append((case.name, answer.status_code, values()))
    assert wrong == []


def test_the_corpus_is_as_large_as_it_says() -> None:
    names = [case.name for case, _name in CASES]
    assert len(names) == len(set(names)) >= 100
    assert len(HEADER) == 5
