"""Experiments: effects ranked and on paper, main effects, interactions, residuals, surface."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from andon.pictures import palette
from andon.pictures.charts_special import in_order
from andon.pictures.figures import convention_of, kept, rows_of, table_of, told
from andon.pictures.groups import lines_panel
from andon.pictures.marks import bars, dots, name, quantity, words
from andon.pictures.picture import Layer, Panel, Picture
from andon.pictures.spread import histogram_panel, probability_panel
from andon.stats.experiment_analysis import Experiment
from andon.stats.experiment_optimum import Optimum

__all__ = [
    "SURFACE_COLOURS",
    "draw_experiment",
    "draw_optimum",
    "predicted",
    "residual_panels",
    "surface_panel",
]

Array = NDArray[np.float64]
_STEPS = 48
SURFACE_COLOURS = (
    "#e3eff1",
    "#c3dde2",
    "#a0c8d0",
    "#79b0bb",
    "#5296a4",
    "#2f7b8b",
    "#155f70",
    "#0a4552",
)
"""Low to high, in equal steps; told apart in both themes."""


def draw_experiment(result: Experiment, inputs: Any = None) -> Picture:
    """Return effects, main effects, interaction, surface and the four residual plots."""
    panels = [_ranked(result), _normal_effects(result), _main_effects(result)]
    pair = _strongest_pair(result)
    if pair is not None:
        panels.append(_interaction(result, pair))
        if any(sum(powers) > 1 for powers in result.powers):
            panels.append(surface_panel(result, pair, None))
    panels += residual_panels(result.residuals, result.fitted)
    real = [each.term for each in result.effects if each.p_value < _alpha(result)]
    said = ", ".join(real[:5]) or "none"
    word = "■" if real else "○"
    verdict = f"{word} Effects shown: {said}; R² {told(100 * result.r_squared, 3)} %."
    aliased = (
        f" Not told apart: {', '.join(term for term, _ in result.aliased[:4])}."
        if result.aliased
        else ""
    )
    caption = f"{convention_of(result)}{aliased}"
    return Picture("Experiment", verdict, caption, tuple(panels), 2)


def draw_optimum(result: Optimum, inputs: Mapping[str, Any]) -> Picture | None:
    """Return the surface with its best point, where the experiment is given."""
    given = inputs.get("experiment")
    if given is None:
        return None
    experiment = given if isinstance(given, Experiment) else Experiment.from_dict(given)
    pair = _strongest_pair(experiment)
    if pair is None:
        return None
    panel = surface_panel(experiment, pair, result.best)
    place = ", ".join(
        f"{factor} {told(at, 3)}"
        for factor, at in zip(experiment.factors, result.best, strict=True)
    )
    verdict = f"● Best inside the region: {told(result.best_value)} at {place} (coded units)."
    caption = f"The surface has a {result.nature}. {convention_of(result)}"
    return Picture("Response surface", verdict, caption, (panel,))


def predicted(experiment: Experiment, settings: Array) -> Array:
    """Return the model's response at settings in coded units, shape (n, factors)."""
    total = np.full(settings.shape[0], experiment.mean)
    for effect, powers in zip(experiment.effects, experiment.powers, strict=True):
        total = total + effect.coefficient * np.prod(settings ** np.array(powers), axis=1)
    return total


def residual_panels(residuals: Array, fitted: Array) -> list[Panel]:
    """Return the four plots that show whether the model's assumptions hold."""
    if np.allclose(residuals, 0.0, atol=1e-12 * (1.0 + float(np.abs(fitted).max()))):
        return []
    room = 0.1 * float(np.ptp(residuals))
    span = [float(residuals.min()) - room, float(residuals.max()) + room]
    x, y = quantity("x", "fitted value"), quantity("y", "residual", domain=span)
    rule = {"type": "rule", "color": palette.CENTER}
    zero: Layer = {"data": {"values": [{"y": 0.0}]}, "mark": rule, "encoding": {"y": y}}
    at = kept(residuals)
    pairs = rows_of({"x": fitted[at], "y": residuals[at]})
    order = quantity("value", "residual", domain=span)
    ordered = in_order(residuals, np.zeros(residuals.size, dtype=bool), order, "run")
    return [
        probability_panel(residuals, axis="residual"),
        Panel("Residuals against fitted values", [zero, dots(pairs, x, y, size=26)],
              ("fitted", "residual"), table_of(fitted[at], residuals[at])),
        histogram_panel("Residuals", residuals, axis="residual"),
        Panel("Residuals in their order", [zero, *ordered], ("run", "residual"),
              table_of(at + 1, residuals[at])),
    ]  # fmt: skip


def surface_panel(experiment: Experiment, pair: tuple[int, int], best: Array | None) -> Panel:
    """Return the response over two factors in steps of colour, all others in their middle."""
    grid = np.linspace(-1.0, 1.0, _STEPS)
    first, second = (column.ravel() for column in np.meshgrid(grid, grid))
    settings = np.zeros((first.size, len(experiment.factors)))
    if best is not None:
        settings[:] = best
    settings[:, pair[0]], settings[:, pair[1]] = first, second
    response = predicted(experiment, settings)
    half = 1.06 / (_STEPS - 1)  # a little overlap hides the seams
    rows = rows_of({"x": first - half, "x2": first + half, "y": second - half, "y2": second + half,
                    "value": response})  # fmt: skip
    names = [experiment.factors[at] for at in pair]
    x = quantity("x", f"{names[0]} (coded)", domain=[-1 - half, 1 + half])
    y = quantity("y", f"{names[1]} (coded)", domain=[-1 - half, 1 + half])
    scale = {"type": "quantize", "domain": [float(response.min()), float(response.max())],
             "range": list(SURFACE_COLOURS)}  # fmt: skip
    colour = {"field": "value", "type": "quantitative", "scale": scale,
              "legend": {"title": "response", "format": ".3~g"}}  # fmt: skip
    layers: list[Layer] = [{
        "data": {"values": rows}, "mark": {"type": "rect", "strokeWidth": 0},
        "encoding": {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}, "color": colour},
    }]  # fmt: skip
    if best is not None:
        place = [{"x": float(best[pair[0]]), "y": float(best[pair[1]]), "text": "best"}]
        layers += [dots(place, x, y, palette.SPECIFICATION, size=90, shape="diamond")]
    rough = slice(None, None, 97)
    cells = table_of(first[rough], second[rough], response[rough])
    return Panel("Response surface", layers, (names[0], names[1], "response"), cells)


