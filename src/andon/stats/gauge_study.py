"""The result of every gauge R&R study: components, percentages, categories, verdict."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from andon.stats.arrays import LARGEST, require_between
from andon.stats.errors import InvalidOption, NoVariation
from andon.stats.gauge_verdict import GaugeVerdict, distinct_categories, judge_gauge
from andon.stats.results import Interval, Result

__all__ = ["GaugeComponent", "GaugeStudy", "MeanSquareRow", "StudyScale"]

GAUGE_CONVENTION = (
    "negative components set to zero; percent of study variation from standard deviations; "
    "categories = 1.41 part/gauge, truncated"
)


@dataclass(frozen=True, slots=True)
class MeanSquareRow:
    """One row of the analysis of variance; F and p are absent for the last row."""

    source: str
    degrees: float
    sum_of_squares: float
    mean_square: float
    f: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class GaugeComponent:
    """One source of variation; percentages of total variance, total spread and tolerance."""

    name: str
    variance: float
    standard_deviation: float
    contribution: float
    study_variation: float
    percent_study: float
    percent_tolerance: float | None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class StudyScale:
    """What spread is compared with: tolerance width, multiplier, known process spread."""

    tolerance: float | None = None
    multiplier: float = 6.0
    process_sd: float | None = None

    def __post_init__(self) -> None:
        require_between("multiplier", self.multiplier, 0, math.inf)
        for option in ("tolerance", "process_sd"):
            given = getattr(self, option)
            if given is not None and not 0 < given <= LARGEST:
                raise InvalidOption(option, given, f"above 0, at most {LARGEST:g}, or absent")


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeStudy(Result):
    """A gauge R&R study.

    Attributes:
        components: repeatability, [operator, interaction,] reproducibility, gauge, part, total.
        anova: rows of the analysis of variance, empty for other methods.
        is_interaction_pooled: the interaction was not significant and joined repeatability.
        categories: number of distinct categories, truncated (absent when the gauge
            shows no spread at all); categories_exact before that.
        percent_study_interval: interval of the gauge's percent of study variation.
        verdict: by the worse of the percentages of study variation and tolerance, and categories.
    """

    components: tuple[GaugeComponent, ...]
    anova: tuple[MeanSquareRow, ...] = ()
    is_interaction_pooled: bool = False
    categories: int | None
    categories_exact: float
    percent_study: float
    percent_tolerance: float | None
    percent_study_interval: Interval | None = None
    verdict: GaugeVerdict

    def component(self, name: str) -> GaugeComponent:
        """Return the component of this name."""
        return next(item for item in self.components if item.name == name)


def study_variances(
    estimates: Mapping[str, float], process_sd: float | None = None
) -> dict[str, float]:
    """Return all variances, negative ones at zero, with the sums, in the order of the report.

    >>> study_variances({"repeatability": 3.0, "operator": -1.0, "part": 6.0})["gauge"]
    3.0
    """
    kept = {name: max(0.0, value) for name, value in estimates.items()}
    part = kept.pop("part")
    between = sum(value for name, value in kept.items() if name != "repeatability")
    gauge = kept["repeatability"] + between
    if process_sd is not None:
        part = max(0.0, process_sd**2 - gauge)
    sums = {"reproducibility": between, "gauge": gauge, "part": part, "total": gauge + part}
    return kept | sums


def study_components(
    variances: Mapping[str, float], intervals: Mapping[str, Interval], scale: StudyScale
) -> tuple[GaugeComponent, ...]:
    """Return one component per variance, each with its percentages and interval.

    >>> rows = study_components({"gauge": 1.0, "total": 4.0}, {}, StudyScale(tolerance=12.0))
    >>> rows[0].percent_study, rows[0].percent_tolerance
    (50.0, 50.0)
    """
    total = variances["total"]
    if total <= 0:
        raise NoVariation("readings")
    return tuple(
        _component(name, value, total, scale, intervals.get(name))
        for name, value in variances.items()
    )


def gauge_study(
    components: tuple[GaugeComponent, ...],
    provenance: Result,
    *,
    anova: tuple[MeanSquareRow, ...] = (),
    is_interaction_pooled: bool = False,
    share: Interval | None = None,
) -> GaugeStudy:
    """Return the study of these components; `share` is the gauge's share of total variance."""
    by_name = {item.name: item for item in components}
    gauge, part = by_name["gauge"], by_name["part"]
    exact = distinct_categories(part.standard_deviation, gauge.standard_deviation)
    return GaugeStudy(
        method=provenance.method,
        options=provenance.options,
        convention=f"{provenance.convention}; {GAUGE_CONVENTION}",
        source=provenance.source,
        components=components,
        anova=anova,
        is_interaction_pooled=is_interaction_pooled,
        categories=int(exact) if math.isfinite(exact) else None,
        categories_exact=exact,
        percent_study=gauge.percent_study,
        percent_tolerance=gauge.percent_tolerance,
        percent_study_interval=None if share is None else _percent_of_spread(share),
        verdict=judge_gauge(gauge.percent_study, gauge.percent_tolerance, exact),
    )


def _percent_of_spread(share: Interval) -> Interval:
    return Interval(100 * math.sqrt(share.low), 100 * math.sqrt(share.high), share.level)


def _component(
    name: str, variance: float, total: float, scale: StudyScale, interval: Interval | None
) -> GaugeComponent:
    deviation = math.sqrt(variance)
    spread = scale.multiplier * deviation
    return GaugeComponent(
        name=name,
        variance=variance,
        standard_deviation=deviation,
        contribution=100 * variance / total,
        study_variation=spread,
        percent_study=100 * deviation / math.sqrt(total),
        percent_tolerance=None if scale.tolerance is None else 100 * spread / scale.tolerance,
        interval=interval,
    )
