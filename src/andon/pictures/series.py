"""Values in time: trend, steps of the mean, dependence on earlier values, runs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.charts_special import in_order
from andon.pictures.figures import convention_of, kept, rows_of, table_of, told, values_of
from andon.pictures.marks import Named, bars, flat_lines, line, quantity
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.series import Autocorrelation, RunsTest, Trend
from andon.stats.series_changes import ChangePoints

__all__ = ["draw_autocorrelation", "draw_changes", "draw_runs", "draw_trend"]

Inputs = Mapping[str, Any]


def draw_trend(result: Trend, inputs: Inputs) -> Picture | None:
    """Return the values with Sen's line through their medians."""
    values = values_of(inputs)
    if values is None:
        return None
    at = np.arange(values.size) + 1.0
    start = float(np.median(values) - result.slope * np.median(at))
    ends = rows_of({"at": at[[0, -1]], "value": start + result.slope * at[[0, -1]]})
    is_real = result.p_value < 0.05
    way = "rises" if result.slope > 0 else "falls"
    word = f"■ It {way}" if is_real else "● No trend shown"
    low, high = told(result.interval.low, 3), told(result.interval.high, 3)
    verdict = (
        f"{word}: {told(result.slope, 3)} a step ({low} to {high}), p = {told(result.p_value, 2)}."
    )
    caption = f"Line: Sen's slope. {convention_of(result)}"
    panel = _panel(
        "Values in their order", values, lambda x, y: [line(ends, x, y, palette.MARK, width=2)]
    )
    return Picture("Trend", verdict, caption, (panel,))


def draw_changes(result: ChangePoints, inputs: Inputs) -> Picture | None:
    """Return the values with the mean of each segment and a dotted line at each step."""
    values = values_of(inputs)
    if values is None:
        return None
    starts = [0, *(change.index for change in result.changes)]
    ends = [*starts[1:], values.size]
    means = [
        {"at": start + 0.5, "end": end + 0.5, "value": mean}
        for start, end, mean in zip(starts, ends, result.segment_means, strict=True)
    ]
    steps = [{"at": start + 0.5, "text": f"from {start + 1}"} for start in starts[1:]]
    panel = _panel("Values in their order", values, lambda x, y: _steps(means, steps, x, y))
    said = ", ".join(f"point {change.index + 1} ({told(change.before)} → {told(change.after)})"
                     for change in result.changes[:4])  # fmt: skip
    count = len(result.changes)
    steps_of = "steps" if count > 1 else "step"
    word = f"■ {count} {steps_of} of the mean: {said}" if count else "● No step of the mean found"
    caption = f"Sigma within the segments {told(result.sigma)}. {convention_of(result)}"
    return Picture("Change points", f"{word}.", caption, (panel,))


def _steps(means: list[Layer], steps: list[Layer], x: Layer, y: Layer) -> list[Layer]:
    rule = {"type": "rule", "color": palette.MARK, "strokeWidth": 2.2}
    dotted = {"type": "rule", "color": palette.SPECIFICATION, "strokeDash": [2, 3]}
    word = {"type": "text", "align": "left", "dx": 5, "baseline": "bottom",
            "color": palette.SPECIFICATION, "fontWeight": 600}  # fmt: skip
    levels = {"x": x, "x2": {"field": "end"}, "y": y}
    drawn = [{"data": {"values": means}, "mark": rule, "encoding": levels}]
    top = {"x": x, "y": {"value": -3}, "text": {"field": "text"}}
    if steps:
        drawn += [{"data": {"values": steps}, "mark": dotted, "encoding": {"x": x}},
                  {"data": {"values": steps}, "mark": word, "encoding": top}]  # fmt: skip
    return drawn


def draw_runs(result: RunsTest, inputs: Inputs) -> Picture | None:
    """Return the values about their median."""
    values = values_of(inputs)
    if values is None:
        return None
    median = [Named(float(np.median(values)), "Median", "centre")]
    span = [float(values.min()), float(values.max())]
    panel = _panel("Values about their median", values,
                   lambda _, y: flat_lines(median, y, height=240, span=span))  # fmt: skip
    word = "■ Not random" if result.p_value < 0.05 else "● No sign against random order"
    verdict = (
        f"{word}: {result.runs} runs, {told(result.expected, 3)} expected, the longest of "
        f"{result.longest} points, p = {told(result.p_value, 2)}."
    )
    caption = convention_of(result)
    return Picture("Runs about the median", verdict, caption, (panel,))


def draw_autocorrelation(result: Autocorrelation, inputs: Any = None) -> Picture:
    """Return the correlation at each lag between the limits of chance."""
    data = rows_of({"lag": list(result.lags), "value": result.coefficients,
                    "is_beyond": np.abs(result.coefficients) > result.limit})  # fmt: skip
    reach = max(1.15 * result.limit, 1.1 * float(np.abs(result.coefficients).max()))
    span = [-reach, reach]
    x = {"field": "lag", "type": "ordinal", "axis": {"title": "lag", "labelAngle": 0}}
    y = quantity("value", "correlation", domain=span)
    layer = bars(data, x, y)
    layer["mark"] |= {"size": 8}
    layer["encoding"]["color"] = {
        "condition": {"test": "datum.is_beyond", "value": palette.SPECIFICATION},
        "value": palette.LINE,
    }
    lines = [Named(-result.limit, "limit"), Named(0.0, "", "centre"), Named(result.limit, "limit")]
    layers = [*flat_lines(lines, y, height=240, span=span), layer]
    cells = table_of(list(result.lags), result.coefficients)
    panel = Panel("Correlation with earlier values", layers, ("lag", "correlation"), cells)
    is_real = result.p_value < 0.05
    word = "■ Values depend on earlier ones" if is_real else "● No dependence shown"
    first = f"lag 1 {told(float(result.coefficients[0]), 2)}"
    verdict = f"{word}: {first}, all lags p = {told(result.p_value, 2)}."
    caption = f"Red: beyond the limits of chance. {convention_of(result)}"
    return Picture("Autocorrelation", verdict, caption, (panel,))


def _panel(title: str, values: Any, over: Any) -> Panel:
    room = 0.1 * (float(np.ptp(values)) or 1.0)
    span: Sequence[float] = [float(values.min()) - room, float(values.max()) + room]
    y = quantity("value", domain=span)
    x = quantity("at", "point", domain=[0.5, values.size + 0.5], form="d")
    layers = [*in_order(values, np.zeros(values.size, dtype=bool), y, "point"), *over(x, y)]
    at = kept(values)
    cells = table_of(at + 1, values[at])
    return Panel(title, layers, ("point", "value"), cells)
