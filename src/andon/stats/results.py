"""What every result carries: method, options, convention and source as data, and a lossless dict.

Engines disagree because their conventions are hidden; a result of ours states them and is kept as
evidence, so it turns into plain JSON data and back without loss.
"""

import math
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any, Self, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

__all__ = ["Interval", "Result"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence, prediction or tolerance interval; an open side is minus or plus infinity."""

    low: float
    high: float
    level: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Base of every result.

    Attributes:
        method: name of the function that made it.
        options: the options it ran with, defaults included.
        convention: the choices on which engines differ, in words.
        source: the publication the formula is from.
    """

    method: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    convention: str = ""
    source: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data: arrays as lists, NaN as None, infinity as a word."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the result whose `to_dict` gave this data."""
        return _build(cls, data)


def to_plain(value: Any) -> Any:
    """Return the value as data that `json.dumps(..., allow_nan=False)` accepts.

    >>> to_plain({"limits": np.array([1.0, np.nan]), "open": Interval(-np.inf, 2.0, 0.95)})
    {'limits': [1.0, None], 'open': {'low': '-Infinity', 'high': 2.0, 'level': 0.95}}
    """
    if isinstance(value, np.ndarray | np.generic | Enum):
        return to_plain(value.value if isinstance(value, Enum) else value.tolist())
    if is_dataclass(value):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    return _plain_number(value) if isinstance(value, float) else value


def _plain_number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(value)


def _build(cls: type[T], data: Mapping[str, Any]) -> T:
    hints = get_type_hints(cls)
    known = {name: from_plain(hints[name], data[name]) for name in hints if name in data}
    return cls(**known)


def from_plain(hint: Any, value: Any) -> Any:
    """Return what a field of this type held before `to_plain`."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _from_union(arguments, value)
    if origin is not None:
        return _from_container(origin, arguments, value)
    if isinstance(hint, type) and is_dataclass(hint):
        return _build(hint, value)
    return _scalar(hint, value)


def _from_container(origin: Any, arguments: tuple[Any, ...], value: Any) -> Any:
    if origin is np.ndarray:
        return _array(arguments, value)
    if origin is tuple:
        return _from_tuple(arguments, value)
    if origin is list:
        return [from_plain(arguments[0], item) for item in value]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: from_plain(arguments[1], item) for key, item in value.items()}
    return value


def _from_union(arguments: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None if type(None) in arguments else math.nan
    shaped = isinstance(value, list | Mapping)
    for hint in arguments:
        if hint is not type(None) and shaped is (
            get_origin(hint) is not None or is_dataclass(hint)
        ):
            return from_plain(hint, value)
    return value


def _from_tuple(arguments: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(from_plain(arguments[0], item) for item in value)
    return tuple(from_plain(hint, item) for hint, item in zip(arguments, value, strict=True))


def _array(arguments: tuple[Any, ...], value: list[Any]) -> np.ndarray[Any, Any]:
    scalar = get_args(arguments[1])[0]
    return np.array(value, dtype=np.float64 if scalar is Any else scalar)


def _scalar(hint: Any, value: Any) -> Any:
    if hint is float:
        return math.nan if value is None else float(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
