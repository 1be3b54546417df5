"""The same aggregates on the embedded engine and on Spark, over the same files.

Writes a lake of its own, as compaction does, and asks both engines; Spark runs as a master and two
workers on loopback. Figures are equal or the script fails. It needs what `make spark` installs:

    .venv-spark/bin/python benchmarks/spark.py                    # 2 million rows
    .venv-spark/bin/python benchmarks/spark.py --rows 20000000    # the full figure
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl
from _figures import keep

ROOT = Path(__file__).parents[1]
STREAMS, PART = 200, 2_000_000
START = datetime(2024, 1, 1, tzinfo=UTC)


def main() -> None:
    """Build the lake, start the cluster, ask, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    asked = parser.parse_args()
    if find_spec("pyspark") is None:
        print("Spark was not measured: run `make spark`, then .venv-spark/bin/python", __file__)
        return
    sys.path[0] = str(ROOT / "tests")  # instead of this folder, whose spark.py is this file
    from spark.cluster_at_hand import cluster

    with tempfile.TemporaryDirectory(prefix="andon-bench-") as folder:
        os.environ |= {"ANDON_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "andon.settings"}
        size = build(asked.rows, Path(folder))
        print(f"{asked.rows:,} rows, {size / asked.rows:.1f} bytes each in the lake")
        with cluster(Path(folder)) as address:
            compare(asked.rows, address)


def build(rows: int, folder: Path) -> int:
    """Write the lake and release it to readers; return its size in bytes."""
    import django

    django.setup()
    from django.core.management import call_command

    from andon.history.compaction import release
    from andon.history.lake import Lake

    call_command("migrate", verbosity=0)
    lake = Lake.configured()
    begun = time.perf_counter()
    for number, first in enumerate(range(0, rows, PART), 1):
        lake.put(_rows(number, min(PART, rows - first)), number)
    table = lake.latest()
    assert table is not None
    release(lake, table, at=START, plans_until=number)
    print(f"written in {time.perf_counter() - begun:.0f} s")
    return sum(path.stat().st_size for path in (folder / "lake").rglob("*.parquet"))


def compare(rows: int, address: str) -> None:
    """Ask both engines each question and print their times."""
    from django.conf import settings

    from andon.history.engines.spark import engine

    settings.SPARK_MASTER = address
    settings.SPARK_OPTIONS = {
        "spark.executor.memory": "500m", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
    }  # fmt: skip
    print(f"{'':<34}{'embedded':>10}{'Spark':>10}   largest relative difference")
    lines: list[tuple[str, str, str, bool | None]] = []
    for name, ask in questions():
        found, times = [], []
        for place in ("embedded", "spark"):
            settings.ENGINE = place
            begun = time.perf_counter()
            found.append(ask())
            times.append(time.perf_counter() - begun)
        gap = difference(*found)
        print(f"{name:<34}{times[0]:>8.2f} s{times[1]:>8.2f} s   {gap:.1e}")
        told = f"largest relative difference of {name}, {rows:,} rows"
        lines.append((told, f"{gap:.1e}", "<= 1e-10, n equal", gap <= 1e-10))
    keep("spark", lines)
    engine().session.stop()


def questions() -> list[tuple[str, Callable[[], pl.DataFrame]]]:
    """Return the questions; the first one also starts Spark's session."""
    from andon.history.engines import questions as engine

    limits = pl.DataFrame({"stream": [f"C{n}/M{n % 7}" for n in range(STREAMS)],
                           "lower": 0.737, "upper": 0.743})  # fmt: skip
    one = {"characteristic": "C7"}
    return [
        ("moments of all, first question", lambda: engine.moments(["shift"])),
        ("moments by stream and shift", lambda: engine.moments(["stream", "shift"])),
        ("group sums by shift", lambda: engine.group_sums("shift", {})),
        ("Pareto counts by machine", lambda: engine.pareto_counts(["machine"])),
        ("capability moments", engine.capability_moments),
        ("alarms of given limits", lambda: engine.alarm_counts(limits)),
        ("moments of one characteristic", lambda: engine.moments(["shift"], one)),
    ]  # fmt: skip


def difference(here: pl.DataFrame, there: pl.DataFrame) -> float:
    """Return the largest relative difference; counts and texts must be equal."""
    assert here.columns == there.columns
    largest = 0.0
    for name in here.columns:
        one, other = here[name], there[name]
        if not one.dtype.is_float():
            assert one.cast(other.dtype).to_list() == other.to_list(), name
            continue
        np.testing.assert_allclose(other.to_numpy(), one.to_numpy(), rtol=1e-10, err_msg=name)
        gap = np.abs(other.to_numpy() - one.to_numpy()) / np.maximum(np.abs(one.to_numpy()), 1e-300)
        largest = max(largest, float(gap.max()))
    return largest


def _rows(seed: int, count: int) -> pl.DataFrame:
    from andon.history.frame import SCHEMA

    random = np.random.default_rng(seed)
    stream = random.integers(0, STREAMS, count)
    seconds = np.sort(random.integers(0, 86_400 * 360, count))
    # As an instrument tells it: four decimals.
    value = np.round(0.74 + 0.003 * random.standard_normal(count), 4)
    at = pl.Series("measured_at", seconds * 1_000_000, dtype=pl.Int64)
    made = pl.DataFrame(
        {
            "batch": np.full(count, seed), "position": np.arange(count, dtype=np.int32),
            "number": stream, "value": value,
            "shift": np.array(["E", "L", "N"])[(seconds // 28_800) % 3],
            "is_out_of_specification": np.abs(value - 0.74) > 0.01,
            "inspected": np.where(stream == 0, 200, 0),
        }
    )  # fmt: skip
    instant = pl.lit(START, dtype=SCHEMA["measured_at"]) + pl.duration(microseconds=at)
    made = made.with_columns(
        characteristic=pl.format("C{}", "number"),
        machine=pl.format("M{}", pl.col("number") % 7),
        measured_at=instant,
        text=pl.col("value").round(4).cast(pl.String),
        received_at=pl.lit(START + timedelta(days=400), dtype=SCHEMA["received_at"]),
    )
    made = made.with_columns(
        stream=pl.format("{}/{}", "characteristic", "machine"),
        produced_on=pl.col("measured_at").dt.date(),
        subgroup=pl.col("measured_at").dt.strftime("%Y-%m-%d %H"),
        inspected=pl.col("inspected").cast(pl.Int64),
    )
    absent = [pl.lit("{}" if name == "factors" else "").alias(name)
              for name in SCHEMA if name not in made.columns]  # fmt: skip
    return made.with_columns(absent).select(
        pl.col(name).cast(kind) for name, kind in SCHEMA.items()
    )


if __name__ == "__main__":
    main()
