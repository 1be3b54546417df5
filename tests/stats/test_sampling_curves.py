"""Curves and designed plans against published figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.sampling_curves import (
    acceptance_probability,
    plan_curves,
    quality_at_probability,
)
from andon.stats.sampling_design import (
    isolated_lot_plan,
    single_plan,
    zero_acceptance_for_aql,
    zero_acceptance_plan,
)
from andon.stats.sampling_plans import Stage, find_plan

SINGLE = [Stage(89, 2, 3)]
DOUBLE = [Stage(50, 1, 4), Stage(100, 3, 4)]


def test_operating_characteristic_of_the_single_plan_of_montgomery() -> None:
    # Montgomery, Introduction to Statistical Quality Control, table 15.2 (n = 89, c = 2).
    quality = [0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09]
    published = [
        0.9897, 0.9397, 0.7366, 0.4985, 0.3042, 0.1721, 0.0919, 0.0468, 0.0230, 0.0109,
    ]  # fmt: skip
    assert acceptance_probability(SINGLE, quality) == pytest.approx(published, abs=6e-5)


def test_outgoing_quality_and_total_inspection_of_montgomery() -> None:
    # Montgomery, 15.2.3: N = 10,000: ATI 687 at 1 %, AOQL about 1.55 % read from a graph.
    curves = plan_curves(SINGLE, [0.01], lot_size=10_000)
    assert curves.inspected is not None
    assert curves.inspected[0] == pytest.approx(687, abs=0.5)
    assert curves.outgoing_limit == pytest.approx(0.0155, abs=5e-4)
    assert curves.outgoing[0] == pytest.approx(0.9397 * 0.01 * 9911 / 10_000, abs=1e-6)


def test_double_plan_of_montgomery() -> None:
    # Montgomery, 15.3.1: n1 = 50, c1 = 1, n2 = 100, c2 = 3: first sample accepts 0.279 at 5 %.
    first = acceptance_probability([Stage(50, 1, 2)], [0.05])[0]
    assert first == pytest.approx(0.279, abs=5e-4)
    by_hand = first + sum(
        stats.binom.pmf(found, 50, 0.05) * stats.binom.cdf(3 - found, 100, 0.05) for found in (2, 3)
    )
    assert acceptance_probability(DOUBLE, [0.05])[0] == pytest.approx(by_hand, rel=1e-12)
    curves = plan_curves(DOUBLE, [0.05])
    drawn = 50 + 100 * sum(float(stats.binom.pmf(found, 50, 0.05)) for found in (2, 3))
    assert curves.sample_number[0] == pytest.approx(drawn, rel=1e-12)


@pytest.mark.parametrize(
    ("size", "accept", "at_95", "at_10"),
    [
        # MIL-STD-105E tables X-K-1 and X-L-1 (percent nonconforming at Pa 95 % and 10 %);
        # the same in Schilling and Neubauer, ch. 11.
        (125, 3, 1.09, 5.35),
        (200, 3, 0.683, 3.31),
    ],
)
def test_tabulated_risk_points(size: int, accept: int, at_95: float, at_10: float) -> None:
    curves = plan_curves([Stage(size, accept, accept + 1)], distribution="poisson")
    assert 100 * curves.quality_95 == pytest.approx(at_95, rel=0.01)
    assert 100 * curves.quality_10 == pytest.approx(at_10, rel=0.01)


@pytest.mark.parametrize(
    ("accept", "np_95", "np_50", "np_10"),
    [
        # Unity values of single Poisson plans, Schilling and Neubauer, table T5-1 (Cameron 1952).
        (0, 0.051, 0.693, 2.303),
        (1, 0.355, 1.678, 3.890),
        (2, 0.818, 2.674, 5.322),
        (5, 2.613, 5.670, 9.275),
        (10, 6.169, 10.668, 15.407),
    ],
)
def test_unity_values(accept: int, np_95: float, np_50: float, np_10: float) -> None:
    curves = plan_curves([Stage(1, accept, accept + 1)], distribution="poisson")
    got = (curves.quality_95, curves.quality_50, curves.quality_10)
    assert got == pytest.approx((np_95, np_50, np_10), abs=6e-4)


def test_lot_curve_is_hypergeometric_and_total_for_full_samples() -> None:
    pa = acceptance_probability(
        [Stage(20, 1, 2)], [0.0, 0.1, 1.0], distribution="hypergeometric", lot_size=100
    )
    assert pa[1] == pytest.approx(stats.hypergeom.cdf(1, 100, 10, 20), rel=1e-12)
    assert (pa[0], pa[2]) == pytest.approx((1.0, 0.0))
    staged = [Stage(30, 0, 2), Stage(30, 1, 2)]
    got = acceptance_probability(staged, [0.05], distribution="hypergeometric", lot_size=60)[0]
    # The whole lot is inspected and holds three: found or not, never accepted beyond one in 30.
    assert got == pytest.approx(stats.hypergeom.pmf(0, 60, 3, 30), rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 300), st.integers(0, 8), st.sampled_from(["binomial", "poisson"]))
def test_acceptance_falls_with_worse_quality_and_its_inverse_returns(
    size: int, accept: int, distribution: str
) -> None:
    plan = [Stage(size, min(accept, size - 1), min(accept, size - 1) + 1)]
    grid = np.linspace(0, 1, 50)
    pa = acceptance_probability(plan, grid, distribution=distribution)
    assert pa[0] == 1
    assert (np.diff(pa) <= 1e-12).all()
    at = quality_at_probability(plan, 0.3, distribution=distribution)
    back = acceptance_probability(plan, [at], distribution=distribution)[0]
    assert back == pytest.approx(0.3, abs=1e-8)


def test_curves_agree_with_drawn_lots() -> None:
    rng = np.random.default_rng(23)
    plan, p, runs = find_plan("G", 2.5, kind="multiple"), 0.06, 40_000
    found = np.zeros(runs, dtype=np.int64)
    undecided, accepted, drawn = np.ones(runs, bool), 0, 0
    for stage in plan.stages:
        drawn += stage.size * int(undecided.sum())
        found += rng.binomial(stage.size, p, runs) * undecided
        if stage.accept is not None:
            passes = undecided & (found <= stage.accept)
            accepted += int(passes.sum())
            undecided &= ~passes
        undecided &= found < stage.reject
    curves = plan_curves(plan.stages, [p])
    assert accepted / runs == pytest.approx(curves.acceptance[0], abs=0.01)
    assert drawn / runs == pytest.approx(curves.sample_number[0], rel=0.01)


def test_designed_plan_of_two_points() -> None:
    # Kiermeier (2008), J. Statistical Software 26(6): risks 5 % at 5 % and 7.5 % at 15 % give 80/7.
    plan = single_plan(producer_quality=0.05, consumer_quality=0.15, consumer_risk=0.075)
    assert (plan.sample_size, plan.acceptance_number) == (80, 7)
    assert plan.producer_risk is not None
    assert plan.producer_risk <= 0.05
    assert plan.consumer_risk <= 0.075
    assert "computed, not tabulated" in plan.convention


def test_zero_acceptance_plans() -> None:
    # Success runs without failure: 22 for 90 % / 90 %, 59 for 95 % / 95 %, 299 for 99 % / 95 %.
    assert zero_acceptance_plan(limiting_quality=0.10).sample_size == 22
    assert zero_acceptance_plan(limiting_quality=0.05, consumer_risk=0.05).sample_size == 59
    assert zero_acceptance_plan(limiting_quality=0.01, consumer_risk=0.05).sample_size == 299
    # Squeglia, Zero Acceptance Number Sampling Plans, table 1, AQL 1.0: 34 and 42 units.
    assert zero_acceptance_for_aql(1000, 1.0).sample_size == 34
    assert zero_acceptance_for_aql(2000, 1.0).sample_size == 42


@given(st.integers(20, 2000), st.floats(0.02, 0.3), st.integers(0, 3))
def test_isolated_lot_plan_is_the_smallest_that_protects(
    lot_size: int, limit: float, accept: int
) -> None:
    try:
        plan = isolated_lot_plan(lot_size, limiting_quality=limit, acceptance_number=accept)
    except StatisticsError:
        assert stats.hypergeom.cdf(accept, lot_size, np.ceil(limit * lot_size), lot_size) > 0.1
        return
    bad = int(np.ceil(limit * lot_size * (1 - 1e-12)))
    assert stats.hypergeom.cdf(accept, lot_size, bad, plan.sample_size) <= 0.1
    assert stats.hypergeom.cdf(accept, lot_size, bad, plan.sample_size - 1) > 0.1


def test_plans_that_cannot_be_are_refused() -> None:
    with pytest.raises(StatisticsError, match="at least one sample"):
        acceptance_probability([], [0.1])
    with pytest.raises(StatisticsError, match="last sample"):
        acceptance_probability([Stage(5, None, 2)], [0.1])
    with pytest.raises(InvalidOption, match="lot_size"):
        acceptance_probability(SINGLE, [0.1], distribution="hypergeometric")
    with pytest.raises(InvalidOption, match="fractions"):
        acceptance_probability(SINGLE, [1.1])
    with pytest.raises(InvalidOption, match="consumer_quality"):
        single_plan(producer_quality=0.05, consumer_quality=0.01)
