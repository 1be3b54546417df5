"""Capability against Montgomery and R qcc; intervals against simulation."""

import json

import numpy as np
import pytest
from chart_data import FLOW_WIDTH, GLASS, PISTON_RINGS
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats.capability import Capability, capability
from andon.stats.capability_indices import Specification, indices_of, z_bench
from andon.stats.capability_within import (
    NEIGHBOUR_ESTIMATORS,
    Spread,
    neighbour_spread,
    within_spread,
)
from andon.stats.errors import InvalidOption, NotFinite, NoVariation, TooFewValues
from andon.stats.moments import moments_of
from andon.stats.subgroups import ESTIMATORS, as_subgroups


def test_indices_and_intervals_equal_qcc_for_its_piston_rings() -> None:
    # R qcc 2.7, process.capability of pistonrings 1:25, as kept by the tests of mistat:
    # Cp 1.703 (1.491, 1.915), Cpk 1.663 (1.448, 1.878), Cpm 1.691 (1.480, 1.902).
    spread = Spread(0.009785039, 124.0, False, "given")
    limits = Specification(73.95, 74.05)
    ours = indices_of("within", 74.001176, 125, spread, limits, level=0.95, interval="bissell")
    assert ours.potential is not None
    assert ours.taguchi is not None
    for estimate, published in (
        (ours.potential, (1.703, 1.491, 1.915)),
        (ours.actual, (1.663, 1.448, 1.878)),
        (ours.taguchi, (1.691, 1.480, 1.902)),
    ):
        found = (estimate.value, estimate.interval.low, estimate.interval.high)
        assert found == pytest.approx(published, abs=1e-3)


def test_flow_width_equals_montgomery() -> None:
    # Montgomery, section 6.2.1: sigma 0.1398 by ranges, limits 1.00 and 2.00: Cp 1.192, 350 ppm.
    found = capability(FLOW_WIDTH, lower=1.0, upper=2.0, within="mean range")
    assert found.cp is not None
    assert found.cp.value == pytest.approx(1.192, abs=6e-4)
    assert found.within.ppm == pytest.approx(350, rel=0.03)


def test_interval_of_cp_equals_montgomery() -> None:
    # Montgomery, example 8.4: n = 20, s = 1.75, limits 38 and 62: Cp 2.29, 1.57 to 3.01.
    ours = indices_of(
        "overall", 50.0, 20, Spread(1.75, 19.0, False, "s"), Specification(38.0, 62.0),
        level=0.95, interval="bissell",
    )  # fmt: skip
    assert ours.potential is not None
    assert ours.potential.value == pytest.approx(2.29, abs=5e-3)
    assert ours.potential.interval.low == pytest.approx(1.57, abs=1e-2)
    assert ours.potential.interval.high == pytest.approx(3.01, abs=1e-2)


def test_interval_of_cpk_equals_montgomery() -> None:
    # Montgomery, example 8.5: n = 20, Cpk 1.33: 0.88 to 1.78.
    ours = indices_of(
        "overall", 0.0, 20, Spread(1.0, 19.0, False, "s"), Specification(-3.99, 9.0),
        level=0.95, interval="bissell",
    )  # fmt: skip
    assert ours.actual.value == pytest.approx(1.33)
    assert ours.actual.interval.low == pytest.approx(0.88, abs=5e-3)
    assert ours.actual.interval.high == pytest.approx(1.78, abs=5e-3)


def test_one_limit_gives_one_index_as_in_montgomery() -> None:
    # Montgomery, example 8.2: mean 264, s 32, lower limit 200: 0.67.
    ours = indices_of(
        "overall", 264.0, 100, Spread(32.0, 99.0, False, "s"), Specification(200.0),
        level=0.95, interval="bissell",
    )  # fmt: skip
    assert ours.actual.value == pytest.approx(0.67, abs=5e-3)
    found = capability(GLASS, lower=200.0)
    assert found.ppk.value == pytest.approx((GLASS.mean() - 200) / (3 * GLASS.std(ddof=1)))
    assert found.overall.lower_index == found.ppk
    assert (found.pp, found.cpm, found.overall.upper_index) == (None, None, None)
    assert found.overall.ppm_above == 0.0


def test_within_and_overall_are_never_mixed() -> None:
    shifted = np.random.default_rng(1).normal(size=(25, 5)) + np.arange(25)[:, None] / 4
    found = capability(shifted, lower=-10.0, upper=16.0)
    assert found.cpk.value > 1.5 * found.ppk.value
    assert found.within.sigma == pytest.approx(1.0, abs=0.15)
    assert found.overall.sigma == pytest.approx(shifted.std(ddof=1), rel=1e-12)


