"""The embedded engine: Polars in this process, streaming, on as many cores as there are."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from andon.history.engines.expressions import Rows
from andon.history.reading import Asked, Snapshot


class Embedded:
    """Computes here; a result larger than memory is not expected, the rows may be."""

    def rows(self, now: Snapshot, asked: Asked) -> Rows:
        """Return the wanted rows of a snapshot."""
        return nw.from_native(now.rows(asked))

    def table(self, table: pl.DataFrame) -> Rows:
        """Return a small table."""
        return nw.from_native(table.lazy())

    def collected(self, found: Rows, by: Sequence[str]) -> pl.DataFrame:
        """Compute part by part."""
        native: pl.LazyFrame = found.to_native()
        return native.sort(by).collect(engine="streaming")


def engine() -> Embedded:
    """Return the engine."""
    return Embedded()
