"""The design behind the plan of an experiment, in coded units and in its own."""

from collections.abc import Mapping
from typing import Any

from andon.analyze.studies.models import Study
from andon.stats.experiment_designs import (
    Design,
    RunSheet,
    plan_box_behnken,
    plan_central_composite,
    plan_factorial,
    plan_plackett_burman,
    write_run_sheet,
)


def design_of(study: Study) -> Design:
    """Return the design of an experiment's plan; StatisticsError says why there is none."""
    from andon.analyze.studies.plans import plan_of  # noqa: PLC0415

    return design_by(plan_of(study))


def design_by(plan: Mapping[str, Any]) -> Design:
    """Return the design of a plan, in coded units."""
    names = [factor["name"] for factor in plan["factors"]]
    centre, generators = plan["center_points"], plan["generators"]
    if plan["design"] == "plackett-burman":
        return plan_plackett_burman(names)
    if plan["design"] == "central composite":
        return plan_central_composite(
            names, axial=plan["axial"], center_points=centre, generators=generators
        )
    if plan["design"] == "box-behnken":
        return plan_box_behnken(names, center_points=centre)
    return plan_factorial(
        names, generators=generators, replicates=plan["replicates"], center_points=centre
    )


def sheet_by(plan: Mapping[str, Any], seed: int) -> tuple[Design, RunSheet]:
    """Return the design and its runs in random order with real settings."""
    design, factors = design_by(plan), plan["factors"]
    lows, highs = [f["low"] for f in factors], [f["high"] for f in factors]
    return design, write_run_sheet(design, lows=lows, highs=highs, seed=seed)


def model_of(plan: Mapping[str, Any]) -> str:
    """Return the model that a design can tell: main effects, pairs too, or squares too."""
    if plan["design"] == "plackett-burman":
        return "main"
    return "interactions" if plan["design"] == "factorial" else "quadratic"
