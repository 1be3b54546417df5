"""Evidence: what it holds, that it stays, and what computing it again says."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction

from andon.analyze.studies.evidence import (
    Analysis,
    differences_of,
    digest_of,
    recompute,
    save_evidence,
)
from andon.analyze.studies.models import Evidence, Study
from andon.identify.measurements.services import take_in
from andon.identify.nonconformities.models import Nonconformity
from andon.records.errors import Forbidden, Refused
from andon.records.models import Entry
from andon.records.services import advance, create
from small_factory import build_small_factory, measured

VALUES = {"values": [1.0, 2.0, 4.0, 3.5, 2.5]}


@pytest.fixture
def study(engineer: Any) -> Study:
    """A planned study to hang evidence on."""
    return create(Study(title="x", method="experiment"), actor=engineer)


def saved(record: Any, actor: Any, **others: Any) -> Evidence:
    given: dict[str, Any] = {"title": "Chart", "method": "individuals_chart", "columns": VALUES}
    return save_evidence(record, Analysis(**{**given, **others}), actor=actor)


def test_it_holds_method_inputs_result_and_versions(study: Study, engineer: Any) -> None:
    found = saved(study, engineer, options={"sigmas": 2.5})
    assert (found.inputs, found.values) == (VALUES, 5)
    assert found.inputs_digest == digest_of(VALUES)
    assert found.result["location"]["centre"] == pytest.approx(2.6)
    assert found.result_digest == digest_of(found.result)
    assert found.versions["numpy"] == np.__version__
    assert set(found.versions) == {"andon", "numpy", "scipy", "polars", "python"}


def test_it_is_saved_on_any_record(engineer: Any) -> None:
    record = create(Nonconformity(title="Force too low"), actor=engineer)
    assert saved(record, engineer).record.number == record.number


def test_computing_again_gives_the_same(study: Study, engineer: Any) -> None:
    found = recompute(saved(study, engineer))
    assert found.is_equal
    assert found.differences == ()


def test_it_is_in_the_trail_and_never_changed(study: Study, engineer: Any) -> None:
    found = saved(study, engineer)
    entry = Entry.objects.filter(table="studies_evidence").get()
    assert entry.chain == f"record:{study.pk}"
    assert found.inputs_digest in entry.new
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.update(title="better")


def test_a_difference_is_told_field_by_field(study: Study, engineer: Any) -> None:
    found = saved(study, engineer)
    found.result["location"]["centre"] = 99.0
    found.inputs["values"][0] = 1.5
    again = recompute(found)
    assert not again.is_equal
    assert not again.are_inputs_equal
    assert "location.centre" in [one.place for one in again.differences]


def test_what_was_measured_later_is_noticed(
    study: Study, engineer: Any, system: Any, noon: datetime
) -> None:
    build_small_factory()
    times = [f"2025-03-{day:02d}T07:1{minute}:00+00:00" for day in (3, 4) for minute in range(5)]
    rows = [measured(f"0.74{place}", measured_at=at) for place, at in enumerate(times)]
    take_in(rows, actor=system)
    reference = {"characteristic": "PD", "since": "2025-03-03", "columns": {"values": "value"}}
    found = saved(study, engineer, columns={}, reference=reference)
    assert (found.inputs, found.values) == ({}, 10)
    assert recompute(found).is_equal
    take_in([measured("0.75", measured_at="2025-03-05T07:10:00+00:00")], actor=system)
    again = recompute(found)
    assert (again.are_inputs_equal, again.values) == (False, 11)
    assert again.differences


@pytest.mark.parametrize(
    ("others", "field"),
    [
        ({"method": "no_such"}, "method"),
        ({"options": {"sigma": 3}}, ""),
        ({"columns": {"values": ["a"]}}, "columns"),
        ({"columns": {}, "reference": {"characteristic": "??", "columns": {}}}, "characteristic"),
        ({"title": " "}, "title"),
        ({"note": "x\0"}, "columns"),
    ],
)
def test_what_does_not_work_is_refused_and_nothing_is_kept(
    study: Study, engineer: Any, others: dict[str, Any], field: str
) -> None:
    note = others.pop("note", "")
    given: dict[str, Any] = {"title": "Chart", "method": "individuals_chart", "columns": VALUES}
    with pytest.raises(Refused) as error:
        save_evidence(study, Analysis(**{**given, **others}), actor=engineer, note=note)
    assert error.value.refusals[0].field == field or field == ""
    assert not Evidence.objects.exists()


def test_a_closed_record_takes_no_more(study: Study, engineer: Any) -> None:
    closed = advance(study, "cancel", actor=engineer, reason="not needed")
    with pytest.raises(Refused, match="closed"):
        saved(closed, engineer)


def test_an_operator_saves_none(study: Study, account_with: Any) -> None:
    with pytest.raises(Forbidden):
        saved(study, account_with("OP"))


def test_numbers_have_one_digest_however_they_are_written() -> None:
    assert digest_of([5, -0.0, 1e22]) == digest_of([5.0, 0, 10**22])
    assert digest_of([5]) != digest_of([6])


def test_fields_that_came_or_went_are_differences() -> None:
    found = list(differences_of({"a": 1, "b": [1]}, {"b": [1, 2], "c": 3}))
    assert [one.place for one in found] == ["a", "b", "c"]
