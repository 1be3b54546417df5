"""Uncertainty budgets against the examples of the GUM."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats.errors import InvalidOption, NoVariation, StatisticsError
from andon.stats.gauge_uncertainty import UncertaintyBudget, expanded_uncertainty


def test_end_gauge_example_of_the_gum() -> None:
    # JCGM 100:2008, H.1, table H.1: contributions in nm, u_c 32, v_eff 16, k 2.92, U99 93.
    budget = expanded_uncertainty(
        [25.0, 9.7, 2.9, 16.6],
        degrees=[18, 25.6, 50, 2],
        names=["standard", "difference", "expansion", "temperature"],
        level=0.99,
    )
    assert budget.combined == pytest.approx(32, abs=0.5)
    assert math.floor(budget.effective_degrees) == 16
    assert budget.coverage_factor == pytest.approx(2.92, abs=5e-3)
    assert budget.expanded == pytest.approx(93, abs=1)
    assert sum(row.share for row in budget.contributions) == pytest.approx(100)


def test_effective_degrees_example_of_the_gum() -> None:
    # JCGM 100:2008, G.4.1: relative uncertainties 0.25, 0.57, 0.82 % with 9, 4, 14 degrees give
    # 1.03 %, 19.0 degrees, t95 2.09, U 2.2 %.
    budget = expanded_uncertainty([0.25, 0.57, 0.82], degrees=[9, 4, 14])
    assert budget.combined == pytest.approx(1.03, abs=5e-3)
    assert budget.effective_degrees == pytest.approx(19.0, abs=0.5)
    assert budget.expanded == pytest.approx(2.2, abs=0.05)


def test_half_widths_are_divided_as_their_distribution_says() -> None:
    budget = expanded_uncertainty(
        [1.0, 1.0, 1.0, 1.0, 1.0],
        distributions=["standard", "expanded", "rectangular", "triangular", "u-shaped"],
    )
    squares = [row.standard_uncertainty**2 for row in budget.contributions]
    assert squares == pytest.approx([1, 1 / 4, 1 / 3, 1 / 6, 1 / 2])
    assert math.isinf(budget.effective_degrees)
    assert budget.coverage_factor == pytest.approx(1.959964, abs=1e-6)
    assert UncertaintyBudget.from_dict(budget.to_dict()) == budget


def test_fully_correlated_contributions_add_linearly() -> None:
    budget = expanded_uncertainty([3.0, 4.0], correlation=[[1, 1], [1, 1]], coverage_factor=2)
    assert budget.combined == pytest.approx(7)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=6), st.floats(0.1, 10))
def test_combined_uncertainty_scales_with_the_unit(values: list[float], scale: float) -> None:
    plain = expanded_uncertainty(values, coverage_factor=2)
    scaled = expanded_uncertainty(values, sensitivities=[scale] * len(values), coverage_factor=2)
    assert scaled.expanded == pytest.approx(scale * plain.expanded, rel=1e-12)


def test_budgets_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InvalidOption, match="zero or above"):
        expanded_uncertainty([-1.0])
    with pytest.raises(InvalidOption, match="rectangular"):
        expanded_uncertainty([1.0], distributions=["square"])
    with pytest.raises(StatisticsError, match="one number"):
        expanded_uncertainty([1.0, 2.0], degrees=[3])
    with pytest.raises(NoVariation):
        expanded_uncertainty([0.0])
