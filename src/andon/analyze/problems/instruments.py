"""Unfit instruments: a study that speaks against a use is a finding, a later fit one heals it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from andon.analyze.monitoring.events import Found
from andon.analyze.monitoring.models import Finding
from andon.analyze.problems.models import Problem
from andon.analyze.problems.services import mark_solved
from andon.analyze.problems.workflow import OPEN
from andon.analyze.studies.fitness import fitness_of
from andon.analyze.studies.models import Study
from andon.control.instruments.models import Instrument
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.errors import Refused
from andon.records.events import announce
from andon.records.models import Account, Link
from andon.records.services import advance, link
from andon.records.trail.context import acting


def follow_verdict(study: Study) -> None:
    """Raise a finding when a verdict speaks against the use; else see whether it heals one."""
    with acting(system_account()):
        if study.instrument is not None:  # Two studies of it judged at once open one problem.
            Instrument.objects.select_for_update().get(pk=study.instrument.pk)
        if study.verdict == Study.Verdict.NOT_USABLE:
            _report(study)
        elif _is_fit(study):
            _heal(study)


def follow_permission(study: Study, *, actor: Account) -> None:
    """Watch the problem of an instrument whose use was permitted knowing the verdict."""
    reason = _("%(study)s: the use is permitted.") % {"study": study.number}
    for problem in open_problems_of(study):
        try:
            advance(problem, "watch", actor=actor, reason=reason)
        except Refused:
            continue  # Somebody acts on it already.


def place_of(study: Study) -> str:
    """Return where an unfit instrument is found: at its characteristic."""
    assert study.characteristic is not None
    codes = [study.characteristic.code, study.instrument.code if study.instrument else ""]
    return "/".join(filter(None, codes))


def open_problems_of(study: Study) -> QuerySet[Problem]:
    """Return the open problem of what a study is about, if there is one."""
    return Problem.objects.filter(
        memberships__finding__rule=Finding.Rule.GAUGE,
        memberships__finding__place=place_of(study),
        memberships__finding__withdrawn_at=None,
        state__in=OPEN,
    ).distinct()


def _report(study: Study) -> None:
    assert study.judged_at is not None
    first = study.readings.order_by("entered_at").first()
    judged_on = study.judged_at.astimezone(clock.site_zone()).date()
    began = first.entered_at.astimezone(clock.site_zone()).date() if first else judged_on
    finding = Finding.objects.create(
        stream=None, place=place_of(study), rule=Finding.Rule.GAUGE, direction=0,
        found_on=judged_on, found_at=study.judged_at, began_on=began, subgroup="",
        detail=_detail(study),
    )  # fmt: skip
    announce(Found(finding))
    problem = Problem.objects.get(memberships__finding=finding)
    link(study, problem, kind=Link.Kind.RAISED, actor=system_account())


def _detail(study: Study) -> dict[str, Any]:
    """Return what the finding keeps: who and what, the words, and the share of the variance."""
    assert study.characteristic is not None
    kept = study.evidence.first()
    told = kept.result.get("components", ()) if kept else ()
    parts = {one["name"]: one["variance"] for one in told}
    total = parts.get("total")
    between, within = parts.get("reproducibility", 0.0), parts.get("repeatability", 0.0)
    return {
        "study": study.number, "method": study.method, "words": study.words,
        "instrument": study.instrument.code if study.instrument else "",
        "characteristic": study.characteristic.code, "name": study.characteristic.name,
        "leader": study.owner.username if study.owner else "",
        "share": parts["gauge"] / total if total else None,
        "cause": "operators" if between > within else "",
    }  # fmt: skip


def _is_fit(study: Study) -> bool:
    if study.instrument is None or study.characteristic is None:
        return True
    fitness = fitness_of(study.instrument, study.characteristic)
    return fitness is None or fitness.study.verdict != Study.Verdict.NOT_USABLE


def _heal(study: Study) -> None:
    """Solve the problem, unless measurements stand behind it too: those prove it themselves."""
    for problem in open_problems_of(study):
        if all(finding.rule == Finding.Rule.GAUGE for finding in problem.standing()):
            note = _("%(study)s found it fit.") % {"study": study.number}
            link(study, problem, kind=Link.Kind.RELATED, actor=system_account(), note=note)
            mark_solved(problem)
