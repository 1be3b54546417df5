"""A result survives the way to JSON and back; inputs are refused with what is needed."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from andon.stats.arrays import as_table, as_values, require_between, require_choice
from andon.stats.errors import (
    InvalidOption,
    NotFinite,
    NoVariation,
    StatisticsError,
    TooFewValues,
)
from andon.stats.results import Interval, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Result):
    centre: float
    limit: NDArray[np.float64] | float
    maybe: float | None = None
    mask: NDArray[np.uint8]
    interval: Interval
    parts: tuple[Interval, ...] = ()


def example(limit: NDArray[np.float64] | float) -> Example:
    return Example(
        method="example",
        options={"level": 0.95, "stages": (1, 2)},
        centre=float("nan"),
        limit=limit,
        mask=np.array([0, 255], dtype=np.uint8),
        interval=Interval(float("-inf"), 0.1, 0.95),
        parts=(Interval(0.0, 1.0, 0.9),),
    )


@pytest.mark.parametrize("limit", [0.1 + 0.2, np.array([1 / 3, np.nan, np.inf])])
def test_result_survives_json_without_loss(limit: NDArray[np.float64] | float) -> None:
    before = example(limit)
    after = Example.from_dict(json.loads(json.dumps(before.to_dict(), allow_nan=False)))
    assert np.isnan(after.centre)
    np.testing.assert_array_equal(np.asarray(after.limit), np.asarray(limit))
    assert after.mask.dtype == np.uint8
    assert after.mask.tolist() == [0, 255]
    assert (after.interval, after.parts, after.maybe) == (before.interval, before.parts, None)


def test_too_few_values_tells_how_many_are_needed() -> None:
    with pytest.raises(TooFewValues, match="at least 2 values are needed, 1 given") as caught:
        as_values([1.0], minimum=2)
    assert (caught.value.needed, caught.value.given) == (2, 1)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), None])
def test_a_value_that_is_not_finite_is_named_by_its_position(bad: float | None) -> None:
    with pytest.raises(NotFinite) as caught:
        as_values([1.0, bad, 2.0])  # type: ignore[arg-type]
    assert caught.value.index == 1


def test_values_too_large_to_be_squared_are_refused() -> None:
    assert as_values([1e69, -1e69]).size == 2
    with pytest.raises(StatisticsError, match="change the unit"):
        as_values([1.0, -1e200])


@pytest.mark.parametrize("bad", ["abc", [[1.0], [2.0, 3.0]], ["x"], 5.0])
def test_what_is_not_a_row_of_numbers_is_refused(bad: object) -> None:
    with pytest.raises(StatisticsError):
        as_values(bad)  # type: ignore[arg-type]


def test_constant_values_are_refused_where_spread_is_needed() -> None:
    with pytest.raises(NoVariation):
        as_values([2.0, 2.0], must_vary=True)


def test_a_table_needs_rows_and_columns() -> None:
    with pytest.raises(TooFewValues, match="values in each"):
        as_table([[1.0], [2.0]], columns=2)
    with pytest.raises(TooFewValues, match="subgroups"):
        as_table([[1.0, 2.0]], rows=2)


def test_options_outside_their_range_name_the_range() -> None:
    with pytest.raises(InvalidOption, match="strictly between 0 and 1"):
        require_between("level", 1.0, 0.0, 1.0)
    with pytest.raises(InvalidOption, match="one of a, b"):
        require_choice("mark", "c", ("a", "b"))
    assert 0.5 in Interval(0.0, 1.0, 0.9)
