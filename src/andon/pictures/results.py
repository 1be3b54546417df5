"""The picture of a result: which of its numbers is drawn how, as a Vega-Lite specification."""

from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch
from typing import Any

import numpy as np
from scipy.special import ndtri

from andon.pictures import palette
from andon.stats.capability import Capability
from andon.stats.capability_quantiles import QuantileCapability
from andon.stats.charts import ChartPair, ControlChart
from andon.stats.charts_cusum import CusumChart
from andon.stats.charts_multivariate import MultivariateChart
from andon.stats.drivers import DriverRanking
from andon.stats.experiment_analysis import Experiment
from andon.stats.gauge_study import GaugeStudy
from andon.stats.normality import NormalityVerdict
from andon.stats.pareto import Pareto
from andon.stats.reliability_survival import Survival
from andon.stats.results import Result
from andon.stats.sampling_curves import PlanCurves

__all__ = ["picture_of"]

Layer = dict[str, Any]
Inputs = Mapping[str, Any]
_WIDTH, _HEIGHT, _MOST = 640, 240, 5000


def picture_of(result: Result, inputs: Inputs | None = None) -> dict[str, Any] | None:
    """Return the picture of a result, None where there is none; `inputs` are its columns.

    >>> from andon.stats.pareto import rank_causes
    >>> picture_of(rank_causes(["burr", "burr", "stain"]))["vconcat"][0]["height"]
    240
    """
    panels = _panels(result, inputs or {})
    if not panels:
        return None
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "white",
        "vconcat": [{"width": _WIDTH, "height": _HEIGHT, **panel} for panel in panels],
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "config": {"view": {"stroke": None}, "axis": {"grid": False, "labelFontSize": 12}},
    }


@singledispatch
def _panels(result: Result, inputs: Inputs) -> list[Layer]:
    return []


@_panels.register
def _(result: ControlChart, inputs: Inputs) -> list[Layer]:
    lines = {"upper": result.upper, "centre": result.centre, "lower": result.lower}
    return [_run(result.statistic, result.points, lines, result.violations)]


@_panels.register
def _(result: ChartPair, inputs: Inputs) -> list[Layer]:
    return [*_panels(result.location, inputs), *_panels(result.dispersion, inputs)]


@_panels.register
def _(result: CusumChart, inputs: Inputs) -> list[Layer]:
    limit = {"decision": result.decision}
    told = result.violations
    return [
        _run("upper sum", result.upper_sums, limit, told),
        _run("lower sum", result.lower_sums, limit, told),
    ]


@_panels.register
def _(result: MultivariateChart, inputs: Inputs) -> list[Layer]:
    beyond = result.points > result.upper
    return [_run(result.statistic, result.points, {"upper": result.upper}, beyond)]


@_panels.register
def _(result: Capability | QuantileCapability, inputs: Inputs) -> list[Layer]:
    values = _values(inputs)
    if values is None:
        return []
    limits = result.specification
    named = (("LSL", limits.lower), ("T", limits.target), ("USL", limits.upper))
    marks = [{"at": at, "word": f"{name} {at:g}"} for name, at in named if at is not None]
    return [_histogram(values, marks), *_normal_paper(values)]


@_panels.register
def _(result: NormalityVerdict, inputs: Inputs) -> list[Layer]:
    values = _values(inputs)
    return [] if values is None else _normal_paper(values)


@_panels.register
def _(result: Pareto, inputs: Inputs) -> list[Layer]:
    rows = [{"name": bar.cause, "value": bar.weight, "share": bar.cumulative}
            for bar in result.bars]  # fmt: skip
    order = [row["name"] for row in rows]
    x = {"field": "name", "type": "nominal", "sort": order, "axis": {"title": None}}
    share = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]},
             "axis": {"title": "cumulative share", "format": ".0%"}}  # fmt: skip
    bars = {"mark": {"type": "bar", "color": palette.LINE},
            "encoding": {"x": x, "y": _number("value", "weight")}}  # fmt: skip
    line = {"mark": {"type": "line", "point": True, "color": palette.SPECIFICATION},
            "encoding": {"x": x, "y": share}}  # fmt: skip
    scales = {"scale": {"y": "independent"}}
    return [{"data": {"values": rows}, "layer": [bars, line], "resolve": scales}]


