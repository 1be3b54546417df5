"""Gauge R&R, crossed and nested: how much of what is seen is the measurement itself."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.studies.evidence import Analysis
from andon.analyze.studies.models import Study
from andon.analyze.studies.plans import plan_of
from andon.analyze.studies.verdicts.judgement import (
    Judgement,
    columns_of,
    run,
    share,
    subject,
    tolerance_of,
)
from andon.stats.gauge_study import GaugeStudy
from andon.web.formats import fixed


def judge_crossed(study: Study) -> Judgement:
    """Judge a crossed study by the analysis of variance, or by averages and ranges."""
    is_anova = plan_of(study)["computed_by"] == "anova"
    return _judged(study, "gauge_crossed" if is_anova else "gauge_average_range")


def judge_nested(study: Study) -> Judgement:
    """Judge a study whose parts can be measured by one operator only."""
    return _judged(study, "gauge_nested")


def _judged(study: Study, method: str) -> Judgement:
    columns = columns_of(study)
    options: dict[str, Any] = {"tolerance": tolerance_of(study)}
    if plan_of(study)["process_sd"] is not None:
        options["process_sd"] = plan_of(study)["process_sd"]
    given = {key: columns[key] for key in ("values", "parts", "operators")}
    options = {name: value for name, value in options.items() if value is not None}
    found = run(Analysis(_("Gauge repeatability and reproducibility"), method, given, options))
    return Judgement(found.result.verdict.value, words_of(study, found.result), (found,))


def words_of(study: Study, result: GaugeStudy) -> str:
    """Return the verdict in sentences: how much, of what, where from, and what to do."""
    told = (_claim(study, result), _width(result), _categories(result), _advice(result))
    return " ".join(filter(None, told))


def _claim(study: Study, result: GaugeStudy) -> str:
    told = subject(study)
    claims = {
        "good": _("%(instrument)s is good for %(characteristic)s."),
        "conditional": _("%(instrument)s is usable for %(characteristic)s with reservations."),
        "not usable": _("%(instrument)s is not usable for %(characteristic)s."),
    }
    return claims[result.verdict.value] % told


def _width(result: GaugeStudy) -> str:
    interval = result.percent_study_interval
    told = {"study": share(result.percent_study), "tolerance": share(result.percent_tolerance)}
    if interval is not None:
        told["study"] += _(" (95 %% interval %(low)s to %(high)s %%)") % {
            "low": fixed(interval.low, 1), "high": fixed(interval.high, 1),
        }  # fmt: skip
    if result.percent_tolerance is None:
        return _("Measuring takes %(study)s of the variation seen.") % told
    return (
        _("Measuring takes %(study)s of the variation seen and %(tolerance)s of the tolerance.")
        % told
    )


def _categories(result: GaugeStudy) -> str:
    if result.categories is None:
        return _("The readings of each part do not differ at all.")
    words = ngettext(
        "It tells %(n)d class of parts apart.", "It tells %(n)d classes of parts apart.",
        result.categories,
    )  # fmt: skip
    return words % {"n": result.categories}


def _advice(result: GaugeStudy) -> str:
    """Return where to begin: with the operators or with the instrument itself."""
    if result.verdict.value == "good":
        return ""
    between = result.component("reproducibility").variance
    within = result.component("repeatability").variance
    if between > within:
        return _("Most of it lies between operators: look at handling, fixture and instruction.")
    return _("Most of it lies within an operator: look at the instrument and how the part is held.")
