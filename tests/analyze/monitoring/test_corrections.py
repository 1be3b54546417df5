"""A corrected measurement: the old one stays kept, every reader and the judgement take the new."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chart_story import days, sample, weeks_of_l3
from django.test import Client

from andon.analyze.monitoring.models import Finding, Signal, WeekTally
from andon.history import log
from andon.history.compaction import compact, empty_blocks
from andon.history.corrections import row_at
from andon.history.models import Block
from andon.identify.measurements.corrections import correct
from andon.identify.measurements.services import record
from andon.records import clock
from andon.records.accounts import create_token
from andon.records.errors import Conflict, Forbidden, Refused
from andon.records.models import Entry
from small_factory import build_small_factory, measured

AT = datetime(2025, 3, 13, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _factory(db: None, tmp_path: Any, settings: Any) -> Iterator[None]:
    settings.LAKE_URL, settings.DATA_DIR = str(tmp_path / "lake"), tmp_path
    build_small_factory()
    with clock.fixed(AT):
        yield


def values_of(stream: str = "PD/L3") -> list[str]:
    """Return the present values of a stream as typed."""
    found: list[str] = log.scan({"stream": stream}).collect()["text"].to_list()
    return found


def recorded(actor: Any, *values: str) -> int:
    """Record values and return their batch."""
    batch = record([measured(value, serial=value) for value in values], actor=actor).batch
    assert batch is not None
    return batch


def test_a_correction_takes_the_place_and_keeps_what_was_there(engineer: Any) -> None:
    batch = recorded(engineer, "0.7388", "7.391")
    done = correct(f"{batch}:1", "0.7391", reason="Decimal point misread.", actor=engineer)
    assert (done.before, done.after, done.stream) == ("7.391", "0.7391", "PD/L3")
    assert values_of() == ["0.7388", "0.7391"]
    old, new = row_at(batch, 1), row_at(*map(int, done.place.split(":")))
    assert old is not None and new is not None
    assert (old["text"], old["is_out_of_specification"]) == ("7.391", True)
    assert (new["supersedes"], new["comment"]) == (f"{batch}:1", "Decimal point misread.")
    kept = ("measured_at", "lot", "serial", "operator", "instrument", "subgroup", "machine")
    assert [new[name] for name in kept] == [old[name] for name in kept]
    assert new["is_out_of_specification"] is False


def test_who_corrected_and_why_stands_in_the_trail(engineer: Any) -> None:
    batch = recorded(engineer, "7.391")
    correct(f"{batch}:0", "0.7391", reason="Decimal point misread.", actor=engineer)
    entry = Entry.objects.filter(table="history_block").latest("pk")
    assert entry.row == str(Block.objects.latest("pk").pk)
    assert (entry.actor, entry.reason) == ("engineer", "Decimal point misread.")


def test_the_same_correction_again_changes_nothing_and_another_is_a_conflict(
    engineer: Any,
) -> None:
    batch = recorded(engineer, "7.391")
    first = correct(f"{batch}:0", "0.7391", reason="Misread.", actor=engineer)
    again = correct(f"{batch}:0", "0.7391", reason="Misread.", actor=engineer)
    assert (again.place, values_of()) == (first.place, ["0.7391"])
    with pytest.raises(Conflict, match="corrected before"):
        correct(f"{batch}:0", "0.7392", reason="Misread.", actor=engineer)
    correct(first.place, "0.7392", reason="Misread twice.", actor=engineer)
    assert values_of() == ["0.7392"]


@pytest.mark.parametrize(
    ("place", "value", "reason", "field"),
    [
        ("1:0", "0.74", " ", "reason"),
        ("nowhere", "0.74", "why", "place"),
        ("9999:0", "0.74", "why", "place"),
        ("99999999999999999999:0", "0.74", "why", "place"),
        ("{batch}:9", "0.74", "why", "place"),
        ("{batch}:0", "about 1", "why", "value"),
    ],
)
def test_what_is_unclear_is_refused_by_name(
    engineer: Any, place: str, value: str, reason: str, field: str
) -> None:
    batch = recorded(engineer, "0.7388")
    with pytest.raises(Refused) as refused:
        correct(place.format(batch=batch), value, reason=reason, actor=engineer)
    assert refused.value.refusals[0].field == field
    assert values_of() == ["0.7388"]


def test_an_operator_may_not_correct(engineer: Any, account_with: Any) -> None:
    batch = recorded(engineer, "0.7388")
    with pytest.raises(Forbidden):
        correct(f"{batch}:0", "0.74", reason="why", actor=account_with("OP"))


def test_what_lies_in_the_lake_is_corrected_like_what_lies_in_a_block(engineer: Any) -> None:
    batch = recorded(engineer, "0.7388", "7.391")
    compact(at=AT, is_forced=True)
    assert empty_blocks(at=AT + timedelta(days=2)) == 1
    correct(f"{batch}:1", "0.7391", reason="Misread.", actor=engineer)
    assert values_of() == ["0.7388", "0.7391"]
    compact(at=AT + timedelta(days=3), is_forced=True)
    assert values_of() == ["0.7388", "0.7391"]
    assert [row["text"] for row in log.tail("PD/L3", 1).iter_rows(named=True)] == ["0.7391"]


def test_the_subgroup_is_judged_again_and_a_finding_withdrawn(engineer: Any) -> None:
    weeks_of_l3(engineer, stable=30, shifted=0)
    day = days(31)[-1]
    rows = sample(day, [0.7401, 0.7399, 7.402, 0.74, 0.7398])
    batch = record(rows, actor=engineer).batch
    finding = Finding.objects.get(rule="EXTREME")
    assert finding.withdrawn_at is None
    correct(f"{batch}:2", "0.7402", reason="Decimal point misread.", actor=engineer)
    finding.refresh_from_db()
    assert finding.withdrawn_at == AT


def test_a_value_that_turns_out_bad_fires_its_signals(engineer: Any) -> None:
    weeks_of_l3(engineer, stable=30, shifted=0)
    day = days(31)[-1]
    batch = record(sample(day, [0.7401, 0.7399, 0.7402, 0.74, 0.7398]), actor=engineer).batch
    assert not Signal.objects.filter(produced_on=day).exists()
    done = correct(f"{batch}:2", "0.7802", reason="A digit was mistyped.", actor=engineer)
    assert Signal.objects.filter(produced_on=day, rule="range").exists()
    assert {note.kind for note in done.notes} >= {"signal"}


def test_a_corrected_count_changes_its_week(engineer: Any) -> None:
    row = measured(
        "9", characteristic="CRIMP", machine="A1", unit="pieces", inspected="200", instrument=""
    )
    batch = record([row], actor=engineer).batch
    correct(f"{batch}:0", "2", reason="Counted again.", actor=engineer)
    assert WeekTally.objects.get().defective == 2
    with pytest.raises(Refused, match="at most the 200 inspected"):
        correct(f"{batch + 1 if batch else 0}:0", "201", reason="Counted again.", actor=engineer)


def test_a_correction_by_page(engineer: Any, client: Client) -> None:
    batch = recorded(engineer, "0.7388", "7.391")
    client.force_login(engineer)
    subgroup = log.scan({"stream": "PD/L3"}).collect()["subgroup"][0]
    address = f"/charts/PD/L3/point/?subgroup={subgroup}"
    assert f'<option value="{batch}:1">7.391' in client.get(address).content.decode()
    form = {"act": "correct", "place": f"{batch}:1", "value": "0.7391", "text": "Misread."}
    assert client.post(address, form).status_code == 302
    assert values_of() == ["0.7388", "0.7391"]
    assert "corrected, Misread." in " ".join(client.get(address).content.decode().split())
    assert client.post(address, {**form, "value": "x"}).status_code == 422


def test_a_correction_by_interface(engineer: Any, client: Client) -> None:
    recorded(engineer, "7.391")
    headers = {"authorization": f"Bearer {create_token(engineer, name='t', actor=engineer)}"}
    rows = client.get("/api/v1/measurements?characteristic=PD", headers=headers).json()
    place = f"{rows[0]['batch']}:{rows[0]['position']}"
    body = {"place": place, "value": "0.7391", "reason": "Misread."}
    address = "/api/v1/measurements/corrections"
    answer = client.post(address, body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["before"]) == (201, "7.391")
    assert values_of() == ["0.7391"]
    other = client.post(address, {**body, "value": "1"}, "application/json", headers=headers)
    assert other.status_code == 409
