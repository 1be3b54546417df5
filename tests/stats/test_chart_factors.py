"""Factors against published tables and closed forms."""

import numpy as np
import pytest

from andon.stats.chart_factors import c4, chart_factors, d2, d2_of, d2_star, d3, median_range_factor
from andon.stats.errors import InvalidOption

# Harter 1960, Tables of range and studentized range: mean and variance of the range, rounded.
HARTER = {2: (1.1283791671, 0.726760455), 3: (1.6925687506, 0.789198), 5: (2.3259289473, 0.746637)}
# Montgomery, Introduction to Statistical Quality Control, appendix VI.
MONTGOMERY = {
    2: {"A2": 1.880, "A3": 2.659, "c4": 0.7979, "B4": 3.267, "d2": 1.128, "d3": 0.853, "D4": 3.267},
    5: {"A2": 0.577, "A3": 1.427, "c4": 0.9400, "B4": 2.089, "d2": 2.326, "d3": 0.864, "D4": 2.114},
    10: {"A2": 0.308, "B3": 0.284, "c4": 0.9727, "B4": 1.716, "d2": 3.078, "D3": 0.223},
    25: {
        "A2": 0.153,
        "B3": 0.565,
        "c4": 0.9896,
        "B6": 1.420,
        "d2": 3.931,
        "d3": 0.708,
        "D3": 0.459,
    },
}


@pytest.mark.parametrize("n", HARTER)
def test_range_moments_equal_harters_to_the_last_published_digit(n: int) -> None:
    mean, variance = HARTER[n]
    assert d2(n) == pytest.approx(mean, abs=6e-10)
    assert d3(n) ** 2 == pytest.approx(variance, abs=1e-6)


@pytest.mark.parametrize("n", MONTGOMERY)
def test_factors_equal_the_appendix_within_its_rounding(n: int) -> None:
    ours = chart_factors(n)
    for name, published in MONTGOMERY[n].items():
        assert ours[name] == pytest.approx(published, abs=1.01e-3 if name == "D4" else 6e-4), name


def test_factors_of_two_equal_their_closed_forms() -> None:
    assert d2(2) == pytest.approx(2 / np.sqrt(np.pi), rel=1e-12)
    assert d3(2) == pytest.approx(np.sqrt(2 - 4 / np.pi), rel=1e-12)
    assert c4(2) == pytest.approx(np.sqrt(2 / np.pi), rel=1e-12)
    assert median_range_factor(2) == pytest.approx(np.sqrt(2) * 0.6744897501960817, rel=1e-10)
    assert d2_star(2, 1) == pytest.approx(np.sqrt(2), rel=1e-12)


def test_range_of_three_equals_its_closed_form() -> None:
    assert d2(3) == pytest.approx(3 / np.sqrt(np.pi), rel=1e-12)
    assert d3(3) ** 2 == pytest.approx(2 + (3 * np.sqrt(3) - 9) / np.pi, rel=1e-12)


def test_sizes_of_one_have_no_range() -> None:
    assert np.isnan(d2_of(np.array([1.0, 2.0]))).tolist() == [True, False]
    with pytest.raises(InvalidOption):
        d2(1)
