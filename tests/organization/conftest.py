"""A small factory: two processes, three machines, three shifts."""

from datetime import time
from typing import Any

import pytest


@pytest.fixture
def factory(system: Any) -> dict[str, Any]:
    """Turning and assembly with their machines, and the shifts early, late and night."""
    from andon.organization.partners.models import Partner
    from andon.organization.processes.models import Machine, Process, Shift
    from andon.records.trail.context import acting

    with acting(system):
        turning = Process.objects.create(code="turning", name="Turning", position=1)
        assembly = Process.objects.create(code="assembly", name="Assembly", position=2)
        hours = {"E": (6, 14), "L": (14, 22), "N": (22, 6)}
        shifts = {
            code: Shift.objects.create(
                code=code, name=code, starts_at=time(start), ends_at=time(end), position=number
            )
            for number, (code, (start, end)) in enumerate(hours.items(), start=1)
        }
        lathe = Machine.objects.create(code="L3", name="Lathe 3", process=turning, position=3)
        lathe.shifts.set([shifts["E"], shifts["L"]])
        cells = [
            Machine.objects.create(code=code, name=code, process=assembly, position=number)
            for number, code in enumerate(("A1", "A2"), start=1)
        ]
        supplier = Partner.objects.create(code="S-A", name="S-A", kind="supplier")
    return {
        "turning": turning, "assembly": assembly, "lathe": lathe, "cells": cells,
        "shifts": shifts, "supplier": supplier,
    }  # fmt: skip
