"""Days as people write them, in an address or a form that no model stands behind."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from andon.records.errors import Refused

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Years outside are typing errors, and some time zone could not tell their first or last day."""


def day_of(asked: Mapping[str, Any], name: str) -> date | None:
    """Return the day that is asked for under a name; None when none is.

    Raises:
        Refused: it is no day, or none of these centuries.
    """
    text = str(asked.get(name) or "").strip()
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        message = _("Write a day as 2025-03-11, not “%(text)s”.")
        raise Refused.because(message % {"text": text[:40]}, name) from error
    if day is not None:
        refuse_odd_year(day, name)
    return day


def refuse_odd_year(day: date, name: str) -> None:
    """Refuse a day or instant whose year must be a typing error.

    Raises:
        Refused: the year is outside.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        text = _("The year is between %(first)d and %(last)d.")
        raise Refused.because(text % {"first": FIRST_YEAR, "last": LAST_YEAR}, name)
