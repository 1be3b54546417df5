"""Lathe L3 of the small factory: six stable weeks, then a shift of its mean."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from andon.identify.measurements.services import record
from andon.records import clock
from small_factory import measured

_FIRST = date(2025, 1, 6)


def shift_of_l3(actor: Any, *, stable: int = 30, shifted: int = 6) -> None:
    """Measure five pieces a day on L1 and L3; L3 shifts by more than four sigma of its means."""
    drawn = np.random.default_rng(7)
    days = [_FIRST + timedelta(days=n) for n in range(90)]
    days = [day for day in days if day.isoweekday() < 6][: stable + shifted]
    for machine, minute in (("L1", 0), ("L3", 30)):
        rows = [
            row
            for number, day in enumerate(days)
            for row in _sample(
                day, machine, minute,
                (0.7445 if machine == "L3" and number >= stable else 0.74)
                + drawn.normal(0, 0.002, 5),
            )
        ]  # fmt: skip
        with clock.fixed(datetime(2025, 3, 13, 12, tzinfo=UTC)):
            record(rows, actor=actor)


def _sample(day: date, machine: str, minute: int, values: Any) -> list[dict[str, str]]:
    start = datetime(day.year, day.month, day.day, 7, minute, tzinfo=UTC)
    return [
        measured(
            f"{value:.4f}", machine=machine, lot=f"PD-{machine}-{day:%y%m%d}",
            measured_at=(start + timedelta(minutes=n)).isoformat(), instrument="",
        )
        for n, value in enumerate(values)
    ]  # fmt: skip
