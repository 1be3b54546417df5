"""Means, variances, proportions and cells against published figures."""

import time
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from andon.stats.comparison_cells import compare_cells_with_rest
from andon.stats.comparison_means import compare_mean_to, compare_means, compare_pairs
from andon.stats.comparison_proportions import (
    DifferenceConvention,
    ShareConvention,
    compare_proportion_to,
    compare_proportions,
    ratio_of_proportions,
)
from andon.stats.comparison_scores import koopman_limits
from andon.stats.comparison_variances import (
    Center,
    compare_spreads,
    compare_variance_to,
    compare_variances,
)
from andon.stats.errors import InvalidOption, NotFinite, NoVariation, StatisticsError

# Student 1908, Biometrika 6, 1-25: extra hours of sleep of ten patients by two drugs.
DRUG_ONE = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_TWO = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_sleep_data_by_welch() -> None:
    # R help page of t.test on these data: t = -1.8608, df = 17.776, p = 0.07939,
    # interval -3.3654832 to 0.2054832 (first minus second)
    result = compare_means(DRUG_ONE, DRUG_TWO)
    assert result.estimate == pytest.approx(1.58)
    assert result.statistic == pytest.approx(1.8608, abs=5e-5)
    assert result.degrees_of_freedom == pytest.approx(17.776, abs=5e-4)
    assert result.p_value == pytest.approx(0.07939, abs=5e-6)
    assert result.interval.high == pytest.approx(3.3654832, abs=5e-7)
    assert result.interval.low == pytest.approx(-0.2054832, abs=5e-7)


def test_sleep_data_in_pairs() -> None:
    # Same source, paired: t = -4.0621, p = 0.002833, interval 0.7001142 to 2.4598858
    result = compare_pairs(DRUG_ONE, DRUG_TWO)
    assert result.statistic == pytest.approx(4.0621, abs=5e-5)
    assert result.p_value == pytest.approx(0.002833, abs=5e-7)
    assert result.interval.low == pytest.approx(0.7001142, abs=5e-7)


def test_pooled_test_is_the_same_as_the_independent_implementation() -> None:
    result = compare_means(DRUG_ONE, DRUG_TWO, variances="equal", alternative="greater")
    reference = stats.ttest_ind(DRUG_TWO, DRUG_ONE, alternative="greater")
    assert result.p_value == pytest.approx(float(reference.pvalue), rel=1e-12)
    assert result.interval.high == np.inf


@given(st.floats(-100, 100), st.floats(0.01, 100))
def test_mean_difference_follows_unit_and_origin(origin: float, unit: float) -> None:
    plain = compare_means(DRUG_ONE, DRUG_TWO)
    moved = compare_means(origin + unit * np.array(DRUG_ONE), origin + unit * np.array(DRUG_TWO))
    assert moved.estimate == pytest.approx(unit * plain.estimate, rel=1e-6)
    assert moved.p_value == pytest.approx(plain.p_value, rel=1e-6)


@pytest.mark.parametrize("sizes", [(5, 5), (4, 20)])
def test_welch_interval_covers_the_true_difference(sizes: tuple[int, int]) -> None:
    random = np.random.default_rng(11)
    held = 0
    for _ in range(1500):
        first, second = random.normal(0, 1, sizes[0]), random.normal(1, 3, sizes[1])
        held += 1.0 in compare_means(first, second).interval
    assert 0.935 <= held / 1500 <= 0.97


