"""Laney, rare event, short run and multivariate charts."""

from itertools import pairwise

import numpy as np
import pytest
from chart_data import ORDER_ERRORS, ORDERS
from scipy import stats

from andon.stats.charts import Baseline
from andon.stats.charts_counts import p_chart
from andon.stats.charts_individuals import individuals_chart
from andon.stats.charts_laney import laney_p_chart, laney_u_chart
from andon.stats.charts_multivariate import (
    MultivariateBaseline,
    MultivariateChart,
    mewma_chart,
    t2_chart,
)
from andon.stats.charts_rare import g_chart, t_chart
from andon.stats.charts_short_run import nominal_chart, standardized_chart
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.mewma_limits import mewma_run_length


def test_laney_uses_each_points_own_size() -> None:
    chart = laney_p_chart(ORDER_ERRORS, ORDERS)
    mean = ORDER_ERRORS.sum() / ORDERS.sum()
    z = [
        (x / n - mean) / (mean * (1 - mean) / n) ** 0.5
        for x, n in zip(ORDER_ERRORS, ORDERS, strict=True)
    ]
    sigma_z = np.mean([abs(b - a) for a, b in pairwise(z)]) / 1.1283791670955126
    assert chart.baseline.inflation == pytest.approx(sigma_z, rel=1e-12)
    plain = np.asarray(p_chart(ORDER_ERRORS, ORDERS).upper) - mean
    np.testing.assert_allclose(np.asarray(chart.upper) - mean, plain * sigma_z)


def test_laney_finds_no_inflation_in_pure_counts_and_the_true_one_in_noisy_ones() -> None:
    random = np.random.default_rng(3)
    n = random.integers(2000, 6000, 4000)
    pure = laney_p_chart(random.binomial(n, 0.1), n)
    assert pure.baseline.inflation == pytest.approx(1.0, abs=0.04)
    noisy = laney_u_chart(random.poisson(n * 0.1 * random.gamma(400, 1 / 400, 4000)), n)
    expected = np.sqrt(np.mean(1 + 0.1 * n / 400))
    assert noisy.baseline.inflation == pytest.approx(expected, rel=0.05)


def test_laney_needs_neighbours_that_differ() -> None:
    with pytest.raises(TooFewValues):
        laney_p_chart([1], [10])
    with pytest.raises(NoVariation):
        laney_p_chart([1, 1, 1], [10, 10, 10])
    with pytest.raises(NoVariation):
        laney_u_chart([0, 0], [10, 10])


@pytest.mark.parametrize("least", [0, 1])
def test_exact_g_limits_are_the_geometric_quantiles(least: int) -> None:
    chart = g_chart([40], least=least, baseline=Baseline(centre=40.0))
    made = stats.geom(1 / (41 - least), loc=least - 1)
    assert chart.upper == made.ppf(stats.norm.cdf(3.0))
    assert chart.lower == made.ppf(stats.norm.cdf(-3.0))


def test_normal_g_limits_equal_benneyan() -> None:
    # Benneyan 2001: mean -/+ k sqrt(mean (mean + 1)), lower limit 0.
    chart = g_chart([10, 20, 30], limits="normal")
    assert chart.upper == pytest.approx(20 + 3 * np.sqrt(20 * 21))
    assert chart.lower == 0.0
    assert not g_chart([10, 20, 30, 2000], exclude=[3]).is_stable
    with pytest.raises(InvalidOption):
        g_chart([0, 3], least=1)


def test_t_chart_judges_on_the_power_scale_and_shows_times() -> None:
    times = np.random.default_rng(2).exponential(10.0, 3000)
    chart = t_chart(times)
    np.testing.assert_array_equal(chart.points, times)
    power = individuals_chart(times ** (1 / 3.6)).location
    assert chart.upper == pytest.approx(power.upper**3.6)
    assert (chart.violations != 0).mean() < 0.004
    assert [at for at, _ in t_chart([1.0, 2.0, 900.0], baseline=chart.baseline).signals()] == [2]
    with pytest.raises(StatisticsError, match="negative"):
        t_chart([1.0, -2.0])


def test_short_runs_of_many_parts_share_one_chart() -> None:
    random = np.random.default_rng(4)
    parts = np.repeat(["a", "b", "c"], 400)
    x = np.concatenate(
        [random.normal(10, 1, 400), random.normal(50, 5, 400), random.normal(9, 0.1, 400)]
    )
    order = random.permutation(1200)
    chart = standardized_chart(x[order], parts[order])
    assert chart.location.points.std() == pytest.approx(1.0, abs=0.05)
    assert (chart.location.lower, chart.location.centre, chart.location.upper) == (-3.0, 0.0, 3.0)
    # Montgomery, section 10.2: the moving range of z has the limit D4 d2 = 3.686.
    assert chart.dispersion.upper == pytest.approx(3.686, abs=1e-3)
    relative = standardized_chart(
        [9, 11, 90, 110.0], ["a", "a", "b", "b"], sigma="relative to the mean"
    )
    np.testing.assert_allclose(np.abs(relative.location.points), relative.location.points[1])


