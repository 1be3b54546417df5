"""Each rule against a definition written out point by point, and the promises of its options."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats.arrays import FloatArray
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.rules import (
    AIAG,
    NELSON,
    WESTERN_ELECTRIC,
    Rule,
    RuleKind,
    broken_rules,
    choose_rules,
    context_needed,
    evaluate_rules,
)

# Halves hit the zone lines, quarters the space between: boundaries, ties and centre all occur.
rows = st.lists(st.integers(-14, 14), max_size=60).map(lambda row: np.array(row, dtype=float) / 4)
rules = st.sampled_from(
    [
        *NELSON,
        *WESTERN_ELECTRIC,
        replace(NELSON[1], k=3, m=3),
        replace(NELSON[2], k=3, m=3),
        replace(NELSON[3], k=4, m=4),
        replace(NELSON[4], full_window=True),
        replace(NELSON[6], k=3, m=3, boundary_inside=True),
        replace(NELSON[6], k=3, m=3),
        replace(NELSON[7], k=3, m=3),
        replace(NELSON[7], k=3, m=3, both_sides=False),
    ]
)


def completes(x: FloatArray, i: int, rule: Rule) -> bool:
    """The definition of each rule for point i, centre 0 and sigma 1."""
    window = list(x[max(0, i - rule.m + 1) : i + 1])
    full = len(window) == rule.m
    if rule.kind in (RuleKind.LIMIT, RuleKind.BEYOND):
        sides = [[z > rule.zone for z in window], [z < -rule.zone for z in window]]
        enough = any(side[-1] and sum(side) >= rule.k for side in sides)
        return enough and (full or not rule.full_window)
    if not full:
        return False
    steps = np.sign(np.diff(window))
    match rule.kind:
        case RuleKind.TREND:
            return bool((steps > 0).all() or (steps < 0).all())
        case RuleKind.ALTERNATING:
            return bool((steps[1:] * steps[:-1] < 0).all())
        case RuleKind.WITHIN:
            inside = [
                abs(z) <= rule.zone if rule.boundary_inside else abs(z) < rule.zone for z in window
            ]
            return all(inside)
        case _:
            outside = all(abs(z) > rule.zone for z in window)
            both = min(window) < 0 < max(window)
            return outside and (both or not rule.both_sides)


@given(rows, rules)
@settings(max_examples=400, deadline=None)
def test_completing_marks_equal_the_definition(x: FloatArray, rule: Rule) -> None:
    ours = evaluate_rules(x, centre=0.0, spread=1.0, rules=(rule,))
    assert (ours != 0).tolist() == [completes(x, i, rule) for i in range(x.size)]


@given(rows, rules)
@settings(max_examples=200, deadline=None)
def test_run_marks_cover_the_windows_that_complete(x: FloatArray, rule: Rule) -> None:
    marked = evaluate_rules(x, centre=0.0, spread=1.0, rules=(rule,), mark="run") != 0
    done = np.flatnonzero(evaluate_rules(x, centre=0.0, spread=1.0, rules=(rule,))).tolist()
    allowed = {j for i in done for j in range(max(0, i - rule.m + 1), i + 1)}
    assert set(np.flatnonzero(marked)) <= allowed
    assert set(done) <= set(np.flatnonzero(marked))
    if rule.k == rule.m:
        assert set(np.flatnonzero(marked)) == allowed


@given(st.integers(0, 2**32 - 1), st.integers(15, 70), st.sampled_from([NELSON, AIAG]))
@settings(max_examples=50, deadline=None)
def test_streaming_equals_batch(seed: int, first: int, family: tuple[Rule, ...]) -> None:
    x = np.random.default_rng(seed).normal(0.3, 1.2, 120)
    batch = evaluate_rules(x, centre=0.0, spread=1.0, rules=family)
    tail = context_needed(family)
    for start in range(first, 120, 7):
        part = evaluate_rules(x[start - tail : start + 7], centre=0.0, spread=1.0, rules=family)
        np.testing.assert_array_equal(part[tail:], batch[start : start + 7])


@pytest.mark.parametrize("mark", ["completing", "run"])
def test_long_rows_are_judged_the_same_across_chunks(mark: str) -> None:
    x = np.random.default_rng(3).normal(size=70_000).round(2)
    whole = evaluate_rules(x, centre=0.0, spread=1.0, mark=mark)
    for start in (16_384 - 40, 32_768 - 20, 65_536 - 33):
        part = evaluate_rules(x[start : start + 80], centre=0.0, spread=1.0, mark=mark)
        np.testing.assert_array_equal(part[15:-15], whole[start + 15 : start + 65])


@given(rows, st.floats(-50, 50), st.sampled_from([0.25, 2.0, 1024.0]))
@settings(max_examples=60, deadline=None)
def test_marks_follow_scale_and_mirror(x: FloatArray, centre: float, scale: float) -> None:
    base = evaluate_rules(x, centre=0.0, spread=1.0)
    np.testing.assert_array_equal(evaluate_rules(-x, centre=0.0, spread=1.0), base)
    np.testing.assert_array_equal(evaluate_rules(scale * x, centre=0.0, spread=scale), base)


def test_lines_may_vary_from_point_to_point() -> None:
    x = np.array([2.0, 2.0, 2.0])
    masks = evaluate_rules(x, centre=0.0, spread=np.array([0.5, 1.0, 0.5]), rules=NELSON[:1])
    assert masks.tolist() == [1, 0, 1]
    with pytest.raises(StatisticsError, match="one value or 3"):
        evaluate_rules(x, centre=0.0, spread=np.ones(2))


def test_given_limits_decide_about_rule_one() -> None:
    masks = evaluate_rules(np.array([-0.1, 3.5]), centre=2.0, spread=1.0, lower=0.0, upper=4.0)
    assert masks.tolist() == [1, 0]


def test_missing_points_break_runs() -> None:
    x = np.concatenate([np.full(8, 0.5), [np.nan], np.full(8, 0.5)])
    assert not evaluate_rules(x, centre=0.0, spread=1.0, rules=(NELSON[1],)).any()


def test_families_are_chosen_by_name_and_number() -> None:
    assert [rule.number for rule in choose_rules("nelson", [5, 1])] == [1, 5]
    assert choose_rules("western electric") == WESTERN_ELECTRIC
    assert broken_rules(0b110, NELSON) == NELSON[1:3]
    with pytest.raises(InvalidOption, match="rules that western electric has"):
        choose_rules("western electric", [8])


def test_impossible_rules_are_refused() -> None:
    for bad in ({"number": 9}, {"k": 4}, {"zone": -1.0}):
        with pytest.raises(InvalidOption):
            replace(Rule(5, RuleKind.BEYOND, 2, 3, 2.0), **bad)
    with pytest.raises(InvalidOption, match="distinct"):
        evaluate_rules(np.zeros(3), centre=0.0, spread=1.0, rules=(NELSON[0], NELSON[0]))
    with pytest.raises(InvalidOption, match="completing"):
        evaluate_rules(np.zeros(3), centre=0.0, spread=1.0, mark="all")
