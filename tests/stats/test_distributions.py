"""Fits recover what made the values; certified cases; capability by percentiles and by counts."""

import warnings

import numpy as np
import pytest
from scipy import stats

from andon.stats.capability import capability
from andon.stats.capability_attribute import attribute_capability, values_for_capability
from andon.stats.capability_quantiles import QuantileCapability, quantile_capability
from andon.stats.distributions import FAMILIES, best_distribution, box_cox, fit_distribution
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.normality import judge_normality

CHANCES = (np.arange(1, 4001) - 0.5) / 4000
MADE = {
    "normal": stats.norm(10.0, 2.0),
    "lognormal": stats.lognorm(0.4, scale=3.0),
    "exponential": stats.expon(scale=3.0),
    "weibull": stats.weibull_min(2.5, scale=7.0),
    "gamma": stats.gamma(3.0, scale=2.0),
    "smallest extreme value": stats.gumbel_l(5.0, 2.0),
    "largest extreme value": stats.gumbel_r(5.0, 2.0),
    "logistic": stats.logistic(5.0, 2.0),
    "box-cox": stats.lognorm(0.4, scale=3.0),
    "johnson": stats.johnsonsu(1.0, 2.0, 5.0, 3.0),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_fit_recovers_the_distribution_that_made_the_values(family: str) -> None:
    made = MADE[family]
    fit = fit_distribution(made.ppf(CHANCES), family=family)
    for p in (0.00135, 0.05, 0.5, 0.95, 0.99865):
        assert fit.quantile(p) == pytest.approx(made.ppf(p), rel=0.03, abs=0.06)
        assert fit.below(float(made.ppf(p))) == pytest.approx(p, rel=0.1)
    assert fit.above(fit.quantile(0.9)) == pytest.approx(0.1, rel=1e-9)


@pytest.mark.parametrize(("family", "made"), [
    ("weibull", stats.weibull_min), ("gamma", stats.gamma)])  # fmt: skip
def test_fit_is_the_maximum_of_the_likelihood(family: str, made: stats.rv_continuous) -> None:
    x = made(1.7, scale=4.0).rvs(200, random_state=np.random.default_rng(3))
    ours = fit_distribution(x, family=family)
    shape, _, scale = made.fit(x, floc=0)
    assert ours.parameters["shape"] == pytest.approx(shape, rel=1e-3)
    assert ours.parameters["scale"] == pytest.approx(scale, rel=1e-3)
    assert ours.log_likelihood >= made.logpdf(x, shape, 0, scale).sum() - 1e-9


def test_box_cox_power_equals_scipy() -> None:
    x = np.random.default_rng(8).gamma(2.0, 3.0, 300)
    _, power = stats.boxcox(x)
    assert fit_distribution(x, family="box-cox").parameters["power"] == pytest.approx(
        power, abs=1e-5
    )
    assert box_cox([np.e], 0.0)[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (stats.johnsonsu(0.5, 1.5, 1.0, 2.0), "johnson unbounded"),
        (stats.johnsonsb(0.5, 1.2, 1.0, 2.0), "johnson bounded"),
    ],
)
def test_johnson_finds_the_type_and_makes_the_values_normal(
    made: stats.rv_continuous, kind: str
) -> None:
    x = made.rvs(400, random_state=np.random.default_rng(12))
    fit = fit_distribution(x, family="johnson")
    assert fit.family == kind
    assert fit.anderson_darling < 0.5


def test_anderson_darling_p_value_is_uniform_under_normality() -> None:
    random = np.random.default_rng(6)
    p = np.array([judge_normality(random.normal(size=30)).p_value for _ in range(2000)])
    for level in (0.01, 0.05, 0.1, 0.25, 0.5, 0.75):
        assert (p < level).mean() == pytest.approx(level, abs=4 * np.sqrt(level / 2000) + 0.01)


