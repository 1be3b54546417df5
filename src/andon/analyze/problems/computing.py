"""Computing a problem: everything it says, from its findings and the measurements."""

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from andon.analyze.drivers.ranking import DriverLine, Drivers
from andon.analyze.monitoring.freezing import baseline_of
from andon.analyze.monitoring.models import Finding
from andon.analyze.monitoring.queries import limits_on
from andon.analyze.problems.costs import expected_cost_per_day
from andon.analyze.problems.explaining import Span, affected_lots, affected_rows, explain_all
from andon.analyze.problems.titles import title_of
from andon.organization.products.models import Characteristic
from andon.stats.findings import Finding as Departure
from andon.stats.findings_forecast import Forecast, forecast_out_of_specification


def computed(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the fields of a problem as its standing findings tell them, first found first.

    An action without effect has no stream of its own: its problem stays as it was reported.
    """
    lead = findings[0]
    if lead.rule == Finding.Rule.GAUGE:
        return _of_instrument(findings)
    if lead.stream is None:
        return {}
    return {
        "characteristic": lead.stream.characteristic,
        "machine": lead.stream.machine,
        "began_on": min(finding.began_on for finding in findings),
        "found_on": min(f.found_on for f in findings if f is lead or f.stream is None),
        "shift": lead.shift,
        **_explained(findings),
    }


def _of_instrument(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return what studies of an instrument tell: the last verdict, since the first one."""
    last = findings[-1]
    level = str(last.detail["instrument"])
    return {
        "title": title_of([last], None)[:300],
        "characteristic": Characteristic.objects.get(code=last.detail["characteristic"]),
        "began_on": min(finding.began_on for finding in findings),
        "found_on": findings[0].found_on,
        "factor": "instrument" if level else "",
        "level": level,
        "effect": last.detail["share"],
    }


def own_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of the characteristic that was found first."""
    lead = findings[0]
    if lead.stream is None:
        return [lead]
    key = lead.stream.characteristic_id
    return [f for f in findings if f.stream is not None and f.stream.characteristic_id == key]


def rows_of_problem(findings: Sequence[Finding], explanation: DriverLine | None) -> pl.DataFrame:
    """Return the affected measurements: at its streams since it began, under what explains it."""
    own = own_findings(findings)
    streams = {f.stream.code: f.stream for f in own if f.stream is not None}
    span = Span(min(f.began_on for f in own), max(f.found_on for f in own))
    suspect = explanation if explanation and explanation.factor != "weekday" else None
    return affected_rows(streams.values(), span, suspect)


def _explained(findings: Sequence[Finding]) -> dict[str, Any]:
    own = own_findings(findings)
    drivers = explain_all(own)
    explanation = drivers.explanation if drivers else None
    rows = rows_of_problem(findings, explanation)
    drift = last_drift(own, explanation)
    return {
        "title": title_of(own, explanation)[:300],
        **_driver_fields(drivers),
        "forecast": forecast_of(drift) if drift else {},
        "lots": affected_lots(rows),
        "cost_per_day": expected_cost_per_day(own, rows, drift),
    }


def _driver_fields(drivers: Drivers | None) -> dict[str, Any]:
    best = drivers.best if drivers else None
    return {
        "factor": best.factor[:100] if best else "",
        "level": best.level[:200] if best else "",
        "effect": best.effect if best else None,
        "drivers": drivers.to_dict() if drivers else {},
    }


def last_drift(findings: Sequence[Finding], explanation: DriverLine | None) -> Finding | None:
    """Return the last sustained shift when it still moves away.

    What follows a gauge or a supplier goes up and down with it: that is no drift to go on with.
    """
    shifts = [finding for finding in findings if finding.rule == Finding.Rule.SHIFT]
    if not shifts or (explanation is not None and explanation.factor != "machine"):
        return None
    return shifts[-1] if Departure.from_dict(shifts[-1].detail).is_drift else None


def forecast_of(drift: Finding) -> dict[str, Any]:
    """Return when a drift is expected to give its first piece outside; {} if never."""
    forecast = _forecast(drift)
    if forecast is None or not math.isfinite(forecast.days):
        return {}
    told = forecast.to_dict()
    return {
        "days": told["days"], "low": told["interval"]["low"], "high": told["interval"]["high"],
        "limit": told["limit"], "counted_from": drift.found_on.isoformat(),
    }  # fmt: skip


def _forecast(finding: Finding) -> Forecast | None:
    stream = finding.stream
    limits = limits_on(stream, finding.found_on) if stream else None
    if stream is None or limits is None:
        return None
    shifts = stream.machine.shifts.count() or 1
    return forecast_out_of_specification(
        Departure.from_dict(finding.detail),
        baseline_of(limits),
        lower=stream.characteristic.lower_specification,
        upper=stream.characteristic.upper_specification,
        subgroups_per_day=shifts,
    )
