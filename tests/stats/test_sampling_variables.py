"""Variables plans: published designs, their curves by simulation, and the judgement of lots."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.sampling_curves import acceptance_probability
from andon.stats.sampling_judgement import judge_by_variables
from andon.stats.sampling_plans import find_plan
from andon.stats.sampling_variables import (
    variables_acceptance,
    variables_plan,
    variables_plan_for_aql,
)


def test_design_of_montgomery() -> None:
    # Montgomery, Introduction to Statistical Quality Control, 16.2 (figure 16.2): 1 % at 0.95 and
    # 6 % at 0.10 give about n = 40, k = 1.9 without and n = 15, k = 1.9 with known sigma.
    unknown = variables_plan(producer_quality=0.01, consumer_quality=0.06)
    assert unknown.sample_size == pytest.approx(40, abs=2)
    assert unknown.k == pytest.approx(1.9, abs=0.01)
    known = variables_plan(producer_quality=0.01, consumer_quality=0.06, is_sigma_known=True)
    assert known.sample_size == 15
    assert known.k == pytest.approx(1.9, abs=0.01)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.001, 0.02), st.floats(2.5, 10), st.booleans())
def test_designed_plans_keep_both_points_and_none_smaller_does(
    good: float, ratio: float, is_sigma_known: bool
) -> None:
    plan = variables_plan(
        producer_quality=good, consumer_quality=good * ratio, is_sigma_known=is_sigma_known
    )
    assert plan.producer_risk <= 0.05 + 1e-9
    assert plan.consumer_risk <= 0.10 + 1e-9
    attribute = np.array([good, good * ratio])
    curve = variables_acceptance(plan.sample_size, plan.k, attribute, is_sigma_known=is_sigma_known)
    assert (1 - curve[0], curve[1]) == pytest.approx((plan.producer_risk, plan.consumer_risk))


@pytest.mark.parametrize("is_sigma_known", [True, False])
def test_curve_agrees_with_drawn_samples(is_sigma_known: bool) -> None:
    rng = np.random.default_rng(31)
    n, k, p = 20, 1.7, 0.03
    x = rng.normal(0, 1, (40_000, n))
    limit = stats.norm.isf(p)
    sigma = 1.0 if is_sigma_known else x.std(axis=1, ddof=1)
    share = ((limit - x.mean(axis=1)) / sigma >= k).mean()
    curve = variables_acceptance(n, k, [p], is_sigma_known=is_sigma_known)
    assert curve[0] == pytest.approx(share, abs=0.01)


def test_plan_for_an_aql_follows_the_curve_of_the_attribute_plan() -> None:
    plan = variables_plan_for_aql(5000, 0.65)
    stages = find_plan("L", 0.65).stages
    assert plan.sample_size < stages[0].size / 2
    quality = np.array([0.005, 0.01, 0.02, 0.03])
    attribute = acceptance_probability(stages, quality)
    assert variables_acceptance(plan.sample_size, plan.k, quality) == pytest.approx(
        attribute, abs=0.04
    )
    assert "computed, not tabulated" in plan.convention


def test_one_limit_by_k_equals_one_limit_by_fraction() -> None:
    rng = np.random.default_rng(37)
    plan = variables_plan(producer_quality=0.01, consumer_quality=0.10)
    for _ in range(50):
        x = rng.normal(10, 1, plan.sample_size)
        result = judge_by_variables(x, plan, upper=12.1)
        assert result.is_accepted is (result.fraction <= plan.largest_fraction)


def test_estimated_fraction_is_unbiased() -> None:
    rng = np.random.default_rng(41)
    plan = variables_plan(producer_quality=0.01, consumer_quality=0.15)
    truth = stats.norm.sf(1.5) + stats.norm.sf(2.0)
    total = np.mean([
        judge_by_variables(
            rng.normal(0, 1, plan.sample_size), plan, lower=-2.0, upper=1.5
        ).fraction
        for _ in range(4000)
    ])  # fmt: skip
    assert total == pytest.approx(truth, rel=0.03)


def test_a_centred_lot_is_accepted_just_up_to_the_largest_sigma() -> None:
    plan = variables_plan(producer_quality=0.01, consumer_quality=0.06)
    shape = np.linspace(-1, 1, plan.sample_size)
    shape /= shape.std(ddof=1)
    largest = judge_by_variables(shape, plan, lower=-5.0, upper=5.0).largest_sigma
    assert largest is not None
    for factor, accepted in ((0.999, True), (1.001, False)):
        result = judge_by_variables(shape * largest * factor, plan, lower=-5.0, upper=5.0)
        assert result.is_accepted is accepted


def test_known_sigma_is_used_and_asked_for() -> None:
    plan = variables_plan(producer_quality=0.01, consumer_quality=0.06, is_sigma_known=True)
    x = np.full(plan.sample_size, 10.0)
    assert judge_by_variables(x, plan, upper=12.0, sigma=1.0).quality_high == 2.0
    with pytest.raises(InvalidOption, match="sigma"):
        judge_by_variables(x, plan, upper=12.0)


def test_samples_that_do_not_fit_the_plan_are_refused() -> None:
    plan = variables_plan(producer_quality=0.01, consumer_quality=0.06)
    with pytest.raises(StatisticsError, match=str(plan.sample_size)):
        judge_by_variables([1.0, 2.0], plan, upper=3)
    with pytest.raises(StatisticsError, match="limit"):
        judge_by_variables(np.arange(plan.sample_size), plan)
    with pytest.raises(InvalidOption, match="below"):
        judge_by_variables(np.arange(plan.sample_size), plan, lower=3, upper=1)
    with pytest.raises(InvalidOption):
        variables_plan(producer_quality=0.06, consumer_quality=0.01)
