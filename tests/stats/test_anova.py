"""Analysis of variance, ranks, equivalence and power against certified and published values."""

from pathlib import Path

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from andon.stats.anova import analyze_groups, analyze_two_factors
from andon.stats.anova_pairs import compare_all_pairs
from andon.stats.equivalence import (
    show_equal_means,
    show_equal_pairs,
    show_equal_proportions,
)
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.power import plan_equal_means, plan_groups, plan_mean, plan_means, plan_variance
from andon.stats.power_counts import plan_proportion, plan_proportions, plan_rates
from andon.stats.ranks import (
    compare_group_medians,
    compare_group_ranks,
    compare_median_to,
    compare_ranks,
    compare_signed_ranks,
    median_interval,
)
from andon.stats.studentized_range import range_quantile, range_tail

NIST = Path(scipy.__file__).parent / "stats" / "tests" / "data" / "nist_anova"

# Certified F and R-squared of NIST StRD, analysis of variance (file, F, relative tolerance).
CERTIFIED = [
    ("SiRstv", 1.18046237440255e00, 1e-9),
    ("SmLs01", 2.10000000000000e01, 1e-12),
    ("SmLs02", 2.01000000000000e02, 1e-12),
    ("SmLs03", 2.00100000000000e03, 1e-11),
    ("AtmWtAg", 1.59467335677930e01, 1e-8),
    ("SmLs04", 2.10000000000000e01, 1e-7),
    ("SmLs05", 2.01000000000000e02, 1e-7),
    ("SmLs06", 2.00100000000000e03, 1e-7),
    ("SmLs07", 2.10000000000000e01, 1e-2),
    ("SmLs08", 2.01000000000000e02, 1e-2),
    ("SmLs09", 2.00100000000000e03, 1e-2),
]
# Montgomery, Design and Analysis of Experiments, table 3.1: etch rate by power, W.
ETCH = {
    "160": (575, 542, 530, 539, 570),
    "180": (565, 593, 590, 579, 610),
    "200": (600, 651, 610, 637, 629),
    "220": (725, 700, 715, 685, 710),
}


def etch() -> tuple[list[float], list[str]]:
    rows = [(float(v), power) for power, values in ETCH.items() for v in values]
    return [v for v, _ in rows], [power for _, power in rows]


@pytest.mark.parametrize(("name", "f", "tolerance"), CERTIFIED)
def test_certified_f(name: str, f: float, tolerance: float) -> None:
    rows = np.loadtxt(NIST / f"{name}.dat", skiprows=60)
    table = analyze_groups(rows[:, 1], rows[:, 0].astype(int))
    assert table.rows[0].f == pytest.approx(f, rel=tolerance)


def test_etch_rate_table() -> None:
    # Montgomery table 3.4: SS 66,870.55 and 5,339.20, F 66.80, MSE 333.70
    table = analyze_groups(*etch())
    assert table.rows[0].sum_of_squares == pytest.approx(66_870.55)
    assert table.rows[1].sum_of_squares == pytest.approx(5_339.20)
    assert table.rows[0].f == pytest.approx(66.80, abs=0.005)
    assert table.groups[0].mean == pytest.approx(551.2)


def test_tukey_on_the_etch_rate() -> None:
    # Montgomery example 3.7: T(0.05) = 4.05 sqrt(333.70 / 5) = 33.09; all pairs differ
    found = compare_all_pairs(*etch())
    assert len(found.pairs) == 6
    for pair in found.pairs:
        half = (pair.interval.high - pair.interval.low) / 2
        assert half == pytest.approx(33.09, abs=0.05)
        assert pair.p_value < 0.05