@_panels.register
def _(result: Experiment, inputs: Inputs) -> list[Layer]:
    rows = [_estimate(each.term, each.effect, each.interval) for each in result.effects]
    return [_bars(rows, "effect")]


@_panels.register
def _(result: DriverRanking, inputs: Inputs) -> list[Layer]:
    rows = [_estimate(each.factor, each.eta_squared, each.interval) for each in result.drivers]
    return [_bars(rows, "share of the variation")]


@_panels.register
def _(result: GaugeStudy, inputs: Inputs) -> list[Layer]:
    rows = [{"name": each.name, "value": each.percent_study} for each in result.components]
    return [_bars(rows, "% of the study variation")]


@_panels.register
def _(result: PlanCurves, inputs: Inputs) -> list[Layer]:
    return [
        _curve(result.quality, result.acceptance, "fraction nonconforming", "acceptance"),
        _curve(result.quality, result.outgoing, "fraction nonconforming", "outgoing quality"),
    ]


@_panels.register
def _(result: Survival, inputs: Inputs) -> list[Layer]:
    drawn = _curve(result.times, result.survival, "time", "survival")
    return [{**drawn, "mark": {**drawn["mark"], "interpolate": "step-after"}}]


def _run(name: str, points: Any, lines: Mapping[str, Any], marked: Any) -> Layer:
    """Return points in their order between their lines; the marked ones are red squares."""
    shown = slice(max(0, len(points) - _MOST), None)
    at = np.arange(len(points))[shown] + 1
    columns = {key: np.broadcast_to(np.asarray(line, float), len(points))[shown]
               for key, line in lines.items()}  # fmt: skip
    rows = _rows(at=at, value=np.asarray(points)[shown], marked=np.asarray(marked)[shown] != 0,
                 **columns)  # fmt: skip
    x = _number("at", "point")
    drawn: list[Layer] = [
        {"mark": {"type": "line", "color": palette.CENTER if key == "centre" else palette.LIMIT,
                  "interpolate": "step", "strokeDash": [1, 0] if key == "centre" else [5, 4]},
         "encoding": {"x": x, "y": _number(key, name)}}
        for key in lines
    ]  # fmt: skip
    y = _number("value", name)
    dot = {"type": "point", "filled": True, "opacity": 1}
    colour = {"condition": {"test": "datum.marked", "value": palette.SPECIFICATION},
              "value": palette.POINT}  # fmt: skip
    shape = {"condition": {"test": "datum.marked", "value": "square"}, "value": "circle"}
    drawn += [
        {"mark": {"type": "line", "color": palette.LINE}, "encoding": {"x": x, "y": y}},
        {"mark": dot, "encoding": {"x": x, "y": y, "color": colour, "shape": shape}},
    ]
    return {"data": {"values": rows}, "layer": drawn}


def _histogram(values: np.ndarray[Any, Any], marks: Sequence[Mapping[str, Any]]) -> Layer:
    counts, edges = np.histogram(values, bins=_bins(values))
    rows = _rows(low=edges[:-1], high=edges[1:], count=counts)
    bars = {"data": {"values": rows},
            "mark": {"type": "rect", "color": palette.LINE, "stroke": "white"},
            "encoding": {"x": _number("low", "value"), "x2": {"field": "high"},
                         "y": _number("count", "count"), "y2": {"datum": 0}}}  # fmt: skip
    at = {"field": "at", "type": "quantitative"}
    rule = {"data": {"values": list(marks)},
            "mark": {"type": "rule", "color": palette.SPECIFICATION, "strokeWidth": 1.5},
            "encoding": {"x": at}}  # fmt: skip
    word = {"data": {"values": list(marks)}, "mark": {"type": "text", "dy": -6, "fontSize": 11},
            "encoding": {"x": at, "y": {"value": 0}, "text": {"field": "word"}}}  # fmt: skip
    return {"layer": [bars, rule, word] if marks else [bars]}


