"""The noncentral t against scipy where scipy is right, and against normality where it is not."""

import numpy as np
import pytest
from scipy import stats

from andon.stats.noncentral_t import noncentral_quantile, noncentral_t_below, noncentrality


@pytest.mark.parametrize("freedom", [1.0, 2.0, 9.0, 49.0, 300.0])
@pytest.mark.parametrize("delta", [-1.0, 0.0, 2.5, 5.0])
def test_distribution_equals_scipy(freedom: float, delta: float) -> None:
    for t in (-2.0, 0.5, 3.0, 12.0):
        expected = stats.nct.cdf(t, freedom, delta)
        assert noncentral_t_below(t, freedom, delta) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("freedom", [1.0, 4.0, 99.0, 1e4, 1e6])
@pytest.mark.parametrize("t", [-5.0, 0.0, 4.0, 4000.0])
def test_noncentrality_and_quantile_are_inverses(freedom: float, t: float) -> None:
    for p in (0.025, 0.5, 0.975):
        delta = noncentrality(t, freedom, p)
        assert noncentral_t_below(t, freedom, delta) == pytest.approx(p, abs=1e-6)
        assert noncentral_quantile(p, freedom, delta) == pytest.approx(t, rel=1e-4, abs=1e-4)


def test_large_freedom_is_nearly_normal() -> None:
    low = noncentrality(3000.0, 1e6, 0.975)
    assert low == pytest.approx(3000 - 1.96 * np.sqrt(1 + 3000**2 / 2e6), abs=0.02)
