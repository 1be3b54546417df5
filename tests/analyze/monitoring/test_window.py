"""The bounded state of a stream: any order within its days, any split, the same judgement."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.analyze.monitoring.window import Point, Window, Yardstick
from andon.stats.findings import DEFAULT_OPTIONS
from andon.stats.findings_baseline import Baseline
from andon.stats.findings_scan import scan
from andon.stats.rules import choose_rules

BASELINE = Baseline(mean=10.0, sigma_of_means=1.0, sigma_within=2.0, subgroups=30)
YARDSTICK = Yardstick(BASELINE, 0.0, 9.0, choose_rules("nelson", [1, 2]), DEFAULT_OPTIONS)
START = datetime(2025, 3, 3, 6, tzinfo=UTC)


def point(number: int, mean: float, *, per_day: int = 3) -> Point:
    """Return the subgroup of that number, some on each day."""
    day, shift = divmod(number, per_day)
    at = START + timedelta(days=day, hours=4 * shift)
    on = date(2025, 3, 3) + timedelta(days=day)
    return Point(f"{on} {shift}", on, str(shift), at, 5, mean, 4.0, mean - 2, mean + 2)


def judged(days: list[list[Point]]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return the last word on signals and findings when each list arrives on its own."""
    window, signals, findings = Window(), {}, {}
    for arriving in days:
        window, late = window.with_points(arriving)
        assert late == []
        for one in window.judged(YARDSTICK):
            signals[one.point.key] = one.rules
            findings[one.point.key] = tuple(f.rule for f, _on in one.findings)
        window = Window.from_dict(window.trimmed(YARDSTICK).to_dict())
    return _pairs(signals), _pairs(findings)


def _pairs(told: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    return {(key, rule) for key, rules in told.items() for rule in rules}


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(0, 1000))
def test_arrival_in_any_order_within_a_day_changes_nothing(shuffler: Random, seed: int) -> None:
    means = np.random.default_rng(seed).normal(10.8, 1.4, 60)
    points = [point(number, float(mean)) for number, mean in enumerate(means)]
    days = [points[first : first + 3] for first in range(0, 60, 3)]
    shuffled = [shuffler.sample(day, 3) for day in days]
    singly = [[one] for day in shuffled for one in day]
    assert judged(days) == judged(shuffled) == judged(singly)


def test_the_findings_are_those_of_one_pass_over_everything() -> None:
    means = np.random.default_rng(3).normal(12.0, 1.3, 300)
    points = [point(number, float(mean)) for number, mean in enumerate(means)]
    _signals, findings = judged([points[n : n + 3] for n in range(0, 300, 3)])
    _state, whole = scan(means, BASELINE)
    assert len(whole) > 5
    assert findings == {(points[f.position].key, f.rule) for f in whole}


def test_parts_of_a_subgroup_that_arrive_apart_count_as_one() -> None:
    values = np.array([9.0, 10.0, 11.5, 12.0, 8.5])
    whole = point(0, float(values.mean()))
    parts = [
        Point(
            "k", whole.on, "0", START, part.size, part.mean(), part.var() * part.size, *ends(part)
        )
        for part in (values[:2], values[2:])
    ]
    merged = parts[0].merged(parts[1])
    assert merged.n == 5
    assert np.isclose(merged.mean, values.mean())
    assert np.isclose(merged.m2, values.var() * 5)
    assert merged.range == 3.5


def ends(values: np.ndarray) -> tuple[float, float]:
    """Return the smallest and the largest."""
    return float(values.min()), float(values.max())


def test_the_state_stays_small_however_long_the_history() -> None:
    window = Window()
    sizes = []
    for number in range(900):
        window, _late = window.with_points([point(number, 10.0 + (number % 7) * 0.1)])
        window = window.trimmed(YARDSTICK)
        sizes.append(len(str(window.to_dict())))
    assert max(sizes[600:]) <= max(sizes[200:600])


def test_a_point_older_than_the_window_is_told_apart() -> None:
    window = Window()
    for number in range(12):
        window, _late = window.with_points([point(number, 10.0)])
        window = window.trimmed(YARDSTICK)
    window, late = window.with_points([point(0, 99.0)])
    assert [one.mean for one in late] == [99.0]


def test_a_range_beyond_its_limit_is_a_signal_like_a_mean() -> None:
    wild = Point("k", date(2025, 3, 3), "0", START, 5, 10.0, 50.0, 4.0, 14.0)
    window, _late = Window().with_points([wild])
    assert window.judged(YARDSTICK)[0].rules == ("range",)