def test_statistic_equals_scipys_anderson() -> None:
    x = np.random.default_rng(10).gamma(5.0, size=80)
    n = x.size
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        reference = stats.anderson(x, "norm").statistic * (1 + 0.75 / n + 2.25 / n**2)
    assert judge_normality(x).statistic == pytest.approx(reference, rel=1e-9)
    assert judge_normality(x, test="shapiro-wilk").statistic == stats.shapiro(x).statistic


def test_percentiles_of_a_normal_process_give_the_normal_indices() -> None:
    x = np.random.default_rng(2).normal(10.0, 1.0, 500)
    by_sigma = capability(x, lower=6.0, upper=15.0)
    by_percentiles = quantile_capability(x, lower=6.0, upper=15.0, distribution="normal")
    assert by_sigma.pp is not None
    assert by_percentiles.pp is not None
    # Sigma by maximum likelihood divides by n; 2.99998 sigma lie between 50 % and 99.865 %.
    assert by_percentiles.pp.value == pytest.approx(by_sigma.pp.value, rel=2e-3)
    assert by_percentiles.ppk.value == pytest.approx(by_sigma.ppk.value, rel=2e-3)
    again = QuantileCapability.from_dict(by_percentiles.to_dict())
    assert again == by_percentiles


def test_skewed_process_is_told_its_true_tail() -> None:
    made = stats.lognorm(0.5, scale=1.0)
    x = made.rvs(5000, random_state=np.random.default_rng(1))
    upper = float(made.ppf(1 - 1e-4))
    best = quantile_capability(x, upper=upper)
    assert best.distribution is not None
    assert best.distribution.family in ("lognormal", "box-cox", "johnson lognormal")
    assert 60 < best.ppm_above < 170
    assert capability(x, upper=upper).overall.ppm < 1.0
    assert best.z_bench == pytest.approx(stats.norm.isf(1e-4), abs=0.1)
    empirical = quantile_capability(x, upper=upper, distribution="empirical")
    assert empirical.high == pytest.approx(made.ppf(0.99865), rel=0.15)


def test_counts_equal_clopper_and_pearson() -> None:
    # Clopper-Pearson for 10 of 100: 0.0490 to 0.1762 (Brown, Cai and DasGupta 2001).
    found = attribute_capability(10, 100)
    assert found.proportion.interval.low == pytest.approx(0.0490, abs=5e-5)
    assert found.proportion.interval.high == pytest.approx(0.1762, abs=5e-5)
    assert found.z.value == pytest.approx(stats.norm.isf(0.1))
    none = attribute_capability(0, 100)
    assert none.proportion.interval.high == pytest.approx(1 - 0.025 ** (1 / 100))
    assert none.z.value == np.inf
    assert attribute_capability(100, 100).proportion.interval.high == 1.0


def test_number_of_values_has_the_power_it_promises() -> None:
    n = values_for_capability(expected=1.67, at_least=1.33)
    random = np.random.default_rng(3)
    x = random.normal(size=(4000, n))
    index = (x.mean(axis=1) + 3 * 1.67) / (3 * x.std(axis=1, ddof=1))
    needed = stats.nct.ppf(0.95, n - 1, 3 * np.sqrt(n) * 1.33) / (3 * np.sqrt(n))
    assert (index >= needed).mean() == pytest.approx(0.8, abs=0.025)
    assert values_for_capability(expected=9.0, at_least=1.0) < 10


def test_bad_input_is_refused() -> None:
    with pytest.raises(StatisticsError, match="above 0"):
        fit_distribution(np.arange(10.0), family="weibull")
    with pytest.raises(TooFewValues):
        best_distribution([1.0, 2.0])
    with pytest.raises(NoVariation):
        judge_normality([1.0] * 9)
    with pytest.raises(InvalidOption):
        fit_distribution(np.arange(10.0), family="cauchy")
    with pytest.raises(TooFewValues, match="1000"):
        quantile_capability(np.arange(10.0), upper=9.0, distribution="empirical")
    with pytest.raises(InvalidOption):
        attribute_capability(5, 4)
    with pytest.raises(InvalidOption):
        values_for_capability(expected=1.0, at_least=1.33)
