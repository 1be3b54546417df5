"""The finding rules: what reports, what does not, and that replay, bulk and state agree."""

import json
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.stats.errors import InvalidOption, NotFinite, NoVariation, StatisticsError, TooFewValues
from andon.stats.findings import DEFAULT_OPTIONS, Finding, FindingOptions, ShiftState, advance
from andon.stats.findings_baseline import Baseline, freeze_baseline, model_scale
from andon.stats.findings_forecast import forecast_out_of_specification
from andon.stats.findings_merge import Occurrence, are_one_problem, join_problems, merge_findings
from andon.stats.findings_rate import rate_findings
from andon.stats.findings_scan import scan

BASELINE = Baseline(mean=10.0, sigma_of_means=0.5, sigma_within=1.0, subgroups=40)


def replay(means: list[float], baseline: Baseline = BASELINE) -> tuple[ShiftState, list[Finding]]:
    state, found = ShiftState(), list[Finding]()
    for mean in means:
        state, new = advance(state, mean, baseline)
        found += new
    return state, found


def at_z(*z: float) -> list[float]:
    return [10.0 + 0.5 * value for value in z]


def test_a_subgroup_at_the_extreme_limit_reports_and_one_just_below_does_not() -> None:
    assert [f.rule for f in replay(at_z(5.5))[1]] == ["EXTREME"]
    assert [f.direction for f in replay(at_z(-5.5))[1]] == [-1]
    assert replay(at_z(5.49, -5.49))[1] == []


def test_one_wild_subgroup_never_counts_as_a_shift() -> None:
    assert [f.rule for f in replay(at_z(0, 1000, 0, 0, 0))[1]] == ["EXTREME"]


def test_a_shift_needs_three_subgroups_even_when_the_sum_is_high_after_two() -> None:
    eager = FindingOptions(decision=5.0)
    state, first = advance(ShiftState(), 12.0, BASELINE, eager)
    state, second = advance(state, 12.0, BASELINE, eager)
    assert state.up.cusum > eager.decision
    assert first == second == ()
    assert [f.rule for f in advance(state, 12.0, BASELINE, eager)[1]] == ["SHIFT"]


def test_a_confirmed_but_small_shift_is_no_finding() -> None:
    wide = Baseline(mean=10.0, sigma_of_means=0.5, sigma_within=4.0, subgroups=40)
    assert replay(at_z(*[3.0] * 20), wide)[1] == []
    assert replay(at_z(*[3.0] * 20))[1] != []


def test_the_run_s_mean_is_not_clipped() -> None:
    wide = Baseline(mean=10.0, sigma_of_means=0.5, sigma_within=3.0, subgroups=40)
    assert [f.rule for f in replay(at_z(5.0, 5.0, 5.0), wide)[1]] == ["SHIFT"]
    assert replay(at_z(4.4, 4.4, 4.4), wide)[1] == []


def test_after_a_shift_the_run_restarts_and_the_excursion_goes_on() -> None:
    found = replay(at_z(0, 4, 4, 4, 4, 4, 4))[1]
    assert [(f.began, f.position) for f in found] == [(1, 3), (1, 6)]
    later = replay(at_z(4, 4, 4, 0, 4, 4, 4))[1]
    assert [(f.began, f.position) for f in later] == [(0, 2), (4, 6)]


def test_both_directions_are_watched() -> None:
    found = replay(at_z(-4, -4, -4, 4, 4, 4))[1]
    assert [(f.direction, f.position) for f in found] == [(-1, 2), (1, 5)]
    assert [round(f.mean, 6) for f in found] == [8.0, 12.0]


def test_the_slope_of_a_straight_line_is_exact_and_called_a_drift() -> None:
    finding = replay(at_z(*np.arange(1.5, 4.5, 0.2)))[1][-1]
    assert finding.slope == pytest.approx(0.1)
    assert finding.is_drift
    assert finding.slope_interval is not None
    assert 0.1 in finding.slope_interval


def test_a_step_is_no_drift() -> None:
    assert not replay(at_z(4, 4, 4))[1][0].is_drift
    assert not replay(at_z(9))[1][0].is_drift


