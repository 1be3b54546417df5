"""Charts of sums and of several characteristics: CUSUM, T2 and MEWMA, and a gauge's stability."""

from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.charts import point_layers
from andon.pictures.false_alarms import rate_in_words
from andon.pictures.figures import convention_of, kept, rows_of, sentence, told
from andon.pictures.marks import Named, bars, flat_lines, name, quantity
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.charts_cusum import CusumChart
from andon.stats.charts_multivariate import MultivariateChart
from andon.stats.gauge_stability import StabilityStudy

__all__ = ["band_layer", "draw_cusum", "draw_multivariate", "draw_stability", "in_order"]

_MOST_SIGNALS = 6


def draw_cusum(result: CusumChart, inputs: Any = None) -> Picture:
    """Return both sums, the lower one downwards, between the decision intervals."""
    h = result.decision
    n = result.upper_sums.size
    rows = [*_sums(result, result.upper_sums, 1, 1), *_sums(result, result.lower_sums, -1, 2)]
    reach = 1.1 * max(h, *(abs(row["value"]) for row in rows))
    span = [-reach, reach]
    x, y = _point(n), quantity("value", "sum of deviations", domain=span)
    lines = [Named(h, "H"), Named(0.0, "Centre", "centre"), Named(-h, "−H")]
    half = len(rows) // 2
    layers = [
        band_layer(-h, h, y), *flat_lines(lines, y, height=240, span=span),
        *point_layers(rows[:half], x, y, n), *point_layers(rows[half:], x, y, n),
    ]  # fmt: skip
    cells = [(row["at"], row["value"], row["codes"]) for row in rows]
    panel = Panel("Upper and lower sum", layers, ("point", "sum", "signal"), cells)
    caption = (
        f"Above: sum of rises, below: sum of falls. Reference K = {told(result.reference)}, "
        f"decision interval H = {told(h)}, centre {told(result.baseline.centre)}. "
        f"{rate_in_words(result)} {convention_of(result)}"
    )
    return Picture("CUSUM chart", _cusum_verdict(result), caption, (panel,))


def _sums(result: CusumChart, sums: Any, sign: int, bit: int) -> list[Layer]:
    is_signal = (result.violations & bit) != 0
    at = kept(sums, is_signal)
    flags = is_signal[at]
    columns = {"at": at + 1, "value": sign * sums[at], "is_beyond": flags}
    codes = np.where(flags, "H", "")
    return rows_of(columns | {"codes": codes, "is_left_out": np.zeros(at.size, dtype=bool)})


def _cusum_verdict(result: CusumChart) -> str:
    n = result.violations.size
    beyond = np.flatnonzero(result.violations)
    if not beyond.size:
        return f"● In control: neither sum passes H on {n:,} points."
    at = int(beyond[0])
    is_up = bool(result.violations[at] & 1)
    onset = result.onset(at, above=is_up) + 1
    way = "rise" if is_up else "fall"
    return f"■ Shift: H is passed at point {at + 1}; the {way} began about point {onset}."


def draw_multivariate(result: MultivariateChart, inputs: Any = None) -> Picture:
    """Return the statistic below its limit, and what contributes to its signals."""
    points, upper = result.points, result.upper
    beyond = points > upper
    at = kept(points, beyond)
    columns = {"at": at + 1, "value": points[at], "is_beyond": beyond[at]}
    more = {"codes": np.where(beyond[at], "UCL", ""), "is_left_out": np.zeros(at.size, dtype=bool)}
    rows = rows_of(columns | more)
    span = [0.0, 1.1 * max(float(points.max()), upper)]
    x, y = _point(points.size), quantity("value", result.statistic, domain=span)
    drawn = point_layers([{**row, "codes": ""} if not row["is_beyond"] else row for row in rows],
                         x, y, points.size)  # fmt: skip
    layers = [band_layer(0.0, upper, y),
              *flat_lines([Named(upper, "UCL")], y, height=240, span=span), *drawn]  # fmt: skip
    cells = [(row["at"], row["value"], upper, row["codes"]) for row in rows]
    headers = ("point", result.statistic, "upper limit", "signal")
    panels = [Panel(result.statistic, layers, headers, cells), *_contributions(result)]
    count = int(beyond.sum())
    word = f"■ {count} of {points.size} points above the limit" if count else "● In control"
    said = f"{rate_in_words(result)} {sentence(result.convention)}"
    caption = f"{said} Source: {result.source}."
    title = f"{result.statistic} chart of {result.contributions.shape[1]} characteristics"
    return Picture(title, f"{word}.", caption, tuple(panels))


