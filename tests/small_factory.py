"""A factory small enough to read at a glance, for tests of the door and of monitoring."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.auth import get_user

from andon.control.instruments.models import Instrument
from andon.control.plans.models import ControlPlan, PlanLine
from andon.organization.processes.models import Machine, Process, Shift
from andon.organization.products.models import Characteristic

NOON = datetime(2025, 3, 13, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
SHIFTS = (("E", 6, 14), ("L", 14, 22), ("N", 22, 6))


def signed(browser: Any, meaning: str) -> dict[str, str]:
    """Return what the person at a browser types to sign: user name, password, meaning."""
    return {"username": get_user(browser).get_username(), "password": PASSWORD, "meaning": meaning}


def build_small_factory(*, baseline_until: date | None = None) -> None:
    """Create two processes, four machines, three characteristics, instruments and a plan."""
    turning = Process.objects.create(code="TURN", name="Turning", position=1)
    assembly = Process.objects.create(code="ASSY", name="Assembly", position=2)
    for place, (code, start, end) in enumerate(SHIFTS):
        Shift.objects.create(
            code=code, name=code, starts_at=time(start), ends_at=time(end), position=place
        )
    for place, (code, process) in enumerate(
        [("L1", turning), ("L3", turning), ("A1", assembly), ("A2", assembly)]
    ):
        Machine.objects.create(code=code, name=code, process=process, position=place)
    plan = ControlPlan.objects.create(code="CP-1", name="Probes")
    for place, (code, values) in enumerate(_characteristics(turning, assembly).items()):
        characteristic = Characteristic.objects.create(code=code, **values)
        PlanLine.objects.create(
            plan=plan, position=place, characteristic=characteristic, frequency="per shift",
            sample_size=None if values.get("kind") else 5, baseline_until=baseline_until,
            reaction="Check the insert life counter.",
        )  # fmt: skip
    Instrument.objects.create(code="MIC-01", name="Micrometer", due_on=date(2099, 6, 2))
    Instrument.objects.create(code="MIC-09", name="Micrometer", due_on=date(2025, 3, 1))
    Instrument.objects.create(code="MIC-10", name="Micrometer", status="quarantined")


def _characteristics(turning: Process, assembly: Process) -> dict[str, dict[str, Any]]:
    return {
        "PD": {
            "name": "Plunger diameter", "process": turning, "unit": "mm", "resolution": 0.0001,
            "target": 0.74, "lower_specification": 0.73, "upper_specification": 0.75,
            "classification": "special",
        },
        "CR": {
            "name": "Contact resistance", "process": assembly, "unit": "mOhm", "resolution": 0.1,
            "upper_specification": 50.0, "model": "log",
        },
        "CRIMP": {
            "name": "Crimp loose or tight", "process": assembly, "unit": "pieces",
            "kind": "attribute",
        },
    }  # fmt: skip


def measured(value: str = "0.7388", **others: str) -> dict[str, str]:
    """Return one record of the plunger diameter, changed where a test says so."""
    told = {
        "characteristic": "PD", "machine": "L3", "value": value, "unit": "mm", "lot": "PD-L3-1",
        "measured_at": "2025-03-13T07:15:00+00:00", "instrument": "MIC-01",
    }  # fmt: skip
    return {**told, **others}
