"""What explains a variation: factors ranked with their intervals and verdicts."""

from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.figures import convention_of, sentence, told
from andon.pictures.intervals import Estimated, interval_panel
from andon.pictures.marks import bars, name, quantity, spans
from andon.pictures.pareto import ranked
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.drivers import DriverRanking
from andon.stats.drivers_interactions import InteractionRanking
from andon.stats.drivers_of_counts import CountDriverRanking

__all__ = ["draw_count_drivers", "draw_drivers", "draw_interactions"]

_SYMBOLS = {"driver": "■", "innocent": "○", "not separable": "▲", "not testable": "○"}
_MOST_LEVELS = 20


def draw_drivers(result: DriverRanking, inputs: Any = None) -> Picture:
    """Return the share each factor explains, its interval and its verdict in words."""
    data = [_share(each) for each in result.drivers]
    y = name("name", order=[row["name"] for row in data])
    x = quantity("value", "share of the variation (η²)", domain=[0.0, 1.0], form=".0%")
    layer = bars(data, x, y)
    layer["encoding"]["color"] = _coloured()
    layer["mark"]["size"] = 12
    right: Layer = {"type": "text", "align": "left", "dx": 8, "color": palette.TEXT}
    texts = {"x": {"value": "width"}, "y": y, "text": {"field": "text"}}
    layers = [layer, spans(data, {**x, "field": "low"}, y, colour=palette.INK, width=1.3),
              {"data": {"values": data}, "mark": right, "encoding": texts}]  # fmt: skip
    cells = [(each.factor, each.verdict, each.eta_squared, each.interval.low, each.interval.high,
              each.corrected_p) for each in result.drivers]  # fmt: skip
    headers = ("factor", "verdict", "share", "from", "to", "corrected p")
    panels = [
        Panel("Share of the variation explained", layers, headers, cells, max(64, 34 * len(data)))
    ]
    levels = [
        Estimated(f"{each.factor} {each.level.level}", each.level.effect, each.level.interval)
        for each in result.drivers
        if each.level is not None and each.verdict == "driver"
    ]
    if levels:
        panels.append(interval_panel("The level that stands out", "its mean minus that of the rest",
                                     levels, null=0.0))  # fmt: skip
    caption = f"{result.rows:,} rows. {convention_of(result)}"
    return Picture("Drivers", _said(result.drivers), caption, tuple(panels))


def draw_count_drivers(result: CountDriverRanking, inputs: Any = None) -> Picture:
    """Return the rate of each factor's outstanding levels over that of the other rows."""
    levels = [(driver.factor, level) for driver in result.drivers for level in driver.levels]
    shown = sorted(levels, key=lambda each: each[1].p_value)[:_MOST_LEVELS]
    rows = [Estimated(f"{factor} {level.level}", level.ratio, level.interval)
            for factor, level in shown if np.isfinite(level.ratio)]  # fmt: skip
    panels = [
        interval_panel("Rate of a level over that of the others", "ratio of rates", rows, null=1.0)
    ]
    caption = (
        f"{result.rows:,} rows, rate {told(result.rate)}. Hollow: 1 is inside the interval. "
        f"{convention_of(result)}"
    )
    return Picture("Drivers of a rate", _said(result.drivers), caption, tuple(panels))


def draw_interactions(result: InteractionRanking, inputs: Any = None) -> Picture:
    """Return what pairs of factors explain beyond their sum."""
    found = result.interactions
    names = [" × ".join(each.factors) for each in found]
    flagged = [at for at, each in enumerate(found) if each.is_acting]
    panel = ranked("Share beyond the sum of both factors", "share of the variation", names,
                   [each.share for each in found], form=".1%", flagged=flagged)  # fmt: skip
    said = ", ".join(names[at] for at in flagged[:4])
    verdict = (
        f"■ Acting together: {said}." if said else "● No pair acts beyond the sum of its factors."
    )
    caption = f"{result.rows:,} rows. {convention_of(result)}"
    return Picture("Factors acting together", verdict, caption, (panel,))


def _share(driver: Any) -> dict[str, Any]:
    low, high = driver.interval.low, driver.interval.high
    is_known = np.isfinite(low) and np.isfinite(high)
    share = driver.eta_squared if np.isfinite(driver.eta_squared) else 0.0
    return {
        "name": driver.factor, "value": float(share),
        "low": float(low) if is_known else float(share),
        "high": float(high) if is_known else float(share), "verdict": driver.verdict,
        "text": f"{told(100 * share, 3)} %  {_SYMBOLS[driver.verdict]} {driver.verdict}",
    }  # fmt: skip


def _coloured() -> Layer:
    domain = ["driver", "not separable", "not testable", "innocent"]
    colours = [palette.SPECIFICATION, palette.ATTENTION, palette.CENTER, palette.BAR]
    return {"field": "verdict", "type": "nominal", "legend": None,
            "scale": {"domain": domain, "range": colours}}  # fmt: skip


def _said(drivers: Any) -> str:
    acting = [each for each in drivers if each.verdict == "driver"]
    if not acting:
        return "○ No factor is shown to act."
    return " ".join(f"■ {sentence(each.words)}" for each in acting[:2])
