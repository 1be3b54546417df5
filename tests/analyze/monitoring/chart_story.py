"""A small factory whose lathe L3 was measured for six weeks: stable, then shifted upwards."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from andon.identify.measurements.services import record
from small_factory import measured

FIRST = date(2025, 1, 6)
USUAL, SHIFTED = 0.74, 0.7445


def days(count: int) -> list[date]:
    """Return so many working days from the first on."""
    found = [FIRST + timedelta(days=n) for n in range(count * 2)]
    return [day for day in found if day.isoweekday() < 6][:count]


def sample(
    day: date, values: Sequence[float], hour: int = 7, **others: str
) -> list[dict[str, str]]:
    """Return one subgroup as it is sent to the door."""
    start = datetime(day.year, day.month, day.day, hour, 15, tzinfo=UTC)
    return [
        measured(
            f"{value:.4f}",
            **{"lot": f"PD-L3-{day:%y%m%d}", **others},
            measured_at=(start + timedelta(minutes=n)).isoformat(),
        )
        for n, value in enumerate(values)
    ]


def weeks_of_l3(actor: Any, *, stable: int = 30, shifted: int = 6, machine: str = "L3") -> None:
    """Measure five pieces a day: stable, then a shift of more than four sigma of the means."""
    drawn = np.random.default_rng(7)
    for centre, part in ((USUAL, days(stable)), (SHIFTED, days(stable + shifted)[stable:])):
        rows = [
            one
            for day in part
            for one in sample(day, centre + drawn.normal(0, 0.002, 5), machine=machine)
        ]
        if rows:
            record(rows, actor=actor)
