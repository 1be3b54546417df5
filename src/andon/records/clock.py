"""The one clock: every instant in Andon comes from here, so that a test or a demo can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

_fixed: ContextVar[datetime | None] = ContextVar("andon_fixed_time", default=None)


def now() -> datetime:
    """Return the present instant in UTC."""
    fixed = _fixed.get()
    if fixed is not None:
        return fixed
    return datetime.now(UTC) + timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)


def machine_now() -> datetime:
    """Return the machine's own instant: for jobs, which wait in the real time of all workers."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present date at the site."""
    return now().astimezone(site_zone()).date()


def site_zone() -> ZoneInfo:
    """Return the site's time zone, in which production dates are told."""
    return ZoneInfo(settings.SITE_TIME_ZONE)


def is_shifted() -> bool:
    """Tell whether the clock differs from the machine's."""
    return _fixed.get() is not None or settings.CLOCK_OFFSET_SECONDS != 0


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock at one instant: imports of past days and tests."""
    if at.tzinfo is None:
        message = "The clock needs an instant with a time zone."
        raise ValueError(message)
    token = _fixed.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