def test_a_downward_drift_has_a_falling_slope() -> None:
    finding = replay(at_z(*-np.arange(1.5, 4.5, 0.2)))[1][-1]
    assert finding.slope == pytest.approx(-0.1)
    assert finding.is_drift


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-8, 8), max_size=80), st.integers(0, 80), st.floats(-1, 3))
def test_a_scan_gives_what_one_at_a_time_gives(z: list[float], cut: int, moved: float) -> None:
    means = at_z(*(value + moved for value in z))
    expected_state, expected = replay(means)
    state, first = scan(means[:cut], BASELINE)
    state, second = scan(means[cut:], BASELINE, state=state)
    assert state == expected_state
    assert [*first, *second] == expected


def test_a_long_scan_gives_what_one_at_a_time_gives() -> None:
    rng = np.random.default_rng(1)
    means = (10 + 0.5 * (rng.normal(size=20_000) + 2.5 * (rng.random(20_000) < 0.4))).tolist()
    state, found = scan(means, BASELINE)
    expected_state, expected = replay(means)
    assert state == expected_state
    assert list(found) == expected
    assert found


def test_the_state_survives_storage_as_json_without_loss() -> None:
    state, _ = replay(at_z(0.1, 2.3, 3.1, -0.2))
    assert ShiftState.from_dict(json.loads(json.dumps(state.to_dict()))) == state


def test_a_finding_survives_storage_as_json_without_loss() -> None:
    for finding in replay(at_z(6, 4, 4))[1]:
        assert Finding.from_dict(json.loads(json.dumps(finding.to_dict()))) == finding


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_mean_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(NotFinite):
        advance(ShiftState(), bad, BASELINE)
    with pytest.raises(NotFinite):
        scan([10.0, bad], BASELINE)


@pytest.mark.parametrize(
    "options",
    [{"extreme": 0.0}, {"decision": -1.0}, {"allowance": 5.0}, {"effect": -0.1}, {"clip": 0.0}],
)
def test_options_outside_their_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InvalidOption):
        FindingOptions(**options)  # type: ignore[arg-type]
    with pytest.raises(InvalidOption):
        FindingOptions(shortest_run=0)


def test_the_baseline_has_the_mean_and_both_sigmas_of_a_hand_computed_case() -> None:
    table = np.array([[1.0, 3.0], [2.0, 6.0], [5.0, 7.0]])
    baseline = freeze_baseline(table, minimum=3)
    assert baseline.mean == 4.0
    assert baseline.sigma_of_means == 2.0
    assert baseline.sigma_within == pytest.approx(np.sqrt((2 + 8 + 2) / 3))


def test_single_values_take_w_from_the_moving_range() -> None:
    baseline = freeze_baseline([[1.0], [3.0], [2.0], [4.0]], minimum=4)
    assert baseline.sigma_within == pytest.approx((2 + 1 + 2) / 3 / 1.128379, rel=1e-6)


def test_a_logarithmic_baseline_is_that_of_the_logarithms() -> None:
    table = np.exp(np.random.default_rng(2).normal(3, 0.1, (30, 5)))
    one, other = freeze_baseline(table, logarithmic=True), freeze_baseline(np.log(table))
    assert (one.mean, one.sigma_of_means, one.sigma_within) == (
        other.mean,
        other.sigma_of_means,
        other.sigma_within,
    )


def test_a_baseline_that_is_no_yardstick_is_refused() -> None:
    with pytest.raises(TooFewValues):
        freeze_baseline(np.ones((24, 5)))
    with pytest.raises(NoVariation):
        freeze_baseline(np.ones((30, 5)))
    with pytest.raises(StatisticsError, match="positive"):
        model_scale([1.0, 0.0], logarithmic=True)


def test_the_forecast_is_where_the_line_meets_the_level() -> None:
    drift = replay(at_z(*np.arange(1.5, 4.5, 0.2)))[1][-1]
    forecast = forecast_out_of_specification(
        drift, BASELINE, lower=None, upper=20.0, subgroups_per_day=2
    )
    assert forecast is not None
    # The line is at mean 10 + 0.5 z; the level is 2.054 w below the limit; 0.1 a subgroup.
    now = drift.mean + 0.1 * (drift.position - drift.began) / 2
    assert forecast.days == pytest.approx((20 - 2.053749 - now) / 0.1 / 2, rel=1e-5)
    assert forecast.interval.low < forecast.days < forecast.interval.high


