"""A sample that was due and not taken is told once; one that was taken is not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from andon.analyze.monitoring.missed import tell_missed_samples
from andon.analyze.monitoring.models import Signal
from andon.identify.measurements.services import record
from andon.records import clock
from small_factory import build_small_factory, measured


def take(actor: Any, *instants: str) -> None:
    """Record one value of L3 at each instant."""
    with clock.fixed(datetime(2025, 3, 13, 23, tzinfo=UTC)):
        for at in instants:
            record([measured(measured_at=at)], actor=actor)


@pytest.mark.parametrize(
    ("taken", "missed"),
    [
        (("2025-03-12T07:00+01:00", "2025-03-12T15:00+01:00", "2025-03-12T23:00+01:00"), set()),
        (("2025-03-12T07:00+01:00", "2025-03-12T23:00+01:00"), {("2025-03-12", "L")}),
    ],
)
def test_a_missing_shift_is_a_signal_once(
    engineer: Any, taken: tuple[str, ...], missed: set[tuple[str, str]]
) -> None:
    build_small_factory()
    take(engineer, *taken)
    with clock.fixed(datetime(2025, 3, 13, 8, tzinfo=UTC)):
        tell_missed_samples()
        tell_missed_samples()
    told = Signal.objects.filter(rule="missed", produced_on="2025-03-12")
    assert {(str(one.produced_on), one.shift) for one in told} == missed
    assert told.count() == len(missed)


def test_a_machine_that_was_never_measured_misses_nothing(engineer: Any) -> None:
    build_small_factory()
    with clock.fixed(datetime(2025, 3, 13, 8, tzinfo=UTC)):
        assert tell_missed_samples() == 0
