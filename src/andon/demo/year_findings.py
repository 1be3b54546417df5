"""What the finding rules say of a drawn year, without any database: the yardstick of a replay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from andon.demo.calendar import BASELINE_END, iso_week, working_days
from andon.demo.generator import SERIES, Series
from andon.demo.generator_counts import DEFECT_SHARES
from andon.demo.year import FactoryYear
from andon.stats.findings import DEFAULT_OPTIONS, Finding, FindingOptions
from andon.stats.findings_baseline import Baseline, freeze_baseline, model_scale
from andon.stats.findings_rate import rate_findings
from andon.stats.findings_scan import scan

__all__ = [
    "YearFinding",
    "count_findings",
    "planned_tests",
    "stream_baseline",
    "value_findings",
]


@dataclass(frozen=True, slots=True)
class YearFinding:
    """A finding with its dates; one on counts is confirmed at the end of its window."""

    stream: str
    rule: str
    began_on: date
    found_on: date
    shift: str
    strength: float


def value_findings(
    year: FactoryYear, options: FindingOptions = DEFAULT_OPTIONS
) -> Iterator[YearFinding]:
    """Yield the EXTREME and SHIFT findings of all streams, stream after stream."""
    for series in SERIES:
        for machine in series.machines:
            for finding in _stream_findings(year, series, machine, options)[1]:
                yield _dated(finding, series, machine)


def stream_baseline(year: FactoryYear, series: Series, machine: str) -> Baseline:
    """Return the baseline frozen from the stream's phase I."""
    rows = year.readings[series.characteristic, machine][: _first_monitored(series)]
    return freeze_baseline(rows, logarithmic=series.is_logarithmic)


def count_findings(year: FactoryYear, *, monthly: bool = False) -> Iterator[YearFinding]:
    """Yield the RATE findings of every ISO week (or month) in the order of the windows."""
    places = list(year.inspected)
    for days in _windows(monthly):
        rows = slice(days[0], days[-1] + 1)
        for found in rate_findings(
            [year.inspected[place][rows].sum() for place in places],
            [year.defects[place][rows].sum(axis=0) for place in places],
            planned_tests=planned_tests(monthly=monthly),
        ):
            cell, shift = places[found.place]
            yield YearFinding(
                f"{list(DEFECT_SHARES)[found.code]}/{cell}/{shift}",
                "RATE",
                working_days()[days[0]],
                working_days()[days[-1]],
                shift,
                found.ratio,
            )


def planned_tests(*, monthly: bool = False) -> int:
    """Return the tests of a year: codes x cells x shifts x windows.

    >>> planned_tests(), planned_tests(monthly=True)
    (2646, 648)
    """
    return len(DEFECT_SHARES) * 9 * len(_windows(monthly))


def _stream_findings(
    year: FactoryYear, series: Series, machine: str, options: FindingOptions
) -> tuple[Baseline, tuple[Finding, ...]]:
    baseline = stream_baseline(year, series, machine)
    rows = year.readings[series.characteristic, machine][_first_monitored(series) :]
    means = model_scale(rows, logarithmic=series.is_logarithmic).mean(axis=1)
    return baseline, scan(means, baseline, options)[1]


def _first_monitored(series: Series) -> int:
    return len(series.shifts) * int(np.sum([day <= BASELINE_END for day in working_days()]))


def _dated(finding: Finding, series: Series, machine: str) -> YearFinding:
    first, shifts = _first_monitored(series), len(series.shifts)
    found, began = first + finding.position, first + finding.began
    return YearFinding(
        f"{series.characteristic}/{machine}",
        finding.rule,
        working_days()[began // shifts],
        working_days()[found // shifts],
        series.shifts[found % shifts],
        finding.z,
    )


def _windows(monthly: bool) -> list[list[int]]:
    """Return the numbers of the working days of each ISO week or month."""
    numbered = enumerate(working_days())
    grouped = groupby(numbered, key=lambda item: item[1].month if monthly else iso_week(item[1]))
    return [[number for number, _ in days] for _, days in grouped]
