"""Attribute agreement: do appraisers judge parts alike, and as the reference says?"""

from typing import Any

from django.utils.translation import gettext as _

from andon.analyze.studies.evidence import Analysis
from andon.analyze.studies.models import Study
from andon.analyze.studies.plans import plan_of
from andon.analyze.studies.verdicts.judgement import Judgement, columns_of, run, share, subject
from andon.stats.gauge_agreement import AgreementLimits, AttributeAgreement
from andon.web.formats import fixed

_LIMITS = AgreementLimits()


def judge_agreement(study: Study) -> Judgement:
    """Judge by kappa, effectiveness, misses and false alarms; without truth by kappa alone."""
    plan, columns = plan_of(study), columns_of(study)
    given: dict[str, Any] = {
        "ratings": columns["ratings"], "parts": columns["parts"],
        "appraisers": columns["operators"],
    }  # fmt: skip
    options = {}
    if plan["references"]:
        given["references"] = [plan["references"][int(part) - 1] for part in columns["parts"]]
        options["rejected"] = plan["rejected"]
    found = run(Analysis(_("Attribute agreement"), "attribute_agreement", given, options))
    verdict = _verdict(found.result)
    return Judgement(verdict, _words(study, found.result, verdict), (found,))


def _verdict(result: AttributeAgreement) -> str:
    if result.is_good is not None:
        return Study.Verdict.GOOD if result.is_good else Study.Verdict.NOT_USABLE
    alike = result.fleiss.kappa >= _LIMITS.least_kappa
    return Study.Verdict.CONDITIONAL if alike else Study.Verdict.NOT_USABLE


def _words(study: Study, result: AttributeAgreement, verdict: str) -> str:
    told = subject(study) | {
        "kappa": fixed(result.fleiss.kappa, 2), "alike": share(100 * result.all_agree.share),
        "parts": result.parts,
    }  # fmt: skip
    claims = {
        "good": _("The appraisers judge %(characteristic)s rightly and alike."),
        "conditional": _("The appraisers judge %(characteristic)s alike; the truth is not known."),
        "not usable": _("The appraisers do not judge %(characteristic)s well enough."),
    }
    agree = _("All of them agreed always on %(alike)s of %(parts)d parts; kappa %(kappa)s.")
    return " ".join([claims[verdict] % told, agree % told, *_weak(result)])


def _weak(result: AttributeAgreement) -> list[str]:
    """Return a sentence for each appraiser who misses a limit."""
    weak = [row for row in result.appraisers if row.is_good is False]
    sentence = _("%(name)s: effectiveness %(right)s, bad parts accepted %(miss)s.")
    return [
        sentence
        % {
            "name": row.name,
            "right": share(100 * row.effectiveness.share if row.effectiveness else None),
            "miss": share(100 * row.miss.share if row.miss else None),
        }
        for row in weak
    ]
