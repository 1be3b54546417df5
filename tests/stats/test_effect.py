"""The effect of an action: shift of the mean, change of capability, and the verdict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats.comparison_rates import compare_rates
from andon.stats.effect import compare_capability, mean_shift, mean_shift_from
from andon.stats.effect_verdict import judge_effect
from andon.stats.errors import InvalidOption, NoVariation, TooFewValues
from andon.stats.results import Interval


def test_shift_in_sigma_is_the_welch_interval_over_sigma() -> None:
    random = np.random.default_rng(1)
    before, after = random.normal(0.74, 0.001, 30), random.normal(0.7402, 0.001, 84)
    result = mean_shift(before, after, within_sigma=0.002)
    assert result.shift_in_sigma == pytest.approx((after.mean() - before.mean()) / 0.002)
    assert result.interval.low < result.shift_in_sigma < result.interval.high
    assert result.counts == (30, 84)


def test_a_returned_process_is_within_a_quarter_sigma_of_its_frozen_baseline() -> None:
    means = 0.74 + 0.0009 * np.sin(np.arange(84.0))
    result = mean_shift_from(means, baseline_mean=0.74, within_sigma=0.002)
    verdict = judge_effect(
        result.interval, direction="within", target=0.25, given=84, minimum=40, no_effect=0.0
    )
    assert verdict.verdict == "effective"


def test_shift_interval_covers_the_true_shift() -> None:
    random = np.random.default_rng(2)
    held = 0
    for _ in range(1500):
        before, after = random.normal(0, 1, 12), random.normal(0.8, 2, 9)
        held += 0.4 in mean_shift(before, after, within_sigma=2.0).interval
    assert 0.935 <= held / 1500 <= 0.968


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_shift_in_sigma_ignores_unit_and_origin(origin: float, unit: float) -> None:
    before, after = np.array([1.0, 2.0, 4.0]), np.array([3.0, 5.0, 9.0])
    plain = mean_shift(before, after, within_sigma=1.0)
    moved = mean_shift(origin + unit * before, origin + unit * after, within_sigma=unit)
    assert moved.shift_in_sigma == pytest.approx(plain.shift_in_sigma, rel=1e-6)


def test_bissell_interval_of_one_index() -> None:
    # Montgomery, Introduction to Statistical Quality Control, example 8.6 (6th ed.): n = 20,
    # Cpk 1.33, 95 % limits by the same normal approximation 0.88 and 1.78
    x = np.random.default_rng(0).normal(size=20)
    x = (x - x.mean()) / x.std(ddof=1)
    result = compare_capability(x, x, lower_limit=-3.99, upper_limit=3.99)
    assert result.before == pytest.approx(1.33)
    # exact arithmetic of the book's formula: 1.33 (1 -/+ 1.96 sqrt(1/(9 n k^2) + 1/(2 (n-1))))
    assert result.before_interval.low == pytest.approx(0.88, abs=0.01)
    assert result.before_interval.high == pytest.approx(1.78, abs=0.01)
    assert result.p_value == 1 and result.ratio == 1


def test_halved_spread_doubles_capability_and_is_significant() -> None:
    x = np.random.default_rng(5).normal(10, 0.2, 200)
    result = compare_capability(x, 10 + (x - 10) / 2, upper_limit=10.8)
    assert result.ratio_interval.low > 1.6
    assert result.p_value < 1e-6


def test_a_mean_outside_the_limits_has_no_ratio_but_a_difference() -> None:
    x = np.linspace(0, 1, 20)
    result = compare_capability(x, x - 5, upper_limit=0.2)
    assert np.isnan(result.ratio) and result.difference > 0


def test_capability_difference_covers_the_truth() -> None:
    random = np.random.default_rng(8)
    truth, held = 4 / 3 / 0.8 - 4 / 3, 0
    for _ in range(1000):
        before, after = random.normal(0, 1, 60), random.normal(0, 0.8, 90)
        change = compare_capability(before, after, lower_limit=-4.0, upper_limit=40.0)
        held += truth in change.difference_interval
    assert 0.93 <= held / 1000 <= 0.97


def test_crimp_action_is_effective_and_burr_action_is_not() -> None:
    crimp = compare_rates(264, 17_623, 45, 17_841).interval
    burr = compare_rates(1_551, 262_494, 886, 148_337).interval
    good = judge_effect(crimp, direction="decrease", target=0.5, given=17_841, minimum=10_000)
    bad = judge_effect(burr, direction="decrease", target=0.5, given=148_337, minimum=10_000)
    assert (good.verdict, good.reason, good.is_improved) == ("effective", "target reached", True)
    assert (bad.verdict, bad.reason) == ("not effective", "target missed")
    assert not bad.is_improved and not bad.is_worse


@pytest.mark.parametrize(
    ("low", "high", "given_parts", "verdict", "reason"),
    [
        (0.1, 0.4, 99, "not enough data", "too few parts"),
        (0.4, 0.6, 100, "not enough data", "interval holds target"),
        (0.1, 0.5, 100, "effective", "target reached"),
        (0.51, 0.9, 100, "not effective", "target missed"),
        (float("nan"), float("nan"), 100, "not enough data", "interval unknown"),
    ],
)
def test_the_rule_clause_by_clause(
    low: float, high: float, given_parts: int, verdict: str, reason: str
) -> None:
    interval = Interval(low, high, 0.95)
    result = judge_effect(
        interval, direction="decrease", target=0.5, given=given_parts, minimum=100
    )
    assert (result.verdict, result.reason) == (verdict, reason)
    assert result.words.endswith(".")


def test_an_increase_is_judged_upwards() -> None:
    interval = Interval(1.4, 1.9, 0.95)
    result = judge_effect(interval, direction="increase", target=1.33, given=5, no_effect=0.0)
    assert result.verdict == "effective" and result.is_improved


@given(st.floats(0.01, 5), st.floats(0.01, 5), st.floats(0.05, 1))
def test_a_narrower_interval_never_turns_a_verdict_round(a: float, b: float, target: float) -> None:
    low, high = sorted((a, b))
    middle = (low + high) / 2
    wide = judge_effect(Interval(low, high, 0.95), direction="decrease", target=target, given=1)
    narrow = judge_effect(
        Interval((low + middle) / 2, (high + middle) / 2, 0.95),
        direction="decrease",
        target=target,
        given=1,
    )
    assert wide.verdict in ("not enough data", narrow.verdict)


def test_a_verdict_survives_the_way_to_data_and_back() -> None:
    verdict = judge_effect(Interval(0.1, 0.2, 0.95), direction="decrease", target=0.5, given=9)
    assert type(verdict).from_dict(verdict.to_dict()) == verdict


def test_wrong_inputs_are_refused_with_what_is_needed() -> None:
    with pytest.raises(InvalidOption, match="at most 1"):
        judge_effect(Interval(0, 1, 0.95), direction="decrease", target=1.5, given=9)
    with pytest.raises(TooFewValues, match="at least 10"):
        compare_capability([1.0, 2.0], [1.0, 2.0], upper_limit=3.0)
    with pytest.raises(NoVariation):
        mean_shift_from([1.0, 1.0], baseline_mean=0.0, within_sigma=1.0)
    with pytest.raises(InvalidOption, match="within_sigma"):
        mean_shift([1.0, 2.0], [1.0, 3.0], within_sigma=0.0)
