"""Type 1, bias, linearity and stability studies against published figures."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.gauge_bias import gauge_bias, range_degrees
from andon.stats.gauge_linearity import LinearityStudy, gauge_linearity
from andon.stats.gauge_stability import gauge_stability
from andon.stats.gauge_type1 import gauge_type1

# AIAG MSA 4th ed., table III-B 1: one master part of 6.00.
BIAS = [5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1, 6.4, 6.3, 6.0, 6.1, 6.2, 5.6, 6.0]

# AIAG MSA 4th ed., table III-B 4: five master parts, twelve readings of each.
LINEARITY = {
    2.0: [2.7, 2.5, 2.4, 2.5, 2.7, 2.3, 2.5, 2.5, 2.4, 2.4, 2.6, 2.4],
    4.0: [5.1, 3.9, 4.2, 5.0, 3.8, 3.9, 3.9, 3.9, 3.9, 4.0, 4.1, 3.8],
    6.0: [5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1, 6.4, 6.3, 6.0, 6.1],
    8.0: [7.6, 7.7, 7.8, 7.7, 7.8, 7.8, 7.8, 7.7, 7.8, 7.5, 7.6, 7.7],
    10.0: [9.1, 9.3, 9.5, 9.3, 9.4, 9.5, 9.5, 9.5, 9.6, 9.2, 9.3, 9.4],
}


def aiag_linearity() -> LinearityStudy:
    values = [value for readings in LINEARITY.values() for value in readings]
    references = [key for key, readings in LINEARITY.items() for _ in readings]
    return gauge_linearity(values, references, process_spread=6.0)


def test_aiag_bias_example_by_range() -> None:
    study = gauge_bias(BIAS, reference=6.0, estimator="range")
    # AIAG MSA 4th ed., table III-B 3: s 0.22514, standard error 0.05813, t 0.1153, df 10.8.
    assert study.bias == pytest.approx(0.0067, abs=5e-5)
    assert study.repeatability_sd == pytest.approx(0.22514, abs=5e-5)
    assert study.t == pytest.approx(0.1147, abs=1e-3)
    assert study.degrees == pytest.approx(10.8, abs=0.05)
    assert study.interval.low == pytest.approx(-0.1215, abs=4e-4)
    assert study.interval.high == pytest.approx(0.1349, abs=4e-4)
    assert study.is_bias_plausible


def test_bias_by_standard_deviation_is_the_one_sample_t_test() -> None:
    study = gauge_bias(BIAS, reference=5.8, tolerance=2.0)
    assert study.degrees == 14
    test = stats.ttest_1samp(BIAS, 5.8)
    assert study.p == pytest.approx(test.pvalue, rel=1e-12)
    assert study.percent_tolerance == pytest.approx(10.333, abs=1e-3)
    assert not study.is_bias_plausible


def test_degrees_of_freedom_of_ranges() -> None:
    # AIAG MSA 4th ed., appendix C: 5 values in 1 group 3.8, in 10 groups 36.5.
    assert range_degrees(5, 1) == pytest.approx(3.8, abs=0.05)
    assert range_degrees(5, 10) == pytest.approx(36.5, abs=0.2)


def test_aiag_linearity_example() -> None:
    study = aiag_linearity()
    # AIAG MSA 4th ed., figure III-B 4 and the t tests after it.
    assert study.slope == pytest.approx(-0.131667, abs=5e-7)
    assert study.intercept == pytest.approx(0.736667, abs=5e-7)
    assert study.residual_sd == pytest.approx(0.23954, abs=5e-6)
    assert study.r_squared == pytest.approx(0.714, abs=5e-4)
    averages = [row.bias for row in study.at_references]
    assert averages == pytest.approx([0.491667, 0.125, 0.025, -0.291667, -0.616667], abs=5e-7)
    half = (study.slope_interval.high - study.slope_interval.low) / 2
    assert abs(study.slope) / half == pytest.approx(12.043 / 2.00172, abs=1e-3)
    half = (study.intercept_interval.high - study.intercept_interval.low) / 2
    assert study.intercept / half == pytest.approx(10.158 / 2.00172, abs=1e-3)
    assert study.percent_linearity == pytest.approx(13.17, abs=5e-3)
    assert not study.is_zero_inside_band


def test_linearity_survives_the_way_through_plain_data() -> None:
    study = aiag_linearity()
    copy = LinearityStudy.from_dict(json.loads(json.dumps(study.to_dict(), allow_nan=False)))
    assert copy.slope == study.slope
    assert np.array_equal(copy.band_high, study.band_high)


def test_linearity_refuses_one_reference_missing_references_and_perfect_readings() -> None:
    with pytest.raises(NoVariation):
        gauge_linearity([1.0, 1.1, 1.2], [1, 1, 1])
    with pytest.raises(StatisticsError, match="each reading"):
        gauge_linearity([1.0, 1.1, 1.2], [1, 2])
    with pytest.raises(NoVariation):
        gauge_linearity([1.0, 2.0, 3.0], [1, 2, 3])


def test_type_one_study_of_both_common_conventions() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(20.303, 0.0025, 50)
    six = gauge_type1(x, reference=20.302, tolerance=0.15)
    four = gauge_type1(x, reference=20.302, tolerance=0.15, multiplier=4, resolution=0.01)
    assert six.cg == pytest.approx(0.03 / (6 * x.std(ddof=1)))
    assert six.cgk == pytest.approx((0.015 - abs(x.mean() - 20.302)) / (3 * x.std(ddof=1)))
    assert four.cg == pytest.approx(1.5 * six.cg)
    assert four.is_resolution_sufficient is False
    assert not four.is_capable
    at_limit = gauge_type1(x, reference=20.302, tolerance=six.smallest_tolerance)
    assert at_limit.cgk == pytest.approx(1.33)


@given(st.floats(-50, 50), st.floats(0.1, 20))
def test_type_one_indices_ignore_unit_and_origin(shift: float, scale: float) -> None:
    x = np.array([1.00, 1.01, 0.99, 1.02, 1.00])
    plain = gauge_type1(x, reference=1.0, tolerance=0.5)
    moved = gauge_type1(x * scale + shift, reference=scale + shift, tolerance=0.5 * scale)
    assert moved.cgk == pytest.approx(plain.cgk, rel=1e-6)


def test_type_one_study_refuses_what_cannot_be_judged() -> None:
    with pytest.raises(NoVariation):
        gauge_type1([1.0, 1.0], reference=1, tolerance=1)
    with pytest.raises(TooFewValues):
        gauge_type1([1.0], reference=1, tolerance=1)
    with pytest.raises(InvalidOption):
        gauge_type1([1.0, 2.0], reference=1, tolerance=0)


def test_stable_gauge_has_no_signal_and_a_drifting_one_has() -> None:
    rng = np.random.default_rng(5)
    sessions = rng.normal(6.0, 0.1, (20, 5))
    steady = gauge_stability(sessions, reference=6.0)
    assert steady.is_stable
    assert steady.low < steady.centre < steady.high
    drifting = gauge_stability(sessions + np.linspace(0, 0.5, 20)[:, None])
    assert not drifting.is_stable
    assert drifting.drift_p < 1e-6
    assert drifting.drift_per_session == pytest.approx(0.5 / 19, abs=0.006)


def test_stability_limits_follow_the_published_factors() -> None:
    study = gauge_stability([[1.0, 2.0, 3.0, 4.0, 5.0]] * 3)
    # ASTM E2587: A2 = 0.577, D4 = 2.114 for five readings.
    assert study.high - study.centre == pytest.approx(0.577 * 4, abs=2e-3)
    assert study.range_high == pytest.approx(2.114 * 4, abs=2e-3)
    assert study.drift_p == 1.0
