"""Read the facts before and after an action: counts, subgroup means, values, with their digest."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from andon.identify.measurements.queries import Selection, counts, rows_of, subgroups
from andon.organization.products.models import Characteristic
from andon.stats.chart_factors import d2

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where and when to look: one characteristic at some machines and shifts, between two days."""

    characteristic: Characteristic
    machines: tuple[str, ...]
    shifts: tuple[str, ...]
    since: date
    until: date

    @property
    def selection(self) -> Selection:
        """The measurements of this window."""
        return Selection(
            characteristic=self.characteristic.code, since=self.since, until=self.until,
            machines=self.machines, shifts=self.shifts,
        )  # fmt: skip

    @property
    def days(self) -> int:
        """Calendar days in the window, both ends included."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class Side:
    """The facts of one window, before or after."""

    numbers: FloatArray
    """Rate: defects and inspected; mean: subgroup means; capability: values."""
    within_sigma: float = float("nan")

    @property
    def digest(self) -> str:
        """SHA-256 over the numbers as little-endian doubles: the identity of the inputs."""
        return hashlib.sha256(self.numbers.astype("<f8").tobytes()).hexdigest()


def read_counts(window: Window) -> Side:
    """Return defects and inspected pieces of a window."""
    return Side(np.asarray(counts(window.selection), dtype=float))


def read_subgroups(window: Window) -> Side:
    """Return the subgroup means of a window and the pooled sigma within them.

    With single values the sigma is that of the moving range of two of one stream.
    """
    groups = subgroups(_on_scale(window))
    means = groups["mean"].to_numpy().astype(float)
    spread = groups.filter(pl.col("n") > 1)
    degrees = float((spread["n"] - 1).sum()) if spread.height else 0.0
    if degrees:
        squares = float(((spread["n"] - 1) * spread["s"] ** 2).sum())
        return Side(means, float(np.sqrt(squares / degrees)))
    moving = groups.select(pl.col("mean").diff().abs().over("stream")).drop_nulls().to_numpy()
    return Side(means, float(moving.mean()) / d2(2) if moving.size else float("nan"))


def read_values(window: Window) -> Side:
    """Return every value of a window on the scale on which it varies normally."""
    return Side(_on_scale(window)["value"].to_numpy().astype(float))


def specification(characteristic: Characteristic) -> tuple[float | None, float | None]:
    """Return the limits on the scale on which the values vary normally."""
    limits = (characteristic.lower_specification, characteristic.upper_specification)
    is_log = characteristic.model == Characteristic.Model.LOG
    low, high = (
        None if limit is None else float(np.log(limit)) if is_log else limit for limit in limits
    )
    return low, high


def by_week(window: Window) -> list[dict[str, Any]]:
    """Return per week (its Monday) the rate or mean, for the picture, with what it rests on."""
    rows = rows_of(window.selection, ["produced_on", "value", "inspected"])
    week = pl.col("produced_on").dt.truncate("1w").alias("week")
    sums = rows.group_by(week).agg(
        pl.col("value").sum().alias("sum"), pl.col("inspected").sum(), pl.len().alias("n")
    )
    divisor = pl.col("inspected") if window.characteristic.is_counted else pl.col("n")
    told = sums.filter(divisor > 0).select("week", (pl.col("sum") / divisor).alias("value"),
                                           divisor.alias("n"))  # fmt: skip
    return told.sort("week").to_dicts()


def _on_scale(window: Window) -> pl.DataFrame:
    rows = rows_of(window.selection)
    if window.characteristic.model == Characteristic.Model.LOG:
        return rows.filter(pl.col("value") > 0).with_columns(pl.col("value").log())
    return rows
