"""Two engines, one expression each: the same history gives the same figures."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

pytest.importorskip("pyspark", reason="`make spark` installs Spark beside and runs this")

from andon.history.compaction import compact
from andon.history.engines import questions
from andon.history.frame import SCHEMA, digest
from andon.history.log import Batch, append
from spark.cluster_at_hand import cluster

ROWS = 200_000
START = datetime(2025, 1, 1, tzinfo=UTC)
LATE = START + timedelta(days=70)
STREAMS = [f"C{number}/M{number % 7}" for number in range(20)]


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lake")


@pytest.fixture
def history(db: Any, settings: Any, lake: Path, tmp_path: Path, master: str) -> None:
    """Two batches in the lake, one in blocks, and one row that a later one corrects."""
    settings.DATA_DIR = tmp_path
    settings.LAKE_URL = str(tmp_path / "lake")
    settings.SPARK_MASTER = master
    settings.SPARK_OPTIONS = {
        "spark.executor.memory": "500m", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "2",
    }  # fmt: skip
    at = LATE + timedelta(days=1)
    first = append([_batch("one", _rows(1, ROWS // 2))], at=at)[0].batch
    append([_batch("two", _rows(2, ROWS // 2 - 1000))], at=at)
    compact(at=at, is_forced=True)
    append([_batch("hot", _rows(3, 999))], at=at)
    append([_batch("correction", _rows(4, 1, supersedes=f"{first}:5"))], at=at)


def _rows(seed: int, count: int, *, supersedes: str = "") -> pl.DataFrame:
    random = np.random.default_rng(seed)
    place = random.integers(0, len(STREAMS), count)
    minutes = np.sort(random.integers(0, 60 * 24 * 60, count))
    value = 0.74 + 0.003 * random.standard_normal(count)
    streams = np.array(STREAMS)[place]
    day = minutes // 1440
    made = pl.DataFrame(
        {
            "stream": streams, "value": value,
            "measured_at": [START + timedelta(minutes=int(minute)) for minute in minutes],
            "shift": np.array(["E", "L", "N"])[(minutes // 480) % 3],
            "is_out_of_specification": np.abs(value - 0.74) > 0.01,
            "inspected": np.where(place == 0, 200, 0),
            "subgroup": [f"{d}-{hour}" for d, hour in zip(day, minutes // 120, strict=True)],
        }
    )  # fmt: skip
    texts = {name: "" for name, kind in SCHEMA.items() if kind == pl.String} | {"factors": "{}"}
    parts = pl.col("stream").str.split_exact("/", 1)
    made = made.with_columns(
        parts.struct.field("field_0").alias("characteristic"),
        parts.struct.field("field_1").alias("machine"),
        pl.col("measured_at").dt.replace_time_zone("UTC").cast(SCHEMA["measured_at"])
        if made["measured_at"].dtype.time_zone is None else pl.col("measured_at"),  # type: ignore[attr-defined]
        pl.lit(START, dtype=SCHEMA["received_at"]).alias("received_at"),
        pl.col("measured_at").dt.date().alias("produced_on"),
        pl.col("inspected").cast(pl.Int64),
        pl.lit(supersedes).alias("supersedes"),
    )  # fmt: skip
    absent = [pl.lit(text).alias(name) for name, text in texts.items() if name not in made.columns]
    return made.with_columns(absent)


def _batch(key: str, rows: pl.DataFrame) -> Batch:
    return Batch(key, rows, digest(key.encode()))


def _on_both(settings: Any, ask: Callable[[], pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    found = []
    for engine in ("embedded", "spark"):
        settings.ENGINE = engine
        found.append(ask())
    return found[0], found[1]


def _assert_same(here: pl.DataFrame, there: pl.DataFrame, *, height: int) -> None:
    assert here.height == height
    assert here.columns == there.columns
    for name in here.columns:
        one, other = here[name], there[name]
        if one.dtype.is_float():
            np.testing.assert_allclose(other.to_numpy(), one.to_numpy(), rtol=1e-10, err_msg=name)
        else:
            assert one.cast(other.dtype).to_list() == other.to_list(), name


def test_every_question_has_one_answer(history: None, settings: Any) -> None:
    by = ["characteristic", "machine"]
    moments = _on_both(settings, lambda: questions.moments(by))
    _assert_same(*moments, height=20)
    assert moments[0]["n"].sum() == ROWS - 1

    spans = {"since": START + timedelta(days=10), "until": LATE}
    some = {"characteristic": ["C1", "C2", "C3"]}
    narrowed = _on_both(settings, lambda: questions.moments(["shift"], some, **spans))
    _assert_same(*narrowed, height=3)
    assert 0 < narrowed[0]["n"].sum() < 3 * ROWS / 20

    _assert_same(
        *_on_both(settings, lambda: questions.group_sums("shift", {"characteristic": "C4"})),
        height=3,
    )
    _assert_same(*_on_both(settings, lambda: questions.pareto_counts(["machine"])), height=1)
    _assert_same(*_on_both(settings, questions.capability_moments), height=20)

    limits = moments[0].select(
        stream=pl.col("characteristic") + "/" + pl.col("machine"),
        lower=pl.col("mean") - 0.003,
        upper=pl.col("mean") + 0.003,
    )
    alarms = _on_both(settings, lambda: questions.alarm_counts(limits))
    _assert_same(*alarms, height=20)
    assert alarms[0]["alarms"].sum() > 0
