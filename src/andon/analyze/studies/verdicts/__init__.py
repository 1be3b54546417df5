"""Verdicts: what the statistics say of a study, in a word, in sentences, and as evidence."""

from collections.abc import Callable, Mapping

from andon.analyze.studies.models import Study
from andon.analyze.studies.verdicts import agreement, capability, experiment, gauge, repeatability
from andon.analyze.studies.verdicts.judgement import Judgement

_M = Study.Method
JUDGES: Mapping[str, Callable[[Study], Judgement]] = {
    _M.TYPE_ONE: gauge.judge_type_one,
    _M.BIAS: gauge.judge_bias,
    _M.LINEARITY: gauge.judge_linearity,
    _M.STABILITY: gauge.judge_stability,
    _M.CROSSED: repeatability.judge_crossed,
    _M.NESTED: repeatability.judge_nested,
    _M.AGREEMENT: agreement.judge_agreement,
    _M.CAPABILITY: capability.judge_capability,
    _M.EXPERIMENT: experiment.judge_experiment,
}


def judge(study: Study) -> Judgement:
    """Compute the verdict of a study from its readings, or from the history."""
    return JUDGES[study.method](study)
