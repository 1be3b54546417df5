"""Texts and JSON to what a statistic's parameter takes, each refusal naming the option."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import numpy as np

from andon.stats.catalogue_kinds import (
    choices_of,
    is_absent_allowed,
    kind_of,
    told_type,
    without_none,
)
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result, from_plain
from andon.stats.rules import FAMILIES, Rule, choose_rules

__all__ = ["convert", "read_rules"]

_WORDS = {"yes": True, "true": True, "1": True, "on": True,
          "no": False, "false": False, "0": False, "off": False}  # fmt: skip
_STRUCTURE = "JSON or name=value,name=value"


def convert(name: str, hint: Any, value: Any) -> Any:
    """Return the value as the annotation wants it, from text or from JSON data.

    Raises:
        InvalidOption: the text does not say such a value.

    >>> convert("level", float, "0.9"), convert("time_varying", bool, "no")
    (0.9, False)
    """
    is_word = isinstance(value, str)
    if is_absent_allowed(hint) and (value is None or (is_word and value in ("", "none"))):
        return None
    rest = without_none(hint)
    kind = kind_of(hint)
    if kind == "column":
        return _array(name, value)
    if kind in ("groups", "labels"):
        return _row(name, value, kind)
    if kind == "factors":
        return _named(name, hint, value)
    if kind == "list":
        return _list(name, rest, value)
    return _option(name, rest, value)


def read_rules(name: str, value: Any) -> Any:
    """Return the rules of "nelson", "nelson:1,5" or a list of rules as JSON.

    >>> [rule.number for rule in read_rules("rules", "nelson:1,5")]
    [1, 5]
    """
    if not isinstance(value, str):
        return _built(name, tuple[Rule, ...], value)
    family, _, numbers = value.partition(":")
    if family not in FAMILIES:
        allowed = "one of " + ", ".join(FAMILIES) + ", if wanted with numbers as nelson:1,5"
        raise InvalidOption(name, value, allowed)
    wanted = _list(name, Sequence[int], numbers) if numbers else None
    return choose_rules(family, wanted)


def _array(name: str, value: Any) -> Any:
    """Return columns as they are; a text is a list or JSON."""
    if isinstance(value, str):
        return _from_json(name, value, "list") if value[:1] == "[" else _texts(value, float, name)
    return value


def _row(name: str, value: Any, kind: str) -> Any:
    """Return a list of labels, or of groups of values; a text is a list or JSON."""
    if isinstance(value, str) and kind == "labels" and value.lstrip()[:1] != "[":
        return _texts(value, str, name)
    row = _array(name, value)
    if not isinstance(row, Sequence | np.ndarray):
        raise InvalidOption(name, row, f"a list of {'values' if kind == 'groups' else kind}")
    return row


def _named(name: str, hint: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = _from_json(name, value, "columns")
    if not isinstance(value, Mapping) and "Buffer" not in str(hint):
        raise InvalidOption(name, type(value).__name__, "columns, each by its name")
    return value


def _list(name: str, hint: Any, value: Any) -> Any:
    element = get_args(hint)[0]
    if isinstance(value, str) and value[:1] == "[":
        value = _from_json(name, value, "list")
    if isinstance(value, str):
        items = _texts(value, element, name)
    elif isinstance(value, Sequence | np.ndarray):
        cells = value.tolist() if isinstance(value, np.ndarray) else value
        items = [_scalar(name, element, cell) for cell in cells]
    else:
        items = [_scalar(name, element, value)]
    for item in items:
        _require_said(name, item)
    return tuple(items) if get_origin(hint) is tuple else items


def _texts(text: str, element: Any, name: str) -> list[Any]:
    return [_scalar(name, element, part.strip()) for part in text.split(",") if part.strip()]


def _option(name: str, hint: Any, value: Any) -> Any:
    if told_type(hint) == "rules":
        return read_rules(name, value)
    if hint in (int, float, str, bool):
        return _require_said(name, _scalar(name, hint, value))
    if choices_of(hint):
        return _choice(name, hint, value)
    data = _structure(name, hint, value) if isinstance(value, str) else value
    return _built(name, hint, data)


def _choice(name: str, hint: Any, value: Any) -> Any:
    is_literal = get_origin(hint) is Literal
    members = get_args(hint) if is_literal else tuple(hint)
    for member in members:
        told = member.value if isinstance(member, Enum) else member
        if str(told) == str(value):
            return member
    raise InvalidOption(name, value, "one of " + ", ".join(choices_of(hint)))


def _scalar(name: str, hint: Any, value: Any) -> Any:
    if hint is bool:
        return _truth(name, value)
    if hint is str:
        return _text(name, value)
    if isinstance(value, bool):
        raise InvalidOption(name, value, "a number")
    try:
        number = float(value)
        return _whole(name, number) if hint is int else number
    except (TypeError, ValueError, OverflowError) as error:
        allowed = "a whole number" if hint is int else "a number, with a point for the decimals"
        raise InvalidOption(name, value, allowed) from error


def _text(name: str, value: Any) -> str:
    is_nan = isinstance(value, float) and math.isnan(value)
    if value is None or is_nan or isinstance(value, Mapping | list | tuple):
        raise InvalidOption(name, value, "text")
    return str(value)


def _require_said(name: str, value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidOption(name, value, "a finite number")
    return value


def _whole(name: str, number: float) -> int:
    if number != int(number):
        raise InvalidOption(name, number, "a whole number")
    return int(number)


def _truth(name: str, value: Any) -> bool:
    found = value if isinstance(value, bool) else _WORDS.get(str(value).strip().lower())
    if found is None:
        found = _WORDS.get(f"{value:g}") if isinstance(value, float) else None
    if found is None:
        raise InvalidOption(name, value, "yes or no")
    return found


def _structure(name: str, hint: Any, text: str) -> Any:
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(name, text, _STRUCTURE)
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(middle for _, middle, _ in pairs):
        raise InvalidOption(name, text, _STRUCTURE)
    return {key.strip(): _number_or_text(value.strip()) for key, _, value in pairs}


def _number_or_text(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _built(name: str, hint: Any, data: Any) -> Any:
    if get_origin(hint) is Sequence and isinstance(data, list):
        return [_built(name, get_args(hint)[0], item) for item in data]
    if get_origin(hint) is Sequence:
        raise InvalidOption(name, data, "a list")
    if is_dataclass(hint) and isinstance(data, Mapping):
        known = {item.name for item in fields(hint)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise InvalidOption(name, unknown[0], f"built from {', '.join(sorted(known))}")
    try:
        return _complete(name, from_plain(hint, data))
    except StatisticsError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        wanted = getattr(hint, "__name__", "structure")
        raise InvalidOption(name, "this", f"a {wanted} as {_STRUCTURE} ({error})") from error


def _complete(name: str, built: Any) -> Any:
    """Return what was built unless a number of it is missing; results may hold NaN on purpose."""
    if is_dataclass(built) and not isinstance(built, Result):
        for item in fields(built):
            value = getattr(built, item.name)
            if isinstance(value, float) and math.isnan(value):
                raise InvalidOption(f"{name}.{item.name}", value, "a number")
    return built


def _from_json(name: str, text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidOption(name, text[:40], f"{what} written as JSON ({error})") from error