def _contributions(result: MultivariateChart) -> list[Panel]:
    signals = result.signals()[:_MOST_SIGNALS]
    if not signals:
        return []
    width = result.contributions.shape[1]
    rows = [{"name": f"point {at + 1}", "of": f"{of + 1}",
             "value": max(0.0, float(result.contributions[at, of]))}
            for at in signals for of in range(width)]  # fmt: skip
    colour: Layer = {"field": "of", "type": "nominal", "scale": {"range": list(palette.SERIES)},
                     "legend": {"title": "characteristic"}}  # fmt: skip
    y = name("name", order=[f"point {at + 1}" for at in signals])
    layer = bars(
        rows, quantity("value", "fall of the statistic without it", is_zero=True), y, colour
    )
    layer["encoding"] |= {"yOffset": {"field": "of", "type": "nominal"}}
    cells = [(row["name"], row["of"], row["value"]) for row in rows]
    return [Panel("What contributes to the signals", [layer], ("point", "characteristic", "share"),
                  cells, 26 + 12 * width * len(signals))]  # fmt: skip


def draw_stability(result: StabilityStudy, inputs: Any = None) -> Picture:
    """Return means and ranges of a master part over the sessions."""
    means = _sessions("mean", result.means, (result.low, result.centre, result.high),
                      result.signals, 220)  # fmt: skip
    ranges = _sessions("range", result.ranges,
                       (result.range_low, result.mean_range, result.range_high),
                       result.range_signals, 120)  # fmt: skip
    word = "● Stable" if result.is_stable else "■ Not stable"
    drift = f"drift {told(result.drift_per_session, 3)} a session, p = {told(result.drift_p, 2)}"
    caption = convention_of(result)
    return Picture("Stability of the gauge", f"{word}: {drift}.", caption, (means, ranges))


def _sessions(statistic: str, values: Any, limits: tuple[float, float, float],
              signals: tuple[int, ...], height: int) -> Panel:  # fmt: skip
    beyond = np.isin(np.arange(values.size), signals)
    rows = rows_of({"at": np.arange(values.size) + 1, "value": values, "is_beyond": beyond,
                    "codes": np.where(beyond, "1", ""),
                    "is_left_out": np.zeros(values.size, dtype=bool)})  # fmt: skip
    ends = [*limits, *values.tolist()]
    room = 0.09 * (max(ends) - min(ends))
    span = [min(ends) - (0.0 if min(ends) == 0 else room), max(ends) + room]
    x, y = _point(values.size, "session"), quantity("value", domain=span)
    named = [Named(limits[0], "LCL"), Named(limits[1], "Centre", "centre"), Named(limits[2], "UCL")]
    layers = [band_layer(limits[0], limits[2], y), *flat_lines(named, y, height=height, span=span),
              *point_layers(rows, x, y, values.size)]  # fmt: skip
    cells = [(row["at"], row["value"], *limits, row["codes"]) for row in rows]
    headers = ("session", statistic, "lower limit", "centre", "upper limit", "signal")
    return Panel(statistic.capitalize(), layers, headers, cells, height)


def _point(n: int, title: str = "point") -> Layer:
    return quantity("at", title, domain=[0.5, n + 0.5], form="d")


def band_layer(low: float, high: float, y: Layer) -> Layer:
    """Return a quiet level band."""
    mark = {"type": "rect", "color": palette.BAND}
    encoding = {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    return {"data": {"values": [{"low": low, "high": high}]}, "mark": mark, "encoding": encoding}


def in_order(values: Any, flagged: Any, y: Layer, title: str) -> list[Layer]:
    """Return values in their order as points and line; the flagged ones are red squares."""
    at = kept(values, flagged)
    flags = np.asarray(flagged)[at]
    columns = {"at": at + 1, "value": np.asarray(values)[at], "is_beyond": flags}
    more = {"codes": np.where(flags, " ", ""), "is_left_out": np.zeros(at.size, dtype=bool)}
    return point_layers(rows_of(columns | more), _point(len(values), title), y, len(values))
