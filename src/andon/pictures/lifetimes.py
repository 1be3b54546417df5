"""Lifetimes: the fit on its paper with bounds, and the survival curve."""

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from andon.pictures import palette
from andon.pictures.figures import convention_of, percent, rows_of, table_of, told
from andon.pictures.marks import area, dots, line, quantity
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.reliability import Distribution, LifetimeFit, fit_lifetimes
from andon.stats.reliability_survival import Survival, estimate_survival

__all__ = ["draw_lifetimes", "draw_survival"]

Array = NDArray[np.float64]
_SHARES = (0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.99)
_BOUNDED = (0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97)


def draw_lifetimes(result: LifetimeFit, inputs: Mapping[str, Any]) -> Picture:
    """Return the probability paper of the fit, and survival beside the fitted curve."""
    bounded = _bounded(result, inputs)
    points = _points(inputs)
    panels = (_paper(result, bounded, points), _fitted_survival(result, inputs))
    lives = ", ".join(f"B{100 * each.share:g} {told(each.time)} ({told(each.interval.low)} to "
                      f"{told(each.interval.high)})" for each in result.lives[:3])  # fmt: skip
    verdict = f"{lives}."
    shape = "" if result.distribution == "exponential" else f", shape {told(result.shape)}"
    caption = (
        f"{result.distribution.capitalize()}: scale {told(result.scale)}{shape}; "
        f"{told(result.failures)} failed, {told(result.running)} still running. "
        f"{convention_of(result)}"
    )
    return Picture("Lifetimes", verdict, caption, panels)


def draw_survival(result: Survival, inputs: Any = None) -> Picture:
    """Return the share alive as steps with its band."""
    rows = _steps(result)
    panel = _survival_panel(rows, result, [])
    median = "not reached" if np.isnan(result.median) else told(result.median)
    caption = convention_of(result)
    return Picture("Survival", f"Median life: {median}.", caption, (panel,))


def _steps(result: Survival) -> list[dict[str, Any]]:
    times = np.concatenate([[0.0], result.times])
    columns = {"x": times, "y": np.concatenate([[1.0], result.survival]),
               "low": np.concatenate([[1.0], result.low]),
               "high": np.concatenate([[1.0], result.high])}  # fmt: skip
    return rows_of(columns)


def _survival_panel(rows: list[dict[str, Any]], result: Survival, more: list[Layer]) -> Panel:
    x = quantity("x", "time", is_zero=True)
    y = quantity("y", "share alive", domain=[0.0, 1.02], form=".0%")
    banded = [row for row in rows if row["low"] is not None and row["high"] is not None]
    layers = [area(banded, x, {**y, "field": "low"}, "high", shape="step-after"),
              line(rows, x, y, palette.POINT, width=1.8, shape="step-after"), *more]  # fmt: skip
    cells = table_of(result.times, result.survival, result.low, result.high, result.at_risk,
                     result.failures)  # fmt: skip
    headers = ("time", "share alive", "from", "to", "at risk", "failed")
    return Panel("Share alive", layers, headers, cells)


def _fitted_survival(result: LifetimeFit, inputs: Mapping[str, Any]) -> Panel:
    """Return the fitted curve over Kaplan and Meier's steps where every time is known."""
    shares = np.linspace(0.001, 0.995, 120)
    x = quantity("x", "time", is_zero=True)
    y = quantity("y", "share alive", domain=[0.0, 1.02], form=".0%")
    curve = line(
        rows_of({"x": _times(result, shares), "y": 1.0 - shares}), x, y, palette.MARK, width=1.8
    )
    if not _is_plain(inputs):
        return Panel("Share alive", [curve], ("time", "share alive"),
                     table_of(_times(result, shares), 1.0 - shares))  # fmt: skip
    steps = estimate_survival(inputs["times"], _failed(inputs))
    last = max(float(np.max(np.asarray(inputs["times"], dtype=np.float64))), 1e-12)
    seen = [
        row
        for row in rows_of({"x": _times(result, shares), "y": 1.0 - shares})
        if row["x"] <= 1.1 * last
    ]
    return _survival_panel(_steps(steps), steps, [line(seen, x, y, palette.MARK, width=1.8)])


