"""A sample that was due and not taken is told; one that is not due is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from andon.control.plans.models import PlanLine
from andon.control.plans.sampling import missed_samples
from andon.organization.processes.models import ClosedDay, Machine
from andon.records.trail.context import acting

LineOf = Callable[..., PlanLine]
# Thursday 13 March 2025, 06:00 and 22:00 at the site; both lathes run early and late.
EARLY, NIGHT = datetime(2025, 3, 13, 5, tzinfo=UTC), datetime(2025, 3, 13, 21, tzinfo=UTC)
LATE = datetime(2025, 3, 13, 13, tzinfo=UTC)


def _told(taken: Any, since: datetime = EARLY, until: datetime = NIGHT) -> list[tuple[str, int]]:
    missed = missed_samples(since, until, taken=taken)
    return [(sample.machine, sample.since.hour) for sample in missed]


def test_each_shift_without_a_sample_is_told_oldest_first(line_of: LineOf) -> None:
    line_of()
    taken = {("PD", "L1"): [EARLY + timedelta(minutes=10)]}
    assert _told(taken) == [("L2", 5), ("L1", 13), ("L2", 13)]


def test_a_shift_that_still_runs_is_not_late(line_of: LineOf) -> None:
    line_of()
    assert _told({}, until=NIGHT - timedelta(minutes=1)) == [("L1", 5), ("L2", 5)]


def test_the_night_is_not_asked_of_machines_that_do_not_run(line_of: LineOf) -> None:
    line_of()
    assert _told({}, since=NIGHT, until=NIGHT + timedelta(hours=8)) == []


def test_a_closed_day_asks_for_nothing(line_of: LineOf, system: Any) -> None:
    line_of()
    with acting(system):
        ClosedDay.objects.create(on=EARLY.date(), reason="closed")
    assert _told({}) == []


def test_the_line_of_a_machine_replaces_the_general_one(line_of: LineOf) -> None:
    line_of()
    line_of(machine=Machine.objects.get(code="L1"), frequency="per day")
    missed = missed_samples(EARLY, NIGHT, taken={})
    assert [(sample.machine, sample.line.frequency) for sample in missed] == [
        ("L2", "per shift"),
        ("L1", "per day"),
        ("L2", "per shift"),
    ]


def test_hours_are_judged_one_by_one(line_of: LineOf) -> None:
    line_of(frequency="per hour", machine=Machine.objects.get(code="L1"))
    every_hour = [EARLY + timedelta(hours=hour, minutes=5) for hour in range(16)]
    assert _told({("PD", "L1"): every_hour}) == []
    assert _told({("PD", "L1"): every_hour[1:]}) == [("L1", 5)]


def test_lots_and_pieces_follow_production_not_the_clock(line_of: LineOf) -> None:
    line_of(frequency="per lot")
    line_of(code="CR", frequency="per piece")
    assert _told({}) == []
