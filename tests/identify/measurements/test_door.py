"""The one door: what is clear is stored once and exactly; what is not is told and not stored."""

from datetime import datetime
from typing import Any

import pytest

from andon.history.log import scan
from andon.identify.measurements.imports import import_file, import_text, mapping_of
from andon.identify.measurements.services import record, take_in
from andon.organization.products.models import Lot
from andon.records.errors import Conflict, Forbidden, Refused
from small_factory import build_small_factory, measured

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(autouse=True)
def _factory(db: None) -> None:
    build_small_factory()


def stored() -> list[dict[str, Any]]:
    """Return every stored row."""
    return scan().collect().to_dicts()


def test_a_value_is_kept_as_typed_beside_its_number(engineer: Any) -> None:
    record([measured("0.7380")], actor=engineer)
    row = stored()[0]
    assert (row["text"], row["value"], row["unit"]) == ("0.7380", 0.738, "mm")
    assert (row["stream"], row["shift"], str(row["produced_on"])) == ("PD/L3", "E", "2025-03-13")
    assert row["is_out_of_specification"] is False


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"value": "abc"}, "value"),
        ({"value": ""}, "value"),
        ({"value": "nan"}, "value"),
        ({"value": "inf"}, "value"),
        ({"value": "1e999"}, "value"),
        ({"value": "1e308"}, "value"),
        ({"value": "-1.1e15"}, "value"),
        ({"value": "1e-400"}, "value"),
        ({"value": "True"}, "value"),
        ({"value": "1_000"}, "value"),
        ({"value": "٠٫٧"}, "value"),
        ({"value": "1,234.5"}, "value"),
        ({"unit": "in"}, "unit"),
        ({"characteristic": "XX"}, "characteristic"),
        ({"characteristic": ""}, "characteristic"),
        ({"machine": "L9"}, "machine"),
        ({"instrument": "MIC-99"}, "instrument"),
        ({"shift": "Q"}, "shift"),
        ({"product": "P9"}, "product"),
        ({"measured_at": "2025-02-30"}, "measured_at"),
        ({"measured_at": "13/03/2025"}, "measured_at"),
        ({"measured_at": "2025-03-30 02:30"}, "measured_at"),
        ({"measured_at": "2031-01-01"}, "measured_at"),
        ({"lot": "x" * 400}, "lot"),
        ({"characteristic": "CR", "machine": "A1", "value": "-1", "unit": ""}, "value"),
        ({"characteristic": "CRIMP", "machine": "A1", "value": "3", "unit": ""}, "inspected"),
        (
            {
                "characteristic": "CRIMP",
                "machine": "A1",
                "value": "9",
                "inspected": "8",
                "unit": "",
            },
            "value",
        ),
    ],
)
def test_an_unclear_record_is_refused_with_its_place_and_nothing_is_stored(
    engineer: Any, change: dict[str, str], column: str
) -> None:
    with pytest.raises(Refused) as caught:
        record([measured(), measured(**change)], actor=engineer)
    assert [refusal.field for refusal in caught.value.refusals] == [f"rows.2.{column}"]
    assert stored() == []


@pytest.mark.parametrize(
    ("instrument", "reason"), [("MIC-09", "overdue"), ("MIC-10", "quarantined")]
)
def test_an_unusable_instrument_is_a_conflict_that_says_why(
    engineer: Any, instrument: str, reason: str
) -> None:
    with pytest.raises(Conflict, match=reason):
        record([measured(instrument=instrument)], actor=engineer)
    assert stored() == []


def test_the_same_key_again_changes_nothing(engineer: Any) -> None:
    first = record([measured(), measured("0.7401")], actor=engineer, key="k1")
    again = record([measured(), measured("0.7401")], actor=engineer, key="k1")
    assert (first.stored, first.repeated, again.stored, again.repeated) == (2, 0, 2, 2)
    assert len(stored()) == 2
    with pytest.raises(Conflict):
        record([measured("0.7")], actor=engineer, key="k1")


def test_a_file_keeps_the_good_and_reports_the_bad(engineer: Any) -> None:
    outcome = take_in([measured(), measured("x"), measured("0.7401")], actor=engineer)
    assert (outcome.records, outcome.stored, len(outcome.reported)) == (3, 2, 1)
    assert (outcome.reported[0].record, outcome.reported[0].column) == (2, "value")
    assert len(stored()) == 2


