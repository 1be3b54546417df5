"""Pure statistics for quality: numbers in, frozen results out.

No framework, no database, no clock. Every result carries its method, options, convention and
source, so that it can be shown, kept as evidence and computed again. The names below are the
methods; what they are built from stands in the modules.

>>> import andon.stats as quality
>>> quality.individuals_chart([10.0, 12.0, 11.0, 13.0, 12.0]).is_stable
True
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from andon.stats.places import MODULES

if TYPE_CHECKING:
    from andon.stats.anova import analyze_groups, analyze_two_factors
    from andon.stats.anova_pairs import compare_all_pairs
    from andon.stats.capability import capability
    from andon.stats.capability_attribute import attribute_capability, values_for_capability
    from andon.stats.capability_indices import Specification
    from andon.stats.capability_quantiles import quantile_capability
    from andon.stats.chart_factors import c4, chart_factors, d2, d2_star, d3
    from andon.stats.charts import Baseline, ChartPair, ControlChart
    from andon.stats.charts_counts import c_chart, np_chart, p_chart, u_chart
    from andon.stats.charts_cusum import cusum_chart
    from andon.stats.charts_ewma import ewma_chart
    from andon.stats.charts_individuals import individuals_chart
    from andon.stats.charts_laney import laney_p_chart, laney_u_chart
    from andon.stats.charts_multivariate import MultivariateBaseline, mewma_chart, t2_chart
    from andon.stats.charts_rare import g_chart, t_chart
    from andon.stats.charts_short_run import nominal_chart, standardized_chart
    from andon.stats.charts_subgroups import mean_deviation_chart, mean_range_chart
    from andon.stats.comparison_cells import compare_cells_with_rest
    from andon.stats.comparison_means import compare_mean_to, compare_means, compare_pairs
    from andon.stats.comparison_proportions import (
        compare_proportion_to,
        compare_proportions,
        ratio_of_proportions,
    )
    from andon.stats.comparison_rates import compare_rate_to, compare_rates
    from andon.stats.comparison_variances import (
        compare_spreads,
        compare_variance_to,
        compare_variances,
    )
    from andon.stats.distributions import best_distribution, box_cox, fit_distribution
    from andon.stats.drivers import rank_drivers_of_values
    from andon.stats.drivers_interactions import (
        rank_interactions_of_counts,
        rank_interactions_of_values,
    )
    from andon.stats.drivers_of_counts import rank_drivers_of_counts
    from andon.stats.effect import compare_capability, mean_shift, mean_shift_from
    from andon.stats.effect_verdict import judge_effect
    from andon.stats.equivalence import show_equal_means, show_equal_pairs, show_equal_proportions
    from andon.stats.errors import (
        InvalidOption,
        NotFinite,
        NoVariation,
        StatisticsError,
        TooFewValues,
    )
    from andon.stats.experiment_aliases import find_aliases
    from andon.stats.experiment_analysis import analyze_experiment
    from andon.stats.experiment_designs import (
        plan_box_behnken,
        plan_central_composite,
        plan_factorial,
        plan_plackett_burman,
        write_run_sheet,
    )
    from andon.stats.experiment_optimum import find_optimum
    from andon.stats.findings_forecast import forecast_out_of_specification
    from andon.stats.gauge_agreement import attribute_agreement
    from andon.stats.gauge_bias import gauge_bias
    from andon.stats.gauge_crossed import gauge_crossed
    from andon.stats.gauge_kappa import cohen_kappa, fleiss_kappa
    from andon.stats.gauge_linearity import gauge_linearity
    from andon.stats.gauge_nested import gauge_automatic, gauge_nested
    from andon.stats.gauge_range import gauge_average_range, gauge_range
    from andon.stats.gauge_reml import gauge_reml
    from andon.stats.gauge_stability import gauge_stability
    from andon.stats.gauge_type1 import gauge_type1
    from andon.stats.gauge_uncertainty import expanded_uncertainty
    from andon.stats.gauge_verdict import distinct_categories, judge_gauge
    from andon.stats.kano import evaluate_kano
    from andon.stats.mewma_limits import mewma_limit, mewma_run_length
    from andon.stats.multi_vari import split_variation
    from andon.stats.multiplicity import correct_p_values
    from andon.stats.normality import judge_normality
    from andon.stats.pareto import rank_causes
    from andon.stats.power import (
        plan_equal_means,
        plan_groups,
        plan_mean,
        plan_means,
        plan_variance,
        plan_variances,
    )
    from andon.stats.power_counts import plan_proportion, plan_proportions, plan_rates
    from andon.stats.quality_house import score_quality_house
    from andon.stats.ranks import (
        compare_group_medians,
        compare_group_ranks,
        compare_median_to,
        compare_ranks,
        compare_signed_ranks,
    )
    from andon.stats.regression import fit_line, fit_regression, predict
    from andon.stats.reliability import fit_lifetimes
    from andon.stats.reliability_demonstration import bound_weibayes, plan_demonstration
    from andon.stats.reliability_survival import estimate_survival
    from andon.stats.results import Interval, Result
    from andon.stats.rule_rates import false_alarms_per_thousand
    from andon.stats.rule_run_length import rules_run_length
    from andon.stats.rules import (
        AIAG,
        LIMITS_ONLY,
        NELSON,
        WESTERN_ELECTRIC,
        Rule,
        RuleKind,
        broken_rules,
        choose_rules,
        context_needed,
        evaluate_rules,
    )
    from andon.stats.run_lengths import cusum_run_length, ewma_run_length, shewhart_run_length
    from andon.stats.sampling_curves import (
        acceptance_probability,
        plan_curves,
        quality_at_probability,
    )
    from andon.stats.sampling_design import (
        isolated_lot_plan,
        single_plan,
        zero_acceptance_for_aql,
        zero_acceptance_plan,
    )
    from andon.stats.sampling_judgement import judge_by_variables
    from andon.stats.sampling_plans import Stage, code_letter, find_plan, sampling_plan
    from andon.stats.sampling_reduced import reduced_multiple_plan
    from andon.stats.sampling_switching import (
        SwitchingState,
        accept_supplier_action,
        judge_lot,
        next_state,
    )
    from andon.stats.sampling_variables import (
        variables_acceptance,
        variables_plan,
        variables_plan_for_aql,
    )
    from andon.stats.series import count_runs, find_autocorrelation, find_trend
    from andon.stats.series_changes import find_changes
    from andon.stats.subgroups import as_subgroups, within_sigma
    from andon.stats.tolerance import (
        distribution_free_size,
        distribution_free_tolerance,
        normal_tolerance,
        one_sided_factor,
        two_sided_factor,
    )
    from andon.stats.yields import measure_defects, measure_nonconforming, roll_yields, sigma_level

__all__ = [
    "AIAG",
    "LIMITS_ONLY",
    "NELSON",
    "WESTERN_ELECTRIC",
    "Baseline",
    "ChartPair",
    "ControlChart",
    "Interval",
    "InvalidOption",
    "MultivariateBaseline",
    "NoVariation",
    "NotFinite",
    "Result",
    "Rule",
    "RuleKind",
    "Specification",
    "Stage",
    "StatisticsError",
    "SwitchingState",
    "TooFewValues",
    "accept_supplier_action",
    "acceptance_probability",
    "analyze_experiment",
    "analyze_groups",
    "analyze_two_factors",
    "as_subgroups",
    "attribute_agreement",
    "attribute_capability",
    "best_distribution",
    "bound_weibayes",
    "box_cox",
    "broken_rules",
    "c4",
    "c_chart",
    "capability",
    "chart_factors",
    "choose_rules",
    "code_letter",
    "cohen_kappa",
    "compare_all_pairs",
    "compare_capability",
    "compare_cells_with_rest",
    "compare_group_medians",
    "compare_group_ranks",
    "compare_mean_to",
    "compare_means",
    "compare_median_to",
    "compare_pairs",
    "compare_proportion_to",
    "compare_proportions",
    "compare_ranks",
    "compare_rate_to",
    "compare_rates",
    "compare_signed_ranks",
    "compare_spreads",
    "compare_variance_to",
    "compare_variances",
    "context_needed",
    "correct_p_values",
    "count_runs",
    "cusum_chart",
    "cusum_run_length",
    "d2",
    "d2_star",
    "d3",
    "distinct_categories",
    "distribution_free_size",
    "distribution_free_tolerance",
    "estimate_survival",
    "evaluate_kano",
    "evaluate_rules",
    "ewma_chart",
    "ewma_run_length",
    "expanded_uncertainty",
    "false_alarms_per_thousand",
    "find_aliases",
    "find_autocorrelation",
    "find_changes",
    "find_optimum",
    "find_plan",
    "find_trend",
    "fit_distribution",
    "fit_lifetimes",
    "fit_line",
    "fit_regression",
    "fleiss_kappa",
    "forecast_out_of_specification",
    "g_chart",
    "gauge_automatic",
    "gauge_average_range",
    "gauge_bias",
    "gauge_crossed",
    "gauge_linearity",
    "gauge_nested",
    "gauge_range",
    "gauge_reml",
    "gauge_stability",
    "gauge_type1",
    "individuals_chart",
    "isolated_lot_plan",
    "judge_by_variables",
    "judge_effect",
    "judge_gauge",
    "judge_lot",
    "judge_normality",
    "laney_p_chart",
    "laney_u_chart",
    "mean_deviation_chart",
    "mean_range_chart",
    "mean_shift",
    "mean_shift_from",
    "measure_defects",
    "measure_nonconforming",
    "mewma_chart",
    "mewma_limit",
    "mewma_run_length",
    "next_state",
    "nominal_chart",
    "normal_tolerance",
    "np_chart",
    "one_sided_factor",
    "p_chart",
    "plan_box_behnken",
    "plan_central_composite",
    "plan_curves",
    "plan_demonstration",
    "plan_equal_means",
    "plan_factorial",
    "plan_groups",
    "plan_mean",
    "plan_means",
    "plan_plackett_burman",
    "plan_proportion",
    "plan_proportions",
    "plan_rates",
    "plan_variance",
    "plan_variances",
    "predict",
    "quality_at_probability",
    "quantile_capability",
    "rank_causes",
    "rank_drivers_of_counts",
    "rank_drivers_of_values",
    "rank_interactions_of_counts",
    "rank_interactions_of_values",
    "ratio_of_proportions",
    "reduced_multiple_plan",
    "roll_yields",
    "rules_run_length",
    "sampling_plan",
    "score_quality_house",
    "shewhart_run_length",
    "show_equal_means",
    "show_equal_pairs",
    "show_equal_proportions",
    "sigma_level",
    "single_plan",
    "split_variation",
    "standardized_chart",
    "t2_chart",
    "t_chart",
    "two_sided_factor",
    "u_chart",
    "values_for_capability",
    "variables_acceptance",
    "variables_plan",
    "variables_plan_for_aql",
    "within_sigma",
    "write_run_sheet",
    "zero_acceptance_for_aql",
    "zero_acceptance_plan",
]

_PLACES = {name: module for module, names in MODULES.items() for name in names}


class _Methods(ModuleType):
    """Keeps the name of a method when the module of the same name is loaded."""

    def __setattr__(self, name: str, value: Any) -> None:
        is_shadowing = isinstance(value, ModuleType) and _PLACES.get(name) == name
        super().__setattr__(name, getattr(value, name) if is_shadowing else value)


def __getattr__(name: str) -> Any:
    """Load a method when it is first asked for (PEP 562): a command pays for what it uses."""
    if name not in _PLACES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Methods
