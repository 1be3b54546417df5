"""Tolerance factors against published tables; coverage by simulation."""

import numpy as np
import pytest
from scipy import stats

from andon.stats.errors import InvalidOption, NoVariation, TooFewValues
from andon.stats.tolerance import (
    distribution_free_size,
    distribution_free_tolerance,
    normal_tolerance,
    one_sided_factor,
    two_sided_factor,
)

# Krishnamoorthy and Mathew 2009, tables B1 and B4 (also ISO 16269-6): (n, P, confidence): k.
ONE_SIDED = {(10, 0.95, 0.95): 2.911, (5, 0.90, 0.95): 3.407, (50, 0.99, 0.95): 2.862}
TWO_SIDED = {(10, 0.95, 0.95): 3.393, (5, 0.95, 0.95): 5.077, (30, 0.95, 0.95): 2.555}


@pytest.mark.parametrize(("case", "k"), ONE_SIDED.items())
def test_one_sided_factors_equal_the_tables(case: tuple[int, float, float], k: float) -> None:
    assert one_sided_factor(*case) == pytest.approx(k, abs=1.01e-3)


@pytest.mark.parametrize(("case", "k"), TWO_SIDED.items())
def test_two_sided_factors_equal_the_tables(case: tuple[int, float, float], k: float) -> None:
    assert two_sided_factor(*case) == pytest.approx(k, abs=1.01e-3)


@pytest.mark.parametrize("n", [2, 3, 10, 43, 200])
def test_one_sided_factor_equals_the_noncentral_t(n: int) -> None:
    expected = stats.nct.ppf(0.9, n - 1, 1.6448536269514722 * np.sqrt(n)) / np.sqrt(n)
    assert one_sided_factor(n, 0.95, 0.9) == pytest.approx(expected, rel=1e-6)


def test_factor_equals_nist() -> None:
    # NIST/SEMATECH e-Handbook 7.2.6.3: n = 43, P 0.90, confidence 0.99: 2.2170 (Howe's), 1.8740.
    assert two_sided_factor(43, 0.90, 0.99) == pytest.approx(2.2170, rel=5e-3)
    assert one_sided_factor(43, 0.90, 0.99) == pytest.approx(1.8740, rel=1e-3)


def test_factors_tend_to_the_normal_quantile() -> None:
    assert two_sided_factor(1_000_000, 0.95, 0.95) == pytest.approx(1.95996, rel=2e-3)
    assert one_sided_factor(1_000_000, 0.95, 0.95) == pytest.approx(1.64485, rel=3e-3)
    assert one_sided_factor(20, 0.3, 0.2) < 0.0


@pytest.mark.parametrize("sides", ["two", "lower", "upper"])
@pytest.mark.parametrize("free", [True, False])
def test_intervals_hold_the_proportion_as_often_as_they_say(sides: str, free: bool) -> None:
    random = np.random.default_rng(17)
    method = distribution_free_tolerance if free else normal_tolerance
    held = reached = 0.0
    for _ in range(1500):
        x = random.normal(size=60)
        found = method(x, proportion=0.9, confidence=0.9, sides=sides)
        inside = stats.norm.cdf(found.interval.high) - stats.norm.cdf(found.interval.low)
        held, reached = held + (inside >= 0.9), found.confidence
    assert held / 1500 == pytest.approx(reached, abs=0.03)
    assert reached >= 0.9


def test_sizes_equal_wilks() -> None:
    # Wilks 1941: 93 and 59 for 95/95; 473 and 299 for 99/95.
    assert distribution_free_size(0.95, 0.95) == 93
    assert distribution_free_size(0.95, 0.95, "upper") == 59
    assert distribution_free_size(0.99, 0.95) == 473
    assert distribution_free_size(0.99, 0.95, "lower") == 299


def test_the_size_needed_is_named() -> None:
    with pytest.raises(TooFewValues, match="at least 93 values"):
        distribution_free_tolerance(np.arange(92.0))


def test_order_statistics_do_not_depend_on_order_or_scale() -> None:
    x = np.random.default_rng(1).gamma(2.0, size=400)
    one = distribution_free_tolerance(x).interval
    two = distribution_free_tolerance(np.random.default_rng(2).permutation(np.exp(x))).interval
    assert (np.exp(one.low), np.exp(one.high)) == pytest.approx((two.low, two.high))


def test_bad_input_is_refused() -> None:
    with pytest.raises(NoVariation):
        normal_tolerance([1.0, 1.0])
    with pytest.raises(InvalidOption, match="proportion"):
        normal_tolerance([1.0, 2.0], proportion=1.0)
    with pytest.raises(InvalidOption, match="sides"):
        normal_tolerance([1.0, 2.0], sides="left")
