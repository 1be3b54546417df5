"""Judgement of a measurement system: good, conditional or not usable.

Source: AIAG Measurement Systems Analysis, 4th ed. (2010), chapter III: below 10 %, 10 to 30 %,
above 30 %; at least 5 distinct categories.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from andon.stats.errors import InvalidOption

__all__ = ["GaugeLimits", "GaugeVerdict", "distinct_categories", "judge_gauge"]

CATEGORY_FACTOR = 1.41  # AIAG's rounding of sqrt(2): its published categories depend on it.


class GaugeVerdict(StrEnum):
    """What the instrument may be used for."""

    GOOD = "good"
    CONDITIONAL = "conditional"
    NOT_USABLE = "not usable"


@dataclass(frozen=True, slots=True)
class GaugeLimits:
    """Limits of the judgement, in percent of study variation or tolerance, and categories."""

    good_below: float = 10.0
    usable_up_to: float = 30.0
    least_categories: int = 5


def distinct_categories(part_sd: float, gauge_sd: float) -> float:
    """Return 1.41 x part / gauge standard deviation, untruncated (infinite without gauge spread).

    >>> round(distinct_categories(1.10456, 0.30575), 3)
    5.094
    """
    if not (0 <= part_sd < math.inf and 0 <= gauge_sd < math.inf):
        raise InvalidOption("part_sd and gauge_sd", (part_sd, gauge_sd), "finite, at least 0")
    return CATEGORY_FACTOR * part_sd / gauge_sd if gauge_sd > 0 else math.inf


def judge_gauge(
    percent_study: float,
    percent_tolerance: float | None,
    categories: float,
    limits: GaugeLimits | None = None,
) -> GaugeVerdict:
    """Return the verdict of the worse percentage; too few categories are never good.

    >>> judge_gauge(8.9, 5.3, 15), judge_gauge(8.9, 5.3, 4), judge_gauge(42.5, 26.6, 3)
    (<GaugeVerdict.GOOD: 'good'>, <GaugeVerdict.CONDITIONAL: 'conditional'>, \
<GaugeVerdict.NOT_USABLE: 'not usable'>)
    """
    told = {"percent_study": percent_study, "percent_tolerance": percent_tolerance or 0.0}
    for option, figure in (told | {"categories": categories}).items():
        if not figure >= 0:
            raise InvalidOption(option, figure, "at least 0")
    limits = limits or GaugeLimits()
    worst = max(percent_study, percent_tolerance or 0.0)
    if worst > limits.usable_up_to:
        return GaugeVerdict.NOT_USABLE
    if worst >= limits.good_below or categories < limits.least_categories:
        return GaugeVerdict.CONDITIONAL
    return GaugeVerdict.GOOD
