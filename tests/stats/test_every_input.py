"""Every function of a row of values, whatever the row: its form, its place, its faults."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import andon.stats as q
from andon.stats.errors import NotFinite, NoVariation, StatisticsError, TooFewValues
from andon.stats.results import Result

# Multiples of 2^-10, so that adding 2^30 (about 1e9) rounds nothing.
X = np.round(np.random.default_rng(5).normal(100.0, 1.0, 40) * 1024) / 1024
BILLION = 2.0**30
PARTS, OPERATORS = np.repeat(np.arange(5), 8), np.tile(np.repeat([0, 1], 4), 5)
FACTORS: dict[str, NDArray[np.str_]] = {
    "g": np.repeat(list("abcd"), 10),
    "h": np.tile(list("xy"), 20),
}
CODED = np.array([[a, b] for a in (-1, 1) for b in (-1, 1)] * 10)
REFERENCES = np.repeat([98.0, 99.0, 100.0, 101.0, 102.0], 8)

Row = Any


def table(x: Row) -> Any:
    """Rows of five, of the same kind as the values."""
    if isinstance(x, np.ndarray):
        return x.reshape(-1, 5)
    return [list(x[at : at + 5]) for at in range(0, len(x), 5)]


def phase_two(x: Row) -> Result:
    rows = table(x)
    return q.mewma_chart(rows, baseline=q.t2_chart(rows).baseline, limit=10.0)


# The second argument is what was added to all values, so that limits and targets move along.
CALLS: dict[str, Callable[[Row, float], Result]] = {
    "individuals_chart": lambda x, _: q.individuals_chart(x),
    "mean_range_chart": lambda x, _: q.mean_range_chart(table(x)),
    "mean_deviation_chart": lambda x, _: q.mean_deviation_chart(table(x)),
    "ewma_chart": lambda x, _: q.ewma_chart(x),
    "cusum_chart": lambda x, _: q.cusum_chart(x),
    "t2_chart": lambda x, _: q.t2_chart(table(x)),
    "mewma_chart": lambda x, _: phase_two(x),
    "capability": lambda x, d: q.capability(x, lower=90.0 + d, upper=110.0 + d),
    "capability of subgroups": lambda x, d: q.capability(table(x), upper=110.0 + d),
    "quantile_capability": lambda x, d: q.quantile_capability(
        x, lower=90.0 + d, upper=110.0 + d, distribution="normal"
    ),
    "judge_normality": lambda x, _: q.judge_normality(x),
    "fit_distribution": lambda x, _: q.fit_distribution(x, family="normal"),
    "normal_tolerance": lambda x, _: q.normal_tolerance(x),
    "distribution_free_tolerance": lambda x, _: q.distribution_free_tolerance(x, proportion=0.5),
    "gauge_type1": lambda x, d: q.gauge_type1(x, reference=100.0 + d, tolerance=20.0),
    "gauge_bias": lambda x, d: q.gauge_bias(x, reference=100.0 + d),
    "gauge_linearity": lambda x, d: q.gauge_linearity(x, REFERENCES + d),
    "gauge_stability": lambda x, _: q.gauge_stability(table(x)),
    "gauge_crossed": lambda x, _: q.gauge_crossed(x, PARTS, OPERATORS),
    "gauge_nested": lambda x, _: q.gauge_nested(x, np.arange(40) // 4, np.arange(40) // 20),
    "gauge_automatic": lambda x, _: q.gauge_automatic(x, PARTS),
    "gauge_reml": lambda x, _: q.gauge_reml(x, PARTS, OPERATORS),
    "gauge_average_range": lambda x, _: q.gauge_average_range(x, PARTS, OPERATORS),
    "compare_means": lambda x, d: q.compare_means(x, X[:20] + d),
    "compare_mean_to": lambda x, d: q.compare_mean_to(x, target=100.0 + d),
    "compare_pairs": lambda x, d: q.compare_pairs(x, X[::-1] + d),
    "compare_variances": lambda x, d: q.compare_variances(x, X[:20] + d),
    "compare_variance_to": lambda x, _: q.compare_variance_to(x, sigma=1.0),
    "compare_spreads": lambda x, d: q.compare_spreads([x, X[:20] + d]),
    "compare_ranks": lambda x, d: q.compare_ranks(x, X[:20] + d),
    "compare_signed_ranks": lambda x, d: q.compare_signed_ranks(x, X[::-1] + d),
    "compare_median_to": lambda x, d: q.compare_median_to(x, target=100.0 + d),
    "compare_group_ranks": lambda x, d: q.compare_group_ranks([x, X[:20] + d]),
    "compare_group_medians": lambda x, d: q.compare_group_medians([x, X[:20] + d]),
    "show_equal_means": lambda x, d: q.show_equal_means(x, X[:20] + d, margin=1.0),
    "show_equal_pairs": lambda x, d: q.show_equal_pairs(x, X[::-1] + d, margin=1.0),
    "mean_shift": lambda x, d: q.mean_shift(x, X[:20] + d, within_sigma=1.0),
    "mean_shift_from": lambda x, d: q.mean_shift_from(x, baseline_mean=100 + d, within_sigma=1.0),
    "compare_capability": lambda x, d: q.compare_capability(x, X[:20] + d, upper_limit=110.0 + d),
    "rank_drivers_of_values": lambda x, _: q.rank_drivers_of_values(x, FACTORS),
    "rank_interactions_of_values": lambda x, _: q.rank_interactions_of_values(x, FACTORS),
    "analyze_groups": lambda x, _: q.analyze_groups(x, FACTORS["g"]),
    "analyze_two_factors": lambda x, _: q.analyze_two_factors(x, FACTORS["g"], FACTORS["h"]),
    "compare_all_pairs": lambda x, _: q.compare_all_pairs(x, FACTORS["g"]),
    "find_trend": lambda x, _: q.find_trend(x),
    "find_autocorrelation": lambda x, _: q.find_autocorrelation(x, lags=5),
    "count_runs": lambda x, _: q.count_runs(x),
    "find_changes": lambda x, _: q.find_changes(x),
    "fit_line": lambda x, _: q.fit_line(np.arange(40.0), x),
    "split_variation": lambda x, _: q.split_variation(x, FACTORS),
    "analyze_experiment": lambda x, _: q.analyze_experiment(x, CODED, factors=["a", "b"]),
    "fit_lifetimes": lambda x, _: q.fit_lifetimes(x),
    "estimate_survival": lambda x, _: q.estimate_survival(x),
    "t_chart": lambda x, _: q.t_chart(x),
}
MOVABLE = sorted(set(CALLS) - {"fit_lifetimes", "estimate_survival", "t_chart"})
ORDERLESS = [
    "capability", "judge_normality", "fit_distribution", "normal_tolerance", "gauge_type1",
    "gauge_bias", "compare_means", "compare_mean_to", "compare_variances", "compare_ranks",
    "compare_median_to", "show_equal_means", "mean_shift", "fit_lifetimes", "estimate_survival",
]  # fmt: skip


def numbers(data: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a result as data, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, f"{where}.{key}")
    elif isinstance(data, (list, tuple)):
        for index, value in enumerate(data):
            yield from numbers(value, f"{where}[{index}]")
    else:
        yield where, data


def assert_alike(one: Result, two: Result, *, moved: float = 0.0, digits: float = 1e-9) -> None:
    """Every number is the same, or has moved along with the values."""
    after = dict(numbers(two.to_dict()))
    for where, value in numbers(one.to_dict()):
        if where.startswith(".options"):
            continue
        if not isinstance(value, float):
            assert value == after[where], where
            continue
        kept = any(
            math.isclose(place, after[where], rel_tol=digits, abs_tol=digits)
            for place in (value, value + moved)
        )
        assert kept, (where, value, after[where])


def forms(x: NDArray[np.float64]) -> Iterator[Row]:
    frozen = x.copy()
    frozen.setflags(write=False)
    yield from (frozen, np.repeat(x, 2)[::2], x[::-1].copy()[::-1], x.astype(">f8"))
    yield from (x.astype(np.float32), x.astype(object), x.tolist(), tuple(x.tolist()))


@pytest.mark.parametrize("name", CALLS)
def test_the_form_of_the_row_changes_nothing(name: str) -> None:
    expected = CALLS[name](X, 0.0)
    for row in forms(X):
        assert_alike(expected, CALLS[name](row, 0.0))


@pytest.mark.parametrize("name", CALLS)
def test_whole_numbers_are_numbers(name: str) -> None:
    whole = np.arange(40) * 7 % 11 + 95
    assert_alike(CALLS[name](whole.astype(np.float64), 0.0), CALLS[name](whole, 0.0))


@pytest.mark.parametrize("name", MOVABLE)
def test_a_billion_added_to_all_values_costs_no_more_than_the_digits_it_takes(name: str) -> None:
    # A double near 1e9 has a last digit of 1.2e-7; a squared mean would have lost everything.
    small, large = CALLS[name](X, 0.0), CALLS[name](X + BILLION, BILLION)
    if name in {"gauge_linearity", "fit_line"}:
        before, after = (dict(numbers(r.to_dict())) for r in (small, large))
        slope = ".slope" if name == "gauge_linearity" else ".coefficients[1].estimate"
        assert after[slope] == pytest.approx(before[slope], abs=1e-7)
    else:
        assert_alike(small, large, moved=BILLION, digits=2e-6)


@pytest.mark.parametrize("name", ORDERLESS)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_the_order_of_the_values_changes_nothing(name: str, seed: int) -> None:
    mixed = X[np.random.default_rng(seed).permutation(X.size)]
    one, two = (dict(numbers(CALLS[name](x, 0.0).to_dict())) for x in (X, mixed))
    # The moving range is the one thing of capability that knows the order.
    within = [key for key in one if "within" in key or key.split("[")[0] in {".signals", ".order"}]
    for key in set(one) - set(within):
        if isinstance(one[key], float):
            assert two[key] == pytest.approx(one[key], rel=1e-9), key


@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_row_of_finite_numbers_is_refused(name: str) -> None:
    call = CALLS[name]
    for bad in (math.nan, math.inf, -math.inf):
        with pytest.raises(NotFinite):
            call(np.where(np.arange(40) == 3, bad, X), 0.0)
    masked = np.ma.masked_array(X, mask=X > 101.0)
    for row in (X + 1j, X.astype("M8[s]"), ["a"] * 40, [None] * 40, masked, X * 1e200):
        with pytest.raises(StatisticsError):
            call(row, 0.0)


@pytest.mark.parametrize("name", CALLS)
def test_no_value_at_all_is_refused(name: str) -> None:
    with pytest.raises((TooFewValues, StatisticsError)):
        CALLS[name](X[:0], 0.0)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("step", [0.0, 2e-17])
def test_constant_values_give_a_result_or_say_that_they_must_vary(name: str, step: float) -> None:
    # The mean of forty times 0.1 is not 0.1 in doubles: a spread of 1e-17 must not pass for one.
    row = np.full(40, 0.1)
    row[0] += step
    try:
        result = CALLS[name](row, 0.0)
    except NoVariation as refusal:
        assert "vary" in str(refusal)
    except StatisticsError as refusal:
        assert len(str(refusal)) > 20
    else:
        json.dumps(result.to_dict(), allow_nan=False)
