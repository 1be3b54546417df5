"""Groups beside each other: box plots, means, interactions, multi-vari, and all pairs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from andon.pictures import palette
from andon.pictures.figures import convention_of, rows_of, told, values_of
from andon.pictures.intervals import Estimated, interval_panel
from andon.pictures.marks import bars, dots, name, quantity, spans
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.anova import AnovaTable
from andon.stats.anova_pairs import AllPairs
from andon.stats.factors import encode_factor
from andon.stats.multi_vari import MultiVari

__all__ = ["box_panel", "by_label", "draw_anova", "draw_multi_vari", "draw_pairs", "lines_panel"]

Array = NDArray[np.float64]
_FEW = 9
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


def by_label(values: Array, labels: Any) -> dict[str, Array]:
    """Return the values of each label; numbers stand in their order.

    >>> by_label(np.array([1.0, 2.0, 3.0]), ["10", "9", "10"])
    {'9': array([2.]), '10': array([1., 3.])}
    """
    factor = encode_factor(list(labels))
    order = sorted(range(len(factor.levels)), key=lambda at: _natural(factor.levels[at]))
    return {factor.levels[at]: values[factor.codes == at] for at in order}


def _natural(label: str) -> tuple[float, str]:
    try:
        return float(label), label
    except ValueError:
        return float("inf"), label


def box_panel(title: str, groups: Mapping[str, Array], axis: str = "value") -> Panel:
    """Return box plots: quartiles, whiskers to 1.5 box lengths, values beyond, and the mean.

    A group of fewer than 9 values shows the values themselves.
    """
    boxes = [_box(group, values) for group, values in groups.items() if values.size]
    x, y = name("name", order=list(groups)), quantity("value", axis)
    single = [{"name": group, "value": float(value)} for group, values in groups.items()
              for value in _singles(values)]  # fmt: skip
    full = [row for row in boxes if row["n"] >= _FEW]
    width = max(8, min(46, int(300 / max(1, len(groups)))))
    low, mid = {**y, "field": "first"}, {**y, "field": "median"}
    body: Layer = {"type": "bar", "size": width, "color": palette.BAR}
    tick: Layer = {"type": "tick", "size": width, "thickness": 2, "color": palette.POINT}
    layers = [
        spans(full, {**y, "field": "low"}, x, is_upright=True, colour=palette.LIMIT, width=1.3),
        {"data": {"values": full}, "mark": body,
         "encoding": {"x": x, "y": low, "y2": {"field": "third"}}},
        {"data": {"values": full}, "mark": tick, "encoding": {"x": x, "y": mid}},
        dots(single, x, y, palette.LIMIT, size=18),
        dots(boxes, x, {**y, "field": "mean"}, palette.MARK, size=44, shape="diamond"),
    ]  # fmt: skip
    keys = ("name", "n", "mean", "least", "first", "median", "third", "most")
    headers = ("group", "n", "mean", "least", "quartile 1", "median", "quartile 3", "most")
    return Panel(title, layers, headers, [tuple(row[key] for key in keys) for row in boxes])


def _box(group: str, values: Array) -> dict[str, Any]:
    first, median, third = (float(each) for each in np.quantile(values, [0.25, 0.5, 0.75]))
    reach = 1.5 * (third - first)
    inside = values[(values >= first - reach) & (values <= third + reach)]
    return {
        "name": group, "n": values.size, "mean": float(values.mean()), "first": first,
        "median": median, "third": third, "low": float(inside.min()), "high": float(inside.max()),
        "least": float(values.min()), "most": float(values.max()),
    }  # fmt: skip


def _singles(values: Array) -> Array:
    """Return the values drawn one by one: all of a few, else those beyond the whiskers."""
    if values.size < _FEW:
        return values
    first, third = np.quantile(values, [0.25, 0.75])
    reach = 1.5 * (third - first)
    outside = values[(values < first - reach) | (values > third + reach)]
    return np.sort(outside)[:: max(1, outside.size // 200)]


def lines_panel(
    title: str, rows: Sequence[Mapping[str, Any]], axis: str, *, x_title: str = ""
) -> Panel:
    """Return one line for each `series` over `name`, told apart by colour and shape."""
    order = sorted({str(row["name"]) for row in rows}, key=_natural)
    series = sorted({str(row["series"]) for row in rows}, key=_natural)
    data = [dict(row) for row in rows]
    colours = [palette.SERIES[at % 6] for at in range(len(series))]
    shapes = [_SHAPES[at % 6] for at in range(len(series))]
    colour: Layer = {"field": "series", "type": "nominal",
                     "scale": {"domain": series, "range": colours},
                     "legend": {"title": None, "orient": "top", "offset": 2}}  # fmt: skip
    shape: Layer = {**colour, "scale": {"domain": series, "range": shapes}}
    channels: Layer = {"x": name("name", x_title, order=order), "y": quantity("value", axis)}
    is_one = len(series) < 2
    told_apart = {} if is_one else {"color": colour}
    base: Layer = {"data": {"values": data}, "encoding": {**channels, **told_apart}}
    mark = {"type": "point", "filled": True, "opacity": 1, "size": 42}
    points = base["encoding"] | ({} if is_one else {"shape": shape})
    layers = [
        {**base, "mark": {"type": "line", "strokeWidth": 1.5, "color": palette.LINE}},
        {**base, "mark": mark | {"color": palette.POINT}, "encoding": points},
    ]
    cells = [(row["series"], row["name"], row["value"]) for row in rows]
    return Panel(title, layers, ("line", x_title or "level", axis), cells)


def draw_anova(result: AnovaTable, inputs: Mapping[str, Any]) -> Picture | None:
    """Return box plots and means of the groups, or main effects and interaction of two factors."""
    values = values_of(inputs)
    tested = [row for row in result.rows if np.isfinite(row.p_value)]
    is_real = any(row.p_value < 0.05 for row in tested)
    said = "; ".join(f"{row.source} p = {told(row.p_value, 2)}" for row in tested)
    word = "■ The groups differ" if is_real else "● No difference shown"
    caption = convention_of(result)
    panels: list[Panel] = []
    if values is not None and "groups" in inputs:
        panels.append(box_panel("Values by group", by_label(values, inputs["groups"])))
    if result.groups:
        rows = [Estimated(f"{each.group} (n {each.count})", each.mean, each.interval)
                for each in result.groups]  # fmt: skip
        panels.append(interval_panel("Means with their intervals", "mean", rows))
    if values is not None and "first" in inputs:
        panels += _two_factors(values, inputs)
    if not panels:
        return None
    columns = 2 if len(panels) > 2 else 1
    return Picture("Comparison of groups", f"{word}: {said}.", caption, tuple(panels), columns)


def _two_factors(values: Array, inputs: Mapping[str, Any]) -> list[Panel]:
    pairs = [
        (str(one), str(two)) for one, two in zip(inputs["first"], inputs["second"], strict=True)
    ]
    sums: dict[tuple[str, str], list[float]] = {}
    for pair, value in zip(pairs, values.tolist(), strict=True):
        sums.setdefault(pair, []).append(value)
    rows = [{"name": one, "series": two, "value": float(np.mean(each))}
            for (one, two), each in sums.items()]  # fmt: skip
    mains = [
        lines_panel(f"Main effect: {key}", [
            {"name": label, "series": "mean", "value": float(each.mean())}
            for label, each in by_label(values, inputs[key]).items()
        ], "mean") for key in ("first", "second")
    ]  # fmt: skip
    across = "first, a line for each second"
    return [
        *mains,
        lines_panel("Interaction", rows, "mean", x_title=across),
        box_panel("Values by first", by_label(values, inputs["first"])),
    ]


def draw_pairs(result: AllPairs, inputs: Mapping[str, Any]) -> Picture:
    """Return the difference of every pair with its simultaneous interval."""
    rows = [Estimated(f"{each.second} − {each.first}", each.difference, each.interval)
            for each in result.pairs]  # fmt: skip
    real = sum(each.p_value < 0.05 for each in result.pairs)
    verb = "differs" if real == 1 else "differ"
    word = (
        f"■ {real} of {len(rows)} pairs {verb}" if real else f"● None of {len(rows)} pairs differs"
    )
    panel = interval_panel("Differences of means", "difference", rows, null=0.0)
    caption = f"Hollow: 0 is inside the interval. {convention_of(result)}"
    return Picture("Every pair of groups", f"{word}, judged at 5 %.", caption, (panel,))


def draw_multi_vari(result: MultiVari, inputs: Mapping[str, Any]) -> Picture:
    """Return where the variation comes from, and the values level by level."""
    rows = rows_of({"name": [each.source for each in result.sources],
                    "value": [each.share for each in result.sources]})  # fmt: skip
    y = name("name", order=[row["name"] for row in rows])
    layer = bars(rows, quantity("value", "share of the variance", is_zero=True, form=".0%"), y)
    cells = [
        (each.source, each.df, each.variance, each.sigma, each.share) for each in result.sources
    ]
    headers = ("source", "degrees", "variance", "sigma", "share")
    panels = [Panel("Sources of variation", [layer], headers, cells, max(64, 30 * len(rows)))]
    values, levels = values_of(inputs), inputs.get("levels")
    if values is not None and levels:
        panels.insert(0, _nested(values, levels))
    largest = max(result.sources, key=lambda each: each.share)
    verdict = f"Largest source: {largest.source}, {told(100 * largest.share, 3)} % of the variance."
    caption = convention_of(result)
    return Picture("Multi-vari", verdict, caption, tuple(panels))


def _nested(values: Array, levels: Mapping[str, Any]) -> Panel:
    """Return values over the last level within the first, with the means of both."""
    names = list(levels)
    outer = [str(cell) for cell in levels[names[0]]]
    path = [" · ".join(str(levels[key][at]) for key in names[: max(1, len(names))])
            for at in range(values.size)]  # fmt: skip
    order = list(
        dict.fromkeys(sorted(path, key=lambda text: [_natural(part) for part in text.split(" · ")]))
    )
    data = [{"name": one, "value": value, "outer": two}
            for one, value, two in zip(path, values.tolist(), outer, strict=True)]  # fmt: skip
    x, y = name("name", " · ".join(names), order=order), quantity("value", "value")
    x["axis"] |= {"labelAngle": -40 if len(order) > 6 else 0}
    means = [{"name": one, "value": float(each.mean()), "outer": one.split(" · ")[0]}
             for one, each in by_label(values, path).items()]  # fmt: skip
    joined: Layer = {
        "data": {"values": means},
        "mark": {"type": "line", "color": palette.MARK, "strokeWidth": 1.5,
                 "point": {"color": palette.MARK, "shape": "diamond", "size": 46, "filled": True}},
        "encoding": {"x": x, "y": y, "detail": {"field": "outer"}},
    }  # fmt: skip
    cells = [(row["name"], row["value"]) for row in data]
    layers = [dots(data, x, y, palette.LIMIT, size=18), joined]
    headers = (" · ".join(names), "value")
    return Panel("Values, and the mean of each group", layers, headers, cells)
