"""Is a row what the trail says? The same value is written in two ways by the two databases.

An entry that came from the other database by a move stays as it was written there, so that its
digest holds; here its values are compared by what they mean, for the kind of their column.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any


def is_alike(kind: str, told: Any, stored: Any) -> bool:
    """Tell whether the told and the stored value of a column of this kind are the same."""
    if told == stored or kind == "json":
        return bool(told == stored) or _is_same_content(told, stored)
    if told is None or stored is None:
        return False
    one, other = str(told), str(stored)
    if kind in ("real", "decimal"):
        return _is_same_number(kind, one, other)
    return _digits(one) == _digits(other) if kind == "binary" else _is_same_instant(one, other)


def _digits(text: str) -> str:
    return text.removeprefix("\\x").lower()


def _is_same_number(kind: str, one: str, other: str) -> bool:
    try:
        if kind == "real":
            return float(one) == float(other)
        return Decimal(one) == Decimal(other)
    except (ValueError, InvalidOperation):
        return False


def _is_same_content(told: Any, stored: Any) -> bool:
    """Compare content with content that is written as a text: SQLite keeps JSON so."""
    return _is_text_of(told, stored) or _is_text_of(stored, told)


def _is_text_of(text: Any, content: Any) -> bool:
    if not isinstance(text, str):
        return False
    try:
        return _is_equal(json.loads(text, parse_float=str), content)
    except ValueError:
        return False


def _is_equal(one: Any, other: Any) -> bool:
    """Compare JSON of which fractions were left as they are written."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_equal(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if one == other:
        return True
    is_number = isinstance(one, str | int) and isinstance(other, str | int)
    return is_number and _is_same_number("real", str(one), str(other))


def _is_same_instant(told: str, stored: str) -> bool:
    if len(told) < len("2025-03-13T12:00:00") or told[4:5] != "-" or stored[4:5] != "-":
        return False
    try:
        first, second = datetime.fromisoformat(told), datetime.fromisoformat(stored)
    except ValueError:
        return False
    return _in_utc(first) == _in_utc(second)


def _in_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
