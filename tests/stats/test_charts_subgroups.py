"""Xbar-R and Xbar-S charts against Montgomery's piston rings."""

import numpy as np
import pytest
from chart_data import FLOW_WIDTH, PISTON_RINGS
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats.charts import Baseline
from andon.stats.charts_subgroups import mean_deviation_chart, mean_range_chart
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.subgroups import ESTIMATORS, as_subgroups, within_sigma


def test_piston_rings_mean_and_range_equal_the_published_limits() -> None:
    # Montgomery (3rd ed.), example 6.1: 74.001, sum of R 0.581; 74.014, 73.988; R 0.023 and 0.049.
    chart = mean_range_chart(PISTON_RINGS)
    assert chart.baseline.centre == pytest.approx(74.00118, abs=5e-6)
    assert chart.dispersion.centre * 25 == pytest.approx(0.581, abs=1e-9)
    assert chart.location.upper == pytest.approx(74.014, abs=6e-4)
    assert chart.location.lower == pytest.approx(73.988, abs=6e-4)
    assert chart.dispersion.upper == pytest.approx(0.049, abs=5e-4)
    assert chart.dispersion.lower == 0.0
    assert chart.is_stable


def test_flow_width_equals_the_published_limits() -> None:
    # Montgomery, example 6.1: 1.5056, R 0.32521; 1.69325, 1.31795 (A2 = 0.577), 0.68749; s 0.1398.
    chart = mean_range_chart(FLOW_WIDTH)
    assert chart.baseline.centre == pytest.approx(1.5056, abs=5e-5)
    assert chart.dispersion.centre == pytest.approx(0.32521, abs=5e-6)
    assert chart.location.upper == pytest.approx(1.69325, abs=1e-4)
    assert chart.location.lower == pytest.approx(1.31795, abs=1e-4)
    assert chart.dispersion.upper == pytest.approx(0.68749, abs=3e-4)
    assert chart.baseline.sigma == pytest.approx(0.1398, abs=5e-5)
    assert chart.is_stable


def test_piston_rings_mean_and_deviation_equal_the_published_limits() -> None:
    # Montgomery, example 6.3: 74.014, 73.988; s chart 0.0094 and 0.0196.
    chart = mean_deviation_chart(PISTON_RINGS)
    assert chart.location.upper == pytest.approx(74.014, abs=6e-4)
    assert chart.location.lower == pytest.approx(73.988, abs=6e-4)
    assert chart.dispersion.centre == pytest.approx(0.0094, abs=6e-5)
    assert chart.dispersion.upper == pytest.approx(0.0196, abs=6e-5)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_estimators_are_unbiased_with_unequal_sizes(estimator: str) -> None:
    random = np.random.default_rng(11)
    sizes = random.integers(1, 9, 40_000)
    groups = as_subgroups(random.normal(5, 3, sizes.sum()), sizes)
    assert within_sigma(groups, estimator) == pytest.approx(3.0, rel=0.01)


def test_rows_table_and_sizes_agree() -> None:
    rows = [[1.0, 4.0], [2.0, 3.0, 7.0], [5.0]]
    one, two = as_subgroups(rows), as_subgroups(np.concatenate(rows), [2, 3, 1])
    for name in ("sizes", "means", "ranges", "deviations"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    table = as_subgroups(PISTON_RINGS)
    flat = as_subgroups(PISTON_RINGS.ravel(), np.full(25, 5))
    np.testing.assert_allclose(table.deviations, flat.deviations, rtol=1e-9)


def test_unequal_sizes_have_limits_of_their_own() -> None:
    chart = mean_range_chart([[1.0, 3.0], [2.0, 4.0, 3.0, 1.0], [2.0]])
    width = np.asarray(chart.location.upper) - chart.location.centre
    assert width[0] / width[1] == pytest.approx(np.sqrt(2))
    assert width[2] / width[1] == pytest.approx(2)
    assert np.isnan(np.asarray(chart.dispersion.upper)).tolist() == [False, False, True]


def test_frozen_baseline_judges_a_single_new_subgroup() -> None:
    chart = mean_range_chart([[9.0, 9.5]], baseline=Baseline(centre=5.0, sigma=1.0))
    assert chart.location.upper == pytest.approx(5 + 3 / np.sqrt(2))
    assert not chart.location.is_stable
    assert chart.dispersion.is_stable


@given(st.integers(0, 2**32 - 1), st.sampled_from(ESTIMATORS))
@settings(max_examples=40, deadline=None)
def test_sigma_does_not_depend_on_order(seed: int, estimator: str) -> None:
    random = np.random.default_rng(seed)
    table = random.normal(size=(8, 4))
    shuffled = random.permutation(random.permuted(table, axis=1))
    one, two = (within_sigma(as_subgroups(x), estimator) for x in (table, shuffled))
    assert one == pytest.approx(two, rel=1e-10)


def test_bad_input_is_refused() -> None:
    with pytest.raises(TooFewValues):
        mean_range_chart([[1.0, 2.0]])
    with pytest.raises(TooFewValues):
        mean_range_chart([[1.0], [2.0]])
    with pytest.raises(NoVariation):
        mean_deviation_chart([[1.0, 1.0], [2.0, 2.0]])
    with pytest.raises(StatisticsError):
        as_subgroups([1.0, 2.0, 3.0], [2, 2])
    with pytest.raises(StatisticsError):
        as_subgroups([])
