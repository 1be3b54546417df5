"""The calendar tells production day, working days and working weeks."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from andon.organization.processes.models import ClosedDay, Shift, WorkWeek
from andon.organization.processes.queries import (
    Calendar,
    is_working_day,
    production_day,
    weeks_of_year,
    working_days,
)
from andon.records.trail.context import acting


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        # Winter: the site is one hour ahead of UTC.
        (datetime(2025, 3, 13, 5, 0, tzinfo=UTC), (date(2025, 3, 13), "E")),
        (datetime(2025, 3, 13, 12, 59, tzinfo=UTC), (date(2025, 3, 13), "E")),
        (datetime(2025, 3, 13, 13, 0, tzinfo=UTC), (date(2025, 3, 13), "L")),
        (datetime(2025, 3, 13, 21, 10, tzinfo=UTC), (date(2025, 3, 13), "N")),
        # Past midnight the night shift still belongs to the day on which it began.
        (datetime(2025, 3, 14, 4, 59, tzinfo=UTC), (date(2025, 3, 13), "N")),
        (datetime(2025, 3, 14, 5, 0, tzinfo=UTC), (date(2025, 3, 14), "E")),
        # Summer: two hours ahead.
        (datetime(2025, 7, 1, 4, 0, tzinfo=UTC), (date(2025, 7, 1), "E")),
        (datetime(2025, 7, 1, 3, 59, tzinfo=UTC), (date(2025, 6, 30), "N")),
    ],
)
def test_an_instant_belongs_to_the_shift_that_began_before_it(
    factory: Any, instant: datetime, expected: tuple[date, str]
) -> None:
    assert production_day(instant) == expected


def test_an_instant_in_no_shift_keeps_its_local_date(factory: Any, system: Any) -> None:
    with acting(system):
        factory["lathe"].shifts.clear()
        Shift.objects.filter(code="N").delete()
    assert production_day(datetime(2025, 3, 13, 23, 30, tzinfo=UTC)) == (date(2025, 3, 14), "")


def test_monday_to_friday_is_worked_unless_closed(system: Any) -> None:
    with acting(system):
        ClosedDay.objects.create(on=date(2025, 4, 18), reason="Good Friday")
    assert working_days(date(2025, 4, 14), date(2025, 4, 20)) == [
        date(2025, 4, day) for day in (14, 15, 16, 17)
    ]
    assert not is_working_day(date(2025, 4, 18))
    assert working_days(date(2025, 4, 20), date(2025, 4, 14)) == []


def test_another_work_week_is_data(system: Any) -> None:
    with acting(system):
        WorkWeek.objects.create(weekdays=[7])
    assert working_days(date(2025, 4, 14), date(2025, 4, 20)) == [date(2025, 4, 20)]


def test_weeks_of_the_year_leave_out_those_nobody_works(system: Any) -> None:
    with acting(system):
        for day in range(11, 16):
            ClosedDay.objects.create(on=date(2025, 8, day), reason="closed")
    numbers = [week.number for week in weeks_of_year(2025)]
    assert numbers == [number for number in range(1, 53) if number != 33]
    assert weeks_of_year(2020)[-1].number == 53


def test_the_runs_of_a_day_are_told_in_utc_and_the_night_ends_on_the_next(factory: Any) -> None:
    runs = Calendar.load().runs(date(2025, 3, 13))
    assert [run.shift for run in runs] == ["E", "L", "N"]
    assert runs[2].starts_at == datetime(2025, 3, 13, 21, tzinfo=UTC)
    assert runs[2].ends_at == datetime(2025, 3, 14, 5, tzinfo=UTC)
    assert Calendar.load().runs(date(2025, 3, 15)) == []
