"""Readers of single values of a plan: a text of a form or a value of JSON in, plain JSON out."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from andon.identify.measurements import values

Reader = Callable[[Any], Any]
_LONGEST = 10_000
_PAIR = 2


def number(given: Any) -> float:
    """Return a finite number."""
    if isinstance(given, bool):
        raise ValueError(_("“%(text)s” is not a number.") % {"text": given})
    return values.number(str(given))


def positive(given: Any) -> float:
    """Return a number above zero."""
    found = number(given)
    if found <= 0:
        raise ValueError(_("must be above zero"))
    return found


def count(least: int, most: int) -> Reader:
    """Return a reader of a whole number in a range."""

    def read(given: Any) -> int:
        found = number(given)
        if found != int(found) or not least <= found <= most:
            told = {"least": least, "most": most}
            raise ValueError(_("a whole number from %(least)d to %(most)d") % told)
        return int(found)

    return read


def choice(*words: str) -> Reader:
    """Return a reader of one of some words."""

    def read(given: Any) -> str:
        if given not in words:
            raise ValueError(_("one of %(words)s") % {"words": ", ".join(words)})
        return str(given)

    return read


def text(most: int) -> Reader:
    """Return a reader of a short text."""

    def read(given: Any) -> str:
        found = str(given).strip()
        if len(found) > most:
            raise ValueError(_("at most %(n)d characters") % {"n": most})
        return found

    return read


def names(least: int, most: int) -> Reader:
    """Return a reader of names, separated by commas, semicolons or lines."""

    def read(given: Any) -> list[str]:
        found = _items(given, r"[,;\n]")
        if not least <= len(found) <= most:
            told = {"least": least, "most": most, "n": len(found)}
            raise ValueError(_("%(least)d to %(most)d names, not %(n)d") % told)
        if any(len(each) > 60 for each in found):
            raise ValueError(_("a name has at most 60 characters"))
        return found

    return read


def numbers(least: int, most: int) -> Reader:
    """Return a reader of numbers, separated by semicolons, spaces or lines."""

    def read(given: Any) -> list[float]:
        found = [number(each) for each in _items(given, r"[;\s]+")]
        if not least <= len(found) <= most:
            told = {"least": least, "most": most, "n": len(found)}
            raise ValueError(_("%(least)d to %(most)d numbers, not %(n)d") % told)
        return found

    return read


def day(given: Any) -> str:
    """Return a day as ISO text."""
    try:
        return date.fromisoformat(str(given).strip()).isoformat()
    except ValueError as error:
        raise ValueError(_("a day such as 2025-03-11")) from error


def factors(given: Any) -> list[dict[str, Any]]:
    """Return factors from lines "name; low; high; unit", or from JSON objects of these names."""
    lines: Sequence[Any] = given if isinstance(given, list) else _items(given, r"\n")
    found = [_factor(place, line) for place, line in enumerate(lines, 1)]
    if len({one["name"] for one in found}) < len(found):
        raise ValueError(_("two factors have the same name"))
    return found


def shown(value: Any) -> str:
    """Return a planned value as the text that is read back to it."""
    if isinstance(value, float):
        return f"{value:.15g}"
    if not isinstance(value, list):
        return "" if value is None else str(value)
    if value and isinstance(value[0], dict):
        return "\n".join("; ".join(map(shown, one.values())) for one in value)
    mark = "; " if value and isinstance(value[0], float) else ", "
    return mark.join(map(shown, value))


def _factor(place: int, line: Any) -> dict[str, Any]:
    parts = list(line.values()) if isinstance(line, dict) else re.split(r"[;\t]", str(line))
    told = [str(part).strip() for part in parts]
    if not 1 + _PAIR <= len(told) <= 2 + _PAIR or not told[0]:
        raise ValueError(_("line %(n)d is not “name; low; high; unit”") % {"n": place})
    try:
        low, high = number(told[1]), number(told[2])
    except ValueError as error:
        raise ValueError(_("line %(n)d: %(why)s") % {"n": place, "why": error}) from error
    if low >= high:
        raise ValueError(_("line %(n)d: low is not below high") % {"n": place})
    return {"name": told[0][:60], "low": low, "high": high, "unit": (told[3:] or [""])[0][:20]}


def _items(given: Any, pattern: str) -> list[str]:
    parts = given if isinstance(given, list) else re.split(pattern, str(given)[:_LONGEST])
    return [found for each in parts if (found := str(each).strip())]
