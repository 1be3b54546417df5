"""A control plan over two characteristics: one read in groups of five, one counted."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest


@pytest.fixture
def line_of(system: Any) -> Callable[..., Any]:
    """Return a maker of plan lines for a characteristic PD (or another) on the lathes."""
    from andon.control.plans.models import ControlPlan, PlanLine
    from andon.organization.processes.models import Machine, Process, Shift
    from andon.organization.products.models import Characteristic
    from andon.records.trail.context import acting

    with acting(system):
        turning = Process.objects.create(code="turning", name="Turning", position=1)
        shifts = [
            Shift.objects.create(
                code=code, name=code, starts_at=time(start), ends_at=time(end), position=start
            )
            for code, start, end in (("E", 6, 14), ("L", 14, 22), ("N", 22, 6))
        ]
        for number in (1, 2):
            lathe = Machine.objects.create(
                code=f"L{number}", name=f"L{number}", process=turning, position=number
            )
            lathe.shifts.set(shifts[:2])
        plan = ControlPlan.objects.create(code="CP-1", name="Probe")

    def make(*, code: str = "PD", kind: str = "value", unit: str = "mm", **values: Any) -> Any:
        with acting(system):
            characteristic, _new = Characteristic.objects.get_or_create(
                code=code, defaults={"name": code, "process": turning, "kind": kind, "unit": unit}
            )
            facts = {"frequency": "per shift", "reaction": "Measure 5 more.", "sample_size": 5}
            position = PlanLine.objects.count() + 1
            return PlanLine.objects.create(
                plan=plan, position=position, characteristic=characteristic, **(facts | values)
            )

    return make
