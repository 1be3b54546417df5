"""Which column fills which input of a method: by name, else by order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from andon.analyze.studies.tables import BadTable, Table
from andon.stats.catalogue import Method, Parameter

_SAMPLES = (("first", "second"), ("before", "after"))
"""Inputs that are two samples: one column split by a label of two levels fills both."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns a command names."""

    values: Sequence[str] = ()
    by: Sequence[str] = ()
    named: Mapping[str, Sequence[str]] | None = None


def assign(method: Method, table: Table, wanted: Wanted) -> dict[str, list[str]]:
    """Return the headers for each input that gets columns; a split keeps its label under "".

    `--column` comes first; then the values fill the inputs in their order, side by side where one
    table is taken; then the labels fill what is left, or split the values into groups.
    """
    filled = {name: [table.column(each) for each in headers]
              for name, headers in (wanted.named or {}).items()}  # fmt: skip
    open_inputs = [each for each in method.inputs if each.is_placed and each.name not in filled]
    _place_values(filled, open_inputs, [table.column(each) for each in wanted.values])
    labels = [table.column(each) for each in wanted.by]
    if labels:
        _place_labels(method, filled, labels)
    return filled


def columns_of(method: Method, table: Table, filled: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the columns as the inputs take them."""
    inputs = {each.name: each for each in method.inputs}
    found = {
        name: _as_taken(inputs.get(name), table, headers)
        for name, headers in filled.items() if name
    }  # fmt: skip
    if "" in filled:
        first = next(each.name for each in method.inputs if each.name in found)
        names, parts = _split(table, found[first], filled[""])
        found |= _spread(method, table, first, names, parts)
    return found


def _place_values(
    filled: dict[str, list[str]], open_inputs: Sequence[Parameter], values: list[str]
) -> None:
    required = [each for each in open_inputs if each.is_required]
    targets = required or list(open_inputs)
    if not values or not targets:
        return
    if len(values) > 1 and len(targets) > 1 and targets[0].kind != "groups":
        targets = [*targets, *[each for each in open_inputs if each not in targets]]
        heads, rest = values[: len(targets)], values[len(targets) :]
        for parameter, header in zip(targets, heads, strict=False):
            filled[parameter.name] = [header]
        filled[targets[len(heads) - 1].name] += rest
    else:
        filled[targets[0].name] = values


def _place_labels(method: Method, filled: dict[str, list[str]], labels: list[str]) -> None:
    inputs = method.inputs
    named = [each for each in inputs if each.kind == "factors" and each.name not in filled]
    if named:
        filled[named[0].name] = labels
        return
    if _is_split(method, filled):
        filled[""] = labels
        return
    left = [
        each
        for each in inputs
        if each.is_placed and each.name not in filled and each.kind != "groups"
    ]
    required = [each for each in left if each.is_required]
    targets = [*required, *[each for each in left if not each.is_required]]
    if not targets:
        filled[""] = labels
        return
    if len(labels) > len(targets) or (len(required) == 1 and len(labels) > 1):
        filled[targets[0].name] = labels
        return
    for parameter, header in zip(targets, labels, strict=False):
        filled[parameter.name] = [header]


def _is_split(method: Method, filled: Mapping[str, Sequence[str]]) -> bool:
    """Return whether labels split the one value column: into groups, or into two samples."""
    names = tuple(each.name for each in method.inputs[:2])
    is_one = sum(len(headers) for headers in filled.values()) == 1
    is_grouped = bool(method.inputs) and method.inputs[0].kind == "groups"
    return is_one and (is_grouped or names in _SAMPLES)


def _as_taken(parameter: Parameter | None, table: Table, headers: Sequence[str]) -> Any:
    columns = {header: table.values(header) for header in headers}
    if parameter is not None and parameter.kind == "factors":
        return columns
    if len(headers) == 1:
        return columns[headers[0]]
    if parameter is not None and parameter.name == "groups":
        return list(columns.values())
    return np.column_stack(list(columns.values()))


def _split(
    table: Table, values: np.ndarray[Any, Any], labels: Sequence[str]
) -> tuple[list[str], list[np.ndarray[Any, Any]]]:
    """Return the groups in the order of their first value."""
    keys = table.frame.select(labels)
    numbers = keys.select(keys.hash_rows().rank("dense").alias("k")).to_series().to_numpy()
    _, first, codes = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    parts = np.split(values[order], np.cumsum(np.bincount(codes))[:-1])
    by_place = np.argsort(first)
    names = [" ".join(map(str, keys.row(int(first[at])))) for at in by_place]
    return names, [parts[at] for at in by_place]


def _spread(
    method: Method, table: Table, first: str, names: list[str], parts: list[Any]
) -> dict[str, Any]:
    pair = tuple(each.name for each in method.inputs[:2])
    if pair in _SAMPLES:
        if len(parts) != 2:
            told = ", ".join(names[:6])
            message = (
                f"{table.name}: {method.name} compares 2 groups, --by gives {len(parts)}: {told}"
            )
            raise BadTable(message)
        return dict(zip(pair, parts, strict=True))
    is_table = len({part.size for part in parts}) == 1
    return {first: np.stack(parts) if is_table else parts}
