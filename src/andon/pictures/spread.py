"""How values spread: histogram with curves and limits, probability plot, box plots."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from andon.pictures import palette
from andon.pictures.figures import MOST, convention_of, rows_of, table_of, told, values_of
from andon.pictures.marks import Named, bars, dots, line, quantity, upright_lines, words
from andon.pictures.picture import Panel, Picture
from andon.stats.distribution_shapes import shape_of
from andon.stats.distributions import FittedDistribution
from andon.stats.normality import NormalityVerdict
from andon.stats.tolerance import ToleranceInterval

__all__ = [
    "draw_distribution",
    "draw_normality",
    "draw_tolerance",
    "histogram_panel",
    "normal_density",
    "probability_panel",
]

Array = NDArray[np.float64]
Density = Callable[[Array], Array]
_MARKS = (0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999)
"""Shares named on the axis of a probability plot."""


def histogram_panel(
    title: str,
    values: Array | None,
    *,
    curves: Sequence[tuple[str, Density, str, Sequence[int]]] = (),
    lines: Sequence[Named] = (),
    axis: str = "value",
) -> Panel:
    """Return bars with the curves (name, density, colour, dash) and the named limits."""
    bins = _bins(values)
    span = _span(values, lines, curves)
    grid = np.linspace(span[0], span[1], 161)
    scale = values.size * bins[2] if values is not None and bins is not None else 1.0
    heights = {name: scale * density(grid) for name, density, _, _ in curves}
    counts = bins[0] if bins is not None else np.zeros(0)
    top = max([*counts, *(np.nan_to_num(each).max() for each in heights.values()), 1e-12])
    x = quantity("x", axis, domain=span)
    y = quantity("y", "count" if bins is not None else "density", domain=[0.0, 1.28 * top])
    layers, rows = [], []
    if bins is not None:
        counts, edges, _ = bins
        data = rows_of({"x": edges[:-1], "end": edges[1:], "y": counts})
        layer = bars(data, x, y, palette.BAR)
        layer["mark"] = {"type": "rect", "xOffset": 0.5, "x2Offset": -0.5}
        layer["encoding"] |= {"x2": {"field": "end"}, "y2": {"datum": 0}}
        layers.append(layer)
        rows = table_of(edges[:-1], edges[1:], counts)
    for name, _, colour, dash in curves:
        data = rows_of({"x": grid, "y": heights[name]})
        layers.append(line(data, x, y, colour, width=1.8, dash=dash))
    layers += upright_lines(lines, x, span=span)
    return Panel(title, layers, ("from", "to", "count"), rows)


def normal_density(mean: float, sigma: float) -> Density:
    """Return the density of a normal distribution."""
    return lambda x: np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * np.sqrt(2.0 * np.pi))


def probability_panel(
    values: Array, fit: FittedDistribution | None = None, *, note: str = "", axis: str = "value"
) -> Panel:
    """Return the probability plot: sorted values against the share below, straight when it fits.

    The share of the i-th of n is (i - 3/8) / (n + 1/4); of a distribution that is not normal the
    values stand at the normal score of the share, and the line is the fitted one.
    """
    ordered = np.sort(values)
    shares = (np.arange(ordered.size) + 0.625) / (ordered.size + 0.25)
    at = np.unique(np.linspace(0, ordered.size - 1, min(ordered.size, MOST // 3)).astype(int))
    low, high = ndtri(shares[0]) - 0.25, ndtri(shares[-1]) + 0.25
    scores = np.linspace(low, high, 61)
    fitted = _quantiles(values, fit, scores)
    inside = np.isfinite(fitted)
    ends = [ordered[0], ordered[-1]]
    room = 0.05 * (ends[1] - ends[0])
    span = [float(ends[0] - room), float(ends[1] + room)]
    kept_line = inside & (fitted >= span[0]) & (fitted <= span[1])
    marked = [share for share in _MARKS if low <= ndtri(share) <= high]
    x = quantity("x", axis, domain=span)
    y = quantity("y", "share below", domain=[float(low), float(high)], has_grid=True,
                 values=[float(ndtri(share)) for share in marked])  # fmt: skip
    y["axis"] |= {"labelExpr": _label_of(marked), "labelOverlap": False}
    data = rows_of({"x": ordered[at], "y": ndtri(shares[at])})
    straight = rows_of({"x": fitted[kept_line], "y": scores[kept_line]})
    layers = [line(straight, x, y, palette.MARK, width=1.6), dots(data, x, y, size=22)]
    if note:
        place = [{"x": span[0], "y": float(high), "text": note}]
        layers.append(words(place, x, y, dx=6, dy=18))
    return Panel("Probability plot", layers, ("value", "share below"),
                 table_of(ordered[at], shares[at]))  # fmt: skip


def draw_normality(result: NormalityVerdict, inputs: Mapping[str, Any]) -> Picture | None:
    """Return probability plot and histogram of the values tested."""
    values = values_of(inputs)
    if values is None:
        return None
    test = "A²" if "anderson" in str(result.options.get("test", "")) else "W"
    note = f"{test} = {told(result.statistic, 3)}, p = {told(result.p_value, 3)}"
    word = "■ Not normal" if result.is_rejected else "● No sign against normal"
    mean, sigma = float(values.mean()), float(values.std(ddof=1))
    curves = [("normal", normal_density(mean, sigma), palette.MARK, (1, 0))]
    panels = (
        probability_panel(values, note=note),
        histogram_panel("Histogram", values, curves=curves),
    )
    verdict = f"{word}: {note} at α = {told(result.alpha)}, {result.tested:,} values tested."
    caption = f"Line: normal distribution of the same mean and spread. Source: {result.source}."
    return Picture("Is it normal?", verdict, caption, panels, 2)


def draw_distribution(result: FittedDistribution, inputs: Mapping[str, Any]) -> Picture:
    """Return the fitted curve with the histogram and the probability plot where values are."""
    values = values_of(inputs)
    note = f"A² = {told(result.anderson_darling, 3)}"
    panels = [
        histogram_panel(
            "Histogram with the fitted curve",
            values,
            curves=[("fit", density_of(result), palette.MARK, (1, 0))],
        )
    ]
    if values is not None:
        panels.append(probability_panel(values, result, note=note))
    said = ", ".join(f"{key} {told(value)}" for key, value in result.parameters.items())
    caption = (
        f"{result.family.capitalize()} distribution of {result.count:,} values by maximum "
        f"likelihood: {said}. AIC {told(result.aic)}, {note}: less is better. "
        f"Source: {result.source}."
    )
    return Picture(f"Fitted {result.family} distribution", "", caption, tuple(panels), len(panels))


def draw_tolerance(result: ToleranceInterval, inputs: Mapping[str, Any]) -> Picture:
    """Return the histogram between the tolerance limits."""
    values = values_of(inputs)
    named = (("lower", result.interval.low), ("upper", result.interval.high))
    lines = [Named(at, word, "target") for word, at in named if np.isfinite(at)]
    held = f"{told(100 * result.proportion)} %"
    said = " to ".join(told(end) for end in (result.interval.low, result.interval.high))
    sure = f"{100 * result.confidence:.1f} % confidence"
    verdict = f"{said} holds at least {held} of the population, with {sure}."
    caption = f"{result.count:,} values. {convention_of(result)}"
    panel = histogram_panel("Values and tolerance interval", values, lines=lines)
    return Picture("Tolerance interval", verdict, caption, (panel,))


def density_of(fit: FittedDistribution) -> Density:
    """Return the density of a fitted distribution."""
    shape = shape_of(fit.family, fit.parameters)

    def density(x: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.nan_to_num(np.exp(shape.logpdf(x)), posinf=0.0)

    return density


def _quantiles(values: Array, fit: FittedDistribution | None, scores: Array) -> Array:
    if fit is None:
        return np.asarray(values.mean() + values.std(ddof=1) * scores)
    from scipy.special import ndtr  # noqa: PLC0415

    return np.asarray(shape_of(fit.family, fit.parameters).ppf(ndtr(scores)))


def _label_of(shares: Sequence[float]) -> str:
    """Return the expression that names a score by its share."""
    told_shares = [f"abs(datum.value - {float(ndtri(share)):.6f}) < 0.001 ? '{100 * share:g} %'"
                   for share in shares]  # fmt: skip
    return " : ".join([*told_shares, "''"])


def _bins(values: Array | None) -> tuple[Array, Array, float] | None:
    """Return counts, edges and width of the bars, by Freedman and Diaconis."""
    if values is None or not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    quarter, three = np.quantile(values, [0.25, 0.75])
    usual = 2.0 * float(three - quarter) / values.size ** (1 / 3)
    count = int(np.clip(np.ceil((high - low) / usual), 5, 40)) if usual > 0 else 5
    counts, edges = np.histogram(values, bins=count)
    return counts.astype(np.float64), edges, float(edges[1] - edges[0])


def _span(values: Array | None, lines: Sequence[Named], curves: Sequence[Any]) -> list[float]:
    ends = [each.at for each in lines]
    if values is not None:
        ends += [float(values.min()), float(values.max())]
    elif curves:
        ends += _reach(curves[0][1], ends)
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    return [low - room, high + room]


def _reach(density: Density, ends: Sequence[float]) -> list[float]:
    """Return where a density is visible, found on widening grids."""
    centre = float(np.mean(ends)) if ends else 0.0
    for width in 10.0 ** np.arange(-6.0, 12.0):
        grid = np.linspace(centre - width, centre + width, 4001)
        heights = density(grid)
        seen = grid[heights > 0.001 * heights.max()] if heights.max() > 0 else grid[:0]
        if seen.size > 40 and seen[0] > grid[0] and seen[-1] < grid[-1]:
            return [float(seen[0]), float(seen[-1])]
    return [centre - 1.0, centre + 1.0]
