"""What a control chart is: points, centre, limits, the rules that fired, and frozen baselines.

A baseline (centre and sigma of a stable phase) is enough to draw every chart of its kind again, so
it is what gets frozen; new points are judged against it and never change it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from andon.stats.arrays import FloatArray, require_between
from andon.stats.results import Result
from andon.stats.rules import LIMITS_ONLY, Line, Rule, broken_rules

__all__ = ["Baseline", "ChartPair", "ControlChart", "Lines"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Frozen centre and sigma of a stable phase.

    Attributes:
        centre: mean of the process (of a proportion or rate: its mean).
        sigma: within-subgroup sigma of single values; 0 where the centre implies the spread.
        count: how many points the estimate rests on (0: given, not estimated).
        inflation: Laney's sigma_z, by which the spread of a count exceeds its theory.
    """

    centre: float
    sigma: float = 0.0
    count: int = 0
    inflation: float = 1.0


@dataclass(frozen=True, slots=True)
class Lines:
    """Centre, one sigma of the plotted statistic and both limits; each one value or one a point."""

    centre: Line
    spread: Line
    lower: Line
    upper: Line

    @classmethod
    def symmetric(
        cls,
        centre: Line,
        spread: Line,
        sigmas: float,
        floor: float = -np.inf,
        ceiling: float = np.inf,
    ) -> "Lines":
        """Return limits at `sigmas` spreads, cut off where the statistic cannot go."""
        require_between("sigmas", sigmas, 0.0, np.inf)
        lower, upper = centre - sigmas * spread, centre + sigmas * spread
        if np.isfinite(floor):
            lower = np.maximum(lower, floor) if np.ndim(lower) else max(float(lower), floor)
        if np.isfinite(ceiling):
            upper = np.minimum(upper, ceiling) if np.ndim(upper) else min(float(upper), ceiling)
        return cls(centre, spread, lower, upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChart(Result):
    """One chart.

    Attributes:
        statistic: what is plotted ("individual value", "range", "proportion", ...).
        points: shape (n,); NaN where a point does not exist (the first moving range).
        centre, spread, lower, upper: one value, or one a point.
        estimator: how sigma was estimated.
        baselines: the frozen centre and sigma, one for each stage.
        stage_starts: position of each stage's first point.
        excluded: positions left out of the estimate; they are still plotted and judged.
        rules: the rules in force.
        violations: one byte a point, bit `rule.number - 1` set where the rule fired.
    """

    statistic: str
    points: FloatArray
    centre: FloatArray | float
    spread: FloatArray | float
    lower: FloatArray | float
    upper: FloatArray | float
    estimator: str
    baselines: tuple[Baseline, ...]
    stage_starts: tuple[int, ...] = (0,)
    excluded: tuple[int, ...] = ()
    rules: tuple[Rule, ...] = LIMITS_ONLY
    violations: NDArray[np.uint8]

    @property
    def baseline(self) -> Baseline:
        """The last stage's baseline: what new points are judged against."""
        return self.baselines[-1]

    @property
    def is_stable(self) -> bool:
        """True when no rule fired on any point."""
        return not self.violations.any()

    def signals(self) -> list[tuple[int, tuple[Rule, ...]]]:
        """Return position and rules of every point on which a rule fired."""
        return [
            (int(at), broken_rules(int(self.violations[at]), self.rules))
            for at in np.flatnonzero(self.violations)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPair(Result):
    """A chart of location above a chart of dispersion; both are judged."""

    location: ControlChart
    dispersion: ControlChart

    @property
    def baseline(self) -> Baseline:
        """The last stage's baseline, common to both charts."""
        return self.location.baseline

    @property
    def is_stable(self) -> bool:
        """True when no rule fired on either chart."""
        return self.location.is_stable and self.dispersion.is_stable
