"""From a result to its picture: one table, read by page, file, REST interface and notebook.

What a page, the study bench or an interface uses:

>>> from andon.stats import individuals_chart
>>> picture = picture_of(individuals_chart([1.0, 2.0, 1.5, 1.0]))
>>> picture.title, picture.columns, [panel.headers[0] for panel in picture.panels]
('Individuals chart: individual value and moving range', 1, ['point', 'point'])

- `picture.spec`: Vega-Lite for a page (`web.charts.chart("name", "", picture.spec)`); it holds its
  data, and its colours are the light chart tokens, which the page turns dark;
- `picture.title`, `picture.verdict`, `picture.caption` (both: `words`): what it says;
- `picture.panels`: each with `title`, `headers` and `rows`, the table twin;
- `picture.whole`: the specification with title and words inside, for a file or a notebook;
- `picture_of` gives None where there is no picture, and `why_no_picture` says why.

`inputs` are the columns by the names of the method's inputs, as `stats.catalogue.arguments_of`
returns them; a picture shows what it is given, so
without them a histogram has its curve and limits, but no bars.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from andon.pictures import (
    agreement,
    capability,
    charts,
    charts_special,
    comparison,
    drivers,
    experiment,
    gauge,
    gauge_location,
    groups,
    lifetimes,
    pareto,
    regression,
    sampling,
    series,
    spread,
)
from andon.pictures.picture import Picture
from andon.stats.anova import AnovaTable
from andon.stats.anova_pairs import AllPairs
from andon.stats.capability import Capability
from andon.stats.capability_attribute import AttributeCapability
from andon.stats.capability_quantiles import QuantileCapability
from andon.stats.catalogue import Answer
from andon.stats.charts import ChartPair, ControlChart
from andon.stats.charts_cusum import CusumChart
from andon.stats.charts_multivariate import MultivariateChart
from andon.stats.comparison import Comparison
from andon.stats.comparison_cells import CellsAgainstRest
from andon.stats.distributions import FittedDistribution
from andon.stats.drivers import DriverRanking
from andon.stats.drivers_interactions import InteractionRanking
from andon.stats.drivers_of_counts import CountDriverRanking
from andon.stats.effect import CapabilityChange, MeanShift
from andon.stats.effect_verdict import EffectVerdict
from andon.stats.equivalence import Equivalence
from andon.stats.experiment_analysis import Experiment
from andon.stats.experiment_designs import Design, RunSheet
from andon.stats.experiment_optimum import Optimum
from andon.stats.findings_baseline import Baseline
from andon.stats.gauge_agreement import AttributeAgreement
from andon.stats.gauge_bias import BiasStudy
from andon.stats.gauge_kappa import Kappa
from andon.stats.gauge_linearity import LinearityStudy
from andon.stats.gauge_range import RangeStudy
from andon.stats.gauge_stability import StabilityStudy
from andon.stats.gauge_study import GaugeStudy
from andon.stats.gauge_type1 import TypeOneStudy
from andon.stats.gauge_uncertainty import UncertaintyBudget
from andon.stats.kano import Kano
from andon.stats.multi_vari import MultiVari
from andon.stats.multiplicity import CorrectedTests
from andon.stats.normality import NormalityVerdict
from andon.stats.pareto import Pareto
from andon.stats.power_plan import PowerPlan
from andon.stats.quality_house import QualityHouse
from andon.stats.regression import Bands, Regression
from andon.stats.reliability import LifetimeFit
from andon.stats.reliability_demonstration import Demonstration, WeibayesBound
from andon.stats.reliability_survival import Survival
from andon.stats.results import Result
from andon.stats.sampling_curves import PlanCurves
from andon.stats.sampling_design import DesignedPlan
from andon.stats.sampling_judgement import VariablesJudgement
from andon.stats.sampling_plans import AttributePlan
from andon.stats.sampling_variables import VariablesPlan
from andon.stats.series import Autocorrelation, RunsTest, Trend
from andon.stats.series_changes import ChangePoints
from andon.stats.tolerance import ToleranceInterval
from andon.stats.yields import DefectRate, NonconformingRate, RolledYield

__all__ = ["DRAWN", "NOT_DRAWN", "picture_of", "why_no_picture"]

Drawer = Callable[[Any, Mapping[str, Any]], Picture | None]

DRAWN: Mapping[type[Result], Drawer] = MappingProxyType(
    {
        ControlChart: charts.draw_chart,
        ChartPair: charts.draw_pair,
        AttributeAgreement: agreement.draw_agreement,
        Kappa: agreement.draw_kappa,
        Capability: capability.draw_capability,
        QuantileCapability: capability.draw_quantile_capability,
        CusumChart: charts_special.draw_cusum,
        MultivariateChart: charts_special.draw_multivariate,
        StabilityStudy: charts_special.draw_stability,
        Comparison: comparison.draw_comparison,
        Equivalence: comparison.draw_equivalence,
        MeanShift: comparison.draw_mean_shift,
        CapabilityChange: comparison.draw_capability_change,
        EffectVerdict: comparison.draw_effect,
        Answer: sampling.draw_answer,
        CellsAgainstRest: comparison.draw_cells,
        AttributeCapability: comparison.draw_attribute_capability,
        DefectRate: comparison.draw_defect_rate,
        NonconformingRate: comparison.draw_nonconforming,
        Bands: comparison.draw_bands,
        DriverRanking: drivers.draw_drivers,
        CountDriverRanking: drivers.draw_count_drivers,
        InteractionRanking: drivers.draw_interactions,
        Experiment: experiment.draw_experiment,
        Optimum: experiment.draw_optimum,
        GaugeStudy: gauge.draw_gauge,
        RangeStudy: gauge.draw_range_study,
        BiasStudy: gauge_location.draw_bias,
        LinearityStudy: gauge_location.draw_linearity,
        TypeOneStudy: gauge_location.draw_type_one,
        AnovaTable: groups.draw_anova,
        AllPairs: groups.draw_pairs,
        MultiVari: groups.draw_multi_vari,
        LifetimeFit: lifetimes.draw_lifetimes,
        Survival: lifetimes.draw_survival,
        Pareto: pareto.draw_pareto,
        RolledYield: pareto.draw_yield,
        UncertaintyBudget: pareto.draw_budget,
        Kano: pareto.draw_kano,
        QualityHouse: pareto.draw_house,
        CorrectedTests: pareto.draw_tests,
        Regression: regression.draw_regression,
        PlanCurves: sampling.draw_curves,
        AttributePlan: sampling.draw_plan,
        DesignedPlan: sampling.draw_plan,
        VariablesPlan: sampling.draw_variables_plan,
        Trend: series.draw_trend,
        Autocorrelation: series.draw_autocorrelation,
        RunsTest: series.draw_runs,
        ChangePoints: series.draw_changes,
        FittedDistribution: spread.draw_distribution,
        NormalityVerdict: spread.draw_normality,
        ToleranceInterval: spread.draw_tolerance,
    }
)
"""Every type of result that has a picture, with what draws it."""

NOT_DRAWN: Mapping[type[Result], str] = MappingProxyType(
    {
        Answer: "bare figures and words say themselves",
        Baseline: "a frozen mean and sigma are drawn by the chart that uses them",
        Demonstration: "a number of parts says itself",
        Design: "a plan of runs is read as its table",
        PowerPlan: "a number of parts says itself",
        RunSheet: "a sheet of runs is read as its table",
        VariablesJudgement: "one lot's verdict says itself",
        WeibayesBound: "single bounds say themselves",
    }
)
"""Every other type of result, with the reason."""


def picture_of(result: Result, inputs: Mapping[str, Any] | None = None) -> Picture | None:
    """Return the picture of a result, None where there is none; `inputs` are its columns."""
    drawer = DRAWN.get(type(result))
    return drawer(result, inputs or {}) if drawer else None


def why_no_picture(result: type[Result]) -> str:
    """Return why there is none of a result of this type.

    >>> why_no_picture(PowerPlan)
    'a number of parts says itself'
    """
    return NOT_DRAWN.get(result, "it is drawn from the columns, and those were not given")
