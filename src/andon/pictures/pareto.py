"""Bars in their order: the Pareto of causes, and other rankings of shares."""

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from andon.pictures import palette
from andon.pictures.figures import convention_of, percent, sentence, told
from andon.pictures.marks import bars, line, name, quantity, words
from andon.pictures.picture import Layer, Panel, Picture
from andon.stats.gauge_uncertainty import UncertaintyBudget
from andon.stats.kano import Kano, KanoCategory
from andon.stats.multiplicity import CorrectedTests
from andon.stats.pareto import Pareto
from andon.stats.quality_house import QualityHouse
from andon.stats.yields import RolledYield

__all__ = ["draw_budget", "draw_house", "draw_kano", "draw_pareto", "draw_tests", "draw_yield"]

_TURNED = 7
"""From so many bars on their names stand aslant."""


def draw_pareto(result: Pareto, inputs: Any = None) -> Picture:
    """Return the bars, the vital few dark, below the cumulative line."""
    total = result.total or 1.0
    data = [
        {
            "name": bar.cause,
            "value": bar.weight,
            "share": bar.cumulative * total,
            "is_vital": bar.is_vital,
            "text": percent(bar.cumulative),
        }
        for bar in result.bars
    ]
    x = name("name", order=[bar.cause for bar in result.bars])
    x["axis"] |= {"labelAngle": -35 if len(data) > _TURNED else 0}
    span = [0.0, 1.06 * total]
    left = quantity("value", "weight", domain=span, has_grid=True)
    colour = {"condition": {"test": "datum.is_vital", "value": palette.LINE}, "value": palette.BAR}
    layer = bars(data, x, left, {"value": palette.LINE})
    layer["encoding"]["color"] = colour
    along = {**left, "field": "share"}
    dotted = line(data, x, along, palette.MARK, width=1.6)
    dotted["mark"]["point"] = {"color": palette.MARK, "size": 36, "filled": True}
    texts = words(data, x, along, align="center", dx=0, dy=-11, colour=palette.MARK)
    cells = [(bar.cause, bar.count, bar.weight, bar.share, bar.cumulative) for bar in result.bars]
    headers = ("cause", "count", "weight", "share", "cumulative share")
    vital = [bar.cause for bar in result.bars if bar.is_vital]
    share = max((bar.cumulative for bar in result.bars if bar.is_vital), default=0.0)
    said = " and ".join(vital) if len(vital) < 5 else f"{len(vital)} causes"
    verdict = f"{said} make up {percent(share)} of {told(result.total)}."
    caption = (
        f"Dark: the vital few; line: cumulative share. {_first(result)}{convention_of(result)}"
    )
    panel = Panel("Causes by weight", [layer, dotted, texts], headers, cells, 280)
    return Picture("Pareto of causes", verdict, caption, (panel,))


def _first(result: Pareto) -> str:
    if not np.isfinite(result.first_p) or len(result.bars) < 2:
        return ""
    word = "more frequent than" if result.first_p < 0.05 else "not shown to be more frequent than"
    one, two = result.bars[0].cause, result.bars[1].cause
    return f"{one} is {word} {two} (p = {told(result.first_p, 2)}). "


def draw_yield(result: RolledYield, inputs: Any = None) -> Picture:
    """Return the first-pass yield of each step, the worst one red."""
    names = [f"step {at + 1}" for at in range(result.first_pass.size)]
    panel = ranked("First-pass yield", "yield", names, result.first_pass.tolist(), form=".1%",
                   flagged=[result.worst_step])  # fmt: skip
    verdict = (
        f"Rolled yield {percent(result.rolled, 4)}; "
        f"■ worst: {names[result.worst_step]} with {percent(result.first_pass.min(), 4)}."
    )
    return Picture("Rolled yield", verdict, f"Source: {result.source}.", (panel,))


def draw_budget(result: UncertaintyBudget, inputs: Any = None) -> Picture:
    """Return the share of each contribution to the squared uncertainty."""
    lines = sorted(result.contributions, key=lambda each: -each.share)
    panel = ranked("Contributions to the uncertainty", "% of the squared uncertainty",
                   [each.name for each in lines], [each.share for each in lines])  # fmt: skip
    verdict = (
        f"Expanded uncertainty {told(result.expanded)} = {told(result.coverage_factor, 3)} × "
        f"{told(result.combined)}; largest contribution: {lines[0].name}."
    )
    caption = convention_of(result)
    return Picture("Uncertainty budget", verdict, caption, (panel,))


def draw_kano(result: Kano, inputs: Any = None) -> Picture:
    """Return how many answered which category."""
    names = list(get_args(KanoCategory))
    panel = ranked("Answers by category", "answers", names, [float(each) for each in result.counts])
    verdict = (
        f"{sentence(result.category)[:-1]}: better {told(result.better, 2)}, worse "
        f"{told(result.worse, 2)}, lead p = {told(result.p_value, 2)}, {result.answers} answers."
    )
    caption = convention_of(result)
    return Picture("Kano categories", verdict, caption, (panel,))


def draw_house(result: QualityHouse, inputs: Any = None) -> Picture:
    """Return the relative importance of the characteristics."""
    given = result.options.get("characteristics") or (inputs or {}).get("characteristics")
    count = result.relative.size
    names = list(given) if given else [f"characteristic {at + 1}" for at in range(count)]
    order = np.argsort(-result.relative)
    panel = ranked(
        "Importance of the characteristics",
        "share of the importance",
        [str(names[at]) for at in order],
        result.relative[order].tolist(),
        form=".0%",
    )
    open_needs = ", ".join(result.unanswered_needs)
    verdict = (
        f"■ Without a strong answer: {open_needs}."
        if open_needs
        else "● Every need has a strong answer."
    )
    caption = convention_of(result)
    return Picture("House of quality", verdict, caption, (panel,))


def draw_tests(result: CorrectedTests, inputs: Any = None) -> Picture:
    """Return the corrected p values, those rejected red."""
    names = [f"test {at + 1}" for at in range(result.p_values.size)]
    flagged = [int(at) for at in np.flatnonzero(result.rejected)]
    panel = ranked("Corrected p values", "p", names, result.p_values.tolist(), flagged=flagged)
    verdict = f"{len(flagged)} of {len(names)} tests stand after the correction (■ red)."
    caption = convention_of(result)
    return Picture("Several tests together", verdict, caption, (panel,))


def ranked(
    title: str,
    axis: str,
    names: Sequence[str],
    values: Sequence[float],
    *,
    form: str = "",
    flagged: Sequence[int] = (),
) -> Panel:
    """Return level bars in the order given, each with its value; the flagged ones are red."""
    data = [{"name": label, "value": value, "is_flagged": at in flagged,
             "text": ("■ " if at in flagged else "") + _as_text(value, form)}
            for at, (label, value) in enumerate(zip(names, values, strict=True))]  # fmt: skip
    top = max([value for value in values if np.isfinite(value)], default=1.0)
    least = min([0.0, *(value for value in values if np.isfinite(value))])
    x = quantity("value", axis, form=form, domain=[least, top if top > 0 else 1.0])
    y = name("name", order=names)
    colour: Layer = {"condition": {"test": "datum.is_flagged", "value": palette.SPECIFICATION},
                     "value": palette.LINE}  # fmt: skip
    layer = bars(data, x, y)
    layer["encoding"]["color"] = colour
    cells = list(zip(names, values, strict=True))
    return Panel(title, [layer, words(data, x, y)], ("", axis), cells, max(64, 30 * len(data)))


def _as_text(value: float, form: str) -> str:
    return percent(value) if "%" in form else told(value, 3)