def test_importing_again_or_a_longer_file_stores_only_what_is_new(engineer: Any) -> None:
    same = [measured(), measured(), measured("0.7401")]
    assert take_in(same, actor=engineer).repeated == 0
    again = take_in(same, actor=engineer)
    assert (again.stored, again.repeated) == (3, 3)
    longer = take_in([*same, measured()], actor=engineer)
    assert (longer.stored, longer.repeated) == (4, 3)
    assert len(stored()) == 4


def test_a_dry_run_tells_and_stores_nothing(engineer: Any) -> None:
    outcome = take_in([measured(), measured("x")], actor=engineer, is_dry=True)
    assert (outcome.records, outcome.stored, len(outcome.reported)) == (2, 1, 1)
    assert stored() == []


def test_further_columns_are_kept_as_factors_and_new_lots_are_named(engineer: Any) -> None:
    record([measured(supplier="S-B", lot="NEW-1")], actor=engineer)
    assert stored()[0]["factors"] == '{"supplier": "S-B"}'
    lot = Lot.objects.get(code="NEW-1")
    assert (lot.machine and lot.machine.code, str(lot.made_on)) == ("L3", "2025-03-13")


def test_a_night_shift_past_midnight_belongs_to_the_day_it_began(engineer: Any) -> None:
    record([measured(measured_at="2025-03-13T01:00:00+01:00")], actor=engineer)
    row = stored()[0]
    assert (str(row["produced_on"]), row["shift"]) == ("2025-03-12", "N")


def test_one_and_two_sided_specifications_are_judged(engineer: Any) -> None:
    resistance = {"characteristic": "CR", "machine": "A1", "unit": "mOhm", "instrument": ""}
    record(
        [measured("0.7501"), measured("50.1", **resistance), measured("0.1", **resistance)],
        actor=engineer,
    )
    assert [row["is_out_of_specification"] for row in stored()] == [True, True, False]


def test_an_auditor_may_not_record(account_with: Any) -> None:
    with pytest.raises(Forbidden):
        record([measured()], actor=account_with("AUD"))


CSV = "Charge;Messwert;Zeit\nPD-L3-9;0,7388;2025-03-13 07:15\nPD-L3-9;0,74x;2025-03-13 07:16\n"
MAPPING = """
[columns]
Charge = "lot"
Messwert = "value"
Zeit = "measured_at"
[constants]
characteristic = "PD"
machine = "L3"
"""


def test_a_foreign_file_is_mapped_and_the_mapping_remembered(engineer: Any) -> None:
    content = CSV.encode("cp1252")
    first = import_file(content, "a.csv", actor=engineer, mapping=mapping_of(MAPPING))
    assert (first.records, first.stored, len(first.reported)) == (2, 1, 1)
    assert stored()[0]["text"] == "0,7388"
    assert stored()[0]["measured_at"] == datetime.fromisoformat("2025-03-13T06:15:00+00:00")
    again = import_file(content, "b.csv", actor=engineer)
    assert (again.stored, again.repeated) == (1, 1)


def test_a_file_without_needed_columns_is_refused_with_every_record_reported(engineer: Any) -> None:
    outcome = import_file(CSV.encode(), "a.csv", actor=engineer)
    assert (outcome.records, outcome.stored, len(outcome.reported)) == (2, 0, 2)
    assert "characteristic" in outcome.refused


def test_a_ragged_record_is_reported_at_its_place(engineer: Any) -> None:
    text = "characteristic,machine,value\nPD,L3,0.74\nPD,L3\nPD,L3,0.75\n"
    outcome = import_text(text, actor=engineer)
    assert (outcome.records, outcome.stored) == (3, 2)
    assert [report.record for report in outcome.reported] == [2]


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"value\n", b"PK\x03\x04junk", b'a,b\n"x'])
def test_an_unreadable_file_is_refused_in_words(engineer: Any, content: bytes) -> None:
    outcome = import_file(content, "x.csv", actor=engineer)
    assert (outcome.records, outcome.stored) == (0, 0)
    assert outcome.refused
