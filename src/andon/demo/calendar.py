"""When the factory works: the days of 2025, its shifts and the instants things are measured."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

__all__ = [
    "BASELINE_END",
    "SHIFT_STARTS",
    "SITE_ZONE",
    "instant",
    "is_delivery_day",
    "iso_week",
    "working_days",
]

SITE_ZONE = "Europe/Berlin"
SHIFT_STARTS = {"E": 6, "L": 14, "N": 22}
# Phase I, from which limits are frozen, runs from the first working day to this one.
BASELINE_END = date(2025, 2, 28)

_HOLIDAYS = frozenset({date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 1)})
_CLOSURES = (
    (date(2025, 8, 11), date(2025, 8, 22)),
    (date(2025, 12, 22), date(2025, 12, 31)),
)


@cache
def working_days() -> tuple[date, ...]:
    """Return the 239 working days of 2025: Monday to Friday without holidays and closures.

    >>> len(working_days()), working_days()[0].isoformat(), working_days()[-1].isoformat()
    (239, '2025-01-02', '2025-12-19')
    """
    return tuple(day for day in _days_of_year() if _is_working_day(day))


def is_delivery_day(day: date) -> bool:
    """Say whether springs are delivered: on working Tuesdays and Thursdays."""
    return day.weekday() in {1, 3} and _is_working_day(day)


def iso_week(day: date) -> int:
    """Return the ISO 8601 week number of the day.

    >>> iso_week(date(2025, 7, 4))
    27
    """
    return day.isocalendar().week


def instant(day: date, shift: str, minutes: int) -> datetime:
    """Return the UTC instant so many minutes after the shift starts at the site.

    The night shift's measurements end before midnight, so that the production date stays the
    local date of the instant.

    >>> instant(date(2025, 1, 2), "E", 10).isoformat()
    '2025-01-02T05:10:00+00:00'
    """
    start = datetime.combine(day, time(SHIFT_STARTS[shift]), tzinfo=ZoneInfo(SITE_ZONE))
    return start.astimezone(UTC) + timedelta(minutes=minutes)


def _days_of_year() -> Iterator[date]:
    first = date(2025, 1, 1)
    return (first + timedelta(days=number) for number in range(365))


def _is_working_day(day: date) -> bool:
    closed = any(first <= day <= last for first, last in _CLOSURES)
    return day.weekday() < 5 and day not in _HOLIDAYS and not closed
