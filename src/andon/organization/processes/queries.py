"""The calendar in questions: which production day, is it worked, which weeks are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from andon.organization.processes.models import ClosedDay, Shift, WorkWeek, monday_to_friday
from andon.records import clock

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """An ISO week in which at least one day is worked."""

    year: int
    number: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ShiftRun:
    """One shift of one production day: from `starts_at` until just before `ends_at` (UTC)."""

    on: date
    shift: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """Shifts, weekdays and closed days, read once and then asked as often as needed."""

    shifts: tuple[Shift, ...]
    weekdays: frozenset[int]
    closed: frozenset[date]

    @classmethod
    def load(cls) -> Self:
        """Return the calendar as it is stored, in three reads."""
        week = WorkWeek.objects.first()
        return cls(
            shifts=tuple(Shift.objects.all()),
            weekdays=frozenset(week.weekdays if week else monday_to_friday()),
            closed=frozenset(ClosedDay.objects.values_list("on", flat=True)),
        )

    def production_day(self, instant: datetime) -> tuple[date, str]:
        """Return production day and shift of an instant; no shift is told as "".

        What a night shift makes past midnight belongs to the day on which the shift began.
        """
        local = instant.astimezone(clock.site_zone())
        moment = local.time().replace(tzinfo=None)
        for shift in self.shifts:
            if shift.covers(moment):
                has_begun_yesterday = shift.is_past_midnight and moment < shift.ends_at
                return local.date() - has_begun_yesterday * _DAY, shift.code
        return local.date(), ""

    def is_working_day(self, on: date) -> bool:
        """Tell whether the organization works on a day."""
        return on.isoweekday() in self.weekdays and on not in self.closed

    def working_days(self, since: date, until: date) -> list[date]:
        """Return the days worked from `since` to `until`, both included."""
        days = (since + number * _DAY for number in range((until - since).days + 1))
        return [day for day in days if self.is_working_day(day)]

    def weeks_of_year(self, year: int) -> list[WorkingWeek]:
        """Return the weeks of an ISO year in which at least one day is worked."""
        weeks = (
            WorkingWeek(year, number, tuple(self.working_days(monday, monday + 6 * _DAY)))
            for number, monday in enumerate(_mondays(year), start=1)
        )
        return [week for week in weeks if week.days]

    def runs(self, on: date) -> list[ShiftRun]:
        """Return the shifts of a working day with their instants; none on a closed day."""
        return [self._run(on, shift) for shift in self.shifts] if self.is_working_day(on) else []

    def _run(self, on: date, shift: Shift) -> ShiftRun:
        zone = clock.site_zone()
        starts = datetime.combine(on, shift.starts_at, tzinfo=zone)
        ends_on = on + shift.is_past_midnight * _DAY
        ends = datetime.combine(ends_on, shift.ends_at, tzinfo=zone)
        return ShiftRun(on, shift.code, starts.astimezone(UTC), ends.astimezone(UTC))


def production_day(instant: datetime) -> tuple[date, str]:
    """Return production day and shift code of an instant."""
    return Calendar.load().production_day(instant)


def is_working_day(on: date) -> bool:
    """Tell whether the organization works on a day."""
    return Calendar.load().is_working_day(on)


def working_days(since: date, until: date) -> list[date]:
    """Return the days worked from `since` to `until`, both included."""
    return Calendar.load().working_days(since, until)


def weeks_of_year(year: int) -> list[WorkingWeek]:
    """Return the weeks of an ISO year in which at least one day is worked."""
    return Calendar.load().weeks_of_year(year)


def _mondays(year: int) -> Iterator[date]:
    monday = date.fromisocalendar(year, 1, 1)
    while monday.isocalendar().year == year:
        yield monday
        monday += timedelta(weeks=1)
