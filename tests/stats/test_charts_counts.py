"""p, np, c and u charts against Montgomery; exact limits against the distributions."""

import numpy as np
import pytest
from chart_data import BOARDS, JUICE, ORDER_ERRORS, ORDERS
from scipy import stats

from andon.stats.charts import Baseline
from andon.stats.charts_counts import c_chart, np_chart, p_chart, u_chart
from andon.stats.errors import StatisticsError


def test_orange_juice_equals_montgomery() -> None:
    # Montgomery, example 7.1: 0.2313, 0.4102, 0.0524; samples 15 and 23 out; then 0.2150 ...
    chart = p_chart(JUICE, 50)
    assert [chart.centre, chart.upper, chart.lower] == pytest.approx(
        [0.2313, 0.4102, 0.0524], abs=6e-5
    )
    assert [at + 1 for at, _ in chart.signals()] == [15, 23]
    revised = p_chart(JUICE, 50, exclude=[14, 22])
    assert [revised.centre, revised.upper, revised.lower] == pytest.approx(
        [0.2150, 0.3893, 0.0407], abs=6e-5
    )


def test_purchase_orders_with_varying_sizes_equal_montgomery() -> None:
    # Montgomery, table 7.4: mean 0.0955 (rounded up from 0.09551), n = 100: 0.184 and 0.007.
    chart = p_chart(ORDER_ERRORS, ORDERS)
    assert chart.centre == pytest.approx(234 / 2450)
    assert np.asarray(chart.upper)[0] == pytest.approx(0.1837, abs=1e-4)
    assert np.asarray(chart.lower)[0] == pytest.approx(0.0073, abs=1e-4)
    assert [at + 1 for at, _ in chart.signals()] == [11]


def test_circuit_boards_equal_montgomery() -> None:
    # Montgomery, example 7.3: 19.85, 33.22, 6.48; revised 19.67, 32.97, 6.36.
    chart = c_chart(BOARDS)
    assert [chart.centre, chart.upper, chart.lower] == pytest.approx([19.85, 33.22, 6.48], abs=1e-2)
    assert [at + 1 for at, _ in chart.signals()] == [6, 20]
    revised = c_chart(BOARDS, exclude=[5, 19])
    assert [revised.centre, revised.upper] == pytest.approx([19.67, 32.97], abs=1e-2)
    assert revised.lower == pytest.approx(6.36, abs=1e-2)


def test_number_chart_is_the_proportion_chart_times_size() -> None:
    p, number = p_chart(ORDER_ERRORS, ORDERS), np_chart(ORDER_ERRORS, ORDERS)
    np.testing.assert_allclose(np.asarray(p.upper) * ORDERS, number.upper)
    np.testing.assert_array_equal(p.violations, number.violations)


def test_unit_chart_with_constant_size_equals_montgomery() -> None:
    # Montgomery (4th ed.), example 6.4: personal computers, u = 1.93, limits 3.79 and 0.07.
    x = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
    chart = u_chart(x, 5)
    assert [chart.centre, chart.upper, chart.lower] == pytest.approx([1.93, 3.79, 0.07], abs=6e-3)


@pytest.mark.parametrize(("n", "p"), [(50, 0.1), (400, 0.01), (7, 0.5)])
def test_exact_limits_leave_no_more_than_the_stated_tail(n: int, p: float) -> None:
    chart = p_chart([0], n, baseline=Baseline(centre=p), limits="exact")
    tail = stats.norm.sf(3.0)
    low, high = round(float(chart.lower) * n), round(float(chart.upper) * n)
    assert stats.binom.sf(high, n, p) <= tail
    assert stats.binom.sf(high - 1, n, p) > tail
    assert stats.binom.cdf(low - 1, n, p) <= tail
    assert stats.binom.cdf(low, n, p) > tail


def test_exact_poisson_limits_follow_each_size() -> None:
    chart = u_chart([3, 4, 9], [1.0, 2.0, 4.0], baseline=Baseline(centre=2.0), limits="exact")
    expected = stats.poisson.ppf(stats.norm.cdf(3.0), [2.0, 4.0, 8.0]) / np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(chart.upper, expected)


def test_what_is_not_a_count_is_refused() -> None:
    with pytest.raises(StatisticsError, match="whole numbers"):
        c_chart([1.5, 2.0])
    with pytest.raises(StatisticsError, match="inspected"):
        p_chart([6], 5)
    with pytest.raises(StatisticsError, match="positive"):
        u_chart([1, 2], [0.0, 1.0])