def test_tukey_kramer_agrees_with_an_independent_implementation() -> None:
    groups = {"a": [24.5, 23.5, 26.4, 27.1, 29.9], "b": [28.4, 34.2, 29.5], "c": [26.1, 28.3, 24.3]}
    values = [v for group in groups.values() for v in group]
    labels = [name for name, group in groups.items() for _ in group]
    found = compare_all_pairs(values, labels)
    reference = stats.tukey_hsd(*(np.array(g) for g in groups.values()))
    assert found.pairs[0].p_value == pytest.approx(reference.pvalue[0, 1], rel=1e-6)
    assert found.pairs[2].p_value == pytest.approx(reference.pvalue[1, 2], rel=1e-6)


def test_games_howell_holds_its_level_under_unequal_spread() -> None:
    random = np.random.default_rng(3)
    labels = ["a"] * 6 + ["b"] * 12 + ["c"] * 20
    missed = 0
    for _ in range(60):
        values = np.concatenate(
            [random.normal(0, 4, 6), random.normal(0, 1, 12), random.normal(0, 2, 20)]
        )
        pairs = compare_all_pairs(values, labels, convention="games-howell").pairs
        missed += any(pair.p_value < 0.05 for pair in pairs)
    assert missed / 60 <= 0.14


def test_welch_anova_of_two_groups_is_welchs_t_squared() -> None:
    first, second = [1.0, 2.0, 4.0, 8.0], [5.0, 5.5, 6.0]
    table = analyze_groups(first + second, ["a"] * 4 + ["b"] * 3, variances="unequal")
    t = stats.ttest_ind(first, second, equal_var=False)
    assert table.rows[0].f == pytest.approx(float(t.statistic) ** 2)
    assert table.rows[0].p_value == pytest.approx(float(t.pvalue))


def test_battery_life_table() -> None:
    # Montgomery table 5.5: material 10,683.72, temperature 39,118.72, interaction 9,613.78,
    # error 18,230.75 with 27 df; F 7.91, 28.97, 3.56
    values = [
        *(130, 155, 74, 180, 34, 40, 80, 75, 20, 70, 82, 58),
        *(150, 188, 159, 126, 136, 122, 106, 115, 25, 70, 58, 45),
        *(138, 110, 168, 160, 174, 120, 150, 139, 96, 104, 82, 60),
    ]
    material = np.repeat(["1", "2", "3"], 12)
    temperature = np.tile(np.repeat(["15", "70", "125"], 4), 3)
    table = analyze_two_factors(
        values, material, temperature, first_name="material", second_name="temperature"
    )
    squares = [row.sum_of_squares for row in table.rows]
    assert squares[:4] == pytest.approx([10_683.72, 39_118.72, 9_613.78, 18_230.75], abs=0.006)
    f = [row.f for row in table.rows[:3]]
    assert f == pytest.approx([7.91, 28.97, 3.56], abs=0.005)


def test_unbalanced_table_adjusts_each_factor_for_the_other() -> None:
    random = np.random.default_rng(5)
    a, b = random.choice(list("xyz"), 40), random.choice(list("uv"), 40)
    y = (a == "x") * 1.0 + (b == "u") * 2.0 + random.normal(size=40)
    table = analyze_two_factors(y, a, b)
    both = np.column_stack([a == "x", a == "y", b == "u", np.ones(40)]).astype(float)
    alone = both[:, [2, 3]]
    rest = [float(np.linalg.lstsq(m, y, rcond=None)[1][0]) for m in (alone, both)]
    assert table.row("first").sum_of_squares == pytest.approx(rest[0] - rest[1])


def test_what_cannot_be_analyzed_is_refused() -> None:
    with pytest.raises(NoVariation, match="within every group"):
        analyze_groups([1.0, 1.0, 2.0, 2.0], list("aabb"))
    with pytest.raises(TooFewValues, match="groups"):
        analyze_groups([1.0, 2.0, 3.0], list("aaa"))
    with pytest.raises(StatisticsError, match="told apart"):
        analyze_two_factors([1.0, 2.0, 3.0, 4.0], list("aabb"), list("xxyy"))


# Hollander and Wolfe 1973: Hamilton depression factor before and after (table 3.1).
BEFORE = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]