def test_deviation_from_nominal() -> None:
    chart = nominal_chart([10.1, 20.3, 9.9], ["a", "b", "a"], nominal={"a": 10.0, "b": 20.0})
    np.testing.assert_allclose(chart.location.points, [0.1, 0.3, -0.1])
    with pytest.raises(StatisticsError, match="nominal is needed for part b"):
        nominal_chart([1.0, 2.0], ["a", "b"], nominal={"a": 1.0})
    with pytest.raises(NoVariation):
        standardized_chart([1.0, 2.0, 3.0], ["a", "a", "b"])


def test_t2_limits_equal_montgomery() -> None:
    # Montgomery, example 11.1: 20 subgroups of 10, p = 2, alpha 0.001: 13.72; phase II 15.16.
    random = np.random.default_rng(1)
    covariance = [[1.23, 0.79], [0.79, 0.83]]
    groups = random.multivariate_normal([115.59, 1.06], covariance, (20, 10))
    one = t2_chart(groups, alpha=0.001)
    assert one.upper == pytest.approx(13.72, abs=0.01)
    two = t2_chart(groups, baseline=one.baseline, alpha=0.001)
    assert two.upper == pytest.approx(15.16, abs=0.01)
    np.testing.assert_allclose(one.points, two.points)
    assert (one.phase, two.phase) == (1, 2)


@pytest.mark.parametrize("phase", [1, 2])
def test_t2_gives_as_many_false_alarms_as_it_says(phase: int) -> None:
    random = np.random.default_rng(2)
    fired = total = 0
    for _ in range(400):
        x = random.normal(size=(30, 3))
        baseline = t2_chart(random.normal(size=(30, 3))).baseline if phase == 2 else None
        chart = t2_chart(x, baseline=baseline, alpha=0.05)
        fired, total = fired + len(chart.signals()), total + 30
    assert fired / total == pytest.approx(0.05, abs=0.008)


def test_contribution_is_what_t2_loses_without_the_characteristic() -> None:
    x = np.random.default_rng(3).normal(size=(40, 4)) @ np.diag([1.0, 2.0, 3.0, 4.0])
    chart = t2_chart(x)
    for j in range(4):
        without = t2_chart(np.delete(x, j, axis=1)).points
        np.testing.assert_allclose(chart.points - without, chart.contributions[:, j], rtol=1e-8)
    turned = t2_chart(x @ np.random.default_rng(4).normal(size=(4, 4)) + 7.0)
    np.testing.assert_allclose(turned.points, chart.points, rtol=1e-6)
    again = MultivariateChart.from_dict(chart.to_dict())
    np.testing.assert_array_equal(again.baseline.covariance, chart.baseline.covariance)


def test_mewma_of_one_characteristic_is_the_ewma_squared() -> None:
    base = MultivariateBaseline(np.array([10.0]), np.array([[4.0]]), 50)
    chart = mewma_chart([[12.0], [13.0]], baseline=base, weight=0.2)
    z = np.array([0.2 * 2.0, 0.2 * 3.0 + 0.8 * 0.4])
    variance = 4.0 * 0.2 / 1.8 * (1 - 0.8 ** np.array([2.0, 4.0]))
    np.testing.assert_allclose(chart.points, z**2 / variance)


def test_multivariate_input_is_checked() -> None:
    with pytest.raises(TooFewValues):
        t2_chart([[1.0, 2.0], [2.0, 3.0]])
    with pytest.raises(NoVariation):
        t2_chart([[i, 2.0 * i] for i in range(9)])
    base = MultivariateBaseline(np.zeros(3), np.eye(3), 20)
    with pytest.raises(StatisticsError, match="3 characteristics"):
        t2_chart([[1.0, 2.0]], baseline=base)


def test_mewma_points_differ_by_the_share_of_the_covariance_that_is_reached() -> None:
    # Lowry et al. 1992: Sigma_Z = w / (2 - w) (1 - (1 - w)^(2 t)) Sigma, and its limit.
    base = MultivariateBaseline(np.zeros(2), np.eye(2), 100)
    rows = np.random.default_rng(6).normal(size=(30, 2))
    exact, lasting = (
        mewma_chart(rows, baseline=base, limit=8.64, time_varying=is_exact).points
        for is_exact in (True, False)
    )
    share = 1.0 - 0.9 ** (2.0 * np.arange(1, 31))
    assert lasting == pytest.approx(exact * share, rel=1e-12)


def test_the_designed_run_length_of_mewma_is_that_of_the_covariance_of_a_long_row() -> None:
    # Prabhu and Runger 1997: 8.64 for two characteristics and w = 0.1 gives 200 points.
    rng, count, weight = np.random.default_rng(17), 4000, 0.1
    found, row = [], np.zeros((count, 2))
    for point in range(1, 3000):
        row = weight * rng.normal(size=row.shape) + (1.0 - weight) * row
        is_out = (row**2).sum(axis=1) / (weight / (2.0 - weight)) > 8.64
        found += [point] * int(is_out.sum())
        row = row[~is_out]
    assert len(found) == count
    error = float(np.std(found)) / np.sqrt(count)
    assert abs(float(np.mean(found)) - mewma_run_length(2, weight, 8.64)) < 3.5 * error
