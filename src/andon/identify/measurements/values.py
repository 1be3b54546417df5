"""Reading typed numbers and instants strictly: what is not clear is refused, never guessed."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

# ASCII digits only: float() would also take 1_000, full-width and Arabic digits.
NUMBER = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_NUMBER = re.compile(NUMBER)
_OTHER_THAN_ZERO = re.compile(r"[^eE]*[1-9]")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
LONGEST = 60
# Beyond these a float no longer tells what was typed: it skips whole numbers, or becomes zero.
LARGEST, SMALLEST = 1e15, 1e-300


class Unreadable(ValueError):
    """A text that is not the number or instant it should be; the message says why."""


def number(text: str) -> float:
    """Return the number within reach that a text means; a decimal comma is as good as a point.

    >>> number("0,7388"), number("1.5e-3")
    (0.7388, 0.0015)
    """
    plain = text.strip()
    if len(plain) > LONGEST or not _NUMBER.fullmatch(plain):
        raise Unreadable(_("“%(text)s” is not a number.") % {"text": plain[:LONGEST]})
    value = float(plain.replace(",", "."))
    if abs(value) > LARGEST:
        message = _("“%(text)s” is too large to be a measurement: use a larger unit.")
        raise Unreadable(message % {"text": plain})
    if abs(value) < SMALLEST and is_beside_zero(plain):
        message = _("“%(text)s” is too small to be a measurement: use a smaller unit.")
        raise Unreadable(message % {"text": plain})
    return value


def is_beside_zero(text: str) -> bool:
    """Tell whether the text of a number means another number than zero."""
    return bool(_OTHER_THAN_ZERO.match(text))


def count(text: str, *, most: int = 10**9) -> int:
    """Return the whole number, zero or more, that a text means."""
    value = number(text)
    if value != int(value) or not 0 <= value <= most:
        raise Unreadable(_("“%(text)s” is not a count of pieces.") % {"text": text})
    return int(value)


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant of an ISO 8601 text, in UTC; without an offset it is the site's time."""
    plain = text.strip()
    if not _INSTANT.fullmatch(plain):
        message = _("“%(text)s” is not a date and time such as 2025-03-11 06:15.")
        raise Unreadable(message % {"text": plain[:LONGEST]})
    try:
        told = datetime.fromisoformat(plain)
        return told.astimezone(UTC) if told.tzinfo else _of_site(told, zone, plain)
    except Unreadable:
        raise
    except (ValueError, OverflowError) as error:  # years 1 and 9999 leave the calendar in UTC
        raise Unreadable(_("“%(text)s” is not a day of the calendar.") % {"text": plain}) from error


def _of_site(told: datetime, zone: ZoneInfo, text: str) -> datetime:
    """Read a wall-clock time; the change of summer time skips some and lets others happen twice."""
    at = told.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != told:
        raise Unreadable(_("“%(text)s” does not exist: the clock skips it.") % {"text": text})
    if at != told.replace(tzinfo=zone, fold=1).astimezone(UTC):
        message = _("“%(text)s” happens twice that night: give it an offset such as +02:00.")
        raise Unreadable(message % {"text": text})
    return at
