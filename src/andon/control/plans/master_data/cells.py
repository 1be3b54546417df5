"""What a cell of the file says, for each kind of field; each error says what to write instead."""

import math
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_YES, _NO = {"true", "yes", "1", "x"}, {"false", "no", "0"}
_TEXT = gettext_lazy("write a text.")
_TRUTH = gettext_lazy("write true or false.")
_WHOLE = gettext_lazy("write a whole number.")
_NUMBER = gettext_lazy("write a number with a decimal point, such as 0.74.")
_DATE = gettext_lazy("write a date as 2025-06-02.")
_TIME = gettext_lazy("write a time as 06:00.")
_SEVERAL = gettext_lazy("write several with semicolons between.")


def is_empty(raw: Any) -> bool:
    """Tell whether a cell says nothing."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def read_cell(field: Any, raw: Any) -> Any:
    """Return the value of a cell for a field; ValueError says what to write instead."""
    for kind, read, _what in _READERS:
        if isinstance(field, kind):
            return read(raw)
    return _chosen(field, read_text(raw))


def what_to_write(field: Any) -> str:
    """Return what a cell of a field has to hold, as a sentence."""
    if choices := choices_of(field):
        return _one_of(choices)
    return str(next((what for kind, _read, what in _READERS if isinstance(field, kind)), _TEXT))


def choices_of(field: Any) -> list[str]:
    """Return the words out of which a cell of a field holds one; none for any text."""
    return [value for value, _label in field.flatchoices]


def read_text(raw: Any) -> str:
    """Return a text; a number written without quotes is one too."""
    if isinstance(raw, bool | list | dict):
        raise ValueError(_TEXT)
    return str(raw).strip()


def read_list(raw: Any) -> list[str]:
    """Return the parts of a list, or of a text with semicolons between them."""
    parts = raw if isinstance(raw, list) else read_text(raw).split(";")
    return [text for part in parts if (text := read_text(part))]


def _chosen(field: Any, text: str) -> str:
    choices = choices_of(field)
    if choices and text not in choices:
        raise ValueError(_one_of(choices))
    return text


def _one_of(choices: list[str]) -> str:
    return _("write one of: %(choices)s.") % {"choices": ", ".join(choices)}


def _truth(raw: Any) -> bool:
    text = str(raw).strip().lower()
    if text not in _YES | _NO:
        raise ValueError(_TRUTH)
    return text in _YES


def _whole(raw: Any) -> int:
    number = _number(raw)
    if not number.is_integer() or abs(number) > 2**31 - 1:
        raise ValueError(_WHOLE)
    return int(number)


def _number(raw: Any) -> float:
    try:
        number = float(read_text(raw))
    except ValueError:
        raise ValueError(_NUMBER) from None
    if not math.isfinite(number):
        raise ValueError(_("write a finite number."))
    return number


def _decimal(raw: Any) -> Decimal:
    _number(raw)
    try:
        return Decimal(read_text(raw))
    except InvalidOperation:
        raise ValueError(_NUMBER) from None


def _date(raw: Any) -> date:
    try:
        return datetime.fromisoformat(read_text(raw)).date()
    except ValueError:
        raise ValueError(_DATE) from None


def _time(raw: Any) -> time:
    try:
        # A spreadsheet keeps a time of day as an instant of its first day.
        return time.fromisoformat(read_text(raw).rpartition(" ")[2])
    except ValueError:
        raise ValueError(_TIME) from None


def _rules_or_days(raw: Any) -> list[int | str]:
    """Return a list whose numbers are numbers: the days of a week, or names of rules."""
    return [int(text) if text.isdecimal() else text for text in read_list(raw)]


_READERS: tuple[tuple[type[Any], Callable[[Any], Any], Any], ...] = (
    (models.BooleanField, _truth, _TRUTH),
    (models.IntegerField, _whole, _WHOLE),
    (models.FloatField, _number, _NUMBER),
    (models.DecimalField, _decimal, _NUMBER),
    (models.DateField, _date, _DATE),
    (models.TimeField, _time, _TIME),
    (models.JSONField, _rules_or_days, _SEVERAL),
)
