"""Filters of lists: each column narrows, counting is bounded, the first page needs no sorting."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records import lists
from andon.records.models import Record, SavedFilter
from andon.records.services import assign


@pytest.fixture
def three(report: Callable[..., Nonconformity], engineer: Any) -> list[Nonconformity]:
    """Three nonconformities that differ in class, quantity and owner."""
    made = [
        report("Burr", severity="minor", quantity_suspect=10),
        report("Scratch", severity="major", quantity_suspect=20),
        report("Dent", severity="major", quantity_suspect=None),
    ]
    assign(made[1], owner=engineer, actor=engineer)
    return made


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("severity=major", {"Scratch", "Dent"}),
        ("severity=nonsense", {"Burr", "Scratch", "Dent"}),
        ("quantity_suspect=20", {"Scratch"}),
        ("quantity_suspect=20,0", {"Scratch"}),
        ("quantity_suspect=NaN", {"Burr", "Scratch", "Dent"}),
        ("owner=me", {"Scratch"}),
        ("owner=nobody", {"Burr", "Dent"}),
        ("owner=engineer", {"Scratch"}),
        ("machine=1", set()),
        ("machine=x", {"Burr", "Scratch", "Dent"}),
        ("q=scra&severity=major", {"Scratch"}),
        ("state=draft&open=yes", {"Burr", "Scratch", "Dent"}),
        ("overdue=yes", set()),
        ("title=Burr", {"Burr", "Scratch", "Dent"}),
        ("created_by__password=x", {"Burr", "Scratch", "Dent"}),
    ],
)
def test_a_column_narrows_and_nothing_else_does(
    three: list[Nonconformity], desk: Client, query: str, titles: set[str]
) -> None:
    rows = desk.get(f"/nc/?format=json&{query}").json()
    assert {row["title"] for row in rows} == titles


def test_sorting_by_a_column_of_the_type(three: list[Nonconformity], desk: Client) -> None:
    rows = desk.get("/nc/?format=json&sort=severity").json()
    assert [row["title"] for row in rows] == ["Dent", "Scratch", "Burr"]
    rows = desk.get("/nc/?format=json&sort=-severity").json()
    assert [row["title"] for row in rows] == ["Burr", "Dent", "Scratch"]


def test_the_form_offers_the_classes_and_keeps_what_was_chosen(
    three: list[Nonconformity], desk: Client
) -> None:
    told = desk.get("/nc/?severity=major&owner=me").content.decode()
    assert '<option value="major" selected>' in told
    assert '<option value="me" selected>' in told
    bar = told.split('class="filter-bar"')[1].split("</form>")[0]
    assert 'hx-target="#records"' in bar
    assert "required" not in bar  # the browser would send nothing


def test_an_empty_list_says_how_many_were_looked_at(
    three: list[Nonconformity], desk: Client
) -> None:
    assert "3 records were looked at." in desk.get("/nc/?q=nowhere").content.decode()


def test_counting_ends_at_a_bound_and_says_so(
    three: list[Nonconformity], desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    assert "More than 2 records" in desk.get("/nc/").content.decode()


@pytest.fixture
def among_many(three: list[Nonconformity]) -> None:
    """A thousand records of other types: of a page of them the database reads any way it likes."""
    one = three[0]
    Record.objects.bulk_create(
        Record(
            kind=f"other_{number % 4}",
            number=f"OTHER-{number}",
            title="Another",
            state="draft",
            state_since=one.created_at,
            created_by=one.created_by,
            created_at=one.created_at,
        )
        for number in range(1000)
    )


def plan(sql: str, given: Any) -> str:
    """Return how the database would answer, when it may neither scan a table nor sort."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE records_record")
            for way in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        prefix = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{prefix} {sql}", given)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize("query", [{}, {"open": "yes"}, {"state": "draft"}, {"sort": "due_at"}])
def test_the_first_page_comes_straight_from_an_index(
    among_many: None, engineer: Any, query: dict[str, str]
) -> None:
    rows = lists.narrowed(Nonconformity, query, engineer)[: lists.PAGE]
    told = plan(*rows.values_list("pk").query.sql_with_params())
    assert "record_kind" in told
    assert "TEMP B-TREE FOR ORDER BY" not in told
    assert "Sort" not in told.replace("Incremental Sort", "")


def test_a_filter_is_forgotten_by_its_owner_only(
    record: Record, desk: Client, office: Client, engineer: Any
) -> None:
    desk.post("/nc/filters/", {"name": "majors", "query": "severity=major&page=3&q="})
    kept = SavedFilter.objects.get()
    assert kept.query == "severity=major"
    office.post(f"/nc/filters/{kept.pk}/drop/")
    assert SavedFilter.objects.exists()
    desk.post(f"/nc/filters/{kept.pk}/drop/")
    assert not SavedFilter.objects.exists()
