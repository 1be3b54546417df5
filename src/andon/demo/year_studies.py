"""The studies of the year (P4): both force testers are studied, and one does not do.

Planned on one day, run on the next by three operators in drawn order, judged on the third; the
readings are those of `generator_studies`. A capability study tells that lathe L4, whose index is
the lowest of the year, is stable and capable.
"""

from collections.abc import Callable, Mapping
from datetime import date

from andon.analyze.studies.models import Study
from andon.analyze.studies.services import enter_readings, plan_study
from andon.analyze.studies.sheet import sheet_of
from andon.control.instruments.models import Instrument
from andon.demo.generator_studies import FORCE_TESTERS, draw_gauge_study
from andon.demo.logins import PASSWORD
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.models import Account
from andon.records.services import Signing, advance, create

__all__ = ["study_on"]

_OPERATORS = ("A", "B", "C")
_DIGITS = 3
_PLANNED_ON, _RUN_ON, _JUDGED_ON = date(2025, 6, 23), date(2025, 6, 24), date(2025, 6, 25)
_CAPABILITY_ON, _SPAN = date(2025, 7, 2), ("2025-04-01", "2025-06-30")
_PURPOSE = (
    "Before cells are compared by their spring force: do both testers measure what the parts are, "
    "whoever measures?"
)


def study_on(on: date, seed: int) -> None:
    """Do what the metrologist and the operators did on the morning of a day."""
    acts: Mapping[date, Callable[[], None]] = {
        _PLANNED_ON: _plan,
        _RUN_ON: lambda: _run(seed),
        _JUDGED_ON: _judge,
        _CAPABILITY_ON: _capability,
    }
    if on in acts:
        acts[on]()


def _plan() -> None:
    metrologist = _person("metrologist")
    for place, code in enumerate(FORCE_TESTERS, 1):
        instrument = Instrument.objects.get(code=code)
        study = create(
            Study(
                title=f"Gauge study of {instrument.name.lower()} for spring force",
                method=Study.Method.CROSSED, instrument=instrument, purpose=_PURPOSE,
                characteristic=Characteristic.objects.get(code="SF"), owner=metrologist,
            ),
            actor=metrologist,
        )  # fmt: skip
        plan = {"parts": 10, "operators": list(_OPERATORS), "trials": 3, "seed": place}
        plan_study(study, values=plan, actor=metrologist)


def _run(seed: int) -> None:
    """Read every run; the operators know its number, not its part."""
    for planned in _gauge_studies("planned"):
        study = advance(planned, "start", actor=_person("metrologist"))
        assert study.instrument is not None
        drawn = draw_gauge_study(seed, study.instrument.code)
        readings = {
            run.number: drawn[int(run.part) - 1, _OPERATORS.index(run.operator), run.trial - 1]
            for run in sheet_of(study)
        }
        texts = {number: f"{value:.{_DIGITS}f}" for number, value in readings.items()}
        enter_readings(study, readings=texts, actor=_person("operator"))


def _judge() -> None:
    """Judge both; the good one is closed, the other one waits for what is done about it."""
    metrologist = _person("metrologist")
    for study in _gauge_studies("running"):
        judged = advance(study, "judge", actor=metrologist)
        if judged.verdict == Study.Verdict.GOOD:
            _close(judged, metrologist)


def _capability() -> None:
    engineer = _person("engineer")
    since, until = _SPAN
    study = create(
        Study(
            title="Capability of lathe L4 for the plunger diameter",
            method=Study.Method.CAPABILITY, characteristic=Characteristic.objects.get(code="PD"),
            machine=Machine.objects.get(code="L4"), owner=engineer,
            purpose="L4 has the lowest index of the lathes. Is it a problem?",
        ),
        actor=engineer,
    )  # fmt: skip
    plan_study(study, values={"since": since, "until": until}, actor=engineer)
    started = advance(study, "start", actor=engineer)
    _close(advance(started, "judge", actor=engineer), engineer)


def _close(study: Study, actor: Account) -> None:
    meaning = str(study.WORKFLOW.transition("close").meaning)
    advance(study, "close", actor=actor, signing=Signing(PASSWORD, meaning))


def _gauge_studies(state: str) -> list[Study]:
    rows = Study.objects.filter(state=state, method=Study.Method.CROSSED)
    return list(rows.select_related("instrument").order_by("pk"))


def _person(username: str) -> Account:
    return Account.objects.get(username=username)
