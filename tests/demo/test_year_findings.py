"""The rules find in the story year what was seeded, on the published day, and nothing else."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import numpy as np
import pytest

from andon.demo.calendar import BASELINE_END, working_days
from andon.demo.generator import SERIES
from andon.demo.year import FactoryYear, Subgroup, factory_year
from andon.demo.year_findings import (
    YearFinding,
    count_findings,
    planned_tests,
    stream_baseline,
    value_findings,
)
from andon.stats.findings import Finding, ShiftState, advance
from andon.stats.findings_baseline import model_scale
from andon.stats.findings_forecast import forecast_out_of_specification
from andon.stats.findings_merge import Occurrence, merge_findings

pytestmark = pytest.mark.once

SERIES_OF = {series.characteristic: series for series in SERIES}


@pytest.fixture(scope="module")
def year() -> FactoryYear:
    return factory_year(20250101)


@pytest.fixture(scope="module")
def found(year: FactoryYear) -> list[YearFinding]:
    return list(value_findings(year))


@pytest.fixture(scope="module")
def replayed(year: FactoryYear) -> list[tuple[Subgroup, Finding]]:
    """Day by day, subgroup by subgroup, with nothing but the stored states."""
    baselines = {
        (s.characteristic, machine): stream_baseline(year, s, machine)
        for s in SERIES
        for machine in s.machines
    }
    states: dict[tuple[str, str], ShiftState] = defaultdict(ShiftState)
    findings = []
    for day in year.days():
        for subgroup in day.subgroups if day.on > BASELINE_END else ():
            stream = (subgroup.characteristic, subgroup.machine)
            baseline = baselines[stream]
            values = model_scale(subgroup.values, logarithmic=baseline.is_logarithmic)
            states[stream], new = advance(states[stream], float(values.mean()), baseline)
            findings += [(subgroup, finding) for finding in new]
    return findings


@pytest.mark.parametrize(
    ("stream", "rule", "found_on", "shift"),
    [
        ("PD/L3", "SHIFT", date(2025, 3, 11), "E"),
        ("AU/PL2", "EXTREME", date(2025, 5, 14), "E"),
        ("CR/T1", "EXTREME", date(2025, 5, 15), "L"),
        ("BO/L6", "SHIFT", date(2025, 9, 2), "L"),
        ("BO/L5", "SHIFT", date(2025, 9, 12), "L"),
        ("SF/A2", "EXTREME", date(2025, 10, 6), "N"),
        ("SF/A1", "EXTREME", date(2025, 10, 13), "E"),
        ("SF/A3", "SHIFT", date(2025, 10, 13), "N"),
    ],
)
def test_each_seeded_stream_is_found_on_the_published_day(
    found: list[YearFinding], stream: str, rule: str, found_on: date, shift: str
) -> None:
    first = next(finding for finding in found if finding.stream == stream)
    assert (first.rule, first.found_on, first.shift) == (rule, found_on, shift)


def test_no_other_stream_has_a_finding_and_none_outlives_its_cause(
    found: list[YearFinding],
) -> None:
    last = {finding.stream: finding.found_on for finding in found}
    assert set(last) == {*("PD/L3", "AU/PL2", "CR/T1", "BO/L5", "BO/L6", "SF/A1", "SF/A2", "SF/A3")}
    assert last["PD/L3"] <= date(2025, 3, 28)
    assert last["CR/T1"] <= date(2025, 5, 16)
    assert max(last["BO/L5"], last["BO/L6"]) <= date(2025, 10, 10)


def test_the_bad_plating_lot_is_far_off_though_every_reading_is_in_specification(
    year: FactoryYear, found: list[YearFinding]
) -> None:
    plating = [finding for finding in found if finding.stream == "AU/PL2"]
    assert [round(finding.strength, 1) for finding in plating] == [-8.2]
    assert year.readings["AU", "PL2"][182].min() >= 0.80


def test_the_wear_is_found_nine_working_days_before_the_first_piece_out_of_specification(
    year: FactoryYear, found: list[YearFinding]
) -> None:
    outside = np.flatnonzero(year.readings["PD", "L3"].max(axis=1) > 0.75)
    assert working_days()[outside[0] // 2] == date(2025, 3, 24)
    assert "EL"[outside[0] % 2] == "L"
    days = working_days().index(date(2025, 3, 24)) - working_days().index(found[0].found_on)
    assert days == 9


def test_the_wear_is_forecast_to_leave_the_specification_about_when_it_does(
    year: FactoryYear, replayed: list[tuple[Subgroup, Finding]]
) -> None:
    subgroup, finding = next(
        (subgroup, finding)
        for subgroup, finding in replayed
        if finding.is_drift and subgroup.machine == "L3"
    )
    forecast = forecast_out_of_specification(
        finding,
        stream_baseline(year, SERIES_OF["PD"], "L3"),
        lower=0.73,
        upper=0.75,
        subgroups_per_day=2,
    )
    assert forecast is not None
    left = working_days().index(date(2025, 3, 24)) - working_days().index(subgroup.made_on)
    assert left in forecast.interval
    assert forecast.days == pytest.approx(left, abs=3)


def test_crimp_on_the_night_shift_of_cell_a2_stands_out_in_the_published_weeks_only(
    year: FactoryYear,
) -> None:
    findings = list(count_findings(year))
    assert {finding.stream for finding in findings} == {"CRIMP/A2/N"}
    weeks = [finding.found_on.isocalendar().week for finding in findings]
    assert weeks == [27, 28, 29, 30, 31, 35, 36, 37]
    assert findings[0].strength == pytest.approx(5.2, abs=0.05)
    assert planned_tests() == 2646


def test_the_healthy_year_has_no_finding() -> None:
    healthy = factory_year(20250101, healthy=True)
    assert list(value_findings(healthy)) == []
    assert list(count_findings(healthy)) == []


def test_of_fifty_healthy_years_exactly_one_has_a_finding() -> None:
    years = [seed for seed in range(1, 51) if any(value_findings(factory_year(seed, healthy=True)))]
    assert years == [46]


def test_a_replay_day_by_day_gives_what_one_bulk_scan_gives(
    found: list[YearFinding], replayed: list[tuple[Subgroup, Finding]]
) -> None:
    day_by_day = {
        (f"{s.characteristic}/{s.machine}", f.rule, s.made_on, s.shift) for s, f in replayed
    }
    assert day_by_day == {(f.stream, f.rule, f.found_on, f.shift) for f in found}
    assert len(replayed) == len(found)


def test_the_findings_merge_into_the_seeded_problems(
    year: FactoryYear, found: list[YearFinding]
) -> None:
    findings = sorted([*found, *count_findings(year)], key=lambda finding: finding.found_on)
    by_stream = _subgroups_by_stream(year)
    occurrences = [_occurrence(finding, by_stream) for finding in findings]
    problems = merge_findings(occurrences, descends=_descends(year))
    assert [sorted({findings[number].stream for number in problem}) for problem in problems] == [
        ["PD/L3"],
        ["AU/PL2", "CR/T1"],
        ["CRIMP/A2/N"],
        ["BO/L5", "BO/L6"],
        ["SF/A1", "SF/A2", "SF/A3"],
    ]


def _subgroups_by_stream(year: FactoryYear) -> dict[str, list[Subgroup]]:
    streams = defaultdict(list)
    for subgroup in (subgroup for day in year.days() for subgroup in day.subgroups):
        streams[f"{subgroup.characteristic}/{subgroup.machine}"].append(subgroup)
    return streams


def _occurrence(finding: YearFinding, streams: dict[str, list[Subgroup]]) -> Occurrence:
    began, ended = (working_days().index(day) for day in (finding.began_on, finding.found_on))
    if finding.rule == "RATE":
        return Occurrence(finding.stream, began, ended, ("place", finding.stream), is_rate=True)
    measured = [
        s for s in streams[finding.stream] if finding.began_on <= s.made_on <= finding.found_on
    ]
    lots = frozenset(
        s.lot
        for s in measured
        if (s.made_on, s.shift) <= (finding.found_on, finding.shift)
        and not (finding.rule == "EXTREME" and s.shift != finding.shift)
    )
    return Occurrence(finding.stream, began, ended, _best_factor(finding, streams), lots)


def _best_factor(
    finding: YearFinding, streams: dict[str, list[Subgroup]]
) -> tuple[str, str] | None:
    """Return gauge or supplier when it explains half the variance of the last two weeks."""
    first = working_days()[max(0, working_days().index(finding.found_on) - 9)]
    characteristic = finding.stream.split("/", maxsplit=1)[0]
    window = [
        subgroup
        for stream, subgroups in streams.items()
        if stream.startswith(f"{characteristic}/")
        for subgroup in subgroups
        if first <= subgroup.made_on <= finding.found_on
    ]
    here = next(
        s
        for s in window
        if (s.made_on, s.shift) == (finding.found_on, finding.shift)
        and finding.stream.endswith(s.machine)
    )
    readers: dict[str, Callable[[Subgroup], str]] = {
        "gauge": lambda subgroup: subgroup.instrument,
        "supplier": lambda subgroup: subgroup.supplier,
    }
    shares = {name: _eta_squared(window, read) for name, read in readers.items()}
    best = max(shares, key=lambda name: shares[name])
    return (best, readers[best](here)) if shares[best] >= 0.5 else None


def _eta_squared(window: list[Subgroup], level: Callable[[Subgroup], str]) -> float:
    means = np.array([np.mean(subgroup.values) for subgroup in window])
    levels = np.array([level(subgroup) for subgroup in window])
    between = sum(
        (levels == name).sum() * (means[levels == name].mean() - means.mean()) ** 2
        for name in set(levels.tolist())
    )
    return float(between / ((means - means.mean()) ** 2).sum())


def _descends(year: FactoryYear) -> Callable[[str, str], bool]:
    parents = defaultdict(set)
    for edge in (edge for day in year.days() for edge in day.edges):
        parents[edge.child].add(edge.parent)

    @cache
    def near(lot: str) -> frozenset[str]:
        return frozenset(_ancestors(lot, parents, steps=2))

    return lambda lot, ancestor: ancestor in near(lot)


def _ancestors(lot: str, parents: dict[str, set[str]], steps: int) -> Iterator[str]:
    for parent in parents.get(lot, ()) if steps else ():
        yield parent
        yield from _ancestors(parent, parents, steps - 1)
