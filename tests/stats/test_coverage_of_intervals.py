"""Every kind of interval covers the truth as often as it says, by simulation with a fixed seed.

Each study draws data from a known truth and gives an interval of 90 %. Of 400 draws an honest
interval covers 84.6 to 94.6 % (3.5 standard errors): that is HONEST. Exact intervals of counts may
cover more (EXACT). Where theory is an approximation that is known to fall short, the bound says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import andon.stats as q
from andon.stats.results import Interval

RUNS = 400
LEVEL = 0.90
HONEST, EXACT = (0.846, 0.946), (0.846, 1.0)
Random = np.random.Generator
Covered = Iterator[bool]


@dataclass(frozen=True)
class Study:
    """What one draw covers, how often it is wanted to, and how many draws are made."""

    draw: Callable[[Random], Covered]
    wanted: tuple[float, float] = HONEST
    runs: int = RUNS


def within(interval: Interval | None, truth: float) -> bool:
    assert interval is not None
    return truth in interval


# Capability of a normal process 2 sigma off the middle of limits 10 sigma apart.
LOWER, UPPER = -5.0, 5.0


def capability(random: Random, interval: str = "bissell") -> Covered:
    found = q.capability(
        random.normal(2.0, 1.0, 80), lower=LOWER, upper=UPPER, level=LEVEL, interval=interval
    )
    overall, inner = found.overall, found.within
    for indices in (overall, inner):
        assert indices.potential is not None
        yield within(indices.potential.interval, 10 / 6)
        yield within(indices.actual.interval, 1.0)
    assert overall.taguchi is not None
    yield within(overall.taguchi.interval, 10 / 6 / sqrt(1 + 4))


def capability_of_subgroups(random: Random) -> Covered:
    found = q.capability(random.normal(2.0, 1.0, (25, 4)), lower=LOWER, upper=UPPER, level=LEVEL)
    assert found.within.potential is not None
    yield within(found.within.potential.interval, 10 / 6)
    yield within(found.within.actual.interval, 1.0)


def capability_one_sided(random: Random) -> Covered:
    x = random.normal(2.0, 1.0, 30)
    yield within(q.capability(x, upper=5.0, level=LEVEL).overall.actual.interval, 1.0)


def capability_by_quantiles(random: Random) -> Covered:
    x = random.normal(2.0, 1.0, 80)
    found = q.quantile_capability(x, lower=LOWER, upper=UPPER, distribution="normal", level=LEVEL)
    assert found.pp is not None
    yield within(found.pp.interval, 10 / 6)
    yield within(found.ppk.interval, 1.0)


def capability_change(random: Random) -> Covered:
    before, after = random.normal(0.0, 1.0, 60), random.normal(0.0, 0.5, 60)
    found = q.compare_capability(before, after, upper_limit=3.0, level=LEVEL)
    yield within(found.before_interval, 1.0)
    yield within(found.after_interval, 2.0)
    yield within(found.ratio_interval, 2.0)
    yield within(found.difference_interval, 1.0)


def capability_of_counts(random: Random) -> Covered:
    found = q.attribute_capability(int(random.binomial(2000, 0.01)), 2000, level=LEVEL)
    yield within(found.proportion.interval, 0.01)
    yield within(found.z.interval, float(stats.norm.isf(0.01)))


# Gauge studies: parts 2, operators 1, interaction 0.5, repeatability 1 (standard deviations).
VARIANCES = {"part": 4.0, "operator": 1.0, "interaction": 0.25, "repeatability": 1.0}


def gauge_table(
    random: Random, parts: int, operators: int, trials: int
) -> tuple[NDArray[Any], ...]:
    values = (
        2.0 * random.normal(size=(parts, 1, 1))
        + random.normal(size=(1, operators, 1))
        + 0.5 * random.normal(size=(parts, operators, 1))
        + random.normal(size=(parts, operators, trials))
    )
    part, operator, _ = np.indices(values.shape)
    return values.ravel(), part.ravel(), operator.ravel()


def gauge_crossed(random: Random, method: str = "mls") -> Covered:
    rows = gauge_table(random, 10, 5, 3)
    study = q.gauge_crossed(*rows, pooling_alpha=1, interval_method=method, level=LEVEL)
    for name, variance in VARIANCES.items():
        yield within(study.component(name).interval, variance)
    yield within(study.component("gauge").interval, 2.25)
    yield within(study.component("total").interval, 6.25)
    yield within(study.percent_study_interval, 100 * sqrt(2.25 / 6.25))


def gauge_unbalanced(random: Random) -> Covered:
    values, part, operator = gauge_table(random, 10, 5, 2)
    kept = random.random(values.size) > 0.1
    study = q.gauge_reml(values[kept], part[kept], operator[kept], level=LEVEL)
    yield within(study.component("repeatability").interval, 1.0)
    yield within(study.component("part").interval, 4.0)


def gauge_nested(random: Random) -> Covered:
    values = (
        random.normal(size=(6, 1, 1))
        + 2.0 * random.normal(size=(6, 8, 1))
        + random.normal(size=(6, 8, 2))
    )
    operator, part, _ = np.indices(values.shape)
    study = q.gauge_nested(values.ravel(), part.ravel(), operator.ravel(), level=LEVEL)
    yield within(study.component("repeatability").interval, 1.0)
    yield within(study.component("part").interval, 4.0)
    yield within(study.component("operator").interval, 1.0)


def gauge_automatic(random: Random) -> Covered:
    values = 2.0 * random.normal(size=(15, 1)) + random.normal(size=(15, 3))
    study = q.gauge_automatic(values.ravel(), np.repeat(np.arange(15), 3), level=LEVEL)
    yield within(study.component("gauge").interval, 1.0)
    yield within(study.component("part").interval, 4.0)


def gauge_location(random: Random) -> Covered:
    x = random.normal(10.1, 0.2, 25)
    type1 = q.gauge_type1(x, reference=10.0, tolerance=6.0, level=LEVEL)
    yield within(type1.bias_interval, 0.1)
    yield within(type1.cg_interval, 0.2 * 6.0 / (6 * 0.2))
    for estimator in ("sd", "range"):
        yield within(
            q.gauge_bias(x, reference=10.0, estimator=estimator, level=LEVEL).interval, 0.1
        )


def gauge_lines(random: Random) -> Covered:
    reference = np.repeat([2.0, 4.0, 6.0, 8.0, 10.0], 8)
    read = reference + 0.3 - 0.05 * reference + random.normal(0.0, 0.2, 40)
    line = q.gauge_linearity(read, reference, level=LEVEL)
    yield within(line.slope_interval, -0.05)
    yield within(line.intercept_interval, 0.3)
    drift = q.gauge_stability(random.normal(5.0, 0.1, (20, 4)), level=LEVEL).drift_interval
    yield within(drift, 0.0)


def agreement(random: Random) -> Covered:
    same = random.random(300) < 0.6
    first, other = random.integers(0, 3, 300), random.integers(0, 3, 300)
    # Chance alone agrees in a third; kappa is the share that copies.
    yield within(q.cohen_kappa(first, np.where(same, first, other), level=LEVEL).interval, 0.6)


def means(random: Random) -> Covered:
    one, two = random.normal(0.0, 1.0, 12), random.normal(1.0, 3.0, 20)
    yield within(q.compare_means(one, two, level=LEVEL).interval, 1.0)
    yield within(q.compare_mean_to(two, target=0.0, level=LEVEL).interval, 1.0)
    yield within(q.compare_pairs(one, one + two[:12], level=LEVEL).interval, 1.0)
    yield within(q.mean_shift_from(one, baseline_mean=1, within_sigma=1, level=LEVEL).interval, -1)


def ranks(random: Random) -> Covered:
    one, two = random.exponential(1.0, 20), random.exponential(1.0, 25) + 0.5
    superior = 1 - exp(-0.5) / 2
    yield within(q.compare_ranks(one, two, level=LEVEL).interval, superior)
    yield within(q.compare_median_to(one, target=0.0, level=LEVEL).interval, log(2.0))
    step = random.laplace(0.3, 1.0, 20)
    yield within(q.compare_signed_ranks(one, one + step, level=LEVEL).interval, 0.3)


def spreads(random: Random) -> Covered:
    one, two = random.normal(0.0, 1.0, 15), random.normal(0.0, 2.0, 10)
    # The interval and its truth in whichever unit the comparison names.
    for found in (
        q.compare_variances(one, two, level=LEVEL),
        q.compare_variance_to(two, sigma=1.0, level=LEVEL),
    ):
        yield within(found.interval, 2.0 if "variance" not in found.quantity else 4.0)


def proportions(random: Random) -> Covered:
    one, two = int(random.binomial(80, 0.1)), int(random.binomial(120, 0.2))
    for convention in ("score", "miettinen-nurminen"):
        found = q.compare_proportions(one, 80, two, 120, convention=convention, level=LEVEL)
        yield within(found.interval, 0.1)
    yield within(q.ratio_of_proportions(one, 80, two, 120, level=LEVEL).interval, 2.0)


def proportion(random: Random) -> Covered:
    count = int(random.binomial(80, 0.1))
    yield within(q.compare_proportion_to(count, 80, target=0.1, level=LEVEL).interval, 0.1)
    yield within(q.measure_nonconforming(count, 80, level=LEVEL).interval, 1e5)


def rates(random: Random) -> Covered:
    one, two = int(random.poisson(20.0)), int(random.poisson(24.0))
    for convention in ("log-normal", "score", "exact"):
        found = q.compare_rates(one, 100, two, 60, convention=convention, level=LEVEL)
        yield within(found.interval, 2.0)


def rate(random: Random) -> Covered:
    count = int(random.poisson(8.0))
    yield within(q.compare_rate_to(count, 100, target=0.1, level=LEVEL).interval, 0.08)
    yield within(q.measure_defects(count, 100, level=LEVEL).per_unit_interval, 0.08)


def normal_content(random: Random) -> Covered:
    x = random.normal(size=25)
    for sides in ("two", "upper"):
        found = q.normal_tolerance(x, proportion=0.95, confidence=LEVEL, sides=sides).interval
        content = stats.norm.cdf(found.high) - stats.norm.cdf(found.low)
        yield bool(content >= 0.95)


def free_content(random: Random) -> Covered:
    x = random.exponential(size=100)
    found = q.distribution_free_tolerance(x, proportion=0.95, confidence=LEVEL).interval
    yield bool(stats.expon.cdf(found.high) - stats.expon.cdf(found.low) >= 0.95)


def weibull(random: Random) -> Covered:
    times = random.weibull(2.0, 40)
    failed = times < 1.2
    fit = q.fit_lifetimes(np.minimum(times, 1.2), failed.tolist(), level=LEVEL)
    yield within(fit.shape_interval, 2.0)
    yield within(fit.scale_interval, 1.0)
    yield within(fit.lives[1].interval, (-log(0.9)) ** 0.5)


def lognormal(random: Random) -> Covered:
    times = random.lognormal(0.0, 0.5, 40)
    fit = q.fit_lifetimes(times, distribution="lognormal", convention="wald", level=LEVEL)
    yield within(fit.lives[2].interval, 1.0)


def exponential(random: Random) -> Covered:
    fit = q.fit_lifetimes(random.exponential(3.0, 30), distribution="exponential", level=LEVEL)
    yield within(fit.scale_interval, 3.0)


def groups(random: Random) -> Covered:
    labels = np.repeat(np.arange(4), 10)
    values = labels + random.normal(size=40)
    yield within(q.analyze_groups(values, labels, level=LEVEL).groups[2].interval, 2.0)
    driver = q.rank_drivers_of_values(values, {"g": labels}, level=LEVEL).drivers[0]
    yield within(driver.interval, 1.25 / 2.25)


def all_pairs(random: Random) -> Covered:
    labels = np.repeat(np.arange(4), [5, 8, 10, 12])
    found = q.compare_all_pairs(random.normal(size=35), labels, level=LEVEL)
    yield all(within(pair.interval, 0.0) for pair in found.pairs)


def lines(random: Random) -> Covered:
    x = np.arange(20.0)
    y = 3.0 + 0.5 * x + random.normal(size=20)
    for coefficient, truth in zip(
        q.fit_line(x, y, level=LEVEL).coefficients, (3.0, 0.5), strict=True
    ):
        yield within(coefficient.interval, truth)
    yield within(q.find_trend(y, level=LEVEL).interval, 0.5)


def bands(random: Random) -> Covered:
    x = np.arange(20.0)
    y = 3.0 + 0.5 * x + random.normal(size=20)
    found = q.predict(q.fit_line(x, y), [25.0], level=LEVEL)
    yield bool(found.confidence_low[0] <= 15.5 <= found.confidence_high[0])
    yield bool(found.prediction_low[0] <= 15.5 + random.normal() <= found.prediction_high[0])


def effects(random: Random) -> Covered:
    coded = np.array([[a, b] for a in (-1, 1) for b in (-1, 1)] * 3)
    response = coded @ [1.0, 0.0] + random.normal(size=12)
    found = q.analyze_experiment(response, coded, factors=["a", "b"], model="main", level=LEVEL)
    truth = {"a": 2.0, "b": 0.0}
    for effect in found.effects:
        if effect.term in truth:
            yield within(effect.interval, truth[effect.term])


def weibayes(random: Random) -> Covered:
    times = 2.0 * random.weibull(1.5, 8)
    found = q.bound_weibayes(times, failures=8, shape=1.5, mission=1.0, confidence=LEVEL)
    yield bool(found.reliability <= exp(-(0.5**1.5)))


STUDIES = {
    "capability, Bissell": Study(capability),
    "capability, noncentral t": Study(lambda random: capability(random, "noncentral t"), runs=200),
    "capability of subgroups": Study(capability_of_subgroups),
    "capability, one side, n = 30": Study(capability_one_sided),
    "capability by quantiles": Study(capability_by_quantiles),
    "capability before and after": Study(capability_change),
    "capability of counts": Study(capability_of_counts, EXACT),
    "gauge, crossed, MLS": Study(gauge_crossed, runs=200),
    # Satterthwaite's is known to fall short where mean squares are subtracted.
    "gauge, crossed, Satterthwaite": Study(
        lambda random: gauge_crossed(random, "satterthwaite"), (0.80, 0.97), runs=200
    ),
    "gauge, unbalanced, REML": Study(gauge_unbalanced, (0.80, 0.95), runs=20),
    "gauge, nested": Study(gauge_nested, runs=200),
    "gauge, automatic": Study(gauge_automatic, runs=200),
    "gauge, type 1 and bias": Study(gauge_location),
    "gauge, linearity and drift": Study(gauge_lines),
    "kappa": Study(agreement),
    "means": Study(means),
    "ranks and medians": Study(ranks, EXACT),
    "spreads": Study(spreads),
    "two proportions": Study(proportions),
    "one proportion, exact": Study(proportion, EXACT),
    "two rates": Study(rates, EXACT),
    "one rate, exact": Study(rate, EXACT),
    "normal tolerance": Study(normal_content),
    "distribution-free tolerance": Study(free_content, EXACT),
    "Weibull, likelihood": Study(weibull, runs=50),
    "lognormal, Wald": Study(lognormal, runs=100),
    "exponential": Study(exponential, runs=100),
    "groups and share explained": Study(groups),
    "all pairs, simultaneous": Study(all_pairs, runs=60),
    "lines and trend": Study(lines),
    "bands": Study(bands),
    "effects of an experiment": Study(effects),
    # The bound allows for a test that stops at a time, so it is safe where all parts fail.
    "Weibayes": Study(weibayes, EXACT),
}


def shares(study: Study, seed: int = 20261123) -> NDArray[np.float64]:
    """Share of draws in which each interval of the study covers."""
    random = np.random.default_rng(seed)
    covered = [list(study.draw(random)) for _ in range(study.runs)]
    return np.asarray(np.mean(covered, axis=0), dtype=np.float64)


@pytest.mark.parametrize("name", STUDIES)
def test_intervals_cover_the_truth_as_often_as_they_say(name: str) -> None:
    study = STUDIES[name]
    found = shares(study)
    slack = 0.0 if study.runs >= RUNS else 3.5 * sqrt(0.09 / study.runs) - 3.5 * sqrt(0.09 / RUNS)
    assert (found >= study.wanted[0] - slack).all(), found
    assert (found <= study.wanted[1] + slack).all(), found


if __name__ == "__main__":  # the table of docs/reference/statistics.md
    for name, study in STUDIES.items():
        covered = shares(study)
        print(f"| {name} | {100 * covered.min():.1f} | {100 * covered.max():.1f} |")  # noqa: T201
