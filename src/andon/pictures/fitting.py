"""Fitting: a picture of several panels that takes the width of its place.

Vega-Lite lets only a single panel follow its container. Panels one below the other share one width
signal once compiled, so that signal is made to follow the container here.
"""

import json
from collections.abc import Mapping
from typing import Any

from andon.pictures.filling import compiled

_NARROWEST = 240


def fitted(spec: Mapping[str, Any], *, margin: int) -> dict[str, Any]:
    """Return the compiled specification; its panels are `margin` narrower than their place.

    >>> panel = {"width": 300, "data": {"values": [{}]}, "mark": "point"}
    >>> spec = fitted({"vconcat": [panel, panel]}, margin=150)
    >>> [signal["name"] for signal in spec["signals"]][:1], "width" in spec
    (['width'], False)
    """
    picture = compiled(json.dumps(spec, sort_keys=True))
    shared = "width" if "width" in picture else "childWidth"
    picture.pop("width", None)
    room = f"max({_NARROWEST}, containerSize()[0] - {margin})"
    follows = {
        "name": shared,
        "init": room,
        "on": [{"events": "window:resize", "update": room}],
    }
    others = [one for one in picture.get("signals", []) if one["name"] != shared]
    return {**picture, "signals": [follows, *others]}
