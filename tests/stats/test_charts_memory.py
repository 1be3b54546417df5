"""EWMA and CUSUM against NIST and Montgomery; streams agree with the whole."""

import numpy as np
import pytest
from chart_data import SHIFTED
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats.charts import Baseline
from andon.stats.charts_cusum import CusumChart, cusum_chart
from andon.stats.charts_ewma import ewma_chart
from andon.stats.errors import InvalidOption, NoVariation

TEN = Baseline(10.0, 1.0)
# NIST/SEMATECH e-Handbook 6.3.2.4: weight 0.3, target 50, sigma 2.0539.
NIST_EWMA = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5,
             49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]  # fmt: skip
NIST_AVERAGES = [50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33,
                 50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99]  # fmt: skip
# NIST/SEMATECH e-Handbook 6.3.2.3: target 325, k 0.3175, h 4.1959.
NIST_CUSUM = [324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225,
              324.600, 324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775,
              326.875, 328.350]  # fmt: skip
# Montgomery, table 9.2: upper sums of periods 1 to 29.
UPPER = [0, 0, 0, 1.16, 2.82, 2.50, 0.04, 1.00, 0, 0, 0, 0.97, 0.98, 0, 0, 0, 0.12, 0, 0, 0.34,
         0.74, 0, 1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28]  # fmt: skip


def test_ewma_equals_nist() -> None:
    chart = ewma_chart(
        NIST_EWMA, weight=0.3, sigmas=3.0, baseline=Baseline(50.0, 2.0539), time_varying=False
    )
    # NIST adds two decimals at each step.
    np.testing.assert_allclose(chart.points, NIST_AVERAGES, atol=0.011)
    assert chart.upper == pytest.approx(52.5884, abs=2e-4)
    assert chart.lower == pytest.approx(47.4115, abs=2e-4)
    assert chart.is_stable


def test_ewma_equals_montgomery() -> None:
    # Montgomery, example 9.2: weight 0.10, L = 2.7; first limits 10.27 and 10.36, then 10.62.
    chart = ewma_chart(SHIFTED, weight=0.1, sigmas=2.7, baseline=TEN)
    np.testing.assert_allclose(chart.points[:4], [9.945, 9.7495, 9.70355, 9.8992], atol=5e-5)
    upper = np.asarray(chart.upper)
    np.testing.assert_allclose(upper[[0, 1, 29]], [10.27, 10.36, 10.62], atol=5e-3)
    np.testing.assert_allclose(chart.points[27:], [10.5731, 10.6468, 10.6341], atol=6e-5)
    assert [at + 1 for at, _ in chart.signals()] == [29, 30]


def test_cusum_equals_montgomery() -> None:
    chart = cusum_chart(SHIFTED, k=0.5, h=5.0, baseline=TEN)
    np.testing.assert_allclose(chart.upper_sums[:29], UPPER, atol=5e-3)
    assert np.flatnonzero(chart.violations).tolist() == [28, 29]
    # N+ is 7 at period 29: the shift began with period 23.
    assert chart.onset(28) == 22


def test_cusum_equals_nist() -> None:
    chart = cusum_chart(NIST_CUSUM, k=0.3175, h=4.1959, baseline=Baseline(325.0, 1.0))
    np.testing.assert_allclose(
        chart.upper_sums[12:], [3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04], atol=6e-3
    )
    assert int(np.flatnonzero(chart.violations)[0]) == 13


def test_headstart_raises_both_sums() -> None:
    chart = cusum_chart([10.0], baseline=TEN, headstart=0.5)
    assert (chart.upper_sums[0], chart.lower_sums[0]) == (2.0, 2.0)


@given(st.integers(0, 2**32 - 1), st.integers(1, 199))
@settings(max_examples=30, deadline=None)
def test_streams_agree_with_the_whole(seed: int, cut: int) -> None:
    x = np.random.default_rng(seed).normal(10.2, 1.0, 200)
    whole, before = cusum_chart(x, baseline=TEN), cusum_chart(x[:cut], baseline=TEN)
    last = (float(before.upper_sums[-1]), float(before.lower_sums[-1]))
    after = cusum_chart(x[cut:], baseline=TEN, start=last)
    np.testing.assert_allclose(after.upper_sums, whole.upper_sums[cut:], atol=1e-9)
    np.testing.assert_allclose(after.lower_sums, whole.lower_sums[cut:], atol=1e-9)
    one, two = ewma_chart(x, baseline=TEN), ewma_chart(x[:cut], baseline=TEN)
    three = ewma_chart(x[cut:], baseline=TEN, start=float(two.points[-1]), age=cut)
    np.testing.assert_allclose(three.points, one.points[cut:], rtol=1e-12)
    np.testing.assert_allclose(three.upper, np.asarray(one.upper)[cut:], rtol=1e-12)


def test_long_sums_equal_the_recursion() -> None:
    x = np.random.default_rng(1).normal(10.4, 1.0, 70_000)
    chart = cusum_chart(x, baseline=TEN)
    high = 0.0
    for value, ours in zip(x, chart.upper_sums, strict=True):
        high = max(0.0, value - 10.5 + high)
        assert ours == pytest.approx(high, abs=1e-9)
    assert CusumChart.from_dict(chart.to_dict()).decision == chart.decision


def test_means_of_subgroups_have_narrower_limits() -> None:
    four = ewma_chart([10.0], baseline=TEN, size=4, time_varying=False)
    one = ewma_chart([10.0], baseline=TEN, time_varying=False)
    assert (four.upper - 10) * 2 == pytest.approx(one.upper - 10)
    assert cusum_chart([10.0], baseline=TEN, size=4).decision == 2.5


def test_bad_input_is_refused() -> None:
    with pytest.raises(InvalidOption):
        ewma_chart([1.0, 2.0], weight=0.0)
    with pytest.raises(InvalidOption):
        cusum_chart([1.0, 2.0], h=0.0)
    with pytest.raises(InvalidOption):
        cusum_chart([1.0, 2.0], size=3)
    with pytest.raises(NoVariation):
        cusum_chart([1.0, 1.0, 1.0])
