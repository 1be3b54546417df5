"""Rates before and after: published figures, three conventions, and how often each one holds."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from andon.stats.comparison_proportions import compare_proportions
from andon.stats.comparison_rates import RatioConvention, compare_rate_to, compare_rates
from andon.stats.errors import InvalidOption

CONVENTIONS: tuple[RatioConvention, ...] = ("log-normal", "score", "exact")
# Counts of the demonstration factory, seed 20250101: defects found and units inspected.
CRIMP = (264, 17_623, 45, 17_841)  # cell A2, night shift: 1 Jul-12 Sep, then 15 Sep-14 Nov
BURR = (1_551, 262_494, 886, 148_337)  # all cells: 2 Jan-14 Apr, then 15 Apr-13 Jun


def test_training_on_the_night_shift_reduced_crimp_defects_to_a_sixth() -> None:
    result = compare_rates(*CRIMP)
    assert round(CRIMP[0] / CRIMP[1] * 1e6) == 14_980
    assert round(CRIMP[2] / CRIMP[3] * 1e6) == 2_522
    assert round(result.estimate, 3) == 0.168
    assert (round(result.interval.low, 3), round(result.interval.high, 3)) == (0.123, 0.231)
    assert "log-normal" in result.convention


def test_the_new_brush_did_not_change_the_burr_rate() -> None:
    result = compare_rates(*BURR)
    assert round(BURR[0] / BURR[1] * 1e6) == 5_909
    assert round(BURR[2] / BURR[3] * 1e6) == 5_973
    assert round(result.estimate, 3) == 1.011
    assert (round(result.interval.low, 3), round(result.interval.high, 3)) == (0.931, 1.098)
    assert result.p_value > 0.5


def test_exact_ratio_agrees_with_the_conditional_binomial_test() -> None:
    # Breast cancer after fluoroscopy: 41 cases in 28,010 against 15 in 19,017 woman-years
    # (Boice and Monson 1977). Ratio 1.86; exact p 0.0329 by scipy's binomial test, an independent
    # implementation (its two-sided p adds the less likely outcomes, ours doubles the tail).
    result = compare_rates(15, 19_017, 41, 28_010, convention="exact", alternative="greater")
    reference = stats.binomtest(41, 56, 28_010 / 47_027, alternative="greater").pvalue
    assert result.estimate == pytest.approx(1.8558, abs=5e-5)
    assert result.p_value == pytest.approx(reference, rel=1e-12)


def test_score_interval_holds_exactly_the_ratios_the_score_test_keeps() -> None:
    result = compare_rates(20, 1000, 9, 900, convention="score")
    for end in (result.interval.low, result.interval.high):
        at_end = compare_rates(20, 1000, 9, 900, convention="score", ratio=end)
        assert at_end.p_value == pytest.approx(0.05, rel=1e-9)


def test_exact_interval_holds_exactly_the_ratios_the_exact_test_keeps() -> None:
    result = compare_rates(20, 1000, 9, 900, convention="exact")
    for end in (result.interval.low, result.interval.high):
        at_end = compare_rates(20, 1000, 9, 900, convention="exact", ratio=end)
        assert at_end.p_value == pytest.approx(0.05, rel=1e-9)


def test_no_defect_after_the_action_still_gives_an_upper_limit() -> None:
    result = compare_rates(30, 1000, 0, 1000)
    assert result.estimate == 0 and result.interval.low == 0
    # (0.025)^(-1/30) - 1: the odds of Clopper and Pearson's upper limit with no event in 30
    assert result.interval.high == pytest.approx(0.025 ** (-1 / 30) - 1, rel=1e-12)
    assert result.convention == "exact interval, because a count is 0"


def test_two_empty_counts_say_nothing() -> None:
    result = compare_rates(0, 10, 0, 10)
    assert np.isnan(result.estimate) and result.p_value == 1
    assert (result.interval.low, result.interval.high) == (0, np.inf)


@given(st.integers(1, 500), st.floats(1, 1e5), st.integers(1, 500), st.floats(1, 1e5), st.data())
def test_swapping_sides_turns_the_ratio_over(
    one: int, first: float, two: int, second: float, data: st.DataObject
) -> None:
    convention = data.draw(st.sampled_from(CONVENTIONS))
    forth = compare_rates(one, first, two, second, convention=convention)
    back = compare_rates(two, second, one, first, convention=convention)
    assert forth.estimate == pytest.approx(1 / back.estimate)
    assert forth.interval.low == pytest.approx(1 / back.interval.high, rel=1e-7)
    assert forth.p_value == pytest.approx(back.p_value, rel=1e-7, abs=1e-12)
    assert forth.interval.low <= forth.estimate <= forth.interval.high


@pytest.mark.parametrize(
    ("convention", "least", "most"),
    [("log-normal", 0.94, 0.97), ("score", 0.935, 0.965), ("exact", 0.95, 0.985)],
)
def test_intervals_cover_the_true_ratio(
    convention: RatioConvention, least: float, most: float
) -> None:
    random = np.random.default_rng(3)
    before, after = random.poisson(40, 2000), random.poisson(15, 2000)
    held = [
        30 / 80 in compare_rates(b, 1000, a, 1000, convention=convention).interval
        for b, a in zip(before.tolist(), after.tolist(), strict=True)
    ]
    assert least <= np.mean(held) <= most


def test_garwood_limits_of_ten_events() -> None:
    # Garwood 1936: 95 % limits for 10 events are 4.795 and 18.390
    interval = compare_rate_to(10, 1, target=10).interval
    assert interval.low == pytest.approx(4.795, abs=5e-4)
    assert interval.high == pytest.approx(18.390, abs=5e-4)


def test_rate_test_adds_the_poisson_tail() -> None:
    result = compare_rate_to(7, 2.0, target=1.5, alternative="greater")
    assert result.p_value == pytest.approx(float(stats.poisson.sf(6, 3.0)), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((-1, 5, 1, 5), "first_count"), ((1, 0, 1, 5), "first_inspected"), ((1, 5, 1, -2), "second")],
)
def test_impossible_counts_are_refused_by_name(
    arguments: tuple[float, float, float, float], named: str
) -> None:
    with pytest.raises(InvalidOption, match=named):
        compare_rates(*arguments)


@pytest.mark.parametrize("count", [1.5, -1, float("nan"), float("inf")])
def test_a_count_that_is_no_whole_number_is_refused(count: float) -> None:
    with pytest.raises(InvalidOption, match="whole number"):
        compare_rates(count, 100, 2, 100)  # type: ignore[arg-type,unused-ignore]
    with pytest.raises(InvalidOption, match="whole number"):
        compare_proportions(2, 100, count, 100)  # type: ignore[arg-type]


@pytest.mark.parametrize("units", [10**6, 10**8, 10**10])
def test_exact_p_of_very_many_units_is_that_of_the_normal_distribution(units: int) -> None:
    one, two = units // 1000, units // 1000 + int(2.2 * (units / 500) ** 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compare_proportions(one, units, two, units)
    share = (one + two) / units / 2
    z = (two - one - 1) / units / np.sqrt(2 * share * (1 - share) / units)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(z), rel=2e-3)


def test_more_units_than_the_exact_test_can_count_are_refused() -> None:
    with pytest.raises(InvalidOption, match="inspected"):
        compare_proportions(10**9, 10**12, 10**9, 10**12)
