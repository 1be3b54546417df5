"""Where the response is best: the stationary point of a fitted surface, the best point inside."""

from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

import numpy as np
from scipy import optimize

from andon.stats.arrays import FloatArray, require_between, require_choice
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.experiment_analysis import Experiment
from andon.stats.results import Result

__all__ = ["Optimum", "find_optimum"]

Goal = Literal["maximum", "minimum"]
Nature = Literal["maximum", "minimum", "saddle", "ridge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum(Result):
    """Canonical analysis of a quadratic surface, in coded units.

    Attributes:
        stationary: the point where the surface is level; NaN on an exact ridge.
        stationary_value: predicted response there.
        eigenvalues: curvature along the surface's own axes, ascending.
        axes: those axes, one column for each eigenvalue.
        nature: "maximum", "minimum", "saddle" or "ridge" (an axis nearly without curvature).
        best: the best point inside the region.
        best_value: predicted response there.
    """

    stationary: FloatArray
    stationary_value: float
    eigenvalues: FloatArray
    axes: FloatArray
    nature: Nature
    best: FloatArray
    best_value: float


def find_optimum(experiment: Experiment, *, goal: Goal = "maximum", reach: float = 1.0) -> Optimum:
    """Return the canonical analysis of a quadratic experiment and the best point of its region.

    Stationary point: -1/2 B^-1 b; curvature: eigenvalues of B, where y = b0 + x'b + x'Bx. The best
    point is sought in the cube |x| <= reach from its corners and middle.

    Args:
        experiment: from `analyze_experiment` with model "quadratic".
        goal: "maximum" or "minimum".
        reach: half width of the region in coded units, above 0.

    Raises:
        InvalidOption; StatisticsError: a model without squares, or more than 12 factors.

    Source: Montgomery, Design and Analysis of Experiments, 11.3.2; Box and Wilson 1951.

    >>> from andon.stats.experiment_analysis import analyze_experiment
    >>> x = np.array([[a, b] for a in (-1, 0, 1) for b in (-1, 0, 1)])
    >>> y = 5 - (x[:, 0] - 0.5) ** 2 - 2 * (x[:, 1] + 0.25) ** 2
    >>> found = find_optimum(analyze_experiment(y, x, factors=["a", "b"], model="quadratic"))
    >>> found.nature, found.stationary.round(6).tolist()
    ('maximum', [0.5, -0.25])
    """
    require_choice("goal", goal, get_args(Goal))
    require_between("reach", reach, 0, np.inf)
    slope, bend = _surface(experiment)
    values, axes = np.linalg.eigh(bend)
    flat = np.abs(values).min() < 1e-9 * max(float(np.abs(values).max()), 1e-300)
    point = np.full(slope.size, np.nan)
    if not flat:
        point[:] = np.linalg.solve(bend, -slope / 2)
    best = _best_inside(slope, bend, reach, -1.0 if goal == "maximum" else 1.0)
    return Optimum(
        stationary=point,
        stationary_value=experiment.mean + float(slope @ point + point @ bend @ point),
        eigenvalues=values,
        axes=axes,
        nature=_nature(values),
        best=best,
        best_value=experiment.mean + float(slope @ best + best @ bend @ best),
        method="find_optimum",
        options={"goal": goal, "reach": reach},
        convention="coded units; ridge when an eigenvalue is below 5 % of the largest",
        source="Montgomery, Design and Analysis of Experiments, 11.3.2",
    )


def _surface(experiment: Experiment) -> tuple[FloatArray, FloatArray]:
    k = len(experiment.factors)
    slope, bend = np.zeros(k), np.zeros((k, k))
    for effect, power in zip(experiment.effects, experiment.powers, strict=True):
        places = [i for i, times in enumerate(power) for _ in range(times)]
        if len(places) == 1:
            slope[places[0]] = effect.coefficient
        else:
            bend[places[0], places[1]] += effect.coefficient / 2
            bend[places[1], places[0]] += effect.coefficient / 2
    if not np.diag(bend).any():
        raise StatisticsError("the optimum needs squares: three levels and model quadratic")
    if k > 12:
        raise InvalidOption("factors", k, "at most 12")
    return slope, bend


def _nature(values: FloatArray) -> Nature:
    sizes = np.abs(values)
    if sizes.min() < 0.05 * sizes.max():
        return "ridge"
    if values.max() < 0:
        return "maximum"
    return "minimum" if values.min() > 0 else "saddle"


def _best_inside(slope: FloatArray, bend: FloatArray, reach: float, sign: float) -> FloatArray:
    def worth(x: FloatArray) -> float:
        return sign * float(slope @ x + x @ bend @ x)

    def gradient(x: FloatArray) -> FloatArray:
        return sign * (slope + 2 * bend @ x)

    k = slope.size
    starts = [np.zeros(k), *(reach * np.array(c) for c in product((-1.0, 1.0), repeat=min(k, 8)))]
    found = [
        optimize.minimize(
            worth,
            np.resize(start, k),
            jac=gradient,
            method="L-BFGS-B",
            bounds=[(-reach, reach)] * k,
        )
        for start in starts
    ]
    return np.asarray(min(found, key=lambda result: float(result.fun)).x, dtype=np.float64)
