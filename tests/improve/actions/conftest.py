"""A cell with a night-shift problem, and somebody who walks actions through the disciplines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from action_walk import Walk, build_cell, plan_values

from andon.records import clock


@pytest.fixture
def september(db: Any) -> Iterator[datetime]:
    """Hold the clock at noon of 12 September 2025, the last day of the baseline."""
    at = datetime(2025, 9, 12, 12, tzinfo=UTC)
    with clock.fixed(at):
        yield at


@pytest.fixture
def walk(september: datetime, engineer: Any, manager: Any) -> Walk:
    """Take corrective actions along their way."""
    cell = build_cell()
    return Walk(cell, engineer, manager, plan_values(cell))
