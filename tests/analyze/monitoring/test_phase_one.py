"""Limits are frozen from what came before, however much arrives at once."""

from datetime import date, timedelta
from typing import Any

import pytest

from andon.analyze.monitoring import judging
from andon.analyze.monitoring.freezing import phase_one
from andon.analyze.monitoring.models import FrozenLimits, Stream
from andon.analyze.monitoring.queries import told_findings
from andon.analyze.monitoring.standing import standing_of
from andon.analyze.monitoring.telling import lead
from andon.identify.measurements.services import take_in
from andon.records import clock
from small_factory import build_small_factory


def days_without_variation(count: int) -> list[dict[str, str]]:
    """Return one subgroup a day of a gauge too coarse to see anything; the last hundred vary."""
    days = []
    for number in range(count):
        day = date(2023, 1, 6) + timedelta(days=number)
        differs = number >= count - 100
        days += [
            {
                "characteristic": "PD", "machine": "L3", "unit": "mm",
                "value": f"{0.74 + (number * 7 + place) % 3 * 0.001 * differs:.4f}",
                "measured_at": f"{day}T08:0{place}:00+00:00",
            }
            for place in range(5)
        ]  # fmt: skip
    return days


def days_of_l3(count: int, *, shifted_from: int) -> list[list[dict[str, str]]]:
    """Return one subgroup a day; from some day on the mean lies 6 µm higher."""
    days = []
    for number in range(count):
        day = date(2025, 1, 6) + timedelta(days=number)
        middle = 0.74 + (number * 37 % 11 - 5) * 0.0002 + (0.006 if number >= shifted_from else 0)
        days.append(
            [
                {
                    "characteristic": "PD", "machine": "L3", "unit": "mm",
                    "value": f"{middle + (place - 2) * 0.001:.4f}",
                    "measured_at": f"{day}T08:0{place}:00+00:00",
                }
                for place in range(5)
            ]
        )  # fmt: skip
    return days


@pytest.mark.parametrize("size", [1, 7, 36])
def test_a_bulk_import_freezes_what_a_replay_day_by_day_does(
    system: Any, noon: Any, size: int
) -> None:
    build_small_factory()
    days = days_of_l3(36, shifted_from=30)
    with clock.fixed(noon):
        for first in range(0, 36, size):
            rows = [row for day in days[first : first + size] for row in day]
            take_in(rows, actor=system)
    limits = FrozenLimits.objects.get()
    assert (limits.subgroups, limits.until) == (25, date(2025, 1, 30))
    assert next(f["found_on"] for f in told_findings()) == "2025-02-05"


@pytest.mark.parametrize("size", [60, 3000])
def test_a_phase_that_carries_no_limits_is_read_ever_more_seldom(
    system: Any, noon: Any, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    build_small_factory()
    rows, read = days_without_variation(600), []

    def counted(*args: Any, **options: Any) -> Any:
        read.append(options["before"])
        return phase_one(*args, **options)

    monkeypatch.setattr(judging, "phase_one", counted)
    with clock.fixed(noon):
        for first in range(0, len(rows), size):
            take_in(rows[first : first + size], actor=system)
    limits = FrozenLimits.objects.get()
    assert (limits.subgroups, len(read)) == (504, 90)


def test_a_phase_that_carries_no_limits_says_why(system: Any, noon: Any) -> None:
    build_small_factory()
    with clock.fixed(noon):
        take_in(days_without_variation(124)[: 24 * 5], actor=system)
        stream = Stream.objects.get()
        assert lead(standing_of(stream)).startswith("Limits are frozen when phase I is over.")
        take_in(days_without_variation(130)[: 30 * 5], actor=system)
        assert "30 subgroups so far, which carry no limits" in lead(standing_of(stream))