def test_there_is_no_forecast_without_a_limit_ahead_or_a_slope_towards_it() -> None:
    drift = replay(at_z(*np.arange(1.5, 4.5, 0.2)))[1][-1]
    returning = replay(at_z(4.4, 4.2, 4.0))[1][-1]
    wild = replay(at_z(9))[1][0]
    for finding, upper in [(drift, None), (returning, 20.0), (wild, 20.0)]:
        assert (
            forecast_out_of_specification(
                finding, BASELINE, lower=0.0, upper=upper, subgroups_per_day=2
            )
            is None
        )


def test_a_slope_that_may_be_zero_leaves_the_forecast_open_above() -> None:
    finding = replay(at_z(3.9, 4.0, 4.1))[1][-1]
    forecast = forecast_out_of_specification(
        finding, BASELINE, lower=None, upper=20.0, subgroups_per_day=1
    )
    assert forecast is not None
    assert np.isinf(forecast.interval.high)


def test_a_limit_already_reached_leaves_no_days() -> None:
    finding = replay(at_z(3.9, 4.0, 4.1))[1][-1]
    forecast = forecast_out_of_specification(
        finding, BASELINE, lower=None, upper=11.0, subgroups_per_day=1
    )
    assert forecast is not None
    assert forecast.days == 0


def test_the_rate_tail_is_the_exact_one() -> None:
    # Tea tasting (Fisher 1935): 4 of 4 right has the tail 1/70, 3 of 4 has 17/70.
    found = rate_findings([4, 4], [[4], [0]], planned_tests=1, level=0.02)
    assert [f.p_value for f in found] == [pytest.approx(1 / 70)]
    assert found[0].ratio == np.inf
    loose = rate_findings([4, 4], [[3], [1]], planned_tests=1, level=0.3)
    assert [f.p_value for f in loose] == [pytest.approx(17 / 70)]


def test_a_rate_must_be_improbable_and_twice_as_high() -> None:
    pieces = [100_000, 100_000]
    assert rate_findings(pieces, [[1900], [1000]], planned_tests=100) == ()
    assert len(rate_findings(pieces, [[2100], [1000]], planned_tests=100)) == 1
    assert rate_findings([2000, 2000], [[6], [2]], planned_tests=100) == ()


def test_a_rate_that_is_low_is_no_finding() -> None:
    assert rate_findings([2000] * 4, [[0], [40], [40], [40]], planned_tests=1) == ()


@pytest.mark.parametrize(
    ("inspected", "defects"),
    [([10, 10], [[11], [0]]), ([10, 10], [[-1], [0]]), ([10, 10], [[0.5], [0]]), ([9], [[1]])],
)
def test_counts_that_cannot_be_are_refused(inspected: list[int], defects: list[list[int]]) -> None:
    with pytest.raises(StatisticsError):
        rate_findings(inspected, defects, planned_tests=1)


def unrelated(lot: str, ancestor: str) -> bool:
    return False


def made_from(lot: str, ancestor: str) -> bool:
    return (lot[:2], ancestor[:2]) == ("A1", "PL")


def test_findings_of_one_stream_are_one_problem_within_five_working_days() -> None:
    first = Occurrence("PD/L3", 10, 12)
    assert are_one_problem(first, Occurrence("PD/L3", 18, 19), descends=unrelated)
    assert not are_one_problem(first, Occurrence("PD/L3", 19, 19), descends=unrelated)
    assert not are_one_problem(first, Occurrence("PD/L4", 12, 12), descends=unrelated)


def test_streams_explained_by_one_factor_in_one_window_are_one_problem() -> None:
    gauge, other = ("gauge", "MIC-07"), ("gauge", "MIC-08")
    one = Occurrence("BO/L5", 10, 12, gauge)
    assert are_one_problem(one, Occurrence("BO/L6", 11, 15, gauge), descends=unrelated)
    assert not are_one_problem(one, Occurrence("BO/L6", 11, 15, other), descends=unrelated)
    assert not are_one_problem(one, Occurrence("BO/L6", 50, 51, gauge), descends=unrelated)


def test_a_shared_lot_name_is_not_an_explanation() -> None:
    lot = ("lot", "A1-250515-E")
    one, other = Occurrence("SF/A1", 10, 10, lot), Occurrence("CR/T1", 10, 10, lot)
    assert not are_one_problem(one, other, descends=unrelated)


