"""Large submissions are read by columns: the same rows as record by record, or not at all."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from andon.control.plans.models import PlanLine
from andon.identify.measurements.columns import MANY, read_rows
from andon.identify.measurements.context import Masters
from andon.identify.measurements.reading import read_each
from andon.identify.measurements.services import digest_of
from small_factory import NOON, build_small_factory, measured

_TEXTS = st.sampled_from(["", " a ", "B-1", "ß", "x" * 300])
_PLAIN = st.fixed_dictionaries(
    {
        "characteristic": st.sampled_from(["PD", "CR"]), "machine": st.sampled_from(["L1", "L3"]),
        "value": st.sampled_from(["0.7388", " 0,7400 ", "7e-1", "51.5", "+.74", "0.7300"]),
    },
    optional={
        "measured_at": st.sampled_from(["", "2025-03-12T23:30:00Z", "2025-03-13 07:15:00.123456"]),
        "shift": st.sampled_from(["", "E", "N"]), "lot": _TEXTS, "serial": _TEXTS,
        "comment": _TEXTS, "instrument": st.sampled_from(["", "MIC-01"]),
        "subgroup": st.sampled_from(["", "s1", " s2 "]), "fixture": _TEXTS, "colour": _TEXTS,
    },
)  # fmt: skip
_DOUBTFUL = st.sampled_from(
    [
        {"value": "1e308"}, {"value": "1e-400"},
        {"value": "1e999"}, {"value": "٠"}, {"value": ""}, {"value": "1 2"}, {"value": "1\n2"},
        {"machine": "L9"}, {"unit": "in"}, {"measured_at": "2031-01-01"}, {"measured_at": "soon"},
        {"instrument": "MIC-09"}, {"shift": "Q"}, {"lot": "x" * 301}, {"serial": "a\x00b"},
        {"characteristic": "CR", "unit": "", "value": "-1"}, {"value": "9" * 61},
        {"characteristic": "CRIMP", "machine": "A1", "unit": "", "inspected": "8", "value": "9"},
    ]
)  # fmt: skip


@pytest.fixture(autouse=True)
def _factory(db: None, noon: Any) -> None:
    build_small_factory()
    PlanLine.objects.filter(characteristic__code="CR").update(frequency="per piece")


def both(rows: list[dict[str, str]]) -> tuple[Any, Any]:
    """Return what reading by columns and reading by records give."""
    return read_rows(rows, NOON), read_each(rows, Masters(), NOON)


@settings(max_examples=40)
@given(st.lists(_PLAIN, min_size=MANY, max_size=MANY + 9))
def test_columns_give_the_rows_that_records_give(rows: list[dict[str, str]]) -> None:
    by_columns, by_records = both(rows)
    assert by_columns.reported == by_records.reported == ()
    assert_frame_equal(by_columns.rows, by_records.rows)


@settings(max_examples=40)
@given(st.lists(_PLAIN, min_size=MANY, max_size=MANY), st.integers(0, MANY - 1), _DOUBTFUL)
def test_one_doubtful_record_is_reported_as_it_is_by_itself(
    rows: list[dict[str, str]], place: int, change: dict[str, str]
) -> None:
    rows = [*rows[:place], {**rows[place], **change}, *rows[place + 1 :]]
    by_columns, by_records = both(rows)
    assert by_columns.reported == by_records.reported
    assert [one.record for one in by_columns.reported] == [place + 1]
    assert_frame_equal(by_columns.rows, by_records.rows)


@pytest.mark.parametrize("alike", [0, MANY - 1])
@pytest.mark.parametrize("text", ["0.7388\n0.7389", "1e308", "1e-400"])
def test_a_text_that_is_no_measurement_is_reported_among_many(alike: int, text: str) -> None:
    rows = [measured(f"0.7{100 + place}") for place in range(alike)]
    rows += [measured(text) for _ in range(MANY - alike)]
    by_columns, by_records = both(rows)
    assert by_columns.reported == by_records.reported
    assert [one.record for one in by_columns.reported] == list(range(alike + 1, MANY + 1))


def test_the_digest_tells_whatever_differs() -> None:
    rows = [measured(), measured(), measured(lot="")]
    without = [measured(), measured(), {k: v for k, v in measured().items() if k != "lot"}]
    swapped = [measured(lot=""), measured(), measured()]
    told = [json.dumps(one) for one in (rows, without, swapped, rows[:2], [measured("0.1")])]
    assert len({digest_of(json.loads(one)) for one in told}) == 5
    assert digest_of(rows) == digest_of([dict(reversed(row.items())) for row in rows])


def test_instants_keep_their_microseconds() -> None:
    at = NOON - timedelta(microseconds=1)
    rows = [measured(measured_at=at.isoformat()) for _ in range(MANY)]
    assert set(read_rows(rows, NOON).rows["measured_at"].to_list()) == {at}
