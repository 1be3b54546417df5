"""The gauge study: components of variation, by part, by operator, interaction, charts, readings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.charts import chart_panel
from andon.pictures.figures import convention_of, sentence, told, values_of
from andon.pictures.groups import box_panel, by_label, lines_panel
from andon.pictures.marks import bars, name, quantity
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.charts_subgroups import mean_range_chart
from andon.stats.errors import StatisticsError
from andon.stats.gauge_range import RangeStudy
from andon.stats.gauge_study import GaugeStudy
from andon.stats.gauge_verdict import GaugeVerdict

__all__ = ["draw_gauge", "draw_range_study"]

_SYMBOLS = {GaugeVerdict.GOOD: "●", GaugeVerdict.CONDITIONAL: "▲", GaugeVerdict.NOT_USABLE: "■"}


def draw_gauge(result: GaugeStudy, inputs: Mapping[str, Any]) -> Picture:
    """Return the report of seven panels; without readings the components alone."""
    panels = [_components(result), *_readings(inputs)]
    told_of = f"{told(result.percent_study, 3)} % of the study variation"
    if result.percent_tolerance is not None:
        told_of += f", {told(result.percent_tolerance, 3)} % of the tolerance"
    word = f"{_SYMBOLS[result.verdict]} {sentence(result.verdict.value)[:-1]}"
    text = f"{word}: the gauge takes {told_of}; {result.categories} categories."
    pooled = " The interaction was pooled." if result.is_interaction_pooled else ""
    caption = f"{convention_of(result)}{pooled}"
    return Picture("Gauge study", text, caption, tuple(panels), 2 if len(panels) > 1 else 1)


def draw_range_study(result: RangeStudy, inputs: Mapping[str, Any]) -> Picture | None:
    """Return the readings by part and operator of the short study."""
    panels = _readings(inputs)
    if not panels:
        return None
    percent = result.percent_study
    verdict = f"Gauge sigma {told(result.gauge_sd)}" + (
        f", {told(percent, 3)} % of the process." if percent is not None else "."
    )
    caption = convention_of(result)
    return Picture("Short gauge study", verdict, caption, tuple(panels), 2)


def _components(result: GaugeStudy) -> Panel:
    """Return the bars of each component in percent of variance, study and tolerance."""
    bases = [("contribution", "% of variance"), ("percent_study", "% of study variation"),
             ("percent_tolerance", "% of tolerance")]  # fmt: skip
    kept = [each for each in result.components if each.name != "total"]
    data = [{"name": each.name, "of": word, "value": getattr(each, key)}
            for key, word in bases for each in kept if getattr(each, key) is not None]  # fmt: skip
    of = list(dict.fromkeys(row["of"] for row in data))
    colour: Layer = {
        "field": "of", "type": "nominal",
        "scale": {"domain": of, "range": [palette.BAR, palette.LINE, palette.MARK][: len(of)]},
        "legend": {"title": None, "orient": "top", "offset": 2},
    }  # fmt: skip
    layer = bars(data, name("name", order=[each.name for each in kept]),
                 quantity("value", "%", is_zero=True), colour)  # fmt: skip
    layer["encoding"] |= {"xOffset": {"field": "of", "type": "nominal", "sort": of}}
    layer["encoding"]["x"]["axis"] |= {"labelAngle": -25, "labelOverlap": False}
    cells = [
        (
            each.name,
            each.variance,
            each.standard_deviation,
            each.contribution,
            each.percent_study,
            each.percent_tolerance,
        )
        for each in result.components
    ]
    headers = ("component", "variance", "sigma", *(word for _, word in bases))
    return Panel("Components of variation", [layer], headers, cells)


def _readings(inputs: Mapping[str, Any]) -> list[Panel]:
    values, parts = values_of(inputs), inputs.get("parts")
    if values is None or parts is None:
        return []
    operators = inputs.get("operators")
    panels = [box_panel("By part", by_label(values, parts), "reading")]
    if operators is None:
        return panels
    labels = [str(label) for label in parts]
    people = [str(label) for label in operators]
    panels.append(box_panel("By operator", by_label(values, people), "reading"))
    panels.append(_interaction(values, labels, people))
    panels += _charts(values, labels, people)
    rows = [
        {"name": str(at + 1), "series": one, "value": value}
        for at, (one, value) in enumerate(zip(people, values.tolist(), strict=True))
    ]
    panels.append(_run_chart(rows))
    return panels


def _interaction(values: Any, parts: list[str], people: list[str]) -> Panel:
    cells: dict[tuple[str, str], list[float]] = {}
    for part, one, value in zip(parts, people, values.tolist(), strict=True):
        cells.setdefault((part, one), []).append(value)
    rows = [{"name": part, "series": one, "value": float(np.mean(each))}
            for (part, one), each in cells.items()]  # fmt: skip
    return lines_panel("Part and operator", rows, "mean", x_title="part")


def _charts(values: Any, parts: list[str], people: list[str]) -> list[Panel]:
    """Return the charts of means and ranges, operator after operator."""
    cells: dict[tuple[str, str], list[float]] = {}
    for one, part, value in zip(people, parts, values.tolist(), strict=True):
        cells.setdefault((one, part), []).append(value)
    order = sorted(cells, key=lambda key: (key[0], key[1].zfill(12)))
    try:
        pair = mean_range_chart([cells[key] for key in order])
    except StatisticsError:
        return []
    starts = [(at, key[0]) for at, key in enumerate(order) if at == 0 or order[at - 1][0] != key[0]]
    # Means outside their limits are wanted here: the gauge tells the parts apart.
    quiet = replace(pair.location, violations=np.zeros_like(pair.location.violations))
    panels = (
        (quiet, "Means by operator (outside the limits is good)"),
        (pair.dispersion, "Ranges by operator"),
    )
    return [_divided(chart_panel(chart, height=190, title=title, axis="parts of each operator"),
                     starts, len(order)) for chart, title in panels]  # fmt: skip


def _divided(panel: Panel, starts: list[tuple[int, str]], count: int) -> Panel:
    x = quantity("at", "parts of each operator", domain=[0.5, count + 0.5], form="d")
    data = {"values": [{"at": at + 0.5, "text": text} for at, text in starts]}
    rule = {"type": "rule", "color": palette.CENTER, "strokeDash": [2, 3]}
    word = {"type": "text", "align": "left", "dx": 4, "baseline": "bottom", "color": palette.MARK,
            "fontWeight": 600}  # fmt: skip
    top = {"x": x, "y": {"value": -3}, "text": {"field": "text"}}
    more = [{"data": data, "mark": rule, "encoding": {"x": x}},
            {"data": data, "mark": word, "encoding": top}]  # fmt: skip
    return replace(panel, layers=[*panel.layers, *more])


def _run_chart(rows: list[dict[str, Any]]) -> Panel:
    """Return every reading in its order."""
    numbered = [{**row, "at": at + 1} for at, row in enumerate(rows)]
    panel = lines_panel("Readings in their order", numbered, "reading")
    layers = []
    for layer in panel.layers[1:]:
        x = quantity("at", "run", form="d")
        layers.append({**layer, "encoding": {**layer["encoding"], "x": x},
                       "mark": {**layer["mark"], "size": 24}})  # fmt: skip
    cells = [(row["at"], row["series"], row["value"]) for row in numbered]
    return Panel(panel.title, layers, ("run", "operator", "reading"), cells)
