"""Multiple plans for reduced inspection, computed: the product holds no such table.

Seven samples between the two lines of a sequential test that accepts and rejects where the single
reduced plan does; their distance and the last rejection number are those whose curve lies closest
at Pa 0.95, 0.50 and 0.10.
"""

import math

import numpy as np

from andon.stats.sampling_curves import acceptance_probability, quality_at_probability
from andon.stats.sampling_plans import AttributePlan, Stage, sampling_plan
from andon.stats.sampling_tables import LETTERS, SIZES

__all__ = ["reduced_multiple_plan"]

SAMPLES = 7
STEPS_BELOW_NORMAL = 5
WIDTHS = (0.7, 0.85, 1.0, 1.15, 1.3)


def reduced_multiple_plan(lot_size: int, aql: float, *, level: str = "II") -> AttributePlan:
    """Return seven small samples with the curve of the single reduced plan.

    With p1, p2 where the single plan accepts with 0.95 and 0.10: slope = m (p2 - p1) / ln(p2/p1)
    per sample of m, intercepts ln((1 - 0.05) / 0.10) and ln((1 - 0.10) / 0.05) over ln(p2/p1).
    Plans with acceptance number 0, and letters too small for seven samples, stay single.

    Raises:
        InvalidOption: as `sampling_plan`.

    Source: Wald (1947) Sequential Analysis, 5.3; computed, not tabulated.

    >>> plan = reduced_multiple_plan(5000, 0.65)
    >>> len(plan.stages), plan.stages[0].size
    (7, 20)
    """
    single = sampling_plan(lot_size, aql, level=level, severity="reduced")
    row = LETTERS.index(single.letter_used) - STEPS_BELOW_NORMAL
    is_staged = single.has_gap and row >= 0
    stages = _staged(single.stages[0], SIZES[row]) if is_staged else single.stages
    return AttributePlan(
        method="reduced_multiple_plan",
        options={"lot_size": lot_size, "aql": aql, "level": level},
        convention="computed, not tabulated; sequential lines, seven samples",
        source="Wald (1947) Sequential Analysis, 5.3",
        letter=single.letter,
        letter_used=single.letter_used,
        aql=aql,
        severity="reduced",
        kind_used="multiple" if is_staged else "single",
        stages=stages,
        is_full_inspection=stages[0].size >= lot_size,
    )


def _staged(single: Stage, size: int) -> tuple[Stage, ...]:
    wanted = np.array([0.95, 0.50, 0.10])
    marks = [quality_at_probability([single], at, distribution="poisson") for at in wanted]
    ratio = math.log(marks[2] / marks[0])
    slope = size * (marks[2] - marks[0]) / ratio
    below, above = math.log(0.95 / 0.10) / ratio, math.log(0.90 / 0.05) / ratio
    gap = single.reject - (single.accept or 0)
    expected = max(gap, math.ceil(SAMPLES * slope))

    def distance(stages: tuple[Stage, ...]) -> float:
        got = acceptance_probability(stages, marks, distribution="poisson")
        return float(abs(got - wanted).max())

    candidates = (
        _between((slope, below * low, above * high), size, last, gap)
        for last in range(max(gap, expected - 2), expected + gap + 4)
        for low in WIDTHS
        for high in WIDTHS
    )
    return min(candidates, key=distance)


def _between(
    lines: tuple[float, float, float], size: int, last: int, gap: int
) -> tuple[Stage, ...]:
    """Stages between the lines, ending in `last` for rejection and `gap` below for acceptance."""
    slope, below, above = lines
    stages = []
    for number in range(1, SAMPLES):
        accept = min(math.floor(number * slope - below), last - gap)
        reject = min(math.ceil(number * slope + above), last)
        stages.append(Stage(size, accept if accept >= 0 else None, max(reject, accept + 2)))
    return (*stages, Stage(size, last - gap, last))
