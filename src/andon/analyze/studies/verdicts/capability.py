"""Capability from the history: stability first, then indices with intervals, or none at all."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from scipy.stats import binom

from andon.analyze.studies.evidence import Analysis
from andon.analyze.studies.models import Study
from andon.analyze.studies.plans import plan_of
from andon.analyze.studies.verdicts.judgement import (
    Computed,
    Judgement,
    is_log,
    run,
    share,
    subject,
)
from andon.records.errors import Refused
from andon.stats.capability_indices import Estimate
from andon.stats.rule_rates import false_alarms_per_thousand
from andon.stats.rules import LIMITS_ONLY
from andon.web.formats import fixed

LEAST_INDEX = 1.33
FEWEST = 25
_CHANCE = 0.99


def judge_capability(study: Study) -> Judgement:
    """Judge stability by the chart of the span; only a stable process has an index."""
    groups = _reference(study, is_grouped=True)
    table = Analysis("", "", reference=groups).inputs["values"]
    if len(table) < FEWEST:
        few = {"n": len(table), "fewest": FEWEST}
        message = _("%(n)d subgroups in this span; stability needs at least %(fewest)d.")
        raise Refused.because(message % few, "since")
    chart = _chart(study, table, groups)
    beyond, allowed = _beyond(chart)
    if beyond > allowed:
        told = subject(study) | {"n": beyond, "of": len(table), "allowed": allowed}
        words = _(
            "%(characteristic)s is not stable in this span: %(n)d of %(of)d points lie beyond a "
            "control limit, chance alone would give at most %(allowed)d. An index would not be "
            "valid."
        )
        return Judgement(Study.Verdict.NOT_STABLE, words % told, (chart,))
    index = _index(study, groups)
    return Judgement(_verdict(index), _words(study, index, len(table)), (index, chart))


def _reference(study: Study, *, is_grouped: bool) -> dict[str, Any]:
    plan, characteristic = plan_of(study), study.characteristic
    assert characteristic is not None
    return {
        "characteristic": characteristic.code, "since": plan["since"], "until": plan["until"],
        "machines": [study.machine.code] if study.machine else [],
        "columns": {"values": "value"}, "is_grouped": is_grouped,
    }  # fmt: skip


def _chart(study: Study, table: list[list[float]], groups: Mapping[str, Any]) -> Computed:
    """Return the chart of the means with limits from their own spread, or of single values."""
    groups = {**groups, "is_log": is_log(study.characteristic)}
    if max(map(len, table)) == 1:
        flat = {**groups, "is_grouped": False}
        return run(Analysis(_("Stability: individuals"), "individuals_chart", reference=flat))
    named = {**groups, "columns": {"subgroups": "value"}}
    return run(Analysis(_("Stability: means"), "mean_deviation_chart", reference=named))


def _beyond(chart: Computed) -> tuple[int, int]:
    """Return how many points lie beyond a limit, and how many chance alone would allow."""
    found = chart.result.location
    chance = false_alarms_per_thousand(LIMITS_ONLY[0]) / 1000
    count = int((found.violations & 1).astype(bool).sum())
    return count, int(binom.ppf(_CHANCE, len(found.points), chance))


def _index(study: Study, groups: Mapping[str, Any]) -> Computed:
    """Return the indices of a normal process, or by percentiles where it is not normal."""
    characteristic = study.characteristic
    assert characteristic is not None
    limits = {
        "lower": characteristic.lower_specification, "upper": characteristic.upper_specification,
    }  # fmt: skip
    limits = {name: value for name, value in limits.items() if value is not None}
    title, flat = _("Capability"), {**groups, "is_grouped": False}
    if is_log(characteristic):
        options = {**limits, "distribution": "lognormal"}
        return run(Analysis(title, "quantile_capability", reference=flat, options=options))
    target = {} if characteristic.target is None else {"target": characteristic.target}
    options = {**limits, **target}
    normal = run(Analysis(title, "capability", reference=groups, options=options))
    verdict = normal.result.normality
    if verdict is not None and verdict.is_rejected:
        return run(Analysis(title, "quantile_capability", reference=flat, options=limits))
    return normal


def actual_of(result: Any) -> tuple[str, Estimate]:
    """Return the index that a result is judged by, with its name."""
    name = "Cpk" if hasattr(result, "cpk") else "Ppk"
    return name, getattr(result, name.lower())


def _verdict(index: Computed) -> str:
    """Return capable or not by the lower end of the interval, conditional in between."""
    estimate = actual_of(index.result)[1]
    if estimate.interval.low >= LEAST_INDEX:
        return Study.Verdict.CAPABLE
    return Study.Verdict.CONDITIONAL if estimate.value >= LEAST_INDEX else Study.Verdict.NOT_CAPABLE


def _words(study: Study, index: Computed, groups: int) -> str:
    name, estimate = actual_of(index.result)
    told = subject(study) | {
        "name": name, "value": fixed(estimate.value, 2), "least": fixed(LEAST_INDEX, 2),
        "low": fixed(estimate.interval.low, 2), "high": fixed(estimate.interval.high, 2),
        "n": index.result.count, "groups": groups,
    }  # fmt: skip
    claims = {
        "capable": _("%(characteristic)s is capable."),
        "conditional": _("%(characteristic)s seems capable, but the sample does not prove it."),
        "not capable": _("%(characteristic)s is not capable."),
    }
    detail = _(
        "%(name)s %(value)s (95 %% interval %(low)s to %(high)s, n = %(n)d in %(groups)d "
        "subgroups), at least %(least)s is asked for. The process is stable in this span."
    )
    return " ".join([claims[_verdict(index)] % told, detail % told, _shape(index.result)])


def _shape(result: Any) -> str:
    if hasattr(result, "cpk"):
        p = result.normality.p_value if result.normality else None
        if p is None:
            return _("Too few values to test normality.")
        return _("Normality is not contradicted (p = %(p)s).") % {"p": fixed(p, 2)}
    family = result.distribution.family if result.distribution else _("values themselves")
    outside = share((result.ppm_below + result.ppm_above) / 10_000)
    words = _(
        "Indices by percentiles of the %(family)s distribution; %(outside)s expected outside."
    )
    return words % {"family": family, "outside": outside}
