"""Comparisons: the estimate with its interval beside no effect, and the samples behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from andon.pictures.figures import convention_of, sentence, told
from andon.pictures.groups import box_panel
from andon.pictures.intervals import Estimated, interval_panel
from andon.pictures.marks import Named
from andon.pictures.pareto import ranked
from andon.pictures.picture import Panel, Picture
from andon.stats.capability_attribute import AttributeCapability
from andon.stats.comparison import Comparison
from andon.stats.comparison_cells import CellsAgainstRest
from andon.stats.effect import CapabilityChange, MeanShift
from andon.stats.effect_verdict import EffectVerdict
from andon.stats.equivalence import Equivalence
from andon.stats.regression import Bands
from andon.stats.results import Interval
from andon.stats.yields import DefectRate, NonconformingRate

__all__ = [
    "draw_attribute_capability",
    "draw_bands",
    "draw_capability_change",
    "draw_cells",
    "draw_comparison",
    "draw_defect_rate",
    "draw_effect",
    "draw_equivalence",
    "draw_mean_shift",
    "draw_nonconforming",
]

Inputs = Mapping[str, Any]


def draw_comparison(result: Comparison, inputs: Inputs) -> Picture:
    """Return the estimate beside the tested value, and the samples where they are given."""
    level = result.options.get("level", 0.95)
    is_real = result.p_value < 1.0 - (level if isinstance(level, float) else 0.95)
    word = "■ Different" if is_real else "● No difference shown"
    row = Estimated("estimate", result.estimate, result.interval)
    panel = interval_panel(
        sentence(result.quantity)[:-1], result.quantity, [row], null=result.null_value
    )
    tested = f"tested against {told(result.null_value)}, p = {told(result.p_value, 2)}"
    verdict = f"{word}: {row.text}, {tested}."
    caption = convention_of(result)
    return Picture("Comparison", verdict, caption, (*samples(inputs), panel))


def samples(inputs: Inputs) -> list[Panel]:
    """Return box plots of the samples given: two columns, groups, or one."""
    pairs = (("first", "second"), ("before", "after"))
    named = next((pair for pair in pairs if all(key in inputs for key in pair)), None)
    if named is not None:
        groups = {key: np.asarray(inputs[key], dtype=np.float64) for key in named}
    elif "groups" in inputs and "values" not in inputs:
        groups = {f"group {at + 1}": np.asarray(each, dtype=np.float64)
                  for at, each in enumerate(inputs["groups"])}  # fmt: skip
    elif "values" in inputs:
        groups = {"values": np.asarray(inputs["values"], dtype=np.float64)}
    else:
        return []
    return [box_panel("Samples", groups)]


def draw_equivalence(result: Equivalence, inputs: Inputs) -> Picture:
    """Return the difference with its interval between the margins."""
    ends = [Named(at, "margin", "target") for at in result.margin]
    row = Estimated("difference", result.difference, result.interval)
    panel = interval_panel("Difference within the margin", "difference", [row], lines=ends)
    word = "● Equivalent" if result.is_equivalent else "■ Not shown to be equivalent"
    verdict = f"{word}: {row.text}, p = {told(result.p_value, 2)}."
    caption = convention_of(result)
    is_counted = "first_count" in inputs
    shown = [] if is_counted else samples(inputs)
    return Picture("Equivalence", verdict, caption, (*shown, panel))


def draw_mean_shift(result: MeanShift, inputs: Inputs) -> Picture:
    """Return the shift in sigmas with its interval."""
    row = Estimated("shift", result.shift_in_sigma, result.interval)
    panel = interval_panel("Shift of the mean", "within sigmas", [row], null=0.0)
    word = "■ Shifted" if not row.holds(0.0) else "● No shift shown"
    verdict = f"{word}: {told(result.shift)}, that is {row.text} σ, p = {told(result.p_value, 2)}."
    caption = f"Sigma {told(result.within_sigma)}. {convention_of(result)}"
    shown = samples(inputs) if "before" in inputs else []
    return Picture("Shift of the mean", verdict, caption, (*shown, panel))


def draw_capability_change(result: CapabilityChange, inputs: Inputs) -> Picture:
    """Return Ppk before and after."""
    rows = [Estimated("before", result.before, result.before_interval),
            Estimated("after", result.after, result.after_interval)]  # fmt: skip
    panel = interval_panel(
        "Ppk before and after", "Ppk", rows, lines=[Named(1.33, "", "attention")]
    )
    is_real = result.p_value < 0.05
    way = "better" if result.difference > 0 else "worse"
    word = (
        f"{'●' if result.difference > 0 else '■'} {sentence(way)[:-1]}"
        if is_real
        else "○ No change shown"
    )
    told_of = Estimated("", result.difference, result.difference_interval).text
    verdict = f"{word}: Ppk changed by {told_of}, p = {told(result.p_value, 2)}."
    caption = convention_of(result)
    return Picture("Change of capability", verdict, caption, (*samples(inputs), panel))


def draw_effect(result: EffectVerdict, inputs: Any = None) -> Picture:
    """Return the interval of the effect beside no effect and the target."""
    row = Estimated("effect", float("nan"), result.interval)
    lines = [Named(result.target, "target", "target")]
    panel = interval_panel("Effect", "effect", [row], null=result.no_effect, lines=lines)
    symbol = {"effective": "●", "not effective": "■"}.get(result.verdict, "▲")
    verdict = f"{symbol} {sentence(result.verdict)[:-1]}: {result.words}"
    caption = convention_of(result)
    return Picture("Effect of an action", verdict, caption, (panel,))


def draw_cells(result: CellsAgainstRest, inputs: Any = None) -> Picture:
    """Return the rate of each cell over that of the rest."""
    names = [f"cell {at + 1}" for at in range(result.ratios.size)]
    flagged = [int(at) for at in np.flatnonzero(result.stands_out)]
    finite = result.ratios[np.isfinite(result.ratios)]
    top = 1.2 * float(finite.max()) if finite.size else 1.0
    ratios = np.where(np.isfinite(result.ratios), result.ratios, top).tolist()
    panel = ranked(
        "Rate of each cell over the rest", "ratio of rates", names, ratios, flagged=flagged
    )
    said = ", ".join(names[at] for at in flagged[:5])
    verdict = f"■ Stands out: {said}." if flagged else "● No cell stands out."
    caption = convention_of(result)
    return Picture("Cells against the rest", verdict, caption, (panel,))


def draw_attribute_capability(result: AttributeCapability, inputs: Any = None) -> Picture:
    """Return ppm and index with their intervals."""
    panels = (_one("Nonconforming", "ppm", result.ppm.value, result.ppm.interval),
              _one("Index", "Ppk", result.ppk.value, result.ppk.interval, 1.33))  # fmt: skip
    counted = f"{result.nonconforming:,} of {result.inspected:,} nonconforming"
    verdict = f"{counted}: {told(result.ppm.value)} ppm."
    caption = convention_of(result)
    return Picture("Capability of counts", verdict, caption, panels)


def draw_defect_rate(result: DefectRate, inputs: Any = None) -> Picture:
    """Return defects per unit and per million opportunities."""
    panels = (
        _one("Defects per unit", "DPU", result.per_unit, result.per_unit_interval),
        _one("Per million opportunities", "DPMO", result.per_million, result.per_million_interval),
    )
    level = told(result.sigma_level, 3)
    verdict = f"{told(result.per_million)} defects per million; sigma level {level}."
    caption = convention_of(result)
    return Picture("Defect rate", verdict, caption, panels)


def draw_nonconforming(result: NonconformingRate, inputs: Any = None) -> Picture:
    """Return parts per million with the interval."""
    panel = _one("Nonconforming", "ppm", result.per_million, result.interval)
    caption = convention_of(result)
    return Picture("Nonconforming rate", result.words, caption, (panel,))


def draw_bands(result: Bands, inputs: Any = None) -> Picture:
    """Return the predicted values with the interval of a new value."""
    level = result.options.get("level", 0.95)
    ends = zip(result.fitted, result.prediction_low, result.prediction_high, strict=True)
    rows = [Estimated(f"point {at + 1}", float(mid), Interval(float(low), float(high), level))
            for at, (mid, low, high) in enumerate(ends)]  # fmt: skip
    panel = interval_panel("Predicted, with the interval of a new value", "response", rows[:40])
    caption = convention_of(result)
    return Picture("Prediction", "", caption, (panel,))


def _one(
    title: str, axis: str, value: float, interval: Interval, least: float | None = None
) -> Panel:
    lines: Sequence[Named] = [Named(least, "", "attention")] if least is not None else []
    return interval_panel(title, axis, [Estimated(axis, value, interval)], lines=lines)