def test_wrong_values_are_refused() -> None:
    with pytest.raises(NotFinite, match="position 1"):
        compare_mean_to([1.0, float("nan"), 2.0], target=1.0)
    with pytest.raises(NoVariation):
        compare_means([1.0, 1.0], [2.0, 2.0])
    with pytest.raises(StatisticsError, match="equal lengths"):
        compare_pairs([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(InvalidOption, match="level"):
        compare_mean_to([1.0, 2.0], target=1.0, level=95)


def test_variance_ratio_agrees_with_the_f_distribution() -> None:
    result = compare_variances(DRUG_ONE, DRUG_TWO)
    f = np.var(DRUG_TWO, ddof=1) / np.var(DRUG_ONE, ddof=1)
    assert result.interval.low == pytest.approx(f / stats.f.ppf(0.975, 9, 9), rel=1e-9)
    assert result.p_value == pytest.approx(2 * stats.f.sf(f, 9, 9), rel=1e-9)


def test_variance_against_a_target_has_the_published_interval() -> None:
    # Montgomery, Introduction to SQC, example 4.4: n = 20, s^2 = 0.0153 fluid ounces^2,
    # one-sided 95 % upper limit 0.0287
    x = np.random.default_rng(0).normal(size=20)
    x = (x - x.mean()) / x.std(ddof=1) * np.sqrt(0.0153)
    result = compare_variance_to(x, sigma=0.1, alternative="less")
    assert result.interval.high == pytest.approx(0.0287, abs=5e-5)


@pytest.mark.parametrize("center", get_args(Center))
def test_equal_spread_test_agrees_with_an_independent_implementation(center: Center) -> None:
    groups = [DRUG_ONE, DRUG_TWO, [5.0, 9.0, 1.0, 4.0]]
    result = compare_spreads(groups, center=center)
    reference = stats.levene(*groups, center=center, axis=0)
    assert result.statistic == pytest.approx(float(reference.statistic), rel=1e-12)
    assert result.p_value == pytest.approx(float(reference.pvalue), rel=1e-10)


# Newcombe 1998, Statistics in Medicine 17, table II: difference 56/70 - 48/80 and others.
@pytest.mark.parametrize(
    ("counts", "convention", "low", "high"),
    [
        ((48, 80, 56, 70), "wald", 0.0575, 0.3425),
        ((48, 80, 56, 70), "miettinen-nurminen", 0.0528, 0.3382),
        ((48, 80, 56, 70), "score", 0.0524, 0.3339),
        ((3, 10, 9, 10), "miettinen-nurminen", 0.1700, 0.8406),
        ((3, 10, 9, 10), "score", 0.1705, 0.8090),
        ((2, 7, 6, 7), "score", 0.0582, 0.8062),
        ((0, 29, 5, 56), "score", -0.0381, 0.1926),
        ((0, 10, 10, 10), "score", 0.6075, 1.0),
    ],
)
def test_difference_of_proportions_has_newcombes_limits(
    counts: tuple[int, int, int, int], convention: DifferenceConvention, low: float, high: float
) -> None:
    result = compare_proportions(*counts, convention=convention)
    assert result.interval.low == pytest.approx(low, abs=5.1e-5)
    assert result.interval.high == pytest.approx(high, abs=5.1e-5)


# Newcombe 1998, Statistics in Medicine 17, 857-872, table I: 81/263, 15/148, 0/20, 1/29.
@pytest.mark.parametrize(
    ("count", "of", "convention", "low", "high"),
    [
        (81, 263, "score", 0.2553, 0.3662),
        (81, 263, "exact", 0.2527, 0.3676),
        (15, 148, "score", 0.0624, 0.1605),
        (15, 148, "exact", 0.0578, 0.1617),
        (0, 20, "exact", 0.0, 0.1684),
        (1, 29, "score", 0.0061, 0.1718),
        (1, 29, "exact", 0.0009, 0.1776),
    ],
)
def test_proportion_has_the_published_limits(
    count: int, of: int, convention: ShareConvention, low: float, high: float
) -> None:
    result = compare_proportion_to(count, of, target=0.5, convention=convention)
    assert result.interval.low == pytest.approx(low, abs=5.1e-5)
    assert result.interval.high == pytest.approx(high, abs=5.1e-5)


def test_tea_tasting_has_fishers_p() -> None:
    # Fisher 1935, The Design of Experiments: 3 of 4 and 1 of 4; one-sided p 17/70
    result = compare_proportions(1, 4, 3, 4, alternative="greater")
    assert result.p_value == pytest.approx(17 / 70)


def test_ratio_has_koopmans_limits() -> None:
    # Koopman 1984: 36 of 40 against 16 of 80, ratio 4.5, 95 % limits 2.94 and 7.15
    result = ratio_of_proportions(16, 80, 36, 40)
    assert result.estimate == pytest.approx(4.5)
    assert (round(result.interval.low, 2), round(result.interval.high, 2)) == (2.94, 7.15)


def test_zero_counts_leave_one_side_open() -> None:
    assert koopman_limits((0, 10, 5, 10), 0.025)[1] == np.inf
    assert koopman_limits((5, 10, 0, 10), 0.025)[0] == 0.0


@given(st.integers(0, 30), st.integers(0, 30), st.data())
def test_difference_interval_turns_with_its_sides(one: int, two: int, data: st.DataObject) -> None:
    convention = data.draw(st.sampled_from(get_args(DifferenceConvention)))
    forth = compare_proportions(one, 30, two, 35, convention=convention)
    back = compare_proportions(two, 35, one, 30, convention=convention)
    assert forth.interval.low == pytest.approx(-back.interval.high, abs=1e-8)
    assert -1 <= forth.interval.low <= forth.estimate + 1e-9
    assert forth.estimate <= forth.interval.high + 1e-9


def test_score_difference_covers_the_truth() -> None:
    random = np.random.default_rng(4)
    first, second = random.binomial(40, 0.1, 1500), random.binomial(60, 0.25, 1500)
    held = [
        0.15 in compare_proportions(a, 40, b, 60).interval
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]
    assert 0.935 <= np.mean(held) <= 0.975


def test_cell_against_rest_is_the_hypergeometric_tail() -> None:
    result = compare_cells_with_rest([12, 3, 4], [100, 90, 110], planned_tests=2646)
    assert result.p_values[0] == pytest.approx(stats.hypergeom.sf(11, 300, 19, 100), rel=1e-12)
    assert result.ratios[0] == pytest.approx((12 / 100) / (7 / 200))
    assert result.threshold == pytest.approx(0.01 / 2646)


def test_healthy_cells_rarely_stand_out() -> None:
    random = np.random.default_rng(6)
    inspected = np.full(9, 2000)
    flagged = [
        compare_cells_with_rest(
            random.binomial(2000, 0.003, 9), inspected, planned_tests=9
        ).stands_out.any()
        for _ in range(1000)
    ]
    assert np.mean(flagged) <= 0.01


def test_a_million_cells_take_no_loop() -> None:
    counts = np.full(200_000, 1.0)
    started = time.perf_counter()
    compare_cells_with_rest(counts, counts * 400)
    assert time.perf_counter() - started < 5


def test_a_count_above_the_inspected_is_refused() -> None:
    with pytest.raises(StatisticsError, match="whole numbers"):
        compare_cells_with_rest([5, 1], [4, 4])