def test_signed_ranks_of_the_depression_data() -> None:
    # R help page of wilcox.test: V = 40, one-sided p = 0.01953
    result = compare_signed_ranks(AFTER, BEFORE, alternative="greater")
    assert result.statistic == 40
    assert result.p_value == pytest.approx(0.01953, abs=5e-6)


def test_ranks_of_the_membrane_data() -> None:
    # Hollander and Wolfe 1973, table 4.1; R help page of wilcox.test: W = 35, p = 0.1272 (greater)
    term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    early = [1.15, 0.88, 0.90, 0.74, 1.21]
    result = compare_ranks(early, term, alternative="greater")
    assert result.statistic == 35
    assert result.p_value == pytest.approx(0.1272, abs=5e-5)


def test_group_ranks_of_the_mucociliary_data() -> None:
    # Hollander and Wolfe 1973, table 6.1; R help page of kruskal.test: 0.77143, p = 0.68
    groups = [[2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0]]
    result = compare_group_ranks(groups)
    assert result.statistic == pytest.approx(0.77143, abs=5e-6)
    assert result.p_value == pytest.approx(0.68, abs=5e-4)


def test_group_ranks_correct_for_ties() -> None:
    groups = [[1.0, 2.0, 2.0, 3.0], [2.0, 3.0, 4.0], [4.0, 4.0, 5.0]]
    reference = stats.kruskal(*groups)
    assert compare_group_ranks(groups).statistic == pytest.approx(float(reference.statistic))


def test_median_test_is_the_plain_chi_square() -> None:
    groups = [[1.0, 5.0, 7.0, 9.0], [2.0, 3.0, 4.0, 6.0], [8.0, 10.0, 11.0]]
    reference = stats.median_test(*groups, correction=False)
    assert compare_group_medians(groups).statistic == pytest.approx(float(reference.statistic))


def test_median_interval_holds_the_median() -> None:
    random = np.random.default_rng(7)
    for n in (7, 20, 51):
        held = [
            np.log(2) in median_interval(random.exponential(size=n), "two-sided", 0.95)
            for _ in range(1500)
        ]
        assert 0.94 <= np.mean(held) <= 0.995


def test_superiority_interval_covers() -> None:
    random = np.random.default_rng(8)
    truth = float(stats.norm.cdf(1 / np.sqrt(5)))
    held = [
        truth in compare_ranks(random.normal(0, 1, 20), random.normal(1, 2, 30)).interval
        for _ in range(800)
    ]
    assert 0.925 <= np.mean(held) <= 0.975


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=20, unique=True))
def test_ranks_ignore_any_rising_change_of_scale(values: list[int]) -> None:
    half = len(values) // 2
    plain = compare_ranks(values[:half], values[half:])
    bent = compare_ranks(np.exp(np.array(values[:half]) / 20), np.exp(np.array(values[half:]) / 20))
    assert plain.p_value == pytest.approx(bent.p_value)
    assert plain.estimate == pytest.approx(bent.estimate)


def test_sign_test_counts_only_sides() -> None:
    # 9 of 10 above: exact two-sided p = 2 * 11 / 1024
    result = compare_median_to([1] * 9 + [-1] + [0] * 5, target=0.0)
    assert result.p_value == pytest.approx(22 / 1024)


def test_equivalence_is_two_one_sided_tests() -> None:
    random = np.random.default_rng(9)
    first, second = random.normal(10, 1, 40), random.normal(10.1, 1, 40)
    result = show_equal_means(first, second, margin=0.8)
    lower = stats.ttest_ind(second + 0.8, first, equal_var=False, alternative="greater").pvalue
    upper = stats.ttest_ind(second - 0.8, first, equal_var=False, alternative="less").pvalue
    assert result.p_value == pytest.approx(max(float(lower), float(upper)))
    inside = result.interval.low > -0.8 and result.interval.high < 0.8
    assert result.is_equivalent == inside


