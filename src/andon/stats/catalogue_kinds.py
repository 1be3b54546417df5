"""What a parameter of a statistic takes, read from its annotation alone.

========= ==================================================================================
kind      takes
========= ==================================================================================
column    one column of numbers or labels (several side by side where a table is meant)
groups    several columns, one for each group, or rows of unequal length
labels    one column of labels
factors   several columns, each by its name
list      a short list, as an option or as a column
option    one value, or a structure as JSON
========= ==================================================================================
"""

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.factors import Factor
from andon.stats.rules import Rule

__all__ = [
    "INPUTS",
    "Kind",
    "choices_of",
    "is_absent_allowed",
    "kind_of",
    "told_type",
    "without_none",
]

Kind = Literal["column", "groups", "labels", "factors", "list", "option"]
INPUTS: tuple[Kind, ...] = ("column", "groups", "labels", "factors", "list")
_ARRAY = frozenset(get_args(ArrayLike))
_SCALARS = (int, float, str, bool)
_PLAIN_NAMES = {int: "whole number", float: "number", str: "text", bool: "yes or no"}


def kind_of(hint: Any) -> Kind | None:
    """Return what the parameter takes; None when only Python can give it.

    >>> kind_of(ArrayLike), kind_of(Sequence[ArrayLike]), kind_of(float | None)
    ('column', 'groups', 'option')
    """
    members = _members(hint)
    if any(_is_named_columns(member) for member in members):
        return "factors"
    if any(_is_groups(member) for member in members):
        return "groups"
    if members >= _ARRAY:
        return "column"
    if Factor in members:
        return "labels"
    rest = without_none(hint)
    if _is_list(rest):
        return "list"
    return "option" if _is_option(rest) else None


def without_none(hint: Any) -> Any:
    """Return the annotation without its None."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    kept = tuple(member for member in get_args(hint) if member is not type(None))
    return Union[kept]  # noqa: UP007 - built from what is left


def is_absent_allowed(hint: Any) -> bool:
    """Return whether None may be given."""
    return type(None) in get_args(hint)


def choices_of(hint: Any) -> tuple[str, ...]:
    """Return the words an option may be; empty when it is not a choice.

    >>> choices_of(Literal["less", "greater"])
    ('less', 'greater')
    """
    rest = without_none(hint)
    if get_origin(rest) is Literal:
        return tuple(str(word) for word in get_args(rest))
    if isinstance(rest, type) and issubclass(rest, Enum):
        return tuple(str(member.value) for member in rest)
    return ("no", "yes") if rest is bool else ()


def told_type(hint: Any) -> str:
    """Return the type in words.

    >>> told_type(float | None), told_type(tuple[Rule, ...]), told_type(Sequence[str])
    ('number', 'rules', 'list of text')
    """
    kind, rest = kind_of(hint), without_none(hint)
    if kind == "list":
        return f"list of {_PLAIN_NAMES.get(get_args(rest)[0], 'values')}"
    if kind != "option":
        return kind or "Python object"
    if _is_rules(rest):
        return "rules"
    if choices_of(hint):
        return "choice"
    return _PLAIN_NAMES.get(rest, getattr(rest, "__name__", "") or "JSON")


def _members(hint: Any) -> frozenset[Any]:
    if get_origin(hint) in (Union, types.UnionType):
        return frozenset(get_args(hint))
    return frozenset([hint])


def _is_named_columns(hint: Any) -> bool:
    if get_origin(hint) is not Mapping:
        return False
    return kind_of(get_args(hint)[1]) in ("column", "labels")


def _is_groups(hint: Any) -> bool:
    return get_origin(hint) is Sequence and _members(get_args(hint)[0]) >= _ARRAY


def _is_list(hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Sequence, Iterable):
        return arguments[0] in _SCALARS
    return origin is tuple and arguments[-1] is Ellipsis and arguments[0] in _SCALARS


def _is_rules(hint: Any) -> bool:
    return get_origin(hint) in (tuple, Iterable) and get_args(hint)[0] is Rule


def _is_option(hint: Any) -> bool:
    if hint in _SCALARS or _is_rules(hint) or get_origin(hint) is Literal:
        return True
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, Enum)):
        return not any(_is_code(field) for field in getattr(hint, "__annotations__", {}).values())
    return get_origin(hint) in (Mapping, Sequence, tuple, np.ndarray) and all(
        argument is Ellipsis or _is_option(argument) for argument in get_args(hint)
    )


def _is_code(hint: Any) -> bool:
    return get_origin(hint) is Callable or get_origin(hint) is type
