"""Search finds words of any language on both databases, and only whole matches of every word."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records.search import find
from andon.records.services import change

TITLES = ("Prüfmaß am Kolben zu groß", "柱塞直径不合格", "检验合格 L3", "Burr on plunger_tip 0.75")


@pytest.fixture
def titled(report: Callable[..., Nonconformity]) -> list[Nonconformity]:
    """Return one nonconformity for each title."""
    return [report(title) for title in TITLES]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Prüfmaß", [0]), ("prufmass", [0]), ("PRÜFMASS GROSS", [0]), ("Prüf", [0]),
        ("不合格", [1]), ("合格", [1, 2]), ("不合", [1]), ("格", [1, 2]), ("直径", [1]),
        ("径直", []), ("检验合格 l3", [2]), ("合格 burr", []),
        ("plunger tip", [3]), ("tip_", [3]), ("0.75", [3]), ("nc", [0, 1, 2, 3]),
        ("", []), ("***", []), ('"burr" OR NEAR(', []), ("burr:* | x", []), ("' OR 1=1 --", []),
    ],
)  # fmt: skip
def test_words_are_found(titled: list[Nonconformity], query: str, expected: list[int]) -> None:
    assert {one.pk for one in find(query)} == {titled[place].pk for place in expected}


def test_a_number_is_found(titled: list[Nonconformity]) -> None:
    assert titled[1].pk in {one.pk for one in find(titled[1].number.lower())}


def test_a_changed_title_is_found_by_its_new_words_only(
    titled: list[Nonconformity], engineer: Any
) -> None:
    change(titled[3], actor=engineer, values={"title": "Scratch"}, version=1)
    assert [one.pk for one in find("scratch")] == [titled[3].pk]
    assert list(find("burr")) == []


def test_a_query_of_any_length_is_answered(titled: list[Nonconformity], desk: Client) -> None:
    assert list(find("burr " * 10_000)) == list(find("burr"))
    assert desk.get("/search/", {"q": "x y " * 5000}).status_code == 200


def test_the_page_goes_straight_to_a_number(titled: list[Nonconformity], desk: Client) -> None:
    answer = desk.get("/search/", {"q": titled[0].number.lower()})
    assert (answer.status_code, answer["Location"]) == (302, titled[0].get_absolute_url())


def test_of_many_that_contain_a_word_the_newest_are_looked_at(
    titled: list[Nonconformity],
) -> None:
    newest = [one.pk for one in find("nc", newest=2)]
    assert newest == sorted((one.pk for one in titled), reverse=True)[:2]
