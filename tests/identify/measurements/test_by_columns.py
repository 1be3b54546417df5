"""The same records by rows and by columns are one submission: same rows, same key, same errors."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.history.log import scan
from andon.history.models import BatchKey
from andon.identify.measurements.columns import read_rows
from andon.identify.measurements.services import digest_of
from andon.identify.measurements.submission import ColumnRows, names_of
from andon.records.accounts import create_token
from small_factory import NOON, build_small_factory, measured

PLACE = "/api/v1/measurements"


@pytest.fixture
def gauge(account_with: Any, noon: Any) -> Client:
    """A device of the small factory."""
    build_small_factory()
    account = account_with("INS")
    secret = create_token(account, name="gauge", actor=account)
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


def sent(gauge: Client, **body: Any) -> Any:
    """Send a submission."""
    return gauge.post(PLACE, json.dumps(body), content_type="application/json")


def by_columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return records by columns, null where one does not have it."""
    names = {name: None for row in rows for name in row}
    return {name: [row.get(name) for row in rows] for name in names}


ROWS = [measured(f"0.74{n:02d}", serial=str(n), bar="B-1") for n in range(60)]
COLUMNS = {
    **{name: text for name, text in ROWS[0].items() if name not in {"value", "serial"}},
    "value": [row["value"] for row in ROWS], "serial": [row["serial"] for row in ROWS],
}  # fmt: skip


def test_columns_are_stored_like_rows_and_repeated_by_either(gauge: Client) -> None:
    first = sent(gauge, columns=COLUMNS)
    assert (first.status_code, first.json()["stored"]) == (201, 60)
    again = sent(gauge, rows=ROWS).json()
    assert (again["stored"], again["repeated"]) == (60, 60)
    assert BatchKey.objects.count() == 1
    kept = scan().collect()
    assert kept["text"].to_list() == [row["value"] for row in ROWS]
    assert kept["factors"].unique().to_list() == ['{"bar": "B-1"}']


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "rows"),
        ({"rows": ROWS, "columns": COLUMNS}, "rows"),
        ({"columns": COLUMNS | {"lot": ["LOT-1"]}}, "columns.lot"),
        ({"columns": COLUMNS | {"value": []}}, "columns.value"),
        ({"columns": COLUMNS | {"value": [True] * 60}}, "columns.value"),
        ({"columns": COLUMNS | {"machine": None}}, "columns.machine"),
        ({"columns": {"value": ["0.74"]}}, "columns.characteristic"),
        ({"columns": COLUMNS | {"value": ["0.74"] * 59 + ["abc"]}}, "rows.60.value"),
        ({"columns": COLUMNS | {"machine": ["L3"] * 59 + ["L9"]}}, "rows.60.machine"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    gauge: Client, body: dict[str, Any], field: str
) -> None:
    answer = sent(gauge, **body)
    assert answer.status_code == 422, answer.content
    assert any(field in error["field"] for error in answer.json()["errors"]), answer.json()
    assert not scan().collect().height


TEXT = st.sampled_from(
    ["", " ", "0.74", "0,7401", "1e999", "1e308", "1e-400", "0e5", "x", "L3", "PD", "不", "a\x01"]
)
ROW = st.fixed_dictionaries(
    {"characteristic": st.sampled_from(["PD", "CR", "no"]), "value": TEXT,
     "machine": st.sampled_from(["L3", "A1"])},
    optional={"lot": TEXT, "serial": TEXT, "inspected": TEXT, "bar": TEXT},
)  # fmt: skip


@pytest.mark.usefixtures("gauge")
@settings(max_examples=60)
@given(rows=st.lists(ROW, min_size=1, max_size=70))
def test_rows_and_columns_are_read_alike(rows: list[dict[str, str]]) -> None:
    columns = ColumnRows(by_columns(rows), len(rows))
    assert names_of(columns) == names_of(rows)
    assert list(columns) == rows
    assert digest_of(columns) == digest_of(rows)
    one, other = read_rows(columns, NOON), read_rows(rows, NOON)
    assert one.reported == other.reported
    assert one.rows.equals(other.rows)
