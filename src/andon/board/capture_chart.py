"""The last samples of a stream as a small control chart."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.board.capture import Station
from andon.history import log
from andon.identify.measurements.queries import subgroups
from andon.web.formats import at_resolution, digits_of, limit_at

MOST = 12
_BAND, _LINE, _POINT, _BEYOND = "#edf2f4", "#4a6572", "#2b4a57", "#b3261f"
_LIMIT, _CENTER, _TEXT = "#7d8f99", "#8fa0a9", "#5b6874"


def last_samples(station: Station) -> pl.DataFrame:
    """Return the last subgroups of a station, oldest first, with the mean on its model's scale."""
    if station.stream is None:
        return pl.DataFrame()
    asked = 2 * MOST * max(station.size, 2)
    rows = log.tail(station.stream.code, asked)
    means = {
        key[0]: station.mean_of(part["value"].to_list())
        for key, part in rows.group_by("subgroup")
    }  # fmt: skip
    # The oldest subgroup may have been cut in two by the number of rows asked for.
    groups = subgroups(rows).slice(int(rows.height == asked)).tail(MOST)
    return groups.with_columns(
        mean=pl.col("subgroup").replace_strict(means, return_dtype=pl.Float64)
    )


def last_results(station: Station, most: int = 5) -> list[dict[str, Any]]:
    """Return the last single results with their judgement, oldest first."""
    if station.stream is None:
        return []
    rows = log.tail(station.stream.code, most)
    told = []
    for text, value, at in rows.select("text", "value", "measured_at").iter_rows():
        kind, word = station.judged(text)
        shown = at_resolution(value, station.characteristic.resolution)
        told.append({"value": shown, "kind": kind, "word": word, "at": at})
    return told


def small_chart(station: Station, groups: pl.DataFrame) -> dict[str, Any] | None:
    """Return the Vega-Lite picture of the last samples; None when there is nothing to draw."""
    if groups.height < 2:
        return None
    points = _points(station, groups)
    levels = _levels(station)
    numbers = [level for _label, level, _colour, _dash in levels]
    numbers += [point["mean"] for point in points]
    low, high = min(numbers), max(numbers)
    margin = (high - low or 1.0) * 0.06
    y = _axis_of_values(
        low - margin, high + margin, digits_of(station.characteristic.resolution or 1)
    )
    return {
        "usermeta": {"columns": {"when": _("Sample"), "mean": _("Mean"), "out": _("Beyond")}},
        "width": "container", "height": 190,
        "padding": {"right": 4, "left": 2, "top": 4, "bottom": 22},
        "data": {"name": "points", "values": points},
        "layer": [*_band(station, y), *_rules(levels, y), *_means(y)],
        "config": {"view": {"stroke": None}},
    }  # fmt: skip


def _points(station: Station, groups: pl.DataFrame) -> list[dict[str, Any]]:
    band, days = station.band, ["", *(date_format(on, "j M") for on in groups["produced_on"])]
    return [
        {
            "place": place,
            "day": days[place] if days[place] != days[place - 1] else "",
            "when": f"{date_format(on, 'j M')} {shift}",
            "mean": mean,
            "out": bool(band and not band[0] <= mean <= band[1]),
        }
        for place, (on, shift, mean) in enumerate(
            groups.select("produced_on", "shift", "mean").iter_rows(), start=1
        )
    ]


def _levels(station: Station) -> list[tuple[str, float, str, list[int]]]:
    one, band = station.characteristic, station.band
    told: list[tuple[str, float | None, str, list[int]]] = [
        (_("USL %(at)s") % {"at": at_resolution(one.upper_specification, one.resolution)},
         one.upper_specification, _BEYOND, [1, 0]),
        (_("LSL %(at)s") % {"at": at_resolution(one.lower_specification, one.resolution)},
         one.lower_specification, _BEYOND, [1, 0]),
    ]  # fmt: skip
    if band:
        told += [
            (_("UCL %(at)s") % {"at": limit_at(band[1], one.resolution)}, band[1], _LIMIT, [5, 4]),
            (_("LCL %(at)s") % {"at": limit_at(band[0], one.resolution)}, band[0], _LIMIT, [5, 4]),
        ]  # fmt: skip
    return [
        (label, level, colour, dash) for label, level, colour, dash in told if level is not None
    ]


def _axis_of_values(low: float, high: float, digits: int) -> dict[str, Any]:
    axis = {
        "grid": False, "format": f".{digits}f", "title": None, "domain": False, "ticks": False,
        "tickCount": 5,
    }  # fmt: skip
    return {
        "type": "quantitative",
        "scale": {"domain": [low, high], "zero": False, "nice": False},
        "axis": axis,
    }


def _band(station: Station, y: dict[str, Any]) -> list[dict[str, Any]]:
    if station.band is None:
        return []
    low, high = station.band
    once = {"data": {"values": [{}]}, "mark": {"type": "rect", "color": _BAND}}
    return [{**once, "encoding": {"y": {"datum": low, **y}, "y2": {"datum": high}}}]


def _rules(levels: Sequence[tuple[str, float, str, list[int]]], y: dict[str, Any]) -> list[Any]:
    once: dict[str, Any] = {"values": [{}]}
    layers = []
    for label, level, colour, dash in levels:
        at = {"datum": level, **y}
        ink = _TEXT if colour == _LIMIT else colour
        words = {"type": "text", "align": "left", "dx": 6, "color": ink, "text": label}
        layers += [
            {"data": once, "mark": {"type": "rule", "color": colour, "strokeDash": dash},
             "encoding": {"y": at}},
            {"data": once, "mark": words, "encoding": {"y": at, "x": {"value": "width"}}},
        ]  # fmt: skip
    return layers


def _means(y: dict[str, Any]) -> list[Any]:
    x = {
        "field": "place",
        "type": "ordinal",
        "axis": None,
        "scale": {"type": "point", "padding": 0.4},
    }
    days = {"type": "text", "dy": 14, "color": _TEXT, "baseline": "top"}
    at = {"x": x, "y": {"field": "mean", **y}, "tooltip": [{"field": "when"}, {"field": "mean"}]}
    return [
        {"mark": {"type": "line", "color": _LINE, "strokeWidth": 1.4}, "encoding": at},
        {"mark": {"type": "circle", "color": _POINT, "size": 26, "opacity": 1}, "encoding": at},
        {
            "transform": [{"filter": "datum.out"}],
            "mark": {"type": "square", "color": _BEYOND, "size": 64, "opacity": 1},
            "encoding": at,
        },
        {"mark": days, "encoding": {"x": x, "y": {"value": "height"}, "text": {"field": "day"}}},
    ]
