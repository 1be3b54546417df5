"""The cluster's engine: Apache Spark reads the lake's files where they are.

The list of files comes from the lake's own log, so that Spark reads plain Parquet and needs no
further jar on a shared folder. Blocks that are not yet in the lake go along from here.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from andon.history.engines.expressions import Rows
from andon.history.frame import SCHEMA
from andon.history.models import Block, SupersededPlace
from andon.history.reading import Asked, Snapshot, corrected_by

_TYPES: dict[Any, str] = {
    pl.Int64: "bigint",
    pl.Int32: "int",
    pl.String: "string",
    pl.Float64: "double",
    pl.Boolean: "boolean",
    pl.Date: "date",
}
_COLUMNS = ", ".join(f"{name} {_TYPES.get(kind, 'timestamp')}" for name, kind in SCHEMA.items())
_PLACE = ["batch", "position"]


class Spark:
    """Computes on a cluster; only results, and blocks not yet in the lake, pass through here."""

    @cached_property
    def session(self) -> Any:
        """The session with the cluster."""
        try:
            sql = import_module("pyspark.sql")
        except ImportError as error:
            message = "ANDON_ENGINE=spark needs the extra: install andon[spark] and Java 17."
            raise ImproperlyConfigured(message) from error
        builder = sql.SparkSession.builder.master(settings.SPARK_MASTER).appName("andon")
        for name, value in (_OPTIONS | settings.SPARK_OPTIONS).items():
            builder = builder.config(name, value)
        return builder.getOrCreate()

    def rows(self, now: Snapshot, asked: Asked) -> Rows:
        """Return the wanted rows of files and blocks, superseded ones left out."""
        hot = now.hot(Block.objects.filter(pk__in=now.places(asked).values("block_id")))
        superseded = _superseded(hot)
        parts = [self._narrowed(self._of_files(now.files(asked)["path"].to_list()), asked)]
        if hot.height:
            parts.append(self._narrowed(self.table(hot), asked))
        rows = nw.concat(parts) if len(parts) > 1 else parts[0]
        if not superseded.height:
            return rows
        return rows.join(self.table(superseded), on=_PLACE, how="anti")

    def table(self, table: pl.DataFrame) -> Rows:
        """Send a small table to the cluster."""
        sent: Rows = nw.from_native(self.session.createDataFrame(table.to_arrow()))
        return sent

    def collected(self, found: Rows, by: Sequence[str]) -> pl.DataFrame:
        """Let the cluster compute, and return the result in order."""
        result: pl.DataFrame = found.collect(backend="polars").to_native()
        return result.sort(by)

    def _of_files(self, paths: Sequence[str]) -> Rows:
        reader = self.session.read.schema(_COLUMNS)
        root = _for_spark(settings.LAKE_URL)
        files = [f"{root.rstrip('/')}/{path}" for path in paths]
        rows = reader.parquet(*files) if files else self.session.createDataFrame([], _COLUMNS)
        found: Rows = nw.from_native(rows)
        return found

    @staticmethod
    def _narrowed(rows: Rows, asked: Asked) -> Rows:
        for column in asked.where:
            rows = rows.filter(nw.col(column).is_in(asked.values(column) or []))
        if asked.since is not None:
            rows = rows.filter(nw.col("measured_at") >= _instant(asked.since))
        if asked.until is not None:
            rows = rows.filter(nw.col("measured_at") < _instant(asked.until))
        return rows


_OPTIONS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # Files are named one by one: no folder is listed, whatever their number.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
}


@lru_cache(maxsize=1)
def engine() -> Spark:
    """Return the engine; its session lasts as long as the process."""
    return Spark()


def _superseded(hot: pl.DataFrame) -> pl.DataFrame:
    """Return the places of rows that a later one corrects, in the lake or in these blocks."""
    known = list(SupersededPlace.objects.values_list("batch", "position"))
    schema = {name: SCHEMA[name] for name in _PLACE}
    return pl.concat([pl.DataFrame(known, schema=schema, orient="row"), corrected_by(hot)]).unique()


def _instant(at: datetime) -> Any:
    return nw.lit(at.astimezone(UTC), dtype=nw.Datetime("us", "UTC"))


def _for_spark(address: str) -> str:
    """Return an address as Hadoop writes it."""
    if "://" not in address:
        return Path(address).resolve().as_uri()
    return address.replace("s3://", "s3a://", 1)
