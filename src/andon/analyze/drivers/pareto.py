"""Pareto: which defects make up most, by count or cost, drilled by any factor, before and after."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from andon.analyze.drivers.factors import factor_columns
from andon.history import log
from andon.organization.products.models import Characteristic
from andon.organization.products.queries import cost_per_piece
from andon.records import clock
from andon.stats.comparison_rates import compare_rates
from andon.stats.errors import StatisticsError
from andon.stats.pareto import Bar, rank_causes

DEFECT = "defect"
"""The usual bars: one per defect code. Any factor's levels can be the bars instead."""
COUNT, COST = "count", "cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a Pareto shows: days (both included), what the bars are, and what they are narrowed to.

    With the days of a comparison each bar also tells its rate before.
    """

    since: date
    until: date
    by: str = DEFECT
    measure: str = COUNT
    defect: str = ""
    machine: str = ""
    shift: str = ""
    before_since: date | None = None
    before_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoBar:
    """One bar: how often, what it costs, and its rate now and before."""

    cause: str
    count: int
    cost: float | None
    share: float
    cumulative: float
    low: float
    high: float
    is_vital: bool
    rate: float | None
    rate_before: float | None
    ratio: float | None
    """Rate now over rate before, with its 95 % interval."""
    ratio_low: float | None
    ratio_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoTold:
    """The bars, highest first, and what they rest on."""

    bars: tuple[ParetoBar, ...]
    defects: int
    inspected: int
    factors: tuple[str, ...]
    """By what the bars could be drilled."""


def pareto(look: Look) -> ParetoTold:
    """Rank defects, or the levels of a factor, by count or by cost."""
    codes = _counted(look.defect)
    rows = _rows(look, codes, look.since, look.until)
    levels = factor_columns(rows) if rows.height else {}
    causes = _causes(rows, look.by, levels)
    prices = _prices(codes)
    weights = [prices.get(code) or 0.0 for code in rows["characteristic"].to_list()]
    try:
        ranked = rank_causes(
            causes, rows["value"].to_numpy(), weights=weights if look.measure == COST else None
        ).bars
    except StatisticsError:
        ranked = ()
    table = _sums(rows, causes, weights)
    before = _before(look, codes)
    return ParetoTold(
        bars=tuple(_told(bar, table, before) for bar in ranked),
        defects=int(rows["value"].sum() or 0),
        inspected=_inspected(rows),
        factors=(DEFECT, *levels),
    )


def _counted(defect: str) -> list[Characteristic]:
    found = Characteristic.objects.filter(kind=Characteristic.Kind.ATTRIBUTE)
    found = found.filter(code=defect) if defect else found
    return list(found.select_related("process", "product"))


def _rows(look: Look, codes: Sequence[Characteristic], since: date, until: date) -> pl.DataFrame:
    where: dict[str, str | Sequence[str]] = {"characteristic": [code.code for code in codes]}
    if look.machine:
        where["machine"] = look.machine
    if look.shift:
        where["shift"] = look.shift
    rows = log.scan(
        where,
        since=_midnight(since - timedelta(days=1)),
        until=_midnight(until + timedelta(days=2)),
    )
    is_within = pl.col("produced_on").is_between(since, until)
    return rows.filter(is_within & (pl.col("inspected") > 0)).collect()


def _causes(rows: pl.DataFrame, by: str, levels: Mapping[str, list[str]]) -> list[str]:
    if by in levels:
        return [level or "–" for level in levels[by]]
    if by in rows.columns and by != DEFECT:
        return [str(level) for level in rows[by].to_list()]
    return rows["characteristic"].to_list()


def _prices(codes: Sequence[Characteristic]) -> dict[str, float]:
    """Return what a piece has cost where each defect is found."""
    prices = {code.code: cost_per_piece(code.process, code.product) for code in codes}
    return {code: float(price) for code, price in prices.items() if price is not None}


def _sums(
    rows: pl.DataFrame, causes: Sequence[str], weights: Sequence[float]
) -> dict[str, tuple[float, float, int]]:
    """Return defects, cost and pieces looked at for each cause."""
    table = rows.with_columns(
        pl.Series("cause", causes, dtype=pl.String), pl.Series("price", weights, dtype=pl.Float64)
    )
    sums = table.group_by("cause").agg(
        pl.col("value").sum(),
        (pl.col("value") * pl.col("price")).sum().alias("cost"),
        pl.col("inspected").sum(),
        pl.col("characteristic").n_unique().alias("codes"),
    )
    # A piece is looked at for every code at once: it counts once.
    return {
        cause: (value, cost, inspected // codes)
        for cause, value, cost, inspected, codes in sums.iter_rows()
    }


def _before(look: Look, codes: Sequence[Characteristic]) -> dict[str, tuple[float, float, int]]:
    if look.before_since is None or look.before_until is None:
        return {}
    rows = _rows(look, codes, look.before_since, look.before_until)
    levels = factor_columns(rows) if rows.height else {}
    causes = _causes(rows, look.by, levels)
    return _sums(rows, causes, [0.0] * rows.height)


def _told(
    bar: Bar,
    table: Mapping[str, tuple[float, float, int]],
    before: Mapping[str, tuple[float, float, int]],
) -> ParetoBar:
    count, cost, inspected = table.get(bar.cause, (bar.count, 0.0, 0))
    earlier = before.get(bar.cause)
    ratio = _ratio((earlier[0], earlier[2]), (count, inspected)) if earlier else (None, None, None)
    return ParetoBar(
        cause=bar.cause, count=int(bar.count), cost=cost or None,
        share=bar.share, cumulative=bar.cumulative,
        low=bar.interval.low, high=bar.interval.high, is_vital=bar.is_vital,
        rate=count / inspected if inspected else None,
        rate_before=earlier[0] / earlier[2] if earlier and earlier[2] else None,
        ratio=ratio[0], ratio_low=ratio[1], ratio_high=ratio[2],
    )  # fmt: skip


def _ratio(
    before: tuple[float, int], after: tuple[float, int]
) -> tuple[float | None, float | None, float | None]:
    try:
        found = compare_rates(*before, *after)
    except StatisticsError:
        return None, None, None
    told = (found.estimate, found.interval.low, found.interval.high)
    return told if all(math.isfinite(number) for number in told) else (None, None, None)


def _inspected(rows: pl.DataFrame) -> int:
    """Return the pieces looked at; one that is looked at for several codes counts once."""
    each = rows.group_by("stream").agg(
        pl.col("inspected").sum(), pl.col("machine", "shift").first()
    )
    most = each.group_by("machine", "shift").agg(pl.col("inspected").max())
    return int(most["inspected"].sum() or 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.site_zone()).astimezone(UTC)
