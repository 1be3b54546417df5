"""Type 1, bias, linearity and stability: one part or several against the truth.

A difference from the truth that is statistically clear makes an instrument conditional while it is
small against the tolerance (below 10 %), and not usable beyond that.
"""

from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from andon.analyze.studies.evidence import Analysis
from andon.analyze.studies.models import Study
from andon.analyze.studies.plans import plan_of
from andon.analyze.studies.verdicts.judgement import (
    Computed,
    Judgement,
    columns_of,
    run,
    share,
    subject,
    tolerance_of,
)
from andon.stats.gauge_bias import BiasStudy
from andon.stats.gauge_linearity import LinearityStudy
from andon.stats.gauge_stability import StabilityStudy
from andon.stats.gauge_type1 import TypeOneStudy
from andon.web.formats import fixed, significant

_SMALL = 10.0
"""Percent of the tolerance below which a clear bias is small (AIAG's limit of a good gauge)."""


def judge_type_one(study: Study) -> Judgement:
    """Judge Cg, Cgk and the resolution."""
    options = {"reference": plan_of(study)["reference"], "tolerance": tolerance_of(study)}
    resolution = study.instrument.resolution if study.instrument else None
    if resolution is not None:
        options["resolution"] = resolution
    found = _run(study, _("Type 1 study"), "gauge_type1", options)
    verdict = Study.Verdict.GOOD if found.result.is_capable else Study.Verdict.NOT_USABLE
    return Judgement(verdict, _type_one(study, found.result), (found,))


def judge_bias(study: Study) -> Judgement:
    """Judge whether the instrument reads a reference true."""
    options = {"reference": plan_of(study)["reference"], "tolerance": tolerance_of(study)}
    found = _run(study, _("Bias"), "gauge_bias", _stated(options))
    result: BiasStudy = found.result
    verdict = _of_bias(is_plausible=result.is_bias_plausible, percent=result.percent_tolerance)
    told = subject(study) | {
        "bias": significant(result.bias), "low": significant(result.interval.low),
        "high": significant(result.interval.high), "share": share(result.percent_tolerance),
    }  # fmt: skip
    words = (
        _("%(instrument)s reads true: bias %(bias)s %(unit)s, zero lies in its interval.")
        if result.is_bias_plausible
        else _("%(instrument)s does not read true: bias %(bias)s %(unit)s.")
    )
    interval = _("95 %% interval %(low)s to %(high)s, %(share)s of the tolerance.")
    return Judgement(verdict, f"{words % told} {interval % told}", (found,))


def judge_linearity(study: Study) -> Judgement:
    """Judge whether the bias is the same over the range."""
    plan, columns = plan_of(study), columns_of(study)
    given = {
        "values": columns["values"],
        "references": [plan["references"][int(part) - 1] for part in columns["parts"]],
    }
    sd = plan["process_sd"]
    options = {} if sd is None else {"process_spread": 6 * sd}
    found = run(Analysis(_("Linearity"), "gauge_linearity", given, options))
    result: LinearityStudy = found.result
    worst = max(abs(one.bias) for one in result.at_references)
    width = tolerance_of(study)
    percent = 100 * worst / width if width else None
    verdict = _of_bias(is_plausible=result.is_zero_inside_band, percent=percent)
    told = subject(study) | {
        "slope": significant(result.slope), "worst": significant(worst), "share": share(percent),
    }  # fmt: skip
    claim = (
        _("%(instrument)s reads alike over its range: zero bias lies in the band everywhere.")
        if result.is_zero_inside_band
        else _("%(instrument)s does not read alike over its range.")
    )
    detail = _(
        "The bias changes by %(slope)s for each %(unit)s; the largest is %(worst)s %(unit)s, "
        "%(share)s of the tolerance."
    )
    return Judgement(verdict, f"{claim % told} {detail % told}", (found,))


def judge_stability(study: Study) -> Judgement:
    """Judge whether a master part is read alike from session to session."""
    columns, trials = columns_of(study), plan_of(study)["trials"]
    sessions = np.reshape(columns["values"], (-1, trials)).tolist()
    reference = plan_of(study)["reference"]
    options = {} if reference is None else {"reference": reference}
    found = run(Analysis(_("Stability"), "gauge_stability", {"sessions": sessions}, options))
    result: StabilityStudy = found.result
    beyond = sorted({place + 1 for place in (*result.signals, *result.range_signals)})
    verdict = _of_sessions(result, beyond)
    told = subject(study) | {"n": len(sessions), "places": ", ".join(map(str, beyond))}
    if result.is_stable:
        words = _("%(instrument)s is stable over %(n)d sessions.")
    elif verdict == Study.Verdict.CONDITIONAL:
        words = _(
            "%(instrument)s was off in one session of %(n)d. Look what happened in session "
            "%(places)s."
        )
    elif beyond:
        words = _("%(instrument)s is not stable. Sessions %(places)s lie beyond a limit.")
    else:
        words = _("%(instrument)s is not stable. Its mean drifts from session to session.")
    return Judgement(verdict, words % told, (found,))


def _type_one(study: Study, result: TypeOneStudy) -> str:
    told = subject(study) | {
        "cg": fixed(result.cg, 2), "cgk": fixed(result.cgk, 2), "bias": significant(result.bias),
        "least": fixed(result.options["least_index"], 2),
        "width": significant(result.smallest_tolerance),
    }  # fmt: skip
    claim = (
        _("%(instrument)s is capable for %(characteristic)s.")
        if result.is_capable
        else _("%(instrument)s is not capable for %(characteristic)s.")
    ) % told
    detail = _(
        "Cg %(cg)s and Cgk %(cgk)s, at least %(least)s is asked for; bias %(bias)s %(unit)s. "
        "It would be enough for a tolerance of %(width)s %(unit)s."
    )
    coarse = ""
    if result.is_resolution_sufficient is False:
        coarse = " " + _("Its resolution is too coarse for this tolerance.")
    return f"{claim} {detail % told}{coarse}"


def _run(study: Study, title: str, method: str, options: dict[str, Any]) -> Computed:
    given = {"values": columns_of(study)["values"]}
    return run(Analysis(title, method, given, _stated(options)))


def _of_bias(*, is_plausible: bool, percent: float | None) -> str:
    if is_plausible:
        return Study.Verdict.GOOD
    is_small = percent is not None and percent < _SMALL
    return Study.Verdict.CONDITIONAL if is_small else Study.Verdict.NOT_USABLE


def _of_sessions(result: StabilityStudy, beyond: list[int]) -> str:
    """Return the verdict of a chart: one odd session is a reservation, a drift or two are not."""
    if result.is_stable:
        return Study.Verdict.GOOD
    is_single = len(beyond) == 1 and result.drift_p >= 1 - result.options["level"]
    return Study.Verdict.CONDITIONAL if is_single else Study.Verdict.NOT_USABLE


def _stated(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