def _paper(result: LifetimeFit, bounded: LifetimeFit, points: tuple[Array, Array] | None) -> Panel:
    """Return times on a logarithmic axis against the share failed, straight when it fits."""
    shares = np.array([each.share for each in bounded.lives])
    data = rows_of({"x": [each.time for each in bounded.lives],
                    "low": [each.interval.low for each in bounded.lives],
                    "high": [each.interval.high for each in bounded.lives],
                    "y": _score(result, shares)})  # fmt: skip
    ends = [
        *(each.interval.low for each in bounded.lives),
        *(each.interval.high for each in bounded.lives),
    ]
    kept_ends = [end for end in ends if np.isfinite(end) and end > 0]
    x = quantity("x", "time", domain=[min(kept_ends), max(kept_ends)], has_grid=True)
    x["scale"] |= {"type": "log"}
    x["axis"] |= {"format": "~g", "tickCount": 6}
    top = float(_score(result, np.array([0.99]))[0])
    low = float(_score(result, np.array([0.007]))[0])
    y = quantity("y", "share failed", domain=[low, top], has_grid=True,
                 values=_score(result, np.array(_SHARES)).tolist())  # fmt: skip
    named = [
        f"abs(datum.value - {score:.6f}) < 0.001 ? '{percent(share)}'"
        for share, score in zip(_SHARES, _score(result, np.array(_SHARES)), strict=True)
    ]
    y["axis"] |= {"labelExpr": " : ".join([*named, "''"]), "labelOverlap": False}
    band = {"data": {"values": data}, "mark": {"type": "area", "color": palette.BAND, "opacity": 1,
            "orient": "horizontal", "clip": True},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}}  # fmt: skip
    layers: list[Layer] = [band, line(data, x, y, palette.MARK, width=1.8)]
    cells = [
        (each.share, each.time, each.interval.low, each.interval.high) for each in bounded.lives
    ]
    if points is not None:
        times, failed = points
        inside = (failed >= 0.007) & (failed <= 0.99)
        seen = rows_of({"x": times[inside], "y": _score(result, failed[inside])})
        layers.append(dots(seen, x, y, size=26))
    title = f"{result.distribution.capitalize()} paper, line with its bounds"
    return Panel(title, layers, ("share failed", "time", "from", "to"), cells, 300)


def _score(result: LifetimeFit, shares: Array) -> Array:
    """Return the height of a share on the paper of the distribution."""
    if result.distribution == "lognormal":
        return np.asarray(ndtri(shares))
    return np.asarray(np.log(-np.log1p(-shares)))


def _times(result: LifetimeFit, shares: Array) -> Array:
    """Return the times by which these shares have failed."""
    if result.distribution == "lognormal":
        return np.asarray(result.scale * np.exp(result.shape * ndtri(shares)))
    slope = 1.0 if result.distribution == "exponential" else result.shape
    return np.asarray(result.scale * (-np.log1p(-shares)) ** (1.0 / slope))


def _is_plain(inputs: Mapping[str, Any]) -> bool:
    return "times" in inputs and "until" not in inputs and "counts" not in inputs


def _failed(inputs: Mapping[str, Any]) -> list[bool]:
    given = inputs.get("failed")
    count = len(inputs["times"])
    return [bool(each) for each in given] if given is not None else [True] * count


def _points(inputs: Mapping[str, Any]) -> tuple[Array, Array] | None:
    """Return failure times with their shares: Kaplan and Meier's, midway of each step."""
    if not _is_plain(inputs):
        return None
    steps = estimate_survival(inputs["times"], _failed(inputs))
    before = np.concatenate([[1.0], steps.survival[:-1]])
    return steps.times, 1.0 - (before + steps.survival) / 2.0


def _bounded(result: LifetimeFit, inputs: Mapping[str, Any]) -> LifetimeFit:
    """Return the same fit with bounds over the whole paper; the fit itself without the times."""
    if not _is_plain(inputs) and "times" not in inputs:
        return result
    taken = {key: inputs[key] for key in ("until", "counts") if key in inputs}
    kinds = {kind: kind for kind in get_args(Distribution)}
    options = result.options
    return fit_lifetimes(
        inputs["times"], None if "until" in inputs else _failed(inputs),
        until=taken.get("until"), counts=taken.get("counts"), shares=_BOUNDED,
        distribution=kinds[result.distribution], convention=options["convention"],
        level=options["level"],
    )  # fmt: skip
