"""Trend, dependence, runs and steps against published figures and simulation."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from andon.stats import series
from andon.stats.errors import NoVariation, TooFewValues
from andon.stats.series import count_runs, find_autocorrelation, find_trend
from andon.stats.series_changes import find_changes

# NIST e-Handbook 1.3.5.12 uses LEW.DAT; these are annual flows of the Nile at Aswan, 1871-1970
# (Cobb 1978, Biometrika 65, table 1).
NILE = [
    *(1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960),
    *(1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694),
    *(940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764),
    *(821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822),
    *(1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050),
    *(918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740),
]


def test_the_nile_changed_after_1898() -> None:
    # Cobb 1978: one step, the last year before it is 1898; means 1098 and 850
    found = find_changes(NILE)
    assert [1871 + change.index for change in found.changes] == [1899]
    assert found.segment_means[0] == pytest.approx(1097.75)
    assert found.segment_means[1] == pytest.approx(849.97, abs=0.005)


def test_healthy_series_have_no_steps() -> None:
    random = np.random.default_rng(1)
    found = [bool(find_changes(random.normal(size=100), alpha=0.05).changes) for _ in range(500)]
    assert np.mean(found) <= 0.08


def test_several_steps_are_found_where_they_are() -> None:
    random = np.random.default_rng(2)
    values = np.repeat([0.0, 3.0, 1.0, 4.0], 100) + random.normal(size=400)
    places = [change.index for change in find_changes(values).changes]
    assert len(places) == 3
    assert np.abs(np.array(places) - [100, 200, 300]).max() <= 3


@given(st.floats(0.1, 100), st.floats(-100, 100))
def test_steps_ignore_unit_and_origin(unit: float, origin: float) -> None:
    found = find_changes(origin + unit * np.array(NILE))
    assert [change.index for change in found.changes] == [28]


def test_trend_agrees_with_kendall_and_sen() -> None:
    # independent implementations: scipy.stats.kendalltau and theilslopes
    x = np.array(NILE[:60])
    trend = find_trend(x)
    tau = stats.kendalltau(np.arange(60), x).statistic
    sen = stats.theilslopes(x, np.arange(60), 0.95)
    assert trend.tau == pytest.approx(float(tau), rel=1e-12)
    assert trend.slope == pytest.approx(sen.slope, rel=1e-12)
    assert trend.interval.low == pytest.approx(sen.low_slope, rel=0.02)
    assert trend.interval.high == pytest.approx(sen.high_slope, rel=0.02)


def test_mann_kendall_of_a_worked_example() -> None:
    # Gilbert 1987, Statistical Methods for Environmental Pollution Monitoring, example 16.3 style:
    # ties corrected variance by hand: n = 6, one pair tied, Var = (6*5*17 - 2*1*9)/18 = 27.333
    trend = find_trend([1.0, 2.0, 2.0, 3.0, 5.0, 4.0])
    assert trend.s == 12
    assert trend.z == pytest.approx(11 / np.sqrt((6 * 5 * 17 - 2 * 1 * 9) / 18))


def test_bisected_slope_is_the_listed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(3).normal(size=400) + 0.01 * np.arange(400)
    listed = find_trend(x)
    monkeypatch.setattr(series, "FEW", 1)
    bisected = find_trend(x)
    # any slope between the two middle ones is a median; listed takes their mean
    assert bisected.slope == pytest.approx(listed.slope, abs=2e-6)
    assert bisected.interval.low == pytest.approx(listed.interval.low, abs=2e-5)


def test_sen_interval_covers_the_slope() -> None:
    random = np.random.default_rng(4)
    steps = 0.05 * np.arange(30)
    held = [0.05 in find_trend(steps + random.normal(size=30)).interval for _ in range(600)]
    assert 0.93 <= np.mean(held) <= 0.98


def test_trend_of_many_values_takes_seconds_not_hours() -> None:
    x = np.random.default_rng(5).normal(size=50_000)
    started = time.perf_counter()
    find_trend(x)
    assert time.perf_counter() - started < 20


def test_autocorrelation_of_the_nile() -> None:
    # R acf(Nile): lags 1 to 3 are 0.498, 0.385, 0.328 (printed to three places)
    found = find_autocorrelation(NILE, lags=3)
    assert found.coefficients.round(3).tolist() == [0.498, 0.385, 0.328]
    assert found.p_value < 1e-8


def test_independent_values_show_no_dependence() -> None:
    random = np.random.default_rng(6)
    found = [find_autocorrelation(random.normal(size=80), lags=5) for _ in range(600)]
    assert np.mean([f.p_value < 0.05 for f in found]) == pytest.approx(0.05, abs=0.03)
    assert np.mean([f.lag_one_p < 0.05 for f in found]) == pytest.approx(0.05, abs=0.03)


@settings(max_examples=30)
@given(st.lists(st.floats(-1e3, 1e3), min_size=12, max_size=60))
def test_fourier_coefficients_are_the_plain_sums(values: list[float]) -> None:
    x = np.array(values)
    y = x - x.mean()
    if not np.dot(y, y) > 1e-6:
        return
    found = find_autocorrelation(x, lags=3)
    plain = [float(np.dot(y[:-k], y[k:]) / np.dot(y, y)) for k in (1, 2, 3)]
    assert found.coefficients == pytest.approx(plain, abs=1e-9)


@pytest.mark.parametrize(("n", "lags"), [(30_000, 3), (30_000, 5_000), (12_289, 1), (100, 98)])
def test_lagged_sums_of_pieces_are_those_of_the_whole(n: int, lags: int) -> None:
    x = np.random.default_rng(n).normal(size=n).cumsum()
    y = x - x.mean()
    found = find_autocorrelation(x, lags=lags).coefficients
    for k in (1, (lags + 1) // 2, lags):
        assert found[k - 1] == pytest.approx(float(y[:-k] @ y[k:] / (y @ y)), abs=1e-11)


def test_runs_about_the_median() -> None:
    # 20 values alternating in blocks of 5: 4 runs of 10 up and 10 down, expected 11,
    # variance 2 * 100 * (200 - 20) / (400 * 19) = 4.7368
    found = count_runs(np.tile(np.repeat([0.0, 1.0], 5), 2) + np.arange(20) * 1e-6)
    assert (found.runs, found.expected, found.longest) == (4, 11, 5)
    assert found.z == pytest.approx(-7 / np.sqrt(200 * 180 / (400 * 19)))


def test_short_or_constant_series_are_refused() -> None:
    with pytest.raises(TooFewValues):
        find_trend([1.0, 2.0])
    with pytest.raises(NoVariation):
        find_changes([1.0] * 20)
    with pytest.raises(TooFewValues):
        find_autocorrelation([1.0, 2.0, 3.0], lags=5)


@pytest.mark.parametrize(("n", "longest", "crossings"), [(10, 6, 2), (20, 7, 6), (24, 8, 8)])
def test_run_chart_limits_equal_those_of_anhoej(n: int, longest: int, crossings: int) -> None:
    # Anhoej and Olesen 2014, table 1: 24 useful points need 8 crossings and allow runs of 8.
    found = count_runs(np.tile([0.0, 1.0], n // 2))
    assert (found.longest_allowed, found.crossings_needed) == (longest, crossings)


def test_run_chart_rules_see_a_shift_and_rarely_cry_wolf() -> None:
    # Both limits lie near their 5 % points; halves of equal size make crossings a little likelier.
    random = np.random.default_rng(24)
    healthy = sum(not count_runs(random.normal(size=24)).is_random for _ in range(2000))
    assert 0.02 < healthy / 2000 < 0.06
    shifted = np.concatenate((np.zeros(12), np.full(12, 3.0)))
    seen = sum(not count_runs(shifted + random.normal(size=24)).is_random for _ in range(200))
    assert seen > 190