def test_z_bench_is_exact_in_the_far_tail() -> None:
    assert z_bench([50.0]) == pytest.approx(50.0, rel=1e-9)
    assert z_bench([3.0, 4.0]) == pytest.approx(2.9928, abs=1e-3)
    assert z_bench([-1.0]) == pytest.approx(-1.0)


@pytest.mark.parametrize("interval", ["bissell", "noncentral t"])
def test_intervals_cover_as_often_as_they_say(interval: str) -> None:
    random = np.random.default_rng(5)
    truth = {"pp": 4 / 3, "ppk": 1.0}
    hits = dict.fromkeys(truth, 0)
    runs = 600
    for _ in range(runs):
        found = capability(random.normal(1.0, 1.0, 40), lower=-4.0, upper=4.0, interval=interval)
        assert found.pp is not None
        hits["pp"] += truth["pp"] in found.pp.interval
        hits["ppk"] += truth["ppk"] in found.ppk.interval
    for name, count in hits.items():
        assert 0.925 <= count / runs <= 0.975, name


@pytest.mark.parametrize("estimator", [*ESTIMATORS, *NEIGHBOUR_ESTIMATORS])
def test_degrees_of_freedom_tell_the_noise_of_each_estimator(estimator: str) -> None:
    random = np.random.default_rng(9)
    found: list[Spread] = []
    for _ in range(1500):
        if estimator in NEIGHBOUR_ESTIMATORS:
            row = random.normal(size=60)
            found.append(neighbour_spread(row, moments_of(row), estimator))
        else:
            found.append(within_spread(as_subgroups(random.normal(size=(12, 5))), estimator))
    sigma = np.array([spread.sigma for spread in found])
    relative = sigma.std(ddof=1) / sigma.mean()
    assert relative == pytest.approx(1 / np.sqrt(2 * found[0].freedom), rel=0.08)


def test_moments_equal_numpy_on_a_long_row_far_from_zero() -> None:
    x = np.random.default_rng(2).normal(1e6, 1e-3, 100_001)
    ours = moments_of(x, lower=1e6 - 2e-3, upper=1e6 + 2e-3)
    assert ours.mean == pytest.approx(x.mean(), rel=1e-14)
    assert ours.deviation == pytest.approx(x.std(ddof=1), rel=1e-9)
    assert ours.mean_range == pytest.approx(np.abs(np.diff(x)).mean(), rel=1e-9)
    assert (ours.below, ours.above) == ((x < 1e6 - 2e-3).sum(), (x > 1e6 + 2e-3).sum())


@given(
    st.integers(0, 2**32 - 1),
    st.floats(-1e3, 1e3),
    st.floats(1e-3, 1e3),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_indices_do_not_change_with_the_unit(
    seed: int, shift: float, scale: float, in_groups: bool
) -> None:
    x = np.random.default_rng(seed).normal(size=(6, 5))
    x = x if in_groups else x.ravel()
    one = capability(x, lower=-4.0, upper=3.0)
    two = capability(scale * x + shift, lower=-4 * scale + shift, upper=3 * scale + shift)
    mirrored = capability(-x, lower=-3.0, upper=4.0)
    for other in (two, mirrored):
        assert other.cpk.value == pytest.approx(one.cpk.value, rel=1e-6)
        assert other.ppk.interval.low == pytest.approx(one.ppk.interval.low, rel=1e-6)
        assert other.overall.ppm == pytest.approx(one.overall.ppm, rel=1e-4)


def test_result_survives_json() -> None:
    before = capability(PISTON_RINGS, lower=73.95, upper=74.05)
    after = Capability.from_dict(json.loads(json.dumps(before.to_dict(), allow_nan=False)))
    assert after == before


def test_normality_verdict_follows_the_shape() -> None:
    random = np.random.default_rng(4)
    skewed = capability(random.exponential(size=100), lower=0.0).normality
    normal = capability(random.normal(size=100), lower=-5.0).normality
    assert skewed is not None
    assert normal is not None
    assert skewed.is_rejected
    assert not normal.is_rejected
    assert capability([1.0, 2.0, 3.0], lower=0.0).normality is None


def test_bad_input_is_refused() -> None:
    with pytest.raises(InvalidOption, match="at least one"):
        capability([1.0, 2.0, 3.0])
    with pytest.raises(InvalidOption, match="below upper"):
        capability([1.0, 2.0, 3.0], lower=2.0, upper=1.0)
    with pytest.raises(NotFinite):
        capability([1.0, np.nan, 3.0], lower=2.0)
    with pytest.raises(TooFewValues):
        capability([1.0], lower=2.0)
    with pytest.raises(NoVariation):
        capability([1.0, 1.0], lower=2.0)
