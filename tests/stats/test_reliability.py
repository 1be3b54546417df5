"""Lifetime fits against published maxima, and intervals that hold as often as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.reliability import LifetimeFit, fit_lifetimes
from andon.stats.reliability_demonstration import bound_weibayes, plan_demonstration
from andon.stats.reliability_survival import estimate_survival

# NIST e-Handbook 8.4.1.2: 20 units on test for 500 h, 10 failed.
NIST_TIMES = [54, 187, 216, 240, 244, 335, 361, 373, 375, 386] + [500] * 10
NIST_FAILED = [True] * 10 + [False] * 10
# Meeker and Escobar 1998, table C.2: shock absorbers, km to failure or last look (O'Connor 1985).
SHOCK_FAILED = [6700, 9120, 12200, 13150, 14300, 17520, 20100, 20900, 22700, 26510, 27490]
SHOCK_RUNNING = [
    *(6950, 7820, 8790, 9660, 9820, 11310, 11690, 11850, 11880, 12140, 12870, 13330, 13470, 14040),
    *(17540, 17890, 18450, 18960, 18980, 19410, 20100, 20150, 20320, 23490, 27410, 27890, 28100),
]
SHOCK = [*SHOCK_FAILED, *SHOCK_RUNNING]
SHOCK_FLAGS = [True] * 11 + [False] * 27
# Freireich et al. 1963: weeks of remission under 6-MP, + still in remission.
REMISSION = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
REMISSION_FLAGS = [True] * 9 + [False] * 12


def test_weibull_fit_of_the_handbook() -> None:
    # NIST e-Handbook 8.4.1.2: shape 1.7208, scale 606.5280 (to the digits printed)
    fit = fit_lifetimes(NIST_TIMES, NIST_FAILED)
    assert fit.shape == pytest.approx(1.7208, abs=5e-4)
    assert fit.scale == pytest.approx(606.5280, abs=0.05)
    assert (fit.failures, fit.running) == (10, 10)


@pytest.mark.parametrize(
    ("distribution", "location", "sigma"), [("weibull", 10.23, 0.3164), ("lognormal", 10.14, 0.530)]
)
def test_shock_absorber_fits(distribution: str, location: float, sigma: float) -> None:
    # Meeker and Escobar 1998, table 8.1: Weibull mu 10.23, sigma 0.3164; lognormal 10.14, 0.5301
    fit = fit_lifetimes(
        SHOCK, SHOCK_FLAGS, distribution="weibull" if distribution == "weibull" else "lognormal"
    )
    found = 1 / fit.shape if distribution == "weibull" else fit.shape
    assert np.log(fit.scale) == pytest.approx(location, abs=5e-3)
    assert found == pytest.approx(sigma, abs=6e-4)


def test_exponential_fit_is_time_over_failures() -> None:
    fit = fit_lifetimes(NIST_TIMES, NIST_FAILED, distribution="exponential")
    assert fit.scale == pytest.approx(sum(NIST_TIMES) / 10, rel=1e-6)
    assert fit.shape == 1 and fit.mean == pytest.approx(fit.scale)


@pytest.mark.parametrize("distribution", ["weibull", "lognormal"])
def test_complete_samples_agree_with_an_independent_fit(distribution: str) -> None:
    times = stats.weibull_min.rvs(2.0, scale=100, size=60, random_state=1)
    if distribution == "weibull":
        fit = fit_lifetimes(times)
        shape, _, scale = stats.weibull_min.fit(times, floc=0)
        reference = float(stats.weibull_min.logpdf(times, shape, 0, scale).sum())
    else:
        fit = fit_lifetimes(times, distribution="lognormal")
        logs = np.log(times)
        shape, scale = logs.std(), np.exp(logs.mean())
        reference = float(stats.lognorm.logpdf(times, shape, 0, scale).sum())
    assert fit.shape == pytest.approx(float(shape), rel=1e-4)
    assert fit.scale == pytest.approx(float(scale), rel=1e-4)
    assert fit.log_likelihood == pytest.approx(reference, rel=1e-8)


def test_narrow_intervals_of_inspection_are_as_good_as_exact_times() -> None:
    times = stats.weibull_min.rvs(1.5, scale=10, size=80, random_state=2)
    exact = fit_lifetimes(times)
    looked = fit_lifetimes(times - 1e-4, until=times + 1e-4)
    assert looked.shape == pytest.approx(exact.shape, rel=1e-3)
    assert looked.scale == pytest.approx(exact.scale, rel=1e-3)


def test_read_outs_recover_the_distribution() -> None:
    times = stats.weibull_min.rvs(2.5, scale=1000, size=4000, random_state=3)
    looks = np.array([0, 200, 400, 600, 800, 1000, 1200, np.inf])
    place = np.searchsorted(looks, times) - 1
    counts = np.bincount(place, minlength=7)
    fit = fit_lifetimes(looks[:7], until=looks[1:], counts=counts)
    assert fit.shape == pytest.approx(2.5, rel=0.05)
    assert fit.scale == pytest.approx(1000, rel=0.02)
    assert fit.running == counts[6]


def test_counts_stand_for_repeated_rows() -> None:
    once = fit_lifetimes([10.0, 20.0, 30.0], [True, True, False], counts=[2, 3, 4])
    rows = fit_lifetimes([10.0] * 2 + [20.0] * 3 + [30.0] * 4, [True] * 5 + [False] * 4)
    assert once.scale == pytest.approx(rows.scale, rel=1e-6)


@pytest.mark.parametrize("convention", ["likelihood", "wald"])
def test_b10_interval_covers_the_truth(convention: str) -> None:
    random = np.random.default_rng(4)
    truth = 100 * (-np.log(0.9)) ** 0.5
    held = []
    for _ in range(100):
        times = 100 * random.weibull(2.0, 30)
        fit = fit_lifetimes(
            np.minimum(times, 120.0),
            (times < 120).tolist(),
            shares=[0.1],
            convention="wald" if convention == "wald" else "likelihood",
            level=0.9,
        )
        held.append(truth in fit.lives[0].interval)
    assert 0.81 <= np.mean(held) <= 0.98


def test_likelihood_limits_lie_where_the_profile_has_fallen() -> None:
    fit = fit_lifetimes(SHOCK, SHOCK_FLAGS, shares=[0.1])
    low, high = fit.shape_interval.low, fit.shape_interval.high
    logs, flags = np.log(SHOCK), np.array(SHOCK_FLAGS)
    for shape in (low, high):
        sums = float((np.array(SHOCK, float) ** shape).sum())
        scale = (sums / flags.sum()) ** (1 / shape)  # the likeliest scale at this shape
        z = shape * (logs - np.log(scale))
        value = (z[flags] + np.log(shape) - logs[flags]).sum() - np.exp(z).sum()
        drop = 2 * (fit.log_likelihood - value)
        assert drop == pytest.approx(stats.chi2.ppf(0.95, 1), rel=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-3, 1e6))
def test_the_unit_of_time_scales_the_life_and_not_the_shape(unit: float) -> None:
    plain = fit_lifetimes(NIST_TIMES, NIST_FAILED, convention="wald")
    moved = fit_lifetimes(unit * np.array(NIST_TIMES), NIST_FAILED, convention="wald")
    assert moved.shape == pytest.approx(plain.shape, rel=1e-4)
    assert moved.scale == pytest.approx(unit * plain.scale, rel=1e-4)


def test_remission_times_have_the_published_survival() -> None:
    # Kalbfleisch and Prentice 1980, or R survfit on these data: S and Greenwood errors
    found = estimate_survival(REMISSION, REMISSION_FLAGS)
    assert found.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.survival == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=6e-4
    )
    published = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert found.errors == pytest.approx(published, abs=6e-5)
    assert found.median == 23
    # log-log limits at 6 weeks: 0.620 to 0.952
    assert (found.low[0], found.high[0]) == pytest.approx((0.620, 0.952), abs=6e-4)


def test_survival_without_censoring_is_the_share_alive() -> None:
    times = np.random.default_rng(5).exponential(size=50)
    found = estimate_survival(times)
    assert found.survival == pytest.approx(1 - np.arange(1, 51) / 50)
    assert np.isnan(found.low[-1])


@pytest.mark.parametrize(
    ("reliability", "confidence", "failures", "count"),
    [(0.9, 0.9, 0, 22), (0.95, 0.9, 0, 45), (0.99, 0.95, 0, 299), (0.9, 0.9, 1, 38)],
)
def test_success_run_sizes(
    reliability: float, confidence: float, failures: int, count: int
) -> None:
    # ln(1-C)/ln(R): 21.9, 44.9, 298.1; with one failure 38 (Meeker, Hahn and Escobar 2017, 9.6)
    plan = plan_demonstration(reliability, confidence=confidence, failures=failures)
    assert plan.count == count and plan.confidence_reached >= confidence


def test_longer_tests_need_fewer_parts() -> None:
    plan = plan_demonstration(0.9, confidence=0.9, life=1000.0, test_time=2000.0, shape=2.0)
    assert plan.count == 6  # 22 parts shared by (2000 / 1000)^2 = 4, rounded up


def test_weibayes_bound_is_the_success_run_read_backwards() -> None:
    bound = bound_weibayes([1000.0] * 22, shape=1.8, mission=1000.0, confidence=0.9)
    assert bound.reliability == pytest.approx(0.1 ** (1 / 22), rel=1e-12)
    assert bound.life < bound.scale


def test_a_passed_test_proves_too_much_only_as_often_as_said() -> None:
    random = np.random.default_rng(6)
    wrong = 0
    for _ in range(600):
        lives = 100 * random.weibull(2.0, 20)
        seen = np.minimum(lives, 40.0)
        failures = int((lives < 40).sum())
        bound = bound_weibayes(seen, shape=2.0, mission=10.0, failures=failures)
        wrong += bound.scale > 100
    assert wrong / 600 <= 0.135


def test_a_fit_survives_the_way_to_data_and_back() -> None:
    fit = fit_lifetimes(NIST_TIMES, NIST_FAILED)
    assert LifetimeFit.from_dict(fit.to_dict()) == fit


def test_lifetimes_that_cannot_be_fitted_are_refused() -> None:
    with pytest.raises(TooFewValues, match="failures"):
        fit_lifetimes([1.0, 2.0], [False, False])
    with pytest.raises(NoVariation, match="failure"):
        fit_lifetimes([5.0, 5.0, 9.0], [True, True, False])
    with pytest.raises(StatisticsError, match="more failures"):
        fit_lifetimes([1.0, 2.0], until=[2.0, 3.0], distribution="lognormal")
    with pytest.raises(InvalidOption, match="above 0"):
        fit_lifetimes([0.0, 1.0, 2.0])
    with pytest.raises(StatisticsError, match="3 times but 2"):
        fit_lifetimes([1.0, 2.0, 3.0], [True, False])
