"""Verbs of the study bench: plan it, draw its sheet, enter what was read, judge it."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from andon.analyze.studies.evidence import keep
from andon.analyze.studies.models import Reading, Study
from andon.analyze.studies.plans import plan_of, read_plan
from andon.analyze.studies.sheet import draw_seed, is_drawn, readings_of, sheet_of
from andon.analyze.studies.verdicts import judge as judgement_of
from andon.identify.measurements import values
from andon.records import clock
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.services import editing, lock
from andon.records.trail.context import acting
from andon.records.workflow import Refusal

_MOST_TOLD = 20
_SEPARATORS = "\t;,"


def plan_study(
    study: Study, *, values: Mapping[str, Any], actor: Account, version: int | None = None
) -> Study:
    """State the plan; once the sheet is drawn it is frozen."""
    with editing(study, actor=actor, permission="study.work", version=version) as fresh:
        if fresh.state != "planned":
            raise Refused.because(_("The sheet is drawn; the plan is frozen."), "state")
        fresh.plan = read_plan(fresh.method, values)
    return fresh


def draw_sheet(study: Study) -> None:
    """Freeze the plan with every usual value and draw the seed; called by the step itself."""
    study.plan = {name: value for name, value in plan_of(study).items() if value is not None}
    study.seed = draw_seed(study) if is_drawn(study) else None


def judge(study: Study, *, actor: Account) -> None:
    """Compute verdict and evidence; called by the step itself, which stores the study."""
    found = judgement_of(study)
    study.verdict, study.words = found.verdict, found.words
    study.judged_at, study.is_use_permitted = clock.now(), False
    for one in found.statistics:
        keep(study, one.analysis, one.inputs, one.result, actor=actor)


def enter_reading(
    study: Study, *, run: int, text: str, actor: Account, reason: str = ""
) -> Reading:
    """Enter what was read at one run; a reading that is there is changed with a reason only."""
    return enter_readings(study, readings={run: text}, actor=actor, reason=reason)[0]


def enter_readings(
    study: Study, *, readings: Mapping[int, str], actor: Account, reason: str = ""
) -> list[Reading]:
    """Enter several readings, all or none; each that is wrong is told with its run."""
    require(actor, "study.enter")
    with acting(actor, reason=reason):
        fresh = lock(study)
        if fresh.state != "running":
            raise Refused.because(_("Readings are entered while the study is running."), "state")
        entering = _Entering(fresh, actor, reason)
        refusals = [
            Refusal(why, f"runs.{run}")
            for run, text in readings.items()
            if (why := entering.why_not(run, text))
        ]
        if refusals:
            raise Refused(refusals[:_MOST_TOLD])
        return [entering.store(run, text) for run, text in readings.items()]


def import_readings(study: Study, *, text: str, actor: Account, reason: str = "") -> list[Reading]:
    """Enter readings from pasted lines or a CSV file: run number and reading; all or none."""
    found: dict[int, str] = {}
    refusals: list[Refusal] = []
    for place, cells in _lines(text):
        try:
            run = values.count(cells[0] if cells else "", most=10**6)
        except values.Unreadable:
            if place > 1 or len(cells) < 2:
                refusals.append(_at(place, _("the first column must be the run number")))
            continue
        if len(cells) < 2 or not cells[1].strip():
            refusals.append(_at(place, _("run %(n)d has no reading") % {"n": run}))
        elif run in found:
            refusals.append(_at(place, _("run %(n)d comes twice") % {"n": run}))
        else:
            found[run] = cells[1].strip()
    if refusals:
        raise Refused(refusals[:_MOST_TOLD])
    if not found:
        raise Refused.because(_("Paste lines of run number and reading."), "text")
    return enter_readings(study, readings=found, actor=actor, reason=reason)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield place and cells of each filled line; a comma within a pair may be a decimal one."""
    marks = [mark for mark in _SEPARATORS if mark in text]
    for place, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.strip():
            row = next(csv.reader(StringIO(line), delimiter=marks[0] if marks else "\t"), [])
            yield place, [cell.strip() for cell in row]


def _at(place: int, why: str) -> Refusal:
    return Refusal(_("Line %(n)d: %(why)s.") % {"n": place, "why": why}, f"lines.{place}")


class _Entering:
    """Readings on their way to one study: what is there, and what stands against each."""

    def __init__(self, study: Study, actor: Account, reason: str) -> None:
        self.study, self.actor, self.reason = study, actor, reason.strip()
        self.present = readings_of(study)
        self.known = {run.number for run in sheet_of(study)}
        self.ratings: list[str] = plan_of(study).get("ratings", [])

    def why_not(self, run: int, text: str) -> str:
        """Return why a reading cannot be entered; empty when it can."""
        told = {"run": run, "text": text[:60], "words": ", ".join(self.ratings)}
        if run not in self.known:
            return _("Run %(run)d is not on the sheet.") % told
        if run in self.present and self.present[run].text != text.strip() and not self.reason:
            return _("Run %(run)d has a reading; give the reason of the change.") % told
        if self.ratings:
            wrong = _("Run %(run)d: “%(text)s” is none of the ratings: %(words)s.")
            return "" if text.strip() in self.ratings else wrong % told
        try:
            values.number(text)
        except values.Unreadable as error:
            return _("Run %(run)d: %(why)s") % {**told, "why": error}
        return ""

    def store(self, run: int, text: str) -> Reading:
        """Store a reading as the first or the next revision of its run."""
        earlier = self.present.get(run)
        if earlier is not None and earlier.text == text.strip():
            return earlier
        return Reading.objects.create(
            study=self.study, run=run, revision=earlier.revision + 1 if earlier else 1,
            text=text.strip(), value=None if self.ratings else values.number(text),
            entered_by=self.actor, entered_at=clock.now(),
            reason=self.reason[:300] if earlier else "",
        )  # fmt: skip
