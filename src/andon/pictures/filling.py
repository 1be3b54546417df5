"""Filling: a compiled picture with its data put in, so that compiling happens once for many."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import vl_convert


def filled(
    spec: Mapping[str, Any], data: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """Return the compiled specification in which the named data sets hold these rows.

    >>> spec = {"data": {"name": "dots"}, "mark": "point", "encoding": {"x": {"field": "a"}}}
    >>> filled(spec, {"dots": [{"a": 1}]})["data"][0]["values"]
    [{'a': 1}]
    """
    picture = compiled(json.dumps(spec, sort_keys=True))
    sets = picture.get("data", [])
    with_rows = [
        {**entry, "values": list(data[entry["name"]])} if entry["name"] in data else entry
        for entry in sets
    ]
    return {**picture, "data": with_rows}


def compiled(spec: str) -> dict[str, Any]:
    """Return the Vega specification of a Vega-Lite text; the same text is compiled once."""
    found: dict[str, Any] = json.loads(_compiled(spec))
    return found


@lru_cache(maxsize=64)
def _compiled(spec: str) -> str:
    return json.dumps(vl_convert.vegalite_to_vega(spec))
