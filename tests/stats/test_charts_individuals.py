"""I-MR charts against NIST, and the promises of baselines, stages and exclusions."""

import numpy as np
import pytest
from chart_data import FLOW_RATES
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats.charts import Baseline, ChartPair
from andon.stats.charts_individuals import ESTIMATORS, individuals_chart, moving_ranges
from andon.stats.errors import InvalidOption, NotFinite, NoVariation, TooFewValues
from andon.stats.rules import NELSON

rows = st.lists(st.integers(-1000, 1000), min_size=5, max_size=40).filter(lambda x: len(set(x)) > 1)


def test_flow_rates_equal_nist() -> None:
    # NIST/SEMATECH e-Handbook 6.3.2.2: 50.81, 55.8041, 45.8159 (with d2 rounded to 1.128).
    chart = individuals_chart(FLOW_RATES).location
    assert chart.centre == pytest.approx(50.81, abs=1e-9)
    assert chart.upper == pytest.approx(55.8041, abs=2e-3)
    assert chart.lower == pytest.approx(45.8159, abs=2e-3)
    assert chart.is_stable


def test_every_estimator_is_near_sigma_on_a_long_normal_row() -> None:
    x = np.random.default_rng(7).normal(10, 2, 200_000)
    for estimator in ESTIMATORS:
        for span in (2, 3, 5):
            sigma = individuals_chart(x, estimator=estimator, span=span).baseline.sigma
            assert sigma == pytest.approx(2.0, rel=0.01), (estimator, span)


def test_new_points_never_move_a_frozen_baseline() -> None:
    chart = individuals_chart([5.0, 99.0], baseline=Baseline(centre=5.0, sigma=1.0, count=25))
    assert (chart.location.lower, chart.location.upper) == (2.0, 8.0)
    assert [at for at, _ in chart.location.signals()] == [1]
    assert [at for at, _ in chart.dispersion.signals()] == [1]
    assert chart.baseline.count == 25


def test_an_excluded_point_is_judged_but_does_not_count() -> None:
    x = np.array([1.0, 2.0, 1.5, 500.0, 1.2, 2.2, 1.1])
    without = individuals_chart(x, exclude=[3])
    assert without.baseline.centre == pytest.approx(np.delete(x, 3).mean())
    # The ranges 2-1, 1.5-2, 2.2-1.2 and 1.1-2.2 remain: those with the excluded value do not.
    assert without.baseline.sigma == pytest.approx(0.9 / 1.1283791671, rel=1e-9)
    assert 3 in [at for at, _ in without.location.signals()]
    flags = individuals_chart(x, exclude=[i == 3 for i in range(7)])
    assert flags.baseline == without.baseline
    assert without.location.excluded == (3,)


def test_stages_have_their_own_limits_and_no_range_across() -> None:
    x = [1.0, 2.0, 1.0, 11.0, 13.0, 11.0]
    chart = individuals_chart(x, stages=["a", "a", "a", "b", "b", "b"])
    assert chart.location.stage_starts == (0, 3)
    assert np.asarray(chart.location.centre)[[0, 5]].tolist() == pytest.approx([4 / 3, 35 / 3])
    assert np.isnan(chart.dispersion.points).tolist() == [True, False, False] * 2
    assert chart.is_stable


def test_chart_survives_json() -> None:
    chart = individuals_chart([1.0, 2.0, 4.0, 1.0], rules=NELSON)
    again = ChartPair.from_dict(chart.to_dict())
    assert again.location.rules == NELSON
    assert again.to_dict() == chart.to_dict()


def test_moving_range_of_three() -> None:
    np.testing.assert_array_equal(
        moving_ranges(np.array([1.0, 5.0, 2.0, 2.0]), 3), [np.nan, np.nan, 4.0, 3.0]
    )


@given(rows, st.floats(-1e3, 1e3), st.floats(0.01, 100.0), st.sampled_from(ESTIMATORS))
@settings(max_examples=60, deadline=None)
def test_limits_follow_shift_and_scale(
    row: list[int], shift: float, scale: float, estimator: str
) -> None:
    x = np.array(row, dtype=float)
    if estimator == "median moving range" and np.median(np.abs(np.diff(x))) == 0:
        return
    one = individuals_chart(x, estimator=estimator).location
    two = individuals_chart(shift + scale * x, estimator=estimator).location
    assert two.upper == pytest.approx(shift + scale * one.upper, rel=1e-6, abs=1e-6)
    assert two.centre == pytest.approx(shift + scale * one.centre, rel=1e-6, abs=1e-6)


def test_bad_input_is_refused_with_what_is_needed() -> None:
    with pytest.raises(TooFewValues):
        individuals_chart([1.0])
    with pytest.raises(NotFinite):
        individuals_chart([1.0, float("nan"), 2.0])
    with pytest.raises(NoVariation):
        individuals_chart([1.0, 1.0, 1.0])
    with pytest.raises(InvalidOption):
        individuals_chart([1.0, 2.0], estimator="guess")
    with pytest.raises(InvalidOption):
        individuals_chart([1.0, 2.0, 3.0], exclude=[7])
    with pytest.raises(TooFewValues):
        individuals_chart([1.0, 2.0, 3.0, 4.0], exclude=[1, 3], span=2)
