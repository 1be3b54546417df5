"""Over which days a finding is compared: those it lies in, widened only while they hold too few."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from chart_like_weeks import shift_of_l3

from andon.analyze.drivers.ranking import Question, comparable, rank_rows
from andon.analyze.monitoring.models import Finding, Stream
from andon.analyze.problems.explaining import FEWEST, Span, drivers_over
from andon.identify.measurements.queries import Selection, rows_of
from andon.organization.products.models import Characteristic
from small_factory import build_small_factory

LAST = date(2025, 2, 24)
"""The last of six weeks of working days and six days more; each holds two subgroups."""


@pytest.fixture
def finding(engineer: Any) -> Finding:
    """A finding of lathe L3, which is compared with L1."""
    build_small_factory()
    shift_of_l3(engineer)
    return Finding(stream=Stream.objects.get(code="PD/L3"), direction=1)


def rows_since(since: date) -> pl.DataFrame:
    """Return what was measured until the last day."""
    return rows_of(Selection(characteristic="PD", since=since, until=LAST))


@pytest.mark.parametrize(
    ("since", "compared_since", "subgroups"),
    [
        (date(2025, 2, 17), date(2025, 2, 17), 12),  # enough: not a day more
        (date(2025, 2, 18), date(2025, 2, 17), 12),  # one working day more is enough
        (LAST, date(2025, 2, 12), 18),  # one, two, four days are not: eight
    ],
)
def test_a_span_is_widened_only_until_there_is_enough_to_compare(
    finding: Finding, since: date, compared_since: date, subgroups: int
) -> None:
    drivers = drivers_over(finding, Span(since, LAST))
    assert (drivers.since, drivers.until, drivers.rows) == (compared_since, LAST, subgroups)
    assert drivers.rows >= FEWEST


def test_where_there_never_is_enough_the_widest_span_is_told(engineer: Any) -> None:
    build_small_factory()
    shift_of_l3(engineer, stable=3, shifted=0)
    until = date(2025, 1, 8)
    few = Finding(stream=Stream.objects.get(code="PD/L3"), direction=1)
    drivers = drivers_over(few, Span(until, until))
    assert (drivers.since < date(2025, 1, 6), drivers.rows) == (True, 6)


def test_subgroups_are_counted_and_of_counts_those_that_were_inspected(finding: Finding) -> None:
    values = Characteristic.objects.get(code="PD")
    assert comparable(values, rows_since(LAST)) == 2
    counted = Characteristic(kind=Characteristic.Kind.ATTRIBUTE)
    assert comparable(counted, pl.DataFrame({"inspected": [0, 50, 20]})) == 2


def test_the_digest_covers_the_levels_as_well_as_the_numbers(finding: Finding) -> None:
    rows = rows_since(date(2025, 2, 3))
    question = Question(
        characteristic=Characteristic.objects.get(code="PD"),
        since=date(2025, 2, 3), until=LAST,
    )  # fmt: skip
    # Again and again: sums that threads share would differ in their last bits.
    (once,) = {rank_rows(question, rows).inputs_digest for _time in range(12)}
    others = rows.with_columns(pl.col("machine").replace({"L1": "L2"}))
    assert rank_rows(question, others).inputs_digest != once
