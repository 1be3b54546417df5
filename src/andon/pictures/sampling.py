"""What a sampling plan does: operating characteristic, outgoing quality, effort."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.figures import convention_of, percent, rows_of, table_of, told
from andon.pictures.marks import dots, line, quantity, words
from andon.pictures.picture import Panel, Picture
from andon.stats.catalogue import Answer
from andon.stats.sampling_curves import PlanCurves, plan_curves
from andon.stats.sampling_design import DesignedPlan
from andon.stats.sampling_plans import AttributePlan, Stage
from andon.stats.sampling_variables import VariablesPlan, variables_acceptance

__all__ = ["draw_answer", "draw_curves", "draw_plan", "draw_variables_plan"]

_QUALITY, _ACCEPTED = "fraction nonconforming", "probability of acceptance"
_CURVES = ("acceptance_probability", "variables_acceptance")
Mark = tuple[float, float, str]


def draw_curves(result: PlanCurves, inputs: Any = None) -> Picture:
    """Return OC, AOQ, ASN and, where the lot size is known, ATI."""
    caption = convention_of(result)
    return Picture("Sampling plan", _verdict(result), caption, tuple(_panels(result)), 2)


def draw_plan(result: AttributePlan | DesignedPlan, inputs: Any = None) -> Picture:
    """Return the curves of the plan, over the qualities between which it tells."""
    curves = plan_curves(_stages(result.stages))
    first = result.stages[0]
    sizes = ", ".join(f"n {each.size}, Ac {_word(each.accept)}, Re {each.reject}"
                      for each in result.stages)  # fmt: skip
    caption = f"{sizes}. {convention_of(result)}"
    kind = "Single" if len(result.stages) == 1 else "Staged"
    title = f"{kind} sampling plan, first sample {first.size}"
    return Picture(title, _verdict(curves), caption, tuple(_panels(curves)), 2)


def draw_variables_plan(result: VariablesPlan, inputs: Any = None) -> Picture:
    """Return the operating characteristic of a plan by variables, with its two design points."""
    top = min(1.0, 2.2 * result.consumer_quality)
    quality = np.linspace(top / 200, top, 200)
    accepted = variables_acceptance(result.sample_size, result.k, quality,
                                    is_sigma_known=result.is_sigma_known)  # fmt: skip
    marks = [(result.producer_quality, 1.0 - result.producer_risk, "producer's point"),
             (result.consumer_quality, result.consumer_risk, "consumer's point")]  # fmt: skip
    panel = _curve("Operating characteristic", quality, accepted, _ACCEPTED, marks)
    sigma = "known" if result.is_sigma_known else "from the sample"
    verdict = f"n = {result.sample_size}, k = {told(result.k)}, sigma {sigma}."
    caption = convention_of(result)
    return Picture("Sampling plan by variables", verdict, caption, (panel,))


def _stages(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return the stages with a last one that decides: between Ac and Re a lot is accepted."""
    last = stages[-1]
    accept = last.reject - 1
    return (*stages[:-1], Stage(last.size, accept, last.reject))


def _verdict(curves: PlanCurves) -> str:
    return (
        f"Accepts 95 % of lots at {percent(curves.quality_95)}, half at "
        f"{percent(curves.quality_50)}, 10 % at {percent(curves.quality_10)} nonconforming; the "
        f"average outgoing quality is never worse than {percent(curves.outgoing_limit)}."
    )


def _panels(curves: PlanCurves) -> list[Panel]:
    top = min(float(curves.quality[-1]), 1.6 * curves.quality_10)
    seen = curves.quality <= top
    quality = curves.quality[seen]
    marks = [(curves.quality_95, 0.95, "95 %"), (curves.quality_50, 0.5, "50 %"),
             (curves.quality_10, 0.1, "10 %")]  # fmt: skip
    worst = [
        (curves.outgoing_limit_at, curves.outgoing_limit, f"AOQL {percent(curves.outgoing_limit)}")
    ]
    panels = [
        _curve("Operating characteristic", quality, curves.acceptance[seen],
               _ACCEPTED, marks),
        _curve("Average outgoing quality", quality, curves.outgoing[seen], "AOQ", worst),
        _curve("Average sample number", quality, curves.sample_number[seen], "ASN", []),
    ]  # fmt: skip
    if curves.inspected is not None:
        panels.append(
            _curve("Average total inspection", quality, curves.inspected[seen], "ATI", [])
        )
    return panels


def _curve(title: str, quality: Any, values: Any, axis: str, marks: Sequence[Mark]) -> Panel:
    x = quantity("x", _QUALITY, is_zero=True, form="~%")
    y = quantity("y", axis, is_zero=True, form="" if axis in ("ASN", "ATI") else "~%")
    if axis == "ASN" and np.ptp(values) < 1e-9:
        y = quantity("y", axis, domain=[0.0, 1.25 * float(np.max(values))])
    rows = [{"x": at, "y": value, "text": text} for at, value, text in marks]
    layers = [line(rows_of({"x": quality, "y": values}), x, y, palette.MARK, width=2.0)]
    if rows:
        layers += [dots(rows, x, y, palette.SPECIFICATION, size=50), words(rows, x, y, dx=8, dy=-6)]
    return Panel(title, layers, (_QUALITY, axis), table_of(quality, values))


def _word(number: int | None) -> str:
    return "–" if number is None else str(number)


def draw_answer(result: Answer, inputs: Mapping[str, Any]) -> Picture | None:
    """Return the curve of acceptance probabilities; every other bare answer says itself."""
    quality = inputs.get("quality")
    if result.method not in _CURVES or quality is None or np.size(quality) < 2:
        return None
    at, accepted = np.ravel(quality), np.ravel(result.value)
    order = np.argsort(at)
    panel = _curve("Operating characteristic", at[order], accepted[order], _ACCEPTED, [])
    return Picture(
        "Operating characteristic", "Share of lots accepted at each quality.", "", (panel,)
    )
