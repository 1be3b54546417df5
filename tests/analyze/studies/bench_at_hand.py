"""Studies for tests: the force testers of the probe factory, and short ones of every method."""

from typing import Any

from andon.analyze.studies.models import Study
from andon.analyze.studies.services import enter_readings, plan_study
from andon.analyze.studies.sheet import sheet_of
from andon.control.instruments.models import Instrument
from andon.demo.generator_studies import draw_gauge_study
from andon.organization.processes.models import Process
from andon.organization.products.models import Characteristic
from andon.records.models import Account
from andon.records.services import advance, create

SEED = 20250101


def spring_force() -> Characteristic:
    """Return the special characteristic that the force testers measure."""
    process, _made = Process.objects.get_or_create(
        code="ASSY", defaults={"name": "Assembly", "position": 2}
    )
    found, _made = Characteristic.objects.get_or_create(
        code="SF",
        defaults={
            "name": "Spring force", "process": process, "unit": "N", "resolution": 0.001,
            "target": 1.0, "lower_specification": 0.85, "upper_specification": 1.15,
            "classification": "special",
        },
    )  # fmt: skip
    return found


def force_tester(code: str = "SF-02") -> Instrument:
    """Return a force tester."""
    found, _made = Instrument.objects.get_or_create(
        code=code, defaults={"name": f"Force tester {code}", "unit": "N", "resolution": 0.001}
    )
    return found


def planned(actor: Account, method: str, plan: dict[str, Any], **others: Any) -> Study:
    """Return a planned study of a force tester."""
    facts = {"characteristic": spring_force(), "instrument": force_tester(), **others}
    study = create(Study(title=f"Study {method}", method=method, **facts), actor=actor)
    return plan_study(study, values=plan, actor=actor)


def running(actor: Account, method: str, plan: dict[str, Any], **others: Any) -> Study:
    """Return a study whose sheet is drawn."""
    return advance(planned(actor, method, plan, **others), "start", actor=actor)


def gauge_study(actor: Account, code: str) -> Study:
    """Return the gauge study of one force tester with every reading entered."""
    study = running(actor, "crossed", {"seed": 1}, instrument=force_tester(code))
    drawn = draw_gauge_study(SEED, code)
    readings = {
        run.number: f"{drawn[int(run.part) - 1, 'ABC'.index(run.operator), run.trial - 1]:.3f}"
        for run in sheet_of(study)
    }
    enter_readings(study, readings=readings, actor=actor)
    return study
