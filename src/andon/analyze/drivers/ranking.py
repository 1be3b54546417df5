"""Ranking: what explains the variation of a characteristic between two days."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from andon.analyze.drivers.factors import factor_columns, narrowed_to, rank_of, repeating
from andon.identify.measurements.queries import Selection, rows_of, subgroups
from andon.organization.products.models import Characteristic
from andon.stats.drivers import DriverRanking, rank_drivers_of_values
from andon.stats.drivers_of_counts import CountDriverRanking, rank_drivers_of_counts
from andon.stats.errors import StatisticsError
from andon.stats.results import Interval

ETA_SQUARED, RATE_RATIO = "eta squared", "rate ratio"
CONFIRMED = {ETA_SQUARED: 0.5, RATE_RATIO: 2.0}
"""From this effect on a driver explains a departure (DOMAIN 4.6, merge; RATE)."""
_NOTHING = Interval(float("nan"), float("nan"), 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose variation is to be explained: one characteristic, between two production days."""

    characteristic: Characteristic
    since: date
    until: date
    """Both days included."""
    machines: Sequence[str] = ()
    shifts: Sequence[str] = ()
    """Codes; empty means all, so that a machine can be held against the others."""
    suspect_lot: str = ""
    """A lot that was found by itself: it is held against all others."""
    direction: int = 0
    """Which way it departs: of two levels the one that does is named; 0 when that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverLine:
    """One factor: what it explains, its most telling level, and the verdict."""

    factor: str
    level: str
    effect: float | None
    """Eta squared of the factor, or the rate ratio of its level to all others."""
    low: float | None
    high: float | None
    p_value: float | None
    """Corrected for the number of factors."""
    departure: float | None
    """Mean of the level minus mean of the rest on the model's scale; for counts its rate."""
    verdict: str
    related: str
    levels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """The ranking with its window, and the result it was told from."""

    measure: str
    since: date
    until: date
    rows: int
    """Subgroups, or counts, analyzed."""
    lines: tuple[DriverLine, ...] = ()
    method: dict[str, Any] = field(default_factory=dict)
    """Method, options, convention and source of the ranking."""
    inputs_digest: str = ""
    """SHA-256 over the ranked numbers as little-endian doubles, then each factor and its levels."""
    why_not: str = ""
    """Why nothing could be ranked."""

    @property
    def best(self) -> DriverLine | None:
        """The strongest factor that acts; of those that cannot be told apart the first named."""
        acting = [line for line in self.lines if line.verdict in ("driver", "not separable")]
        return acting[0] if acting else None

    @property
    def explanation(self) -> DriverLine | None:
        """The best driver when its effect confirms that it explains the departure."""
        best = self.best
        if best is None or (best.effect or 0) < CONFIRMED[self.measure]:
            return None
        return best

    def of(self, verdict: str) -> list[DriverLine]:
        """Return the factors with that verdict."""
        return [line for line in self.lines if line.verdict == verdict]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data that `from_dict` turns back."""
        told = asdict(self)
        return {**told, "since": self.since.isoformat(), "until": self.until.isoformat()}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Return the ranking whose `to_dict` gave this data."""
        values = dict(told)
        values["lines"] = tuple(DriverLine(**line) for line in told["lines"])
        values["since"], values["until"] = (
            date.fromisoformat(told[name]) for name in ("since", "until")
        )
        return cls(**values)


def rank(question: Question) -> Drivers:
    """Rank every factor of a characteristic: values by subgroup means, counts by their rates."""
    rows = rows_of(
        Selection(
            characteristic=question.characteristic.code,
            since=question.since,
            until=question.until,
            machines=question.machines,
            shifts=question.shifts,
        )
    )
    return rank_rows(question, rows)


def rank_rows(question: Question, rows: pl.DataFrame) -> Drivers:
    """Rank as `rank` does, over rows that were read already."""
    ranked = _counts if question.characteristic.is_counted else _values
    try:
        return ranked(question, rows)
    except StatisticsError as error:
        measure = RATE_RATIO if question.characteristic.is_counted else ETA_SQUARED
        return Drivers(
            measure=measure, since=question.since, until=question.until, rows=rows.height,
            why_not=str(error),
        )  # fmt: skip


def comparable(characteristic: Characteristic, rows: pl.DataFrame) -> int:
    """Return how many there are to compare: subgroups, or counts of inspected pieces."""
    if characteristic.is_counted:
        return int((rows["inspected"] > 0).sum())
    subgroup = pl.struct("stream", "produced_on", "shift", "subgroup")
    return int(rows.select(subgroup.n_unique()).item())


