"""Where a gauge stands: bias, linearity, and the type 1 study."""

from collections.abc import Mapping
from typing import Any

from andon.pictures import palette
from andon.pictures.charts_special import band_layer, in_order
from andon.pictures.figures import convention_of, rows_of, told, values_of
from andon.pictures.intervals import Estimated, interval_panel
from andon.pictures.marks import Named, area, dots, flat_lines, line, quantity
from andon.pictures.picture import Panel, Picture
from andon.pictures.spread import histogram_panel
from andon.stats.gauge_bias import BiasStudy
from andon.stats.gauge_linearity import LinearityStudy
from andon.stats.gauge_type1 import TypeOneStudy

__all__ = ["draw_bias", "draw_linearity", "draw_type_one"]


def draw_bias(result: BiasStudy, inputs: Mapping[str, Any]) -> Picture:
    """Return readings beside the reference, and the bias with its interval."""
    values, reference = values_of(inputs), result.options.get("reference")
    lines = [Named(result.mean, "mean", "control")]
    if isinstance(reference, int | float):
        lines.append(Named(float(reference), "reference", "target"))
    panels = (
        [histogram_panel("Readings of the master part", values, lines=lines)]
        if values is not None
        else []
    )
    rows = [Estimated("bias", result.bias, result.interval)]
    panels.append(interval_panel("Bias with its interval", "mean − reference", rows, null=0.0))
    word = "● No bias shown" if result.is_bias_plausible else "■ Biased"
    verdict = f"{word}: {told(result.bias, 3)}, p = {told(result.p, 2)}, {result.count} readings."
    caption = convention_of(result)
    return Picture("Bias of the gauge", verdict, caption, tuple(panels))


def draw_linearity(result: LinearityStudy, inputs: Mapping[str, Any]) -> Picture:
    """Return the deviations over the range with line and band; zero bias should lie inside."""
    grid = rows_of({"x": result.grid, "line": result.line, "low": result.band_low,
                    "high": result.band_high})  # fmt: skip
    means = [{"x": each.reference, "y": each.bias} for each in result.at_references]
    single = _deviations(inputs)
    ends = [*result.band_low, *result.band_high, 0.0, *(row["y"] for row in [*single, *means])]
    room = 0.06 * (max(ends) - min(ends))
    span = [min(ends) - room, max(ends) + room]
    x, y = quantity("x", "reference"), quantity("y", "reading − reference", domain=span)
    layers = [
        area(grid, x, {**y, "field": "low"}, "high"),
        *flat_lines([Named(0.0, "no bias", "centre")], y, height=240, span=span),
        dots(single, x, y, palette.LIMIT, size=16),
        line(grid, x, {**y, "field": "line"}, palette.MARK, width=1.8),
        dots(means, x, y, palette.SPECIFICATION, size=58, shape="diamond"),
    ]  # fmt: skip
    cells = [(each.reference, each.count, each.bias, each.p) for each in result.at_references]
    panel = Panel("Deviation over the range", layers, ("reference", "readings", "bias", "p"), cells)
    word = (
        "● Zero bias lies inside the band"
        if result.is_zero_inside_band
        else "■ Bias over the range"
    )
    verdict = f"{word}: slope {told(result.slope, 3)} (p = {told(result.slope_p, 2)})."
    caption = (
        "Diamonds: mean bias of each master part; line and band: regression with its confidence "
        f"band. {convention_of(result)}"
    )
    return Picture("Linearity of the gauge", verdict, caption, (panel,))


def _deviations(inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    values, references = values_of(inputs), values_of(inputs, "references")
    if values is None or references is None:
        return []
    return rows_of({"x": references, "y": values - references})


def draw_type_one(result: TypeOneStudy, inputs: Mapping[str, Any]) -> Picture:
    """Return the readings within a share of the tolerance, their spread, and the indices."""
    values = values_of(inputs)
    reference, tolerance = (float(result.options[key]) for key in ("reference", "tolerance"))
    half = tolerance * float(result.options["tolerance_share"]) / 2.0
    lines = [Named(reference - half, "−share"), Named(reference, "reference", "target"),
             Named(reference + half, "+share")]  # fmt: skip
    panels = []
    if values is not None:
        panels = [_ordered(values, lines),
                  histogram_panel("Spread of the readings", values, lines=lines)]  # fmt: skip
    least = Named(float(result.options["least_index"]), "", "attention")
    rows = [Estimated("Cg", result.cg, result.cg_interval), Estimated("Cgk", result.cgk)]
    panels.append(interval_panel("Indices", "index", rows, lines=[least]))
    word = "● Capable gauge" if result.is_capable else "■ Not capable"
    verdict = (
        f"{word}: Cg {told(result.cg, 3)}, Cgk {told(result.cgk, 3)}, bias {told(result.bias, 3)}."
    )
    share = (
        f"±{told(half)} about the reference is the share of the tolerance that Cg is held against. "
    )
    caption = f"{share}{convention_of(result)}"
    return Picture("Type 1 gauge study", verdict, caption, tuple(panels))


def _ordered(values: Any, lines: list[Named]) -> Panel:
    ends = [*values.tolist(), *(each.at for each in lines)]
    room = 0.08 * (max(ends) - min(ends))
    span = [min(ends) - room, max(ends) + room]
    y = quantity("value", domain=span)
    low, high = lines[0].at, lines[-1].at
    layers = [band_layer(low, high, y), *flat_lines(lines, y, height=240, span=span),
              *in_order(values, (values < low) | (values > high), y, "reading")]  # fmt: skip
    cells = [(at + 1, value) for at, value in enumerate(values.tolist())]
    return Panel("Readings in their order", layers, ("reading", "value"), cells)
