"""Named reads of measurements: counts, values and frames of a stream or a characteristic."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from andon.history import log
from andon.records import clock
from andon.records.days import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which measurements: of one characteristic, between production days, at some places."""

    characteristic: str
    since: date | None = None
    until: date | None = None
    """Both days included."""
    machines: Sequence[str] = ()
    shifts: Sequence[str] = ()

    @property
    def where(self) -> dict[str, str | Sequence[str]]:
        """Which values the rows have."""
        named = {"machine": list(self.machines), "shift": list(self.shifts)}
        return {"characteristic": self.characteristic} | {
            column: values for column, values in named.items() if values
        }

    @property
    def days(self) -> list[pl.Expr]:
        """The production days of the rows."""
        ends = []
        if self.since is not None:
            ends.append(pl.col("produced_on") >= self.since)
        if self.until is not None:
            ends.append(pl.col("produced_on") <= self.until)
        return ends


class Place(NamedTuple):
    """Where a row stands in the order of measurement."""

    measured_at: datetime
    batch: int
    position: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the place of a text; ValueError when it is none."""
        at, batch, position = text.split("_")
        place = cls(datetime.fromisoformat(at), int(batch), int(position))
        is_one = 0 <= place.batch < 2**63 and 0 <= place.position < 2**31
        if not is_one or not place.measured_at.tzinfo:
            raise ValueError(text)
        if not FIRST_YEAR <= place.measured_at.year <= LAST_YEAR:
            raise ValueError(text)
        return place

    def __str__(self) -> str:
        return f"{self.measured_at.isoformat()}_{self.batch}_{self.position}"

    @property
    def is_after(self) -> pl.Expr:
        """Tell of a row whether this place comes after it."""
        at, batch, position = pl.col("measured_at"), pl.col("batch"), pl.col("position")
        is_earlier = (batch < self.batch) | ((batch == self.batch) & (position < self.position))
        instant = pl.lit(self.measured_at).cast(pl.Datetime("us", "UTC"))
        return (at < instant) | ((at == instant) & is_earlier)


def rows_of(selection: Selection, columns: Sequence[str] = ()) -> pl.DataFrame:
    """Return the rows of a selection in order of measurement."""
    needed = list(dict.fromkeys((*columns, "produced_on"))) if columns else ()
    rows = log.scan(
        selection.where, columns=needed, since=_start(selection.since), until=_end(selection.until)
    )
    rows = rows.filter(*selection.days)
    return (rows.select(columns) if columns else rows).collect()


def last_rows_of(selection: Selection, n: int, *, before: Place | None = None) -> pl.DataFrame:
    """Return the last n rows of a selection in order of measurement: those before a place.

    What it costs depends on n, not on the length of the history.
    """
    until, asked = _end(selection.until), n
    if before is not None:
        next_instant = before.measured_at + timedelta(microseconds=1)
        until = min(next_instant, until or next_instant)
    while True:
        rows = log.tail(selection.where, asked, since=_start(selection.since), until=until)
        fitting = rows.filter(*selection.days, *([before.is_after] if before else []))
        if fitting.height >= n or rows.height < asked:
            return fitting.tail(n)
        asked *= 4


def values(selection: Selection) -> NDArray[np.float64]:
    """Return the values of a selection in order of measurement."""
    return rows_of(selection, ["value"])["value"].to_numpy()


def counts(selection: Selection) -> tuple[int, int]:
    """Return the defective and the inspected pieces of a selection."""
    sums = rows_of(selection, ["value", "inspected"]).sum().row(0)
    return int(sums[0] or 0), int(sums[1] or 0)


def subgroups_of(selection: Selection) -> pl.DataFrame:
    """Return each subgroup of a selection: mean, range, n, when, and what it was made with."""
    return subgroups(rows_of(selection))


def subgroups(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the subgroups of rows in order: stream, day, shift, mean, spread, extremes, lot."""
    value = pl.col("value")
    return (
        rows.lazy()
        .group_by("stream", "produced_on", "shift", "subgroup", maintain_order=True)
        .agg(
            pl.col("measured_at").min(),
            value.mean().alias("mean"),
            value.std().alias("s"),
            (value.max() - value.min()).alias("range"),
            value.min().alias("min"),
            value.max().alias("max"),
            pl.len().alias("n"),
            pl.col("is_out_of_specification").sum().alias("out"),
            *[
                pl.col(name).first()
                for name in ("machine", "product", "lot", "instrument", "operator", "factors")
            ],
        )
        # In order, so that the same rows give the same sums to the last bit, whatever the threads.
        .sort("measured_at", "subgroup", maintain_order=True)
        .collect()
    )


def with_factors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with each further column of its own beside the known ones."""
    texts = rows["factors"].unique().to_list()
    told: dict[str, dict[str, Any]] = {text: json.loads(text or "{}") for text in texts}
    names = sorted({name for factors in told.values() for name in factors} - set(rows.columns))
    columns = [
        pl.col("factors").replace_strict(
            {text: str(factors.get(name, "")) for text, factors in told.items()},
            return_dtype=pl.String,
        ).alias(name)
        for name in names
    ]  # fmt: skip
    return rows.with_columns(columns) if columns else rows


def _start(day: date | None) -> datetime | None:
    """A production day may begin the evening before and end in the next morning."""
    return _midnight(day) - timedelta(days=1) if day else None


def _end(day: date | None) -> datetime | None:
    return _midnight(day) + timedelta(days=2) if day else None


def _midnight(day: date) -> datetime:
    """Return when a day begins at the site; nothing is measured outside of the years there are."""
    day = min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))
    return datetime.combine(day, time(), clock.site_zone()).astimezone(UTC)
