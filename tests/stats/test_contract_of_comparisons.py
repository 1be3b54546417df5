"""What every result of comparison, effect, drivers, experiments and reliability keeps to."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from andon.stats import (
    anova,
    anova_pairs,
    comparison_cells,
    comparison_means,
    comparison_proportions,
    comparison_rates,
    comparison_variances,
    drivers,
    drivers_interactions,
    drivers_of_counts,
    effect,
    effect_verdict,
    equivalence,
    experiment_analysis,
    experiment_designs,
    experiment_optimum,
    kano,
    multi_vari,
    multiplicity,
    pareto,
    power,
    power_counts,
    quality_house,
    ranks,
    regression,
    reliability,
    reliability_demonstration,
    reliability_survival,
    series,
    series_changes,
    yields,
)
from andon.stats.errors import NotFinite, NoVariation, StatisticsError, TooFewValues
from andon.stats.results import Interval, Result

A = [1.0, 2.0, 4.0, 3.0, 5.0, 2.5, 3.5, 4.5, 1.5, 2.2, 3.3, 4.1]
B = [2.0, 3.5, 4.0, 5.0, 6.5, 3.5, 4.5, 5.5, 2.5, 3.2, 4.3, 5.9]
G, H = list("aabbccaabbcc"), list("xyxyxyxyxyxy")
COUNTS, INSPECTED = [3, 9, 4, 1, 7, 2, 3, 8, 5, 2, 6, 4], [100] * 12
CUBE = experiment_designs.plan_factorial(["p", "q"], replicates=3).runs
FACED = experiment_designs.plan_central_composite(["p", "q"], axial="faced", center_points=4)

CALLS: dict[str, Callable[[], Result]] = {
    "compare_means": lambda: comparison_means.compare_means(A, B),
    "compare_pairs": lambda: comparison_means.compare_pairs(A, B),
    "compare_mean_to": lambda: comparison_means.compare_mean_to(A, target=3.0),
    "compare_variances": lambda: comparison_variances.compare_variances(A, B),
    "compare_variance_to": lambda: comparison_variances.compare_variance_to(A, sigma=1.0),
    "compare_spreads": lambda: comparison_variances.compare_spreads([A, B]),
    "compare_proportion_to": lambda: comparison_proportions.compare_proportion_to(
        3, 50, target=0.1
    ),
    "compare_proportions": lambda: comparison_proportions.compare_proportions(3, 50, 9, 60),
    "ratio_of_proportions": lambda: comparison_proportions.ratio_of_proportions(3, 50, 9, 60),
    "compare_rates": lambda: comparison_rates.compare_rates(3, 50, 9, 60),
    "compare_rate_to": lambda: comparison_rates.compare_rate_to(3, 50, target=0.1),
    "compare_cells_with_rest": lambda: comparison_cells.compare_cells_with_rest(COUNTS, INSPECTED),
    "mean_shift": lambda: effect.mean_shift(A, B, within_sigma=1.0),
    "mean_shift_from": lambda: effect.mean_shift_from(A, baseline_mean=3.0, within_sigma=1.0),
    "compare_capability": lambda: effect.compare_capability(A, B, upper_limit=9.0),
    "judge_effect": lambda: effect_verdict.judge_effect(
        Interval(0.1, 0.3, 0.95), direction="decrease", target=0.5, given=9
    ),
    "correct_p_values": lambda: multiplicity.correct_p_values([0.01, 0.2]),
    "rank_drivers_of_values": lambda: drivers.rank_drivers_of_values(A, {"g": G, "h": H}),
    "rank_drivers_of_counts": lambda: drivers_of_counts.rank_drivers_of_counts(
        COUNTS, INSPECTED, {"g": G, "h": H}
    ),
    "rank_interactions_of_values": lambda: drivers_interactions.rank_interactions_of_values(
        A, {"g": G, "h": H}
    ),
    "rank_interactions_of_counts": lambda: drivers_interactions.rank_interactions_of_counts(
        COUNTS, INSPECTED, {"g": G, "h": H}
    ),
    "analyze_groups": lambda: anova.analyze_groups(A, G),
    "analyze_two_factors": lambda: anova.analyze_two_factors(A, G, H),
    "compare_all_pairs": lambda: anova_pairs.compare_all_pairs(A, G),
    "compare_ranks": lambda: ranks.compare_ranks(A, B),
    "compare_signed_ranks": lambda: ranks.compare_signed_ranks(A, B),
    "compare_median_to": lambda: ranks.compare_median_to(A, target=3.0),
    "compare_group_ranks": lambda: ranks.compare_group_ranks([A, B]),
    "compare_group_medians": lambda: ranks.compare_group_medians([A, B]),
    "show_equal_means": lambda: equivalence.show_equal_means(A, B, margin=3.0),
    "show_equal_pairs": lambda: equivalence.show_equal_pairs(A, B, margin=3.0),
    "show_equal_proportions": lambda: equivalence.show_equal_proportions(3, 50, 9, 60, margin=0.3),
    "plan_mean": lambda: power.plan_mean(1.0, sigma=1.0, power=0.9),
    "plan_means": lambda: power.plan_means(1.0, sigma=1.0, count=20),
    "plan_equal_means": lambda: power.plan_equal_means(1.0, sigma=1.0, power=0.9),
    "plan_groups": lambda: power.plan_groups((1.0, 2.0, 3.0), sigma=1.0, power=0.9),
    "plan_variance": lambda: power.plan_variance(2.0, power=0.9),
    "plan_variances": lambda: power.plan_variances(2.0, power=0.9),
    "plan_proportion": lambda: power_counts.plan_proportion(0.1, 0.2, power=0.9),
    "plan_proportions": lambda: power_counts.plan_proportions(0.1, 0.2, power=0.9),
    "plan_rates": lambda: power_counts.plan_rates(0.01, 0.5, power=0.9),
    "find_trend": lambda: series.find_trend(A),
    "find_autocorrelation": lambda: series.find_autocorrelation(A, lags=3),
    "count_runs": lambda: series.count_runs(A),
    "find_changes": lambda: series_changes.find_changes(A),
    "plan_factorial": lambda: experiment_designs.plan_factorial(
        ["a", "b", "c"], generators=["C=AB"]
    ),
    "plan_plackett_burman": lambda: experiment_designs.plan_plackett_burman(["a", "b"]),
    "plan_central_composite": lambda: FACED,
    "plan_box_behnken": lambda: experiment_designs.plan_box_behnken(["a", "b", "c"]),
    "write_run_sheet": lambda: experiment_designs.write_run_sheet(
        FACED, lows=[0.0, 1.0], highs=[1.0, 2.0], seed=3
    ),
    "analyze_experiment": lambda: experiment_analysis.analyze_experiment(
        A, CUBE, factors=["p", "q"]
    ),
    "find_optimum": lambda: experiment_optimum.find_optimum(
        experiment_analysis.analyze_experiment(A, FACED.runs, factors=["p", "q"], model="quadratic")
    ),
    "fit_lifetimes": lambda: reliability.fit_lifetimes(A),
    "estimate_survival": lambda: reliability_survival.estimate_survival(A),
    "plan_demonstration": lambda: reliability_demonstration.plan_demonstration(0.9),
    "bound_weibayes": lambda: reliability_demonstration.bound_weibayes(A, shape=2.0, mission=1.0),
    "fit_line": lambda: regression.fit_line(A, B),
    "fit_regression": lambda: regression.fit_regression(B, {"a": A}),
    "predict": lambda: regression.predict(regression.fit_line(A, B), [1.0, 2.0]),
    "rank_causes": lambda: pareto.rank_causes(G),
    "split_variation": lambda: multi_vari.split_variation(A, {"g": G}),
    "evaluate_kano": lambda: kano.evaluate_kano(["like"], ["dislike"]),
    "score_quality_house": lambda: quality_house.score_quality_house(
        [[9]], needs=["n"], characteristics=["c"], weights=[1]
    ),
    "measure_defects": lambda: yields.measure_defects(3, 50),
    "measure_nonconforming": lambda: yields.measure_nonconforming(0, 50),
    "roll_yields": lambda: yields.roll_yields([9, 8], [10, 9]),
}

# Functions of one column of values, and how many of them at least make a result.
ONE_COLUMN: dict[str, Callable[[list[float]], Result]] = {
    "compare_means": lambda x: comparison_means.compare_means(x, B),
    "compare_mean_to": lambda x: comparison_means.compare_mean_to(x, target=3.0),
    "compare_variances": lambda x: comparison_variances.compare_variances(x, B),
    "compare_ranks": lambda x: ranks.compare_ranks(x, B),
    "compare_median_to": lambda x: ranks.compare_median_to(x, target=3.0),
    "mean_shift": lambda x: effect.mean_shift(x, B, within_sigma=1.0),
    "compare_capability": lambda x: effect.compare_capability(x, B, upper_limit=9.0),
    "find_trend": series.find_trend,
    "find_autocorrelation": lambda x: series.find_autocorrelation(x, lags=3),
    "count_runs": series.count_runs,
    "find_changes": series_changes.find_changes,
    "fit_lifetimes": reliability.fit_lifetimes,
    "estimate_survival": reliability_survival.estimate_survival,
    "show_equal_means": lambda x: equivalence.show_equal_means(x, B, margin=3.0),
    "correct_p_values": multiplicity.correct_p_values,
}


@pytest.mark.parametrize("name", CALLS)
def test_a_result_says_how_it_was_made(name: str) -> None:
    result = CALLS[name]()
    assert result.method == name
    assert result.source
    assert result.convention


@pytest.mark.parametrize("name", CALLS)
def test_a_result_survives_the_way_to_data_and_back(name: str) -> None:
    result = CALLS[name]()
    data = result.to_dict()
    text = json.dumps(data, allow_nan=False)
    assert type(result).from_dict(json.loads(text)).to_dict() == data


@pytest.mark.parametrize("name", ONE_COLUMN)
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_named_by_its_place(name: str, bad: float) -> None:
    values = [0.5, 0.2, bad, *([0.1, 0.4] * 6)]
    with pytest.raises(NotFinite, match="position 2"):
        ONE_COLUMN[name](values)


@pytest.mark.parametrize("name", ONE_COLUMN)
def test_no_value_at_all_is_too_few(name: str) -> None:
    with pytest.raises(TooFewValues):
        ONE_COLUMN[name]([])


@pytest.mark.parametrize("name", ONE_COLUMN)
def test_constant_values_give_a_result_or_a_typed_refusal(name: str) -> None:
    try:
        result = ONE_COLUMN[name]([0.5] * 12)
    except NoVariation as refusal:
        assert "vary" in str(refusal)
    else:
        json.dumps(result.to_dict(), allow_nan=False)


@pytest.mark.parametrize("name", ONE_COLUMN)
def test_words_in_place_of_numbers_are_refused(name: str) -> None:
    with pytest.raises(StatisticsError, match="must be numbers"):
        ONE_COLUMN[name](["a", "b", "c"])  # type: ignore[list-item]


@pytest.mark.parametrize("name", ONE_COLUMN)
def test_inputs_are_left_as_they_were(name: str) -> None:
    values = np.array([0.5, 0.25, 0.75, 0.3, 0.6, 0.1, 0.9, 0.45, 0.55, 0.35, 0.8, 0.2])
    before = values.copy()
    ONE_COLUMN[name](values)  # type: ignore[arg-type]
    assert (values == before).all()
