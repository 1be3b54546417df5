"""Lists: filters, orders, pages, saved filters, and files without a formula."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records import lists
from andon.records.export import harmless
from andon.records.models import SavedFilter
from andon.records.services import assign

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=cmd|"/c calc"!A1')


@pytest.fixture
def hostile(report: Callable[..., Nonconformity]) -> list[Nonconformity]:
    """Nonconformities whose titles a spreadsheet would compute."""
    return [report(title) for title in FORMULAS]


def table(desk: Client, **query: str) -> list[list[str]]:
    """Return the list as CSV, read back."""
    text = desk.get("/nc/", {"format": "csv", **query}).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_no_cell_of_the_csv_is_a_formula(desk: Client, hostile: list[Any]) -> None:
    heading, *lines = table(desk)
    titles = [line[1] for line in lines]
    assert heading[:2] == ["Number", "Title"]
    assert titles == [f"'{title}" for title in FORMULAS[::-1]]


def test_no_cell_of_the_workbook_is_a_formula(desk: Client, hostile: list[Any]) -> None:
    content = desk.get("/nc/", {"format": "xlsx"}).content
    sheets = [n for n in ZipFile(io.BytesIO(content)).namelist() if "worksheets/" in n]
    assert all(b"<f>" not in ZipFile(io.BytesIO(content)).read(name) for name in sheets)
    read = pl.read_excel(io.BytesIO(content), infer_schema_length=0)
    assert "=1+1" in read["Title"].to_list()


def test_negative_numbers_stay_numbers() -> None:
    assert [harmless(text) for text in ("-0.5", "+3", "-2,5", "-1-1")] == [
        "-0.5", "+3", "-2,5", "'-1-1",
    ]  # fmt: skip


def test_the_json_file_holds_every_record(desk: Client, hostile: list[Any]) -> None:
    told = json.loads(desk.get("/nc/", {"format": "json"}).content)
    assert {one["title"] for one in told} == set(FORMULAS)


def test_filters_narrow_the_file_as_the_page(
    desk: Client, report: Callable[..., Nonconformity], engineer: Any
) -> None:
    mine, _other = report("mine"), report("other")
    assign(mine, owner=engineer, actor=engineer)
    for query in ({"owner": "me"}, {"q": "mine"}, {"state": "draft", "owner": "me"}):
        assert [line[1] for line in table(desk, **query)[1:]] == ["mine"], query
        assert "other" not in desk.get("/nc/", query).text.partition("<tbody>")[2]
    assert table(desk, state="closed")[1:] == []


@pytest.mark.parametrize(
    "query",
    ["state=x", "sort=password", "sort=owner__password", "page=x", "page=99", "page=-1",
     "format=exe", "q=%22", "sort=--title", "owner=nobody", "overdue=maybe", "q=%F0%9F%92%A5"],
)  # fmt: skip
def test_any_query_is_answered(desk: Client, report: Any, query: str) -> None:
    report()
    assert desk.get(f"/nc/?{query}").status_code == 200


def test_a_nul_is_refused_in_words(desk: Client, record: Any) -> None:
    assert desk.get("/nc/?q=%00").status_code == 422
    assert desk.post(f"{record.get_absolute_url()}comments/", {"text": "a\x00"}).status_code == 422


def test_the_list_sorts_by_its_columns(desk: Client, report: Any) -> None:
    for title in ("b", "c", "a"):
        report(title)
    for sort, expected in (("title", "abc"), ("-title", "cba"), ("number", "bca")):
        assert "".join(line[1] for line in table(desk, sort=sort)[1:]) == expected


def test_pages_show_each_record_once(desk: Client, report: Any) -> None:
    numbers = {report(str(place)).number for place in range(60)}
    pages = [desk.get("/nc/", {"page": page}).context["page"].object_list for page in (1, 2)]
    shown = [one.number for page in pages for one in page]
    assert (len(shown), set(shown)) == (60, numbers)


def test_by_a_column_without_an_index_the_newest_are_sorted(
    report: Any, engineer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [report(title) for title in ("A", "D", "C", "B")]
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)
    shown = lists.narrowed(Nonconformity, {"sort": "title"}, engineer)
    assert [one.title for one in shown] == sorted(one.title for one in made[1:])


def test_a_filter_is_kept_for_oneself_and_replaced_by_name(
    desk: Client, office: Client, engineer: Any
) -> None:
    for query in ("state=draft", "state=closed"):
        answer = desk.post("/nc/filters/", {"name": "My list", "query": query})
        assert answer["Location"] == f"/nc/?{query}"
    assert SavedFilter.objects.get(account=engineer).query == "state=closed"
    assert "My list" in desk.get("/nc/").text
    assert "My list" not in office.get("/nc/").text


@pytest.mark.parametrize("query", ["\r\nX: y", "//evil", "a" * 3000])
def test_an_odd_filter_leads_nowhere_else(desk: Client, query: str) -> None:
    answer = desk.post("/nc/filters/", {"name": "n", "query": query})
    assert answer.status_code in (302, 422)
    assert answer.status_code == 422 or answer["Location"].startswith("/nc/?")