def _values(question: Question, rows: pl.DataFrame) -> Drivers:
    """Rank by subgroup means on the model's scale: what the chart judges is what is explained."""
    if question.characteristic.model == Characteristic.Model.LOG:
        rows = rows.filter(pl.col("value") > 0).with_columns(pl.col("value").log())
    groups = subgroups(rows)
    columns = narrowed_to(factor_columns(groups), question.suspect_lot)
    means = groups["mean"].to_numpy()
    found = rank_drivers_of_values(means, columns)
    lines = _value_lines(found, columns, question)
    return _told(question, found, lines, _digest(means, columns))


def _turned(line: DriverLine, mean: float, levels: Sequence[str], question: Question) -> DriverLine:
    """Of two levels name the one that departs: the way the finding says, else from the target."""
    departure = line.departure or 0.0
    other = mean - departure
    if line.levels != 2 or not _departs_more(other, mean, question):
        return line
    others = sorted(set(levels) - {line.level, ""})
    return replace(line, level=others[0], departure=-departure)


def _departs_more(one: float, other: float, question: Question) -> bool:
    """Tell whether one mean departs further than another."""
    if question.direction:
        return (one - other) * question.direction > 0
    target = question.characteristic.target
    if target is None:
        return False
    if question.characteristic.model == Characteristic.Model.LOG:
        target = math.log(target)
    return abs(one - target) > abs(other - target)


def _counts(question: Question, rows: pl.DataFrame) -> Drivers:
    """Rank by rates; dispersion is estimated, so that lots which differ do not look certain."""
    counted = rows.filter(pl.col("inspected") > 0)
    counts, inspected = (counted[name].to_numpy().astype(float) for name in ("value", "inspected"))
    columns = repeating(factor_columns(counted, with_place=True))
    found = rank_drivers_of_counts(counts, inspected, columns)
    digest = _digest(np.stack([counts, inspected]), columns)
    return _told(question, found, _count_lines(found), digest)


def _told(
    question: Question,
    found: DriverRanking | CountDriverRanking,
    lines: Sequence[DriverLine],
    digest: str,
) -> Drivers:
    return Drivers(
        measure=ETA_SQUARED if isinstance(found, DriverRanking) else RATE_RATIO,
        since=question.since, until=question.until, rows=found.rows,
        lines=tuple(_preferred(lines)),
        method={
            "method": found.method, "options": dict(found.options),
            "convention": found.convention, "source": found.source,
        },
        inputs_digest=digest,
    )  # fmt: skip


def _digest(numbers: NDArray[np.float64], columns: Mapping[str, list[str]]) -> str:
    digest = hashlib.sha256(numbers.astype("<f8").tobytes())
    for factor, levels in sorted(columns.items()):
        digest.update(json.dumps([factor, levels], ensure_ascii=False).encode())
    return digest.hexdigest()


def _value_lines(
    found: DriverRanking, columns: Mapping[str, list[str]], question: Question
) -> list[DriverLine]:
    lines = []
    for driver in found.drivers:
        line = DriverLine(
            factor=driver.factor,
            level=driver.level.level if driver.level else "",
            effect=_finite(driver.eta_squared),
            low=_finite(driver.interval.low),
            high=_finite(driver.interval.high),
            p_value=_finite(driver.corrected_p),
            departure=driver.level.effect if driver.level else None,
            verdict=driver.verdict,
            related=driver.related,
            levels=driver.level_count,
        )
        mean = driver.level.mean if driver.level else 0.0
        lines.append(_turned(line, mean, columns[driver.factor], question))
    return lines


def _count_lines(found: CountDriverRanking) -> list[DriverLine]:
    lines = []
    for driver in found.drivers:
        level = driver.level
        interval = level.interval if level else _NOTHING
        lines.append(
            DriverLine(
                factor=driver.factor,
                level=level.level if level else "",
                effect=_finite(level.ratio) if level else None,
                low=_finite(interval.low),
                high=_finite(interval.high),
                p_value=_finite(driver.corrected_p),
                departure=level.rate if level else None,
                verdict=driver.verdict,
                related=driver.related,
                levels=len(driver.levels),
            )
        )
    return lines


def _preferred(lines: Sequence[DriverLine]) -> list[DriverLine]:
    """Order by verdict, then as ranked; of those that cannot be told apart the usual one first."""
    order = ("driver", "not separable", "innocent", "not testable")
    ranked = list(enumerate(lines))
    together = {"not separable"}

    def place(item: tuple[int, DriverLine]) -> tuple[int, int, int]:
        number, line = item
        tie = rank_of(line.factor) if line.verdict in together else 0
        return order.index(line.verdict), tie, number

    return [line for _number, line in sorted(ranked, key=place)]


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
