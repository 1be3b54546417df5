"""Every address and operation, tried by everybody: what happens is what the table says.

`permission_matrix.csv` is kept by hand: a row per page and operation, a column per kind of person.
`yes` permitted, `no` 403, `404` as if it were not there, `login` sent to sign in, `401` who calls?
All objects belong to one site and one author; the roles are other people of that site.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from site_at_hand import HIDDEN, build_site
from trust.matrix_cells import PEOPLE, Row, bodies, filled, outcome, served, stated

EVERY_CELL = "ANDON_EVERY_CELL" in os.environ
"""All cells are tried by `make trust`; otherwise each row by somebody of each outcome."""

SEVERAL = {"PAGE": ("GET", "POST")}
"""A page is asked and written to: the same people may do both, or it has two addresses."""


@pytest.fixture
def site(
    account_with: Callable[..., Any], noon: Any, data_folder: Path, settings: Any
) -> tuple[dict[str, Client], dict[str, Any]]:
    """Somebody of each kind at a browser, and the objects of one site."""
    settings.DATA_DIR = data_folder
    people, objects = build_site(account_with)
    browsers = {name: Client(raise_request_exception=False) for name in PEOPLE}
    for name, account in people.items():
        browsers[name].force_login(account)
    left = people["deactivated"]
    left.is_active = False
    left.save()
    return browsers, objects


def test_requirement_27_every_page_and_operation_has_its_row(db: None) -> None:
    assert sorted(stated()) == served()


def test_requirement_27_what_happens_is_what_the_table_says(site: Any) -> None:
    browsers, objects = site
    wrong, cells = [], 0
    for place, (row, wanted) in enumerate(stated().items()):
        for person in PEOPLE if EVERY_CELL else tried(wanted, place):
            for method, answer in answers(browsers[person], row, objects):
                cells += 1
                if outcome(answer) != wanted[person] and answer.status_code != 405:
                    wrong.append((method, row[1], person, wanted[person], outcome(answer)))
                if person == "other_site" and not answer.streaming:
                    assert HIDDEN.encode() not in answer.content, (row, "tells a hidden title")
    assert wrong == []
    assert cells > (4000 if EVERY_CELL else 1000)


def tried(wanted: dict[str, str], place: int) -> list[str]:
    """Return who tries a row in each run: a role that may, one that may not, and outsiders."""
    roles = list(PEOPLE[2:-2])
    roles = roles[place % len(roles) :] + roles[: place % len(roles)]
    kinds = dict.fromkeys(wanted[role] for role in roles)
    some = [next(role for role in roles if wanted[role] == kind) for kind in kinds]
    return ["anonymous", "other_site", *some, *(["deactivated"] if place % 5 == 0 else [])]


def test_requirement_27_hidden_and_unknown_records_answer_alike(site: Any) -> None:
    browsers, objects = site
    unknown = dict.fromkeys(("nc", "ca", "st", "pr"), "NC-1999-0001")
    unknown |= dict.fromkeys(("line", "item", "cause", "why_step", "evidence", "file"), "999999")
    different = []
    for row, wanted in stated().items():
        if wanted["other_site"] == "404" and row[0] in ("PAGE", "GET"):
            pairs = zip(
                answers(browsers["other_site"], row, objects),
                answers(browsers["other_site"], row, objects | unknown),
                strict=True,
            )
            different += [
                row for (_m, one), (_n, two) in pairs if one.status_code != two.status_code
            ]
    assert different == []


def answers(browser: Client, row: Row, objects: Any) -> Iterator[tuple[str, Any]]:
    """Yield the answers to a row's requests; what they write is taken back."""
    address = filled(row[1], objects)
    for method in SEVERAL.get(row[0], (row[0],)):
        with transaction.atomic():
            sent = bodies().get((method, re.sub(r"{\w+:", "{", row[1])), "{}")
            body = (sent, "application/json") if address.startswith("/api/") else ()
            session = browser.cookies.copy()
            yield method, browser.generic(method, address, *body)
            browser.cookies = session
            transaction.set_rollback(True)
