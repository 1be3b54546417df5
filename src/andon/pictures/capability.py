"""The capability report: charts, histogram, probability plot and the indices' intervals."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.charts import chart_panel
from andon.pictures.figures import convention_of, rows_of, told, values_of
from andon.pictures.intervals import Estimated, interval_panel
from andon.pictures.marks import Named, dots, flat_lines, quantity
from andon.pictures.picture import Panel, Picture
from andon.pictures.spread import density_of, histogram_panel, normal_density, probability_panel
from andon.stats.capability import Capability
from andon.stats.capability_indices import Specification
from andon.stats.capability_quantiles import QuantileCapability
from andon.stats.charts import ChartPair
from andon.stats.charts_individuals import individuals_chart
from andon.stats.charts_subgroups import mean_deviation_chart, mean_range_chart
from andon.stats.errors import StatisticsError

__all__ = ["draw_capability", "draw_quantile_capability", "limits_of"]

_LAST = 25
_LEAST = 1.33


def draw_capability(result: Capability, inputs: Mapping[str, Any]) -> Picture:
    """Return the report of six panels; without values the curves alone."""
    values = values_of(inputs)
    panels = [] if values is None else _charted(inputs, values)
    panels.append(_histogram(result, values))
    if values is not None:
        panels.append(probability_panel(values, note=_normality(result)))
    panels.append(_reach(result))
    caption = (
        f"{result.count:,} values, mean {told(result.mean)}. Solid curve: sigma within "
        f"{told(result.within.sigma)} ({result.within.estimator}); dashed: sigma overall "
        f"{told(result.overall.sigma)}. Expected outside {told(result.overall.ppm, 3)} ppm, "
        f"observed {told(result.observed_ppm, 3)} ppm. "
        f"{convention_of(result)}"
    )
    pair = None if values is None else _pair(inputs, values)
    return Picture("Capability", _verdict(result, pair), caption, tuple(panels), 2)


def draw_quantile_capability(result: QuantileCapability, inputs: Mapping[str, Any]) -> Picture:
    """Return the histogram with the fitted curve, limits and percentiles."""
    values = values_of(inputs)
    marks = [Named(result.low, "0.135 %", "target"), Named(result.high, "99.865 %", "target")]
    fit = result.distribution
    curves = [("fit", density_of(fit), palette.MARK, (1, 0))] if fit is not None else []
    lines = [*limits_of(result.specification), *marks]
    panels = [histogram_panel("Values, specification and percentiles", values, curves=curves,
                              lines=lines)]  # fmt: skip
    if values is not None and fit is not None:
        note = f"A² = {told(fit.anderson_darling, 3)}"
        panels.append(probability_panel(values, fit, note=note))
    rows = [
        Estimated(word, each.value, each.interval)
        for word, each in (("Pp", result.pp), ("Ppk", result.ppk))
        if each is not None
    ]
    panels.append(interval_panel("Indices", "index", rows, lines=[Named(_LEAST, "", "attention")]))
    word = "● Capable" if result.ppk.value >= _LEAST else "■ Not capable"
    by = f"the fitted {fit.family} distribution" if fit is not None else "the values themselves"
    verdict = f"{word}: Ppk {told(result.ppk.value, 3)}, measured against {_LEAST}."
    caption = f"{result.count:,} values; percentiles of {by}. {convention_of(result)}"
    return Picture("Capability by percentiles", verdict, caption, tuple(panels))


def limits_of(specification: Specification) -> list[Named]:
    """Return the specification as named lines."""
    named = (
        ("LSL", specification.lower, "specification"),
        ("Target", specification.target, "target"),
        ("USL", specification.upper, "specification"),
    )
    return [Named(at, word, kind) for word, at, kind in named if at is not None]


def _charted(inputs: Mapping[str, Any], values: Any) -> list[Panel]:
    """Return charts of location and dispersion, and the last subgroups value by value."""
    pair = _pair(inputs, values)
    if pair is None:
        return []
    charts = [chart_panel(each, height=190) for each in (pair.location, pair.dispersion)]
    return [*charts, _last(inputs, values)]


def _pair(inputs: Mapping[str, Any], values: Any) -> ChartPair | None:
    given, sizes = inputs["values"], inputs.get("sizes")
    is_table = sizes is not None or np.ndim(given[0]) > 0
    try:
        if not is_table:
            return individuals_chart(values)
        counts = [len(row) for row in given] if sizes is None else list(sizes)
        rows = np.split(values, np.cumsum(counts)[:-1].astype(int))
        return (mean_range_chart if max(counts) <= 10 else mean_deviation_chart)(rows)
    except StatisticsError:
        return None


def _last(inputs: Mapping[str, Any], values: Any) -> Panel:
    """Return the single values of the last subgroups."""
    given, sizes = inputs["values"], inputs.get("sizes")
    if sizes is not None:
        counts = [int(size) for size in sizes]
    else:
        counts = [len(row) if np.ndim(row) else 1 for row in given]
    of = np.repeat(np.arange(len(counts)) + 1, counts)
    is_last = of > len(counts) - _LAST
    rows = rows_of({"at": of[is_last], "value": values[is_last]})
    where = "subgroup" if max(counts) > 1 else "point"
    x = quantity("at", where, form="d")
    cells = [(row["at"], row["value"]) for row in rows]
    layer = dots(rows, x, quantity("value"), size=18)
    mean = flat_lines([Named(float(values.mean()), "Mean", "centre")], quantity("value"),
                      height=190, span=[float(values.min()), float(values.max())])  # fmt: skip
    return Panel("The last values in detail", [mean[0], layer], (where, "value"), cells)


def _histogram(result: Capability, values: Any) -> Panel:
    curves = [
        ("within", normal_density(result.mean, result.within.sigma), palette.MARK, (1, 0)),
        ("overall", normal_density(result.mean, result.overall.sigma), palette.LIMIT, (5, 4)),
    ]
    lines = limits_of(result.specification)
    return histogram_panel("Values and specification", values, curves=curves, lines=lines)


def _normality(result: Capability) -> str:
    told_of = result.normality
    if told_of is None:
        return ""
    word = "not normal" if told_of.is_rejected else "normal"
    return f"{word}: A² = {told(told_of.statistic, 3)}, p = {told(told_of.p_value, 3)}"


def _reach(result: Capability) -> Panel:
    """Return the indices with their intervals."""
    pairs = (("Cp", result.cp), ("Cpk", result.cpk), ("Pp", result.pp), ("Ppk", result.ppk),
             ("Cpm", result.cpm))  # fmt: skip
    rows = [Estimated(word, each.value, each.interval) for word, each in pairs if each is not None]
    return interval_panel("Indices with their intervals", "index", rows,
                          lines=[Named(_LEAST, "", "attention")])  # fmt: skip


def _verdict(result: Capability, pair: ChartPair | None) -> str:
    """Return the verdict of the smaller index, with what stands against trusting it."""
    index = min(result.cpk, result.ppk, key=lambda each: each.value)
    doubts = _doubts(result, pair)
    if index.value < _LEAST:
        word = "■ Not capable"
    elif doubts:
        word = "▲ Capable, with reservations"
    else:
        word = "● Capable" if index.interval.low >= _LEAST else "▲ Capable, not proven"
    cpk = Estimated("", result.cpk.value, result.cpk.interval).text
    ppk = Estimated("", result.ppk.value, result.ppk.interval).text
    return f"{word}: Cpk {cpk}, Ppk {ppk}, measured against {_LEAST}.{doubts}"


def _doubts(result: Capability, pair: ChartPair | None) -> str:
    is_odd = result.normality is not None and result.normality.is_rejected
    is_moving = pair is not None and not pair.is_stable
    said = ["the charts are not in control"] if is_moving else []
    said += ["the values contradict a normal distribution"] if is_odd else []
    text = " and ".join(said)
    return f" {text[0].upper()}{text[1:]}: the indices say little about the future." if said else ""