def test_a_missing_difference_is_not_equivalence() -> None:
    result = show_equal_pairs([1.0, 9.0, 5.0], [2.0, 7.5, 5.4], margin=0.5)
    assert not result.is_equivalent


def test_equivalence_at_the_margin_errs_as_often_as_said() -> None:
    random = np.random.default_rng(10)
    wrong = [
        show_equal_means(random.normal(0, 1, 30), random.normal(1, 1, 30), margin=1.0).is_equivalent
        for _ in range(1500)
    ]
    assert np.mean(wrong) <= 0.065
    with pytest.raises(InvalidOption, match="margin"):
        show_equal_proportions(1, 10, 2, 10, margin=-0.1)


@pytest.mark.parametrize(
    ("found", "published"),
    [
        (plan_means(0.5, sigma=1.0, power=0.80).count, 64),  # Cohen 1988, table 2.4.1
        (plan_means(0.8, sigma=1.0, power=0.80).count, 26),  # Cohen 1988, table 2.4.1
        (plan_mean(0.5, sigma=1.0, power=0.95).count, 54),  # G*Power manual, one sample t
        (plan_groups((575.0, 600.0, 650.0, 675.0), sigma=25.0, power=0.9, alpha=0.01).count, 4),
        (plan_variance(1.55, power=0.99).count, 171),  # NIST e-Handbook 7.2.3.2: 169.3 df
        (plan_proportion(0.1, 0.2, power=0.9, sides="one-sided").count, 102),  # NIST 7.2.4.2
        (plan_proportions(0.6, 0.7, power=0.8).count, 356),  # Fleiss 2003, table A.4 less 20
    ],
)
def test_sample_sizes_are_the_published_ones(found: int, published: int) -> None:
    assert found == published


@given(st.floats(0.2, 2), st.floats(0.5, 0.95))
def test_the_smallest_count_has_the_power_and_one_less_has_not(shift: float, power: float) -> None:
    plan = plan_means(shift, sigma=1.0, power=power)
    assert plan.power >= power
    if plan.count > 2:
        assert plan_means(shift, sigma=1.0, count=plan.count - 1).power < power


def test_planned_power_is_reached_by_simulation() -> None:
    random = np.random.default_rng(11)
    plan = plan_rates(0.01, 0.5, power=0.8)
    before = random.poisson(plan.count * 0.01, 4000)
    after = random.poisson(plan.count * 0.005, 4000)
    z = np.abs(np.log(after / before)) / np.sqrt(1 / before + 1 / after)
    assert np.mean(z > 1.96) == pytest.approx(0.8, abs=0.03)
    equal = plan_equal_means(1.0, sigma=1.0, power=0.9)
    assert equal.power >= 0.9


def test_count_and_power_are_given_one_at_a_time() -> None:
    with pytest.raises(InvalidOption, match="one at a time"):
        plan_mean(1.0, sigma=1.0)
    with pytest.raises(InvalidOption, match="other than 0"):
        plan_mean(0.0, sigma=1.0, power=0.9)


@pytest.mark.parametrize(("groups", "df"), [(2, 3.0), (3, 10.0), (5, 27.5), (10, 200.0)])
def test_studentized_range_agrees_with_an_independent_quadrature(groups: int, df: float) -> None:
    q = np.array([0.5, 2.0, 3.5, 6.0])
    reference = stats.studentized_range.sf(q, groups, df)
    assert range_tail(q, groups, np.full(4, df)) == pytest.approx(reference, abs=1e-9)


def test_studentized_range_has_the_tabled_limits() -> None:
    # Montgomery, Design and Analysis of Experiments, appendix table V: 5 % points
    for groups, df, tabled in [(3, 10, 3.88), (4, 16, 4.05), (2, 2, 6.09), (10, 20, 5.01)]:
        assert range_quantile(0.95, groups, np.array([float(df)]))[0] == pytest.approx(
            tabled, abs=0.006
        )
