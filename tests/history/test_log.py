"""The measurement log keeps what it acknowledged, once, and gives it back in order."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from django.db import IntegrityError, transaction

from andon.history.frame import decoded
from andon.history.log import append, moments, scan, tail
from andon.history.models import Block
from history.rows_at_hand import START, batch, rows_of


@pytest.mark.django_db
def test_what_was_appended_is_read_back_exactly() -> None:
    values = [0.1 + 0.2, 1e-300, 0.7388, 123456789.123456789]
    append([batch("a", rows_of("PD/L1", values))], at=START)
    found = scan({"stream": "PD/L1"}).collect()
    assert found["value"].to_list() == values
    assert found["position"].to_list() == [0, 1, 2, 3]


@pytest.mark.django_db
def test_a_repeated_key_stores_nothing_and_another_batch_under_it_is_noticed() -> None:
    append([batch("a", rows_of("PD/L1", [1.0]))], at=START)
    again, other = append(
        [batch("a", rows_of("PD/L1", [1.0])), batch("a", rows_of("PD/L1", [2.0]))], at=START
    )
    assert (again.is_new, again.is_other) == (False, False)
    assert (other.is_new, other.is_other) == (False, True)
    assert scan().collect().height == 1


@pytest.mark.django_db
def test_a_retried_batch_within_a_group_is_not_stored_twice() -> None:
    append([batch("a", rows_of("PD/L1", [1.0]))], at=START)
    append([batch("a", rows_of("PD/L1", [1.0])), batch("b", rows_of("PD/L2", [2.0]))], at=START)
    assert scan().collect()["value"].to_list() == [1.0, 2.0]


@pytest.mark.django_db
def test_scan_narrows_by_stream_characteristic_and_time() -> None:
    append(
        [batch("a", rows_of("PD/L1", [1.0, 2.0])), batch("b", rows_of("BO/L5", [3.0]))], at=START
    )
    later = START + timedelta(days=1)
    append([batch("c", rows_of("PD/L1", [4.0], start=later))], at=later)
    assert scan({"characteristic": "PD"}).collect()["value"].to_list() == [1.0, 2.0, 4.0]
    assert scan({"stream": ["BO/L5"]}).collect()["value"].to_list() == [3.0]
    assert scan(since=later, columns=["value"]).collect().to_dicts() == [{"value": 4.0}]
    assert scan(until=START + timedelta(minutes=1)).collect().height == 2


@pytest.mark.django_db
def test_tail_reads_the_newest_rows_oldest_first() -> None:
    for day in range(10):
        start = START + timedelta(days=day)
        values = [float(day * 10 + place) for place in range(3)]
        append([batch(str(day), rows_of("PD/L1", values, start=start))], at=start)
    assert tail("PD/L1", 4)["value"].to_list() == [82.0, 90.0, 91.0, 92.0]


@pytest.mark.django_db
def test_moments_of_parts_equal_numpy_on_the_whole() -> None:
    values = np.random.default_rng(7).normal(0.74, 0.002, 500)
    append([batch("a", rows_of("PD/L1", values.tolist()))], at=START)
    found = moments(["stream"]).row(0, named=True)
    assert found["n"] == 500
    assert found["mean"] == pytest.approx(values.mean(), rel=1e-14)
    assert found["M2"] / 499 == pytest.approx(values.var(ddof=1), rel=1e-12)
    assert (found["min"], found["max"]) == (values.min(), values.max())


@pytest.mark.django_db
def test_a_correction_supersedes_without_overwriting() -> None:
    receipt = append([batch("a", rows_of("PD/L1", [1.0, 9.9]))], at=START)[0]
    corrected = rows_of("PD/L1", [0.99], start=START + timedelta(minutes=1))
    corrected = corrected.with_columns(pl.lit(f"{receipt.batch}:1").alias("supersedes"))
    append([batch("b", corrected)], at=START)
    assert scan().collect()["value"].to_list() == [1.0, 0.99]
    assert decoded(Block.objects.earliest("pk").payload)["value"].to_list() == [1.0, 9.9]


@pytest.mark.django_db
def test_a_block_can_be_neither_changed_nor_removed() -> None:
    append([batch("a", rows_of("PD/L1", [1.0]))], at=START)
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.update(rows=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.all()._raw_delete("default")
