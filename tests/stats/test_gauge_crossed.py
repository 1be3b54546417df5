"""Crossed gauge studies against published figures, the seeded story and their properties."""

import numpy as np
import pytest
from gauge_data import aiag, force_tester_study, rows_of, thermal_impedance
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.gauge_crossed import gauge_crossed
from andon.stats.gauge_study import GaugeStudy
from andon.stats.gauge_verdict import GaugeVerdict


def test_aiag_example_gives_the_published_components() -> None:
    study = gauge_crossed(*aiag())
    # AIAG MSA 4th ed., table III-B 8 and report A 4.
    published = {
        "repeatability": 0.199933,
        "operator": 0.226838,
        "gauge": 0.302373,
        "part": 1.042327,
    }
    for name, deviation in published.items():
        assert study.component(name).standard_deviation == pytest.approx(deviation, abs=2e-6)
    assert study.is_interaction_pooled
    assert study.categories == 4
    assert study.percent_study == pytest.approx(27.86, abs=5e-3)
    assert study.verdict is GaugeVerdict.CONDITIONAL


def test_aiag_example_gives_the_published_sums_of_squares() -> None:
    sums = {row.source: row.sum_of_squares for row in gauge_crossed(*aiag(), pooling_alpha=1).anova}
    # AIAG MSA 4th ed., table A 3.
    assert sums["operator"] == pytest.approx(3.16726, abs=5e-6)
    assert sums["part"] == pytest.approx(88.3619, abs=5e-5)
    assert sums["interaction"] == pytest.approx(0.35898, abs=5e-6)
    assert sums["repeatability"] == pytest.approx(2.75893, abs=5e-6)


def test_thermal_impedance_example_gives_the_published_components() -> None:
    study = gauge_crossed(*thermal_impedance())
    sums = {row.source: row.sum_of_squares for row in study.anova}
    # Montgomery, Introduction to Statistical Quality Control, table 8.8 and equations after it.
    published_sums = {
        "part": 3935.96,
        "operator": 39.27,
        "interaction": 48.51,
        "repeatability": 30.67,
        "total": 4054.40,
    }
    assert sums == pytest.approx(published_sums, abs=6e-3)
    published = {
        "repeatability": 0.51,
        "interaction": 0.73,
        "operator": 0.56,
        "part": 48.29,
        "gauge": 1.80,
    }
    for name, variance in published.items():
        assert study.component(name).variance == pytest.approx(variance, abs=6e-3)
    assert not study.is_interaction_pooled


def test_seeded_force_tester_sf_01_is_good() -> None:
    study = gauge_crossed(*force_tester_study("SF-01", 0.0022, 0.0012, 0.0), tolerance=0.3)
    assert round(study.percent_study, 1) == 8.9
    assert round(study.percent_tolerance or 0, 1) == 5.3
    assert study.categories == 15
    assert study.verdict is GaugeVerdict.GOOD


def test_seeded_force_tester_sf_02_is_not_usable() -> None:
    study = gauge_crossed(*force_tester_study("SF-02", 0.0080, 0.012, 0.004), tolerance=0.3)
    assert round(study.percent_study, 1) == 42.5
    assert round(study.percent_tolerance or 0, 1) == 26.6
    assert study.categories == 3
    assert study.verdict is GaugeVerdict.NOT_USABLE


def test_result_says_its_convention_and_survives_the_way_through_plain_data() -> None:
    study = gauge_crossed(*aiag(), tolerance=8.0)
    assert "p > 0.25" in study.convention
    assert "1.41" in study.convention
    assert study.options["pooling_alpha"] == 0.25
    assert GaugeStudy.from_dict(study.to_dict()) == study


def test_known_process_spread_replaces_the_parts_of_the_study() -> None:
    study = gauge_crossed(*aiag(), process_sd=2.0)
    assert study.component("total").standard_deviation == pytest.approx(2.0)
    assert study.percent_study == pytest.approx(100 * 0.302373 / 2, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(
    shift=st.floats(-100, 100),
    scale=st.floats(0.01, 100),
    seed=st.integers(0, 2**32 - 1),
)
def test_percentages_ignore_unit_origin_and_row_order(
    shift: float, scale: float, seed: int
) -> None:
    values, parts, operators = thermal_impedance()
    order = np.random.default_rng(seed).permutation(values.size)
    moved = gauge_crossed(shift + scale * values[order], parts[order], operators[order])
    assert moved.percent_study == pytest.approx(18.97491281349555, rel=1e-6)
    assert moved.categories == 7


def test_intervals_of_components_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20250101)
    truth = {"part": 4.0, "operator": 1.0, "interaction": 0.5, "repeatability": 1.0, "gauge": 2.5}
    hits = dict.fromkeys([*truth, "share"], 0)
    runs = 600
    for _ in range(runs):
        p, o, i = rng.normal(size=(8, 1, 1)), rng.normal(size=(1, 4, 1)), rng.normal(size=(8, 4, 1))
        table = 2 * p + o + np.sqrt(0.5) * i + rng.normal(size=(8, 4, 2))
        study = gauge_crossed(*rows_of(table), pooling_alpha=1, level=0.90)
        for name, value in truth.items():
            interval = study.component(name).interval
            hits[name] += interval is not None and value in interval
        share = study.percent_study_interval
        hits["share"] += share is not None and 100 * np.sqrt(2.5 / 6.5) in share
    for name, count in hits.items():
        assert 0.865 < count / runs < 0.955, name


def test_satterthwaite_equals_mls_for_a_single_mean_square() -> None:
    first = gauge_crossed(*aiag()).component("repeatability").interval
    study = gauge_crossed(*aiag(), interval_method="satterthwaite")
    second = study.component("repeatability").interval
    assert first is not None
    assert second is not None
    assert (first.low, first.high) == pytest.approx((second.low, second.high), rel=1e-12)


def test_unequal_cells_are_refused_with_the_way_out() -> None:
    values, parts, operators = aiag()
    with pytest.raises(StatisticsError, match="REML"):
        gauge_crossed(values[:-1], parts[:-1], operators[:-1])


def test_a_single_trial_a_single_operator_and_equal_readings_are_refused() -> None:
    with pytest.raises(TooFewValues, match="trials"):
        gauge_crossed([1, 2, 3, 5], [1, 1, 2, 2], [1, 2, 1, 2])
    with pytest.raises(TooFewValues, match="operators"):
        gauge_crossed([1, 2, 3, 5], [1, 1, 2, 2], [1, 1, 1, 1])
    with pytest.raises(NoVariation):
        gauge_crossed([1.0] * 8, [1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 2, 2] * 2)


def test_options_outside_their_range_are_refused() -> None:
    for wrong in ({"tolerance": -1.0}, {"level": 1.0}, {"pooling_alpha": 2.0}):
        with pytest.raises(InvalidOption):
            gauge_crossed(*aiag(), **wrong)  # type: ignore[arg-type]
