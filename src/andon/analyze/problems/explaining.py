"""Explaining a finding: over which days its characteristic is compared, and what drives it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

import polars as pl

from andon.analyze.drivers.factors import PLACE
from andon.analyze.drivers.ranking import DriverLine, Drivers, Question, comparable, rank_rows
from andon.analyze.monitoring.models import Finding, Stream
from andon.identify.measurements.queries import Selection, rows_of, with_factors
from andon.organization.processes.queries import Calendar
from andon.organization.products.models import Characteristic

NEAR_DAYS = 5
"""Working days without a finding after which the next one is told apart (DOMAIN 4.6, merge)."""
FEWEST = 12
"""Subgroups below which the window is widened to the days before, so that a change shows."""
LONGEST = timedelta(days=92)
_WIDER = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Span:
    """Production days, both included."""

    since: date
    until: date


def explain(finding: Finding) -> Drivers | None:
    """Rank what drives a finding since its departure began; None where nothing was measured."""
    if finding.stream is None:
        return None
    began = [finding.began_on, *_recent_beginnings(finding)]
    return drivers_over(finding, Span(min(began), finding.found_on), suspect=_suspect([finding]))


def explanation_of(finding: Finding) -> tuple[str, str]:
    """Return the factor and its level that explain a finding; empty where none does."""
    if finding.rule == Finding.Rule.GAUGE:
        instrument = str(finding.detail["instrument"])
        return ("instrument", instrument) if instrument else ("", "")
    drivers = explain(finding)
    line = drivers.explanation if drivers else None
    level = level_at(finding, line.factor) if line else ""
    return (line.factor, level) if line and level else ("", "")


def explain_all(findings: Sequence[Finding]) -> Drivers | None:
    """Rank what drives findings of one characteristic, over all their days."""
    lead = findings[0]
    if lead.stream is None:
        return None
    until = max(finding.found_on for finding in findings)
    since = max(min(finding.began_on for finding in findings), until - LONGEST)
    return drivers_over(lead, Span(since, until), suspect=_suspect(findings))


def level_at(finding: Finding, factor: str) -> str:
    """Return the level of a factor under which a finding was made; "" when it has none.

    A factor explains several findings together only where they share this level.
    """
    stream = finding.stream
    if stream is None:
        return ""
    if factor == "machine":
        return stream.machine.code
    if factor == PLACE:
        return f"{stream.machine.code}/{finding.shift}"
    rows = rows_at([stream], Span(finding.found_on, finding.found_on))
    told = with_factors(rows.filter(pl.col("subgroup") == finding.subgroup))
    levels = told[factor].unique().to_list() if factor in told.columns else []
    return str(levels[0]) if len(levels) == 1 else ""


def drivers_over(finding: Finding, span: Span, *, suspect: str = "") -> Drivers:
    """Rank over a span, widened backwards while it holds too little to compare with."""
    assert finding.stream is not None
    characteristic = finding.stream.characteristic
    rows = _rows_of(characteristic, span)
    if comparable(characteristic, rows) < FEWEST:
        span, rows = _widened(characteristic, span)
    question = Question(
        characteristic=characteristic, since=span.since, until=span.until,
        suspect_lot=suspect, direction=finding.direction,
    )  # fmt: skip
    return rank_rows(question, rows)


def _widened(characteristic: Characteristic, span: Span) -> tuple[Span, pl.DataFrame]:
    """Return the narrowest of the wider spans that holds enough, else the widest; read once."""
    calendar = Calendar.load()
    wider = [Span(day_before(calendar, span.since, days), span.until) for days in _WIDER]
    all_rows = _rows_of(characteristic, wider[-1])
    for chosen in wider:
        rows = all_rows.filter(pl.col("produced_on") >= chosen.since)
        if comparable(characteristic, rows) >= FEWEST:
            break
    return chosen, rows


def day_before(calendar: Calendar, on: date, days: int) -> date:
    """Return the working day so many working days before a day."""
    worked = calendar.working_days(on - timedelta(days=3 * days + 21), on - timedelta(days=1))
    return worked[-days] if len(worked) >= days else on - timedelta(days=3 * days + 21)


def lots_since_began(finding: Finding) -> list[str]:
    """Return the lots in which a finding lies: its own, or all of its stream since it began."""
    if finding.rule == Finding.Rule.EXTREME or finding.stream is None:
        return list(finding.lots)
    span = Span(finding.began_on, finding.found_on)
    rows = rows_at([finding.stream], span)
    if finding.rule == Finding.Rule.SHIFT:
        rows = rows.filter(pl.col("measured_at") <= finding.found_at.astimezone(UTC))
    return _lots(rows)


def affected_rows(
    streams: Iterable[Stream], span: Span, explanation: DriverLine | None
) -> pl.DataFrame:
    """Return what was measured at the streams in a span under the level that explains it."""
    rows = rows_at(streams, span)
    if explanation is None:
        return rows
    told = with_factors(rows)
    name, level = explanation.factor, explanation.level
    if name == PLACE:
        place = pl.concat_str("machine", pl.lit("/"), "shift")
        return rows.filter(place == level)
    return rows.filter(told[name] == level) if name in told.columns else rows


def affected_lots(rows: pl.DataFrame) -> list[str]:
    """Return the lots of rows, first measured first."""
    return _lots(rows)


def rows_at(streams: Iterable[Stream], span: Span) -> pl.DataFrame:
    """Return everything measured at some streams of one characteristic in a span."""
    found = list(streams)
    shifts = [] if any(not s.shift for s in found) else sorted({s.shift for s in found})
    selection = Selection(
        characteristic=found[0].characteristic.code, since=span.since, until=span.until,
        machines=sorted({stream.machine.code for stream in found}), shifts=shifts,
    )  # fmt: skip
    codes = [stream.code for stream in found]
    return rows_of(selection).filter(pl.col("stream").is_in(codes))


def _rows_of(characteristic: Characteristic, span: Span) -> pl.DataFrame:
    return rows_of(
        Selection(characteristic=characteristic.code, since=span.since, until=span.until)
    )


def _suspect(findings: Sequence[Finding]) -> str:
    """Return the one lot that was found by itself; "" when the departure lasted."""
    lots = {lot for finding in findings for lot in finding.lots}
    is_alone = all(finding.rule == Finding.Rule.EXTREME for finding in findings)
    return lots.pop() if is_alone and len(lots) == 1 else ""


def _recent_beginnings(finding: Finding) -> list[date]:
    """Return when other findings of the characteristic began that stand close before this one."""
    assert finding.stream is not None
    earliest = day_before(Calendar.load(), finding.began_on, NEAR_DAYS)
    near = Finding.objects.filter(
        stream__characteristic=finding.stream.characteristic,
        direction=finding.direction,
        withdrawn_at=None,
        found_on__gte=earliest,
        found_at__lte=finding.found_at,
    )
    return list(near.values_list("began_on", flat=True))


def _lots(rows: pl.DataFrame) -> list[str]:
    named = rows.filter(pl.col("lot") != "")
    return named["lot"].unique(maintain_order=True).to_list()
