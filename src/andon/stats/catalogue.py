"""The catalogue: every public statistic with what it takes, read from its own signature.

A function in the `__all__` of a module of `andon.stats` that returns a `Result` is a method, and so
is one of `andon.stats` itself that returns a bare figure. What it takes follows from its
annotations, what it means from its docstring; nothing is listed twice, so a new statistic is here,
on the command line and in the interface as soon as it is written.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from andon.stats import __all__ as public_names
from andon.stats.catalogue_conversion import convert
from andon.stats.catalogue_kinds import INPUTS, Kind, choices_of, kind_of, told_type
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result, to_plain
from andon.stats.rule_rates import false_alarms_per_thousand
from andon.stats.rules import FAMILIES

__all__ = [
    "Answer",
    "Method",
    "Parameter",
    "absent",
    "arguments_of",
    "describe",
    "methods",
    "run",
]

_EMPTY = inspect.Parameter.empty
_MISFITS = (TypeError, ValueError, LookupError, AttributeError, StopIteration)
_ENTRY = re.compile(r"(?:^|; )([a-z_]+(?:, [a-z_]+)*): ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Result):
    """What a method told that returns a bare figure, table or word."""

    value: Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method."""

    name: str
    kind: Kind | None
    """None: only Python can give it."""
    type: str
    choices: tuple[str, ...]
    is_required: bool
    default: Any
    text: str
    hint: Any
    is_keyword: bool

    @property
    def is_input(self) -> bool:
        """Whether it may be filled from columns."""
        return self.kind in INPUTS

    @property
    def is_placed(self) -> bool:
        """Whether columns fill it by their order; names and other words of its own stay options."""
        return self.is_input and not (self.kind == "list" and self.is_keyword)

    def to_dict(self) -> dict[str, Any]:
        """Return the parameter as plain JSON data."""
        names = ("name", "kind", "type", "choices", "is_required", "text")
        told = {name: to_plain(getattr(self, name)) for name in names}
        told["default"] = None if self.is_required else to_plain(self.default)
        return told | ({"false_alarms": _false_alarms()} if self.type == "rules" else {})


@dataclass(frozen=True, slots=True)
class Method:
    """A statistic: its function, what it takes, and why it cannot be offered where it cannot."""

    name: str
    summary: str
    text: str
    source: str
    module: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any]

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """The parameters that may be filled from columns."""
        return tuple(parameter for parameter in self.parameters if parameter.is_input)

    @property
    def reason_absent(self) -> str:
        """Why it is no method for a command or a request; empty when it is one."""
        is_step = self.name not in public_names
        for parameter in self.parameters:
            if not parameter.is_required:
                continue
            if parameter.kind is None:
                return f"{parameter.name} is {parameter.type}, which only Python can give"
            if is_step and is_dataclass(parameter.hint):
                return f"a step inside other methods: takes their {parameter.type}"
        return ""

    def to_dict(self) -> dict[str, Any]:
        """Return the description as plain JSON data."""
        names = ("name", "summary", "text", "source", "module")
        parameters = [each.to_dict() for each in self.parameters if each.kind]
        return {name: getattr(self, name) for name in names} | {"parameters": parameters}


def methods() -> tuple[Method, ...]:
    """Return every method, by name."""
    return tuple(method for method in _all().values() if not method.reason_absent)


def absent() -> dict[str, str]:
    """Return what returns a result but cannot be offered, with the reason."""
    found = {name: method.reason_absent for name, method in _all().items()}
    return {name: reason for name, reason in found.items() if reason}


def describe(name: str) -> Method:
    """Return a method.

    Raises:
        InvalidOption: there is none of this name; the message names similar ones.

    >>> [parameter.name for parameter in describe("compare_pairs").inputs]
    ['first', 'second']
    """
    found = _all().get(name.replace("-", "_"))
    if found is None or found.reason_absent:
        raise InvalidOption("method", name, _similar(name))
    return found


