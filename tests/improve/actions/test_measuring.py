"""The facts before and after an action, read with exact constants and the same to the last bit."""

import math
from datetime import date
from typing import Any

import pytest

from andon.identify.measurements.services import record
from andon.improve.actions.measuring import Window, read_subgroups
from andon.organization.products.models import Characteristic
from small_factory import build_small_factory, measured

VALUES = (0.7401, 0.7399, 0.7404, 0.7400)


def window(engineer: Any, pieces: int) -> Window:
    """Return four days of the plunger diameter of two lathes with so many pieces a day."""
    build_small_factory()
    rows = [
        measured(
            f"{value + apart + piece * 1e-4:.4f}", machine=machine, lot="",
            measured_at=f"2025-03-{day:02}T07:1{piece}:00Z",
        )
        for machine, apart in (("L1", 0.0), ("L3", 0.004))
        for day, value in enumerate(VALUES, start=3)
        for piece in range(pieces)
    ]  # fmt: skip
    record(rows, actor=engineer)
    return Window(
        characteristic=Characteristic.objects.get(code="PD"), machines=(), shifts=(),
        since=date(2025, 3, 1), until=date(2025, 3, 10),
    )  # fmt: skip


@pytest.mark.usefixtures("noon")
def test_single_values_vary_by_the_moving_ranges_of_their_own_stream(engineer: Any) -> None:
    side = read_subgroups(window(engineer, pieces=1))
    # The mean of the range of two standard normal values is 2 / sqrt(pi), not the printed 1.128.
    wanted = (0.0002 + 0.0005 + 0.0004) / 3 / (2 / math.sqrt(math.pi))
    assert side.within_sigma == pytest.approx(wanted, rel=1e-9)


@pytest.mark.usefixtures("noon")
def test_the_digest_of_what_was_read_is_the_same_each_time(engineer: Any) -> None:
    read = window(engineer, pieces=3)
    assert len({read_subgroups(read).digest for _time in range(12)}) == 1
