"""Measurements are kept for their time, then destroyed by whole months and by two people."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from andon.history.compaction import compact, empty_blocks
from andon.history.log import scan
from andon.history.models import DroppedMonth
from andon.identify.measurements.models import MeasurementPurge
from andon.identify.measurements.retention import purge, request_purge
from andon.records import clock
from andon.records.errors import Conflict, Forbidden, Refused
from andon.records.keeping.retention import keep_for
from andon.records.models import Entry
from andon.records.trail.evidence import verify_all
from history.rows_at_hand import rows_of, stored

BEFORE = date(2014, 3, 1)
TODAY = datetime(2025, 3, 13, 12, tzinfo=UTC)


@pytest.fixture
def director(account_with: Callable[..., Any]) -> Any:
    """A second person who may destroy."""
    return account_with("QM", username="director")


@pytest.fixture(autouse=True)
def _months(db: Any, tmp_path: Path, settings: Any) -> Iterator[None]:
    """January to March of 2014, long in the lake; today is eleven years later."""
    settings.LAKE_URL = str(tmp_path / "lake")
    for month in (1, 2, 3):
        stored(
            f"{month}", rows_of("PD/L1", [0.74, 0.75], start=datetime(2014, month, 5, tzinfo=UTC))
        )
    compact(at=TODAY - timedelta(days=9), is_forced=True)
    empty_blocks(at=TODAY)
    with clock.fixed(TODAY):
        yield


def test_months_whose_time_is_over_go_by_two_people(manager: Any, director: Any) -> None:
    keep_for("measurements", years=10, basis="contract 7", actor=manager)
    assert request_purge(BEFORE, reason="time is over", actor=manager) == ["2014-01", "2014-02"]
    assert scan().collect().height == 6
    dropped = purge(BEFORE, actor=director)
    assert [(line.month, line.rows) for line in dropped] == [("2014-01", 2), ("2014-02", 2)]
    assert scan().collect()["measured_at"].dt.month().unique().to_list() == [3]
    told = MeasurementPurge.objects.get()
    assert (told.requested_by, told.approved_by) == (manager, director)
    wrote = Entry.objects.filter(table="measurements_measurementpurge")
    assert list(wrote.values_list("actor", "reason")) == [
        ("manager", "time is over"), ("director", "time is over"),
    ]  # fmt: skip
    assert verify_all().problems == []


def test_before_their_time_they_are_kept(manager: Any) -> None:
    with pytest.raises(Refused, match="no retention period"):
        request_purge(BEFORE, reason="time is over", actor=manager)
    keep_for("measurements", years=12, basis="contract 7", actor=manager)
    with pytest.raises(Refused, match="kept for 12 years: name 2013-03-13 or a day before"):
        request_purge(BEFORE, reason="time is over", actor=manager)


def test_nobody_destroys_them_alone_or_unasked(manager: Any, director: Any, engineer: Any) -> None:
    keep_for("measurements", years=10, basis="contract 7", actor=manager)
    with pytest.raises(Refused, match="Nobody asked"):
        purge(BEFORE, actor=director)
    with pytest.raises(Refused, match="No measurements"):
        request_purge(date(2013, 1, 1), reason="time is over", actor=manager)
    with pytest.raises(Refused, match="Give a reason"):
        request_purge(BEFORE, reason=" ", actor=manager)
    request_purge(BEFORE, reason="time is over", actor=manager)
    with pytest.raises(Refused, match="asked for already"):
        request_purge(BEFORE, reason="time is over", actor=director)
    with pytest.raises(Refused, match="Somebody else"):
        purge(BEFORE, actor=manager)
    with pytest.raises(Forbidden):
        purge(BEFORE, actor=engineer)
    assert scan().collect().height == 6
    assert not DroppedMonth.objects.exists()


def test_rows_on_their_way_to_the_lake_stop_it(manager: Any, director: Any) -> None:
    keep_for("measurements", years=10, basis="contract 7", actor=manager)
    request_purge(BEFORE, reason="time is over", actor=manager)
    late = datetime(2014, 1, 6, tzinfo=UTC)
    stored("late", rows_of("PD/L1", [0.74], start=late))
    with pytest.raises(Conflict, match="still in blocks"):
        purge(BEFORE, actor=director)
    assert MeasurementPurge.objects.get().approved_by is None
    assert scan().collect().height == 7