def _bins(values: np.ndarray[Any, Any]) -> int:
    return max(1, min(40, int(np.ceil(2 * values.size ** (1 / 3)))))


def _normal_paper(values: np.ndarray[Any, Any]) -> list[Layer]:
    """Return the probability plot: sorted values against normal scores, line by mean and s."""
    ordered = np.sort(values)
    kept = np.unique(np.linspace(0, ordered.size - 1, min(ordered.size, _MOST)).astype(int))
    score = ndtri((np.arange(ordered.size) + 0.625) / (ordered.size + 0.25))[kept]
    line = values.mean() + values.std(ddof=1) * score
    rows = _rows(value=ordered[kept], score=score, line=line)
    y = _number("score", "normal score")
    dots = {"mark": {"type": "circle", "color": palette.POINT, "opacity": 1},
            "encoding": {"x": _number("value", "value"), "y": y}}  # fmt: skip
    fit = {"mark": {"type": "line", "color": palette.SPECIFICATION},
           "encoding": {"x": _number("line", "value"), "y": y}}  # fmt: skip
    return [{"data": {"values": rows}, "layer": [fit, dots]}]


def _bars(rows: Sequence[Mapping[str, Any]], title: str) -> Layer:
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    bars: Layer = {"mark": {"type": "bar", "color": palette.LINE},
                   "encoding": {"y": y, "x": _number("value", title, is_zero=True)}}  # fmt: skip
    span: Layer = {"mark": {"type": "rule", "color": palette.TEXT, "strokeWidth": 2},
                   "encoding": {"y": y, "x": _number("low", title, is_zero=True),
                                "x2": {"field": "high"}}}  # fmt: skip
    has_span = any("low" in row for row in rows)
    height = max(60, 28 * len(rows))
    return {"data": {"values": list(rows)}, "layer": [bars, span] if has_span else [bars],
            "height": height}  # fmt: skip


def _curve(x: Any, y: Any, x_title: str, y_title: str) -> Layer:
    return {
        "data": {"values": _rows(x=x, y=y)},
        "mark": {"type": "line", "color": palette.LINE, "strokeWidth": 2},
        "encoding": {"x": _number("x", x_title), "y": _number("y", y_title)},
    }


def _estimate(name: str, value: float, interval: Any) -> dict[str, Any]:
    ends = {"low": interval.low, "high": interval.high} if interval is not None else {}
    finite = {key: float(end) for key, end in ends.items() if np.isfinite(end)}
    return {"name": name, "value": float(value), **(finite if len(finite) == 2 else {})}


def _number(field: str, title: str, *, is_zero: bool = False) -> dict[str, Any]:
    scale = {"zero": is_zero, "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": title}}


def _rows(**columns: Any) -> list[dict[str, Any]]:
    """Return columns as rows; what is not finite is left empty."""
    lists = {key: np.asarray(column).tolist() for key, column in columns.items()}
    clean: Callable[[Any], Any] = lambda cell: cell if np.isfinite(cell) else None  # noqa: E731
    return [
        dict(zip(lists, map(clean, cells), strict=True))
        for cells in zip(*lists.values(), strict=True)
    ]


def _values(inputs: Inputs) -> np.ndarray[Any, Any] | None:
    """Return the measured values, whatever their shape."""
    given = inputs.get("values")
    if given is None:
        return None
    rows = [np.ravel(np.asarray(row, dtype=np.float64)) for row in given]
    return np.concatenate(rows) if rows else None
