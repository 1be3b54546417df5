"""The few numbers of a result that matter, each with what it is and how sure it is."""

from dataclasses import dataclass
from typing import Any, get_type_hints

from django.utils.translation import gettext as _

from andon.analyze.studies.models import Evidence
from andon.analyze.studies.telling import tell
from andon.stats import catalogue
from andon.stats.experiment_analysis import Experiment
from andon.stats.gauge_study import GaugeStudy
from andon.stats.results import Interval, Result
from andon.web.formats import fixed, significant


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that matters, with what it is and how sure."""

    label: str
    value: str
    note: str = ""


def result_of(evidence: Evidence) -> Result:
    """Return the result of an evidence as the statistic gave it."""
    function = catalogue.describe(evidence.method).function
    returned = get_type_hints(function).get("return")
    is_result = isinstance(returned, type) and issubclass(returned, Result)
    kind: type[Result] = returned if is_result else catalogue.Answer  # type: ignore[assignment]
    return kind.from_dict(evidence.result)


def figures_of(evidence: Evidence) -> list[Figure]:
    """Return the few numbers that matter."""
    result: Any = result_of(evidence)
    maker = _FIGURES.get(evidence.method)
    if maker is None:
        return [Figure(row[0], row[1]) for row in tell(result).figures[:6]]
    figures: list[Figure] = maker(result)
    return figures


def interval_words(
    interval: Interval | None, figures: int = 4, *, digits: int | None = None
) -> str:
    """Return both ends, by significant figures or by digits."""
    if interval is None:
        return ""
    ends = (interval.low, interval.high)
    return " – ".join(
        significant(end, figures) if digits is None else fixed(end, digits) for end in ends
    )


def of_gauge(result: GaugeStudy) -> list[Figure]:
    """Return the percentages of a gauge study, and the classes it tells apart."""
    interval = interval_words(result.percent_study_interval, digits=1)
    return [
        Figure(_("of the study variation"), f"{fixed(result.percent_study, 1)} %",
               interval or _("below 10 good, above 30 not usable")),
        *([Figure(_("of the tolerance"), f"{fixed(result.percent_tolerance, 1)} %",
                  _("below 10 good, above 30 not usable"))]
          if result.percent_tolerance is not None else []),
        Figure(_("classes told apart"), str(result.categories or "–"), _("at least 5")),
    ]  # fmt: skip


def of_type_one(result: Any) -> list[Figure]:
    """Return Cg, Cgk and bias."""
    least = _("at least %(n)s") % {"n": fixed(result.options["least_index"], 2)}
    return [
        Figure("Cg", fixed(result.cg, 2), interval_words(result.cg_interval, digits=2)),
        Figure("Cgk", fixed(result.cgk, 2), least),
        Figure(_("Bias"), significant(result.bias), interval_words(result.bias_interval)),
    ]


def of_bias(result: Any) -> list[Figure]:
    """Return the bias, its share of the tolerance, and the repeatability."""
    return [
        Figure(_("Bias"), significant(result.bias), interval_words(result.interval)),
        Figure(_("of the tolerance"), f"{fixed(result.percent_tolerance, 1)} %"),
        Figure(_("Repeatability"), significant(result.repeatability_sd), f"n = {result.count}"),
    ]


def of_index(result: Any) -> list[Figure]:
    """Return the indices of capability."""
    names = ("Cp", "Cpk", "Pp", "Ppk") if hasattr(result, "cpk") else ("Pp", "Ppk")
    named = [(name, getattr(result, name.lower())) for name in names]
    return [
        Figure(name, fixed(one.value, 2), interval_words(one.interval, digits=2))
        for name, one in named
        if one
    ]


def of_agreement(result: Any) -> list[Figure]:
    """Return kappa, and how often all agree and all are right."""
    right = result.all_right
    return [
        Figure("Kappa", fixed(result.fleiss.kappa, 2), _("at least 0.75")),
        Figure(_("all agree"), f"{fixed(100 * result.all_agree.share, 1)} %"),
        *([Figure(_("all right"), f"{fixed(100 * right.share, 1)} %")] if right else []),
    ]


def of_experiment(result: Experiment) -> list[Figure]:
    """Return the largest effects, and how much they explain."""
    return [
        Figure(one.term, significant(one.effect), interval_words(one.interval))
        for one in result.effects[:3]
    ] + [Figure("R²", f"{fixed(100 * result.r_squared, 1)} %", _("explained"))]


def of_linearity(result: Any) -> list[Figure]:
    """Return how the bias changes, and the worst."""
    worst = max(result.at_references, key=lambda one: abs(one.bias))
    at = _("at %(reference)s") % {"reference": significant(worst.reference)}
    return [
        Figure(_("change of the bias per unit"), significant(result.slope, 3),
               interval_words(result.slope_interval, 3)),
        Figure(_("largest bias"), significant(worst.bias, 3), at),
        Figure(_("Repeatability"), significant(result.residual_sd, 3), f"n = {result.count}"),
    ]  # fmt: skip


def of_stability(result: Any) -> list[Figure]:
    """Return drift, bias and repeatability."""
    drift = Figure(
        _("drift per session"), significant(result.drift_per_session, 3),
        interval_words(result.drift_interval, 3),
    )  # fmt: skip
    bias = [] if result.bias is None else [Figure(_("Bias"), significant(result.bias, 3))]
    spread = Figure(_("Repeatability"), significant(result.repeatability_sd, 3))
    return [drift, *bias, spread]


_FIGURES: dict[str, Any] = {
    "gauge_crossed": of_gauge, "gauge_average_range": of_gauge, "gauge_nested": of_gauge,
    "gauge_type1": of_type_one, "gauge_bias": of_bias, "capability": of_index,
    "quantile_capability": of_index, "attribute_agreement": of_agreement,
    "analyze_experiment": of_experiment, "gauge_linearity": of_linearity,
    "gauge_stability": of_stability,
}  # fmt: skip