def test_findings_on_lots_made_from_each_other_are_one_problem() -> None:
    plating = Occurrence("AU/PL2", 91, 91, ("lot", "PL2"), frozenset({"PL2-1"}))
    tested = Occurrence("CR/T1", 92, 93, ("machine", "T1"), frozenset({"A1-1", "A1-2"}))
    mixed = Occurrence("CR/T1", 92, 93, ("machine", "T1"), frozenset({"A1-1", "A2-1"}))
    assert are_one_problem(tested, plating, descends=made_from)
    assert are_one_problem(plating, tested, descends=made_from)
    assert not are_one_problem(plating, mixed, descends=made_from)


def test_a_departure_explained_by_a_gauge_is_not_handed_on_with_the_lots() -> None:
    barrel = Occurrence("BO/L6", 91, 91, ("gauge", "MIC-07"), frozenset({"PL2-1"}))
    unexplained = Occurrence("SF/A1", 92, 92, None, frozenset({"A1-1"}))
    explained = Occurrence("SF/A1", 92, 92, ("supplier", "S-B"), frozenset({"A1-1"}))
    assert not are_one_problem(barrel, unexplained, descends=made_from)
    assert not are_one_problem(explained, barrel, descends=made_from)


def test_a_rate_beside_other_places_was_not_handed_on_with_the_lots() -> None:
    barrel = Occurrence("BO/L6", 91, 96, None, frozenset({"PL2-1"}))
    crimp = Occurrence("CRIMP/A1/N", 95, 99, ("place", "A1/N"), frozenset({"A1-1"}), is_rate=True)
    assert not are_one_problem(crimp, barrel, descends=made_from)
    assert not are_one_problem(barrel, crimp, descends=made_from)


def test_a_finding_that_belongs_to_two_problems_makes_them_one() -> None:
    findings = [Occurrence("BO/L5", 1, 2), Occurrence("BO/L5", 12, 13), Occurrence("BO/L5", 7, 8)]
    assert merge_findings(findings[:2], descends=unrelated) == ((0,), (1,))
    assert join_problems(((0,), (1,)), findings, 2, descends=unrelated) == ((0, 1, 2),)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda stream, began, length, factor: Occurrence(stream, began, began + length, factor),
            st.sampled_from(["BO/L5", "BO/L6", "SF/A1"]),
            st.integers(0, 40),
            st.integers(0, 4),
            st.sampled_from([None, ("gauge", "MIC-07"), ("supplier", "S-B")]),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_does_not_change_the_problems(
    findings: list[Occurrence], random: Random
) -> None:
    order = list(range(len(findings)))
    random.shuffle(order)
    problems = merge_findings(findings, descends=unrelated)
    shuffled = merge_findings([findings[i] for i in order], descends=unrelated)
    assert {frozenset(p) for p in problems} == {frozenset(order[i] for i in p) for p in shuffled}


@pytest.mark.parametrize("n", [1, 2, 4, 5, 8, 20])
def test_means_of_any_size_are_beyond_their_limits_equally_rarely(n: int) -> None:
    """3 in 1,000 for each size, where the means also vary between subgroups."""
    drawn = np.random.default_rng(20250101)
    phase = drawn.normal(0, 1, (20_000, 1)) * 0.6 + drawn.normal(0, 1, (20_000, 5))
    baseline = freeze_baseline(phase)
    means = drawn.normal(0, 0.6, 200_000) + drawn.normal(0, 1 / np.sqrt(n), 200_000)
    z = (means - baseline.mean) / baseline.sigma_for(n)
    assert float((np.abs(z) > 3).mean()) == pytest.approx(0.0027, abs=0.0005)
    one = float(means[0])
    assert baseline.z(baseline.levelled(one, n)) == pytest.approx(baseline.z(one, n), rel=1e-12)


def test_the_departure_of_a_large_subgroup_is_not_inflated() -> None:
    """A small shift that many values prove is a SHIFT only when it is large enough in w."""
    baseline = Baseline(mean=0, sigma_of_means=0.45, sigma_within=1.0, subgroups=30, size=5)
    state, found = ShiftState(), ()
    for _ in range(20):
        state, now = advance(state, 0.5, baseline, n=500)
        found += now
    assert state.up.cusum > DEFAULT_OPTIONS.decision
    assert found == ()