def run(
    name: str,
    columns: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Result:
    """Return the method's result from columns and options, as text or as JSON data.

    Raises:
        StatisticsError: names the option or the input that is wrong, and what is needed.

    >>> columns = {"values": [9.0, 10.0, 11.0, 10.0]}
    >>> run("compare_mean_to", columns, {"target": "9"}).estimate
    10.0
    """
    method = describe(name)
    arguments = arguments_of(name, columns, options)
    try:
        return _as_result(method, arguments)
    except StatisticsError:
        raise
    except ArithmeticError as error:
        message = f"{method.name} cannot compute with numbers as large or small as these: {error}"
        raise StatisticsError(message) from error
    except (*_MISFITS, MemoryError) as error:
        message = f"{method.name} cannot work with this input: {error}"
        raise StatisticsError(message) from error


def _as_result(method: Method, arguments: Mapping[str, Any]) -> Result:
    found = method.function(**arguments)
    if isinstance(found, Result):
        return found
    options = {each.name: arguments.get(each.name, each.default)
               for each in method.parameters if not each.is_input}  # fmt: skip
    return Answer(method=method.name, options=options, source=method.source, value=found)


def arguments_of(
    name: str,
    columns: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return columns and options as the method takes them; `run` computes from the same.

    Raises:
        StatisticsError: as for `run`.

    >>> arguments_of("compare_mean_to", {"values": "9,10"}, {"target": "9"})
    {'values': [9.0, 10.0], 'target': 9.0}
    """
    method = describe(name)
    given = {**(columns or {}), **(options or {})}
    known = {parameter.name: parameter for parameter in method.parameters if parameter.kind}
    for each in given:
        if each not in known:
            raise InvalidOption("the name of an option or input", each, _one_of(known))
    missing = [each.name for each in known.values() if each.is_required and each.name not in given]
    if missing:
        parameter = known[missing[0]]
        told = f" ({parameter.text})" if parameter.text else ""
        raise StatisticsError(f"{method.name} needs {parameter.name}, a {parameter.type}{told}")
    return {each: convert(each, known[each].hint, value) for each, value in given.items()}


def _false_alarms() -> dict[str, dict[str, float]]:
    """Return what each rule of each family costs per 1,000 points of a stable process."""
    return {
        family: {str(rule.number): false_alarms_per_thousand(rule) for rule in rules}
        for family, rules in FAMILIES.items()
    }


def _one_of(known: Mapping[str, Any]) -> str:
    return "one of " + ", ".join(known)


def _similar(name: str) -> str:
    parts = [part for part in re.split(r"[_-]", name.lower()) if len(part) > 2]
    close = [method.name for method in methods() if any(part in method.name for part in parts)]
    return "one of " + ", ".join(close[:8]) if close else "a method: `andon analyze --list`"


@cache
def _all() -> dict[str, Method]:
    """Return every public function that returns a result, read once."""
    found: dict[str, Method] = {}
    folder = str(Path(__file__).parent)
    for entry in pkgutil.iter_modules([folder]):
        module = importlib.import_module(f"andon.stats.{entry.name}")
        for name in getattr(module, "__all__", ()):
            function = getattr(module, name)
            if entry.name != "catalogue" and _is_method(function, module.__name__):
                found[name] = _read(function)
    return dict(sorted(found.items()))


def _is_method(function: Any, module: str) -> bool:
    if not inspect.isfunction(function) or function.__module__ != module:
        return False
    returned = get_type_hints(function).get("return")
    is_result = isinstance(returned, type) and issubclass(returned, Result)
    return is_result or function.__name__ in public_names


def _read(function: Callable[..., Any]) -> Method:
    text = inspect.getdoc(function) or ""
    described = text.split("\n>>> ")[0].strip()
    told, hints = _told_parameters(described), get_type_hints(function)
    signature = inspect.signature(function)
    return Method(
        name=function.__name__,
        summary=described.split("\n")[0],
        text=described,
        source=_source(described),
        module=function.__module__,
        parameters=tuple(
            _parameter(each, hints[name], told.get(name, ""))
            for name, each in signature.parameters.items()
        ),
        function=function,
    )


def _parameter(parameter: inspect.Parameter, hint: Any, text: str) -> Parameter:
    is_required = parameter.default is _EMPTY
    return Parameter(
        name=parameter.name,
        kind=kind_of(hint),
        type=told_type(hint),
        choices=choices_of(hint),
        is_required=is_required,
        default=None if is_required else parameter.default,
        text=text,
        hint=hint,
        is_keyword=parameter.kind is inspect.Parameter.KEYWORD_ONLY,
    )


def _told_parameters(text: str) -> dict[str, str]:
    """Return what the docstring's `Args:` say of each parameter."""
    block = re.search(r"\nArgs:\n((?:    .*\n?|\n(?=    ))*)", f"{text}\n")
    lines = re.sub(r"\n {8,}", " ", inspect.cleandoc(block.group(1))) if block else ""
    joined = re.sub(r"\n {2,}", " ", lines)
    told: dict[str, str] = {}
    for line in joined.split("\n"):
        pieces = _ENTRY.split(line)[1:]
        for names, words in zip(pieces[::2], pieces[1::2], strict=True):
            told |= dict.fromkeys(names.split(", "), words.strip().rstrip("."))
    return told


def _source(text: str) -> str:
    found = re.search(r"\nSource: (.*?)(?:\n\n|\Z)", text, re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""
