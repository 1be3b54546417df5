"""REML gauge studies: equal to ANOVA when balanced, close to the truth when not."""

import numpy as np
import pytest
from gauge_data import aiag, rows_of, thermal_impedance

from andon.stats.errors import InvalidOption, NoVariation, TooFewValues
from andon.stats.gauge_crossed import gauge_crossed
from andon.stats.gauge_nested import gauge_nested
from andon.stats.gauge_reml import gauge_reml


def test_balanced_crossed_study_equals_analysis_of_variance() -> None:
    reml, anova = gauge_reml(*thermal_impedance()), gauge_crossed(*thermal_impedance())
    for item in anova.components:
        assert reml.component(item.name).variance == pytest.approx(item.variance, rel=1e-10)
    assert reml.percent_study == pytest.approx(anova.percent_study, rel=1e-10)
    assert reml.categories == anova.categories


def test_additive_design_equals_pooled_analysis_of_variance() -> None:
    reml, anova = gauge_reml(*aiag(), design="additive"), gauge_crossed(*aiag(), pooling_alpha=0)
    for item in anova.components:
        assert reml.component(item.name).variance == pytest.approx(item.variance, rel=1e-10)


def test_nested_design_equals_analysis_of_variance() -> None:
    rng = np.random.default_rng(7)
    table = rng.normal(size=(3, 1, 1)) * 2 + rng.normal(size=(3, 5, 1)) + rng.normal(size=(3, 5, 2))
    values, operators, parts = rows_of(table)
    reml = gauge_reml(values, parts, operators, design="nested")
    for item in gauge_nested(values, parts, operators).components:
        assert reml.component(item.name).variance == pytest.approx(item.variance, rel=1e-9)


def test_an_interaction_below_zero_is_reported_as_zero() -> None:
    assert gauge_reml(*aiag()).component("interaction").variance == 0


def test_operators_below_zero_are_reported_as_zero_with_an_upper_bound() -> None:
    operators = gauge_reml(*thermal_impedance(), design="nested").component("operator")
    assert operators.variance == 0
    assert operators.interval is not None
    assert operators.interval.low == 0 < operators.interval.high < np.inf


def test_missing_readings_leave_the_estimates_near_the_complete_study() -> None:
    values, parts, operators = thermal_impedance()
    kept = np.delete(np.arange(values.size), [3, 17, 18, 19, 40, 77])
    study = gauge_reml(values[kept], parts[kept], operators[kept])
    complete = gauge_crossed(*thermal_impedance())
    assert study.percent_study == pytest.approx(complete.percent_study, abs=1.5)


def test_estimates_of_unbalanced_studies_are_unbiased_over_many_studies() -> None:
    rng = np.random.default_rng(11)
    truth = {"part": 4.0, "operator": 1.0, "interaction": 0.25, "repeatability": 0.25}
    totals = dict.fromkeys(truth, 0.0)
    runs = 80
    for _ in range(runs):
        p, o, i = rng.normal(size=(8, 1, 1)), rng.normal(size=(1, 6, 1)), rng.normal(size=(8, 6, 1))
        table = 2 * p + o + 0.5 * i + 0.5 * rng.normal(size=(8, 6, 2))
        values, parts, operators = rows_of(table)
        kept = rng.permutation(values.size)[:80]
        study = gauge_reml(values[kept], parts[kept], operators[kept])
        for name in truth:
            totals[name] += study.component(name).variance / runs
    for name, value in truth.items():
        assert totals[name] == pytest.approx(value, rel=0.2), name


def test_studies_without_a_repeated_reading_or_spread_are_refused() -> None:
    with pytest.raises(TooFewValues, match="some cells need two"):
        gauge_reml([1, 2, 3, 5], [1, 1, 2, 2], [1, 2, 1, 2])
    with pytest.raises(NoVariation, match="within the cells"):
        gauge_reml([1, 1, 2, 2, 3, 3, 5, 5], [1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 2, 2] * 2)
    with pytest.raises(InvalidOption, match="crossed"):
        gauge_reml(*aiag(), design="split")
