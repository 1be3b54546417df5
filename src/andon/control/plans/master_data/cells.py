"""What a cell of the file says, for each kind of field; each error says what to write instead."""

import math
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

_YES, _NO = {"true", "yes", "1", "x"}, {"false", "no", "0"}


def is_empty(raw: Any) -> bool:
    """Tell whether a cell says nothing."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def read_cell(field: Any, raw: Any) -> Any:
    """Return the value of a cell for a field; ValueError says what to write instead."""
    for kind, read in _READERS:
        if isinstance(field, kind):
            return read(raw)
    return _chosen(field, read_text(raw))


def read_text(raw: Any) -> str:
    """Return a text; a number written without quotes is one too."""
    if isinstance(raw, bool | list | dict):
        raise ValueError(_("write a text."))
    return str(raw).strip()


def read_list(raw: Any) -> list[str]:
    """Return the parts of a list, or of a text with semicolons between them."""
    parts = raw if isinstance(raw, list) else read_text(raw).split(";")
    return [text for part in parts if (text := read_text(part))]


def _chosen(field: Any, text: str) -> str:
    choices = [value for value, _label in field.flatchoices]
    if choices and text not in choices:
        raise ValueError(_("write one of: %(choices)s.") % {"choices": ", ".join(choices)})
    return text


def _truth(raw: Any) -> bool:
    text = str(raw).strip().lower()
    if text not in _YES | _NO:
        raise ValueError(_("write true or false."))
    return text in _YES


def _whole(raw: Any) -> int:
    number = _number(raw)
    if not number.is_integer() or abs(number) > 2**31 - 1:
        raise ValueError(_("write a whole number."))
    return int(number)


def _number(raw: Any) -> float:
    try:
        number = float(read_text(raw))
    except ValueError:
        raise ValueError(_("write a number with a decimal point, such as 0.74.")) from None
    if not math.isfinite(number):
        raise ValueError(_("write a finite number."))
    return number


def _decimal(raw: Any) -> Decimal:
    _number(raw)
    try:
        return Decimal(read_text(raw))
    except InvalidOperation:
        raise ValueError(_("write a number with a decimal point, such as 0.74.")) from None


def _date(raw: Any) -> date:
    try:
        return datetime.fromisoformat(read_text(raw)).date()
    except ValueError:
        raise ValueError(_("write a date as 2025-06-02.")) from None


def _time(raw: Any) -> time:
    try:
        # A spreadsheet keeps a time of day as an instant of its first day.
        return time.fromisoformat(read_text(raw).rpartition(" ")[2])
    except ValueError:
        raise ValueError(_("write a time as 06:00.")) from None


def _rules_or_days(raw: Any) -> list[int | str]:
    """Return a list whose numbers are numbers: the days of a week, or names of rules."""
    return [int(text) if text.isdecimal() else text for text in read_list(raw)]


_READERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (models.BooleanField, _truth),
    (models.IntegerField, _whole),
    (models.FloatField, _number),
    (models.DecimalField, _decimal),
    (models.DateField, _date),
    (models.TimeField, _time),
    (models.JSONField, _rules_or_days),
)
