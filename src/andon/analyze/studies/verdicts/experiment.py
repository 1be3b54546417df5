"""Designed experiments: which factors move the response, by how much, and where it is best."""

from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from andon.analyze.studies.evidence import Analysis
from andon.analyze.studies.experiments import model_of
from andon.analyze.studies.models import Study
from andon.analyze.studies.plans import plan_of
from andon.analyze.studies.sheet import readings_of, sheet_of
from andon.analyze.studies.verdicts.judgement import Computed, Judgement, run, subject
from andon.stats.experiment_analysis import Effect, Experiment
from andon.stats.experiment_optimum import Optimum
from andon.web.formats import significant

ALPHA = 0.05
_MOST_TOLD = 4


def judge_experiment(study: Study) -> Judgement:
    """Judge the effects by their tests; a quadratic design also tells its optimum."""
    plan, readings = plan_of(study), readings_of(study)
    runs = sheet_of(study)
    given = {
        "response": [readings[run.number].value for run in runs],
        "runs": [list(run.coded) for run in runs],
    }
    options = {"factors": [f["name"] for f in plan["factors"]], "model": model_of(plan)}
    found = run(Analysis(_("Effects"), "analyze_experiment", given, options))
    best = _optimum(found, plan["goal"]) if model_of(plan) == "quadratic" else None
    clear = clear_effects(found.result)
    verdict = Study.Verdict.EFFECTS if clear else Study.Verdict.NO_EFFECTS
    words = [_effects(study, clear, found.result), *([_best(plan, best.result)] if best else [])]
    return Judgement(verdict, " ".join(words), (found, *([best] if best else [])))


def clear_effects(result: Experiment) -> list[Effect]:
    """Return the effects that are not explained by chance, largest first."""
    return [effect for effect in result.effects if effect.p_value < ALPHA]


def _optimum(found: Computed, goal: str) -> Computed:
    options = {"experiment": found.result.to_dict(), "goal": goal}
    return run(Analysis(_("Optimum"), "find_optimum", {}, options))


def _effects(study: Study, clear: list[Effect], result: Experiment) -> str:
    name = plan_of(study)["response"] or subject(study)["characteristic"]
    if not clear:
        words = _("No factor moves %(name)s beyond chance; %(n)d effects were tested.")
        return words % {"name": name, "n": len(result.effects)}
    told = clear[:_MOST_TOLD]
    claim = _("%(name)s depends on %(factors)s.") % {
        "name": name, "factors": ", ".join(one.term for one in told),
    }  # fmt: skip
    sizes = "; ".join(
        f"{one.term} {_signed(one.effect)} ({significant(one.interval.low, 3)} … "
        f"{significant(one.interval.high, 3)})"
        for one in told
    )
    detail = _("From low to high, with 95 %% intervals: %(sizes)s.") % {"sizes": sizes}
    return f"{claim} {detail}"


def _best(plan: dict[str, Any], result: Optimum) -> str:
    """Return the best point inside the region in the factors' own units."""
    settings = [
        f"{factor['name']} {significant(_real(factor, code))} {factor['unit']}".strip()
        for factor, code in zip(plan["factors"], np.asarray(result.best), strict=True)
    ]
    told = {"settings": ", ".join(settings), "value": significant(result.best_value)}
    return _("Best inside the region: %(settings)s, where %(value)s is predicted.") % told


def _real(factor: dict[str, Any], code: float) -> float:
    low, high = float(factor["low"]), float(factor["high"])
    return (low + high) / 2 + float(code) * (high - low) / 2


def _signed(value: float) -> str:
    return f"+{significant(value, 3)}" if value > 0 else significant(value, 3)
