"""The lake: older measurements as Parquet files under a Delta log, in a folder or object store.

Rows are sorted by characteristic, stream and time within files, and files lie in months, so that a
chart reads few row groups and a month can be dropped as a whole. No process may fork after it has
used this module: delta-rs keeps threads of its own.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import polars as pl
from arro3.core import RecordBatchReader, Table
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import TableNotFoundError
from django.conf import settings

from andon.history.frame import SCHEMA

ORDER = ("characteristic", "stream", "measured_at", "batch", "position")
_APPLICATION = "andon"
_ROW_GROUP = 65_536
_TARGET_BYTES = 128 * 2**20
_STATISTICS = "characteristic,stream,machine,measured_at,produced_on,batch"
_WRITER = WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=_ROW_GROUP)


@dataclass(frozen=True, slots=True)
class Lake:
    """Where the lake is, and what its object store needs to know."""

    url: str
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def configured(cls) -> Self:
        """Return the lake of this installation."""
        return cls(settings.LAKE_URL, tuple(sorted(settings.LAKE_OPTIONS.items())))

    @property
    def is_local(self) -> bool:
        """Tell whether the lake is a folder of this machine."""
        return "://" not in self.url

    def latest(self) -> DeltaTable | None:
        """Return the lake as its log has it now; None before the first rows."""
        if self.is_local and not Path(self.url).is_dir():
            return None
        try:  # asking whether it is there would stop every thread while an object store answers
            return DeltaTable(self.url, storage_options=dict(self.options))
        except TableNotFoundError:
            return None

    def at(self, version: int) -> pl.DataFrame:
        """Return the files of a version: path, month, rows, bytes, and what they span."""
        return _files(self, version)

    def put(self, rows: pl.DataFrame, plan: int) -> None:
        """Add a plan's rows in one commit that carries its number; a second one is refused."""
        if self.is_local:
            Path(self.url).mkdir(parents=True, exist_ok=True)
        write_deltalake(
            self.url, with_month(rows).sort(ORDER), mode="append", partition_by=["month"],
            storage_options=dict(self.options), writer_properties=_WRITER,
            target_file_size=_TARGET_BYTES,
            configuration={"delta.dataSkippingStatsColumns": _STATISTICS},
            commit_properties=CommitProperties(app_transactions=[Transaction(_APPLICATION, plan)]),
        )  # fmt: skip

    def rewrite(self, month: str, parts: Iterable[pl.DataFrame]) -> None:
        """Put sorted parts in the place of a month's files, in one commit."""
        schema = Table(with_month(pl.DataFrame(schema=SCHEMA))).schema
        batches = (batch for part in parts for batch in Table(with_month(part)).to_batches())
        write_deltalake(
            self.url, RecordBatchReader.from_batches(schema, batches), mode="overwrite",
            predicate=f"month = '{month}'", storage_options=dict(self.options),
            writer_properties=_WRITER, target_file_size=_TARGET_BYTES,
        )  # fmt: skip

    def read(self, paths: Sequence[str]) -> pl.LazyFrame:
        """Return the rows of some files, lazily: columns and row groups are left out by need."""
        return pl.scan_parquet(
            [self._place(path) for path in paths], glob=False, hive_partitioning=False,
            storage_options=dict(self.options) or None, missing_columns="insert",
            schema=SCHEMA,
        )  # fmt: skip

    def sync(self, paths: Iterable[str], versions: range) -> None:
        """Make files, their folders and the log's entries durable; an object store already did."""
        if not self.is_local:
            return
        log = Path(self.url) / "_delta_log"
        logged = [p for p in log.iterdir() if p.stem[:20].isdecimal()
                  and int(p.stem[:20]) in versions]  # fmt: skip
        files = [Path(self._place(path)) for path in paths]
        folders = {path.parent for path in files} | {log, log.parent, log.parent.parent}
        for path in (*files, *logged, *sorted(folders)):
            _sync(path)

    def _place(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path}"


def plans_in(table: DeltaTable) -> int:
    """Return the number of the last plan that a lake has taken in."""
    return table.transaction_version(_APPLICATION) or 0


def with_month(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the month in UTC, by which files are kept apart."""
    return rows.with_columns(pl.col("measured_at").dt.strftime("%Y-%m").alias("month"))


def content_of(frames: Iterable[pl.DataFrame]) -> tuple[int, int]:
    """Return number and digest of rows, whatever their order: are two sets of rows the same?"""
    count = total = 0
    for frame in frames:
        count += frame.height
        total += int(frame.select(*SCHEMA).hash_rows(seed=1).sum()) if frame.height else 0
    return count, total % 2**64


def contents(lake: Lake, paths: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Yield the rows of files, one file at a time."""
    for path in paths:
        yield lake.read([path]).collect()


@lru_cache(maxsize=16)
def _files(lake: Lake, version: int) -> pl.DataFrame:
    table = DeltaTable(lake.url, version=version, storage_options=dict(lake.options))
    told = pl.DataFrame(table.get_add_actions(flatten=True))
    spans = {
        f"{end}.{name}": pl.lit(None, dtype=SCHEMA[name])
        for end in ("min", "max")
        for name in ("characteristic", "stream", "measured_at")
    }
    absent = [value.alias(name) for name, value in spans.items() if name not in told.columns]
    named: dict[str, Any] = {
        "path": "path", "month": "partition.month", "rows": "num_records", "bytes": "size_bytes",
    }  # fmt: skip
    return told.with_columns(absent).select(
        *[pl.col(column).alias(name) for name, column in named.items()], *spans
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