def _alpha(result: Experiment) -> float:
    level = result.options.get("level", 0.95)
    return 1.0 - (float(level) if isinstance(level, int | float) else 0.95)


def _ranked(result: Experiment) -> Panel:
    """Return the sizes of the effects, the line beyond which they are not chance."""
    data = [{"name": each.term, "value": abs(each.effect), "is_real": each.p_value < _alpha(result)}
            for each in result.effects]  # fmt: skip
    halves = [(each.interval.high - each.interval.low) / 2 for each in result.effects]
    known = [half for half in halves if np.isfinite(half)]
    is_common = bool(known) and np.allclose(known, known[0], rtol=1e-6)
    sizes = [abs(each.effect) for each in result.effects]
    top = 1.08 * max([*sizes, *(known[:1] if is_common else [])], default=1.0)
    x = quantity("value", "size of the effect", domain=[0.0, top])
    y = name("name", order=[each.term for each in result.effects])
    layer = bars(data, x, y)
    layer["encoding"]["color"] = {
        "condition": {"test": "datum.is_real", "value": palette.LINE}, "value": palette.BAR
    }  # fmt: skip
    rule: Layer = {"type": "rule", "color": palette.SPECIFICATION, "strokeWidth": 1.4}
    limit = [{"at": known[0]}] if is_common else []
    line = {"data": {"values": limit}, "mark": rule, "encoding": {"x": {**x, "field": "at"}}}
    title = "Effects; red line: limit of chance" if is_common else "Effects"
    cells = [(each.term, each.effect, each.interval.low, each.interval.high, each.p_value)
             for each in result.effects]  # fmt: skip
    return Panel(
        title,
        [layer, *([line] if is_common else [])],
        ("term", "effect", "from", "to", "p"),
        cells,
        max(150, 24 * len(data)),
    )


def _normal_effects(result: Experiment) -> Panel:
    effects = sorted(result.effects, key=lambda each: each.effect)
    n = len(effects)
    scores = ndtri((np.arange(n) + 0.625) / (n + 0.25))
    data = [{"x": each.effect, "y": float(score), "text": each.term,
             "is_real": each.p_value < _alpha(result)}
            for each, score in zip(effects, scores, strict=True)]  # fmt: skip
    x, y = quantity("x", "effect"), quantity("y", "normal score")
    for channel in (x, y):
        channel["scale"]["padding"] = 26
    real = [row for row in data if row["is_real"]]
    layers = [
        dots([row for row in data if not row["is_real"]], x, y, palette.LIMIT, size=40),
        dots(real, x, y, palette.SPECIFICATION, size=52, shape="square"),
        words(real, x, y, align="center", dx=0, dy=-12),
    ]  # fmt: skip
    cells = [(row["text"], row["x"], row["y"]) for row in data]
    return Panel("Normal plot of effects", layers, ("term", "effect", "normal score"), cells)


def _main_effects(result: Experiment) -> Panel:
    """Return the response of each factor from low to high, all others in their middle."""
    count = len(result.factors)
    levels = (-1.0, 0.0, 1.0) if any(max(powers) > 1 for powers in result.powers) else (-1.0, 1.0)
    rows = []
    for at, factor in enumerate(result.factors):
        settings = np.zeros((len(levels), count))
        settings[:, at] = levels
        rows += [
            {"name": told(level), "series": factor, "value": float(value)}
            for level, value in zip(levels, predicted(result, settings), strict=True)
        ]
    return _leveled("Main effects", rows, levels)


def _interaction(result: Experiment, pair: tuple[int, int]) -> Panel:
    rows = []
    one, two = (result.factors[at] for at in pair)
    for level in (-1.0, 1.0):
        settings = np.zeros((2, len(result.factors)))
        settings[:, pair[0]], settings[:, pair[1]] = (-1.0, 1.0), level
        rows += [
            {"name": told(at), "series": f"{two} {told(level)}", "value": float(value)}
            for at, value in zip((-1.0, 1.0), predicted(result, settings), strict=True)
        ]
    return _leveled(f"Interaction {one} × {two}", rows, (-1.0, 1.0), one)


def _leveled(title: str, rows: list[Layer], levels: Sequence[float], factor: str = "") -> Panel:
    panel = lines_panel(title, rows, "response", x_title=f"{factor or 'level'} (coded)")
    order = [told(level) for level in levels]
    for layer in panel.layers:
        layer["encoding"]["x"]["sort"] = order
    return panel


def _strongest_pair(result: Experiment) -> tuple[int, int] | None:
    """Return the two factors of the largest interaction, else of the largest effects."""
    if len(result.factors) < 2:
        return None
    for powers in result.powers:
        acting = [at for at, power in enumerate(powers) if power]
        if len(acting) == 2:
            return acting[0], acting[1]
    return 0, 1
