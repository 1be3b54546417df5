"""The drawn year is exactly the published one."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from andon.demo.calendar import working_days
from andon.demo.generator import SERIES, draw_series, instrument_of, spring_supplier
from andon.demo.generator_counts import DEFECT_SHARES, draw_counts, draw_deliveries
from andon.demo.generator_studies import draw_gauge_study
from andon.demo.story import RATE_CHANGES, VALUE_CHANGES
from andon.demo.year import FactoryYear, factory_year

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def year() -> FactoryYear:
    return factory_year(20250101)


def test_all_readings_of_the_story_year_have_the_published_digest(year: FactoryYear) -> None:
    assert year.digest().startswith("9b7fa63c6a6c65bf")


@pytest.mark.parametrize(
    ("characteristic", "machine", "row", "published"),
    [
        ("PD", "L1", 0, [0.7388, 0.7371, 0.7404, 0.7378, 0.7391]),
        ("CR", "T1", 0, [25.7, 25.3, 19.4, 17.3, 21.4]),
        ("AU", "PL2", 182, [0.87, 0.83, 0.92, 0.94, 1.01]),
    ],
)
def test_golden_values(
    year: FactoryYear, characteristic: str, machine: str, row: int, published: list[float]
) -> None:
    assert year.readings[characteristic, machine][row].tolist() == published


def test_the_year_has_the_published_number_of_readings(year: FactoryYear) -> None:
    assert len(year.readings) == 20
    assert sum(readings.size for readings in year.readings.values()) == 52_102


def test_the_counts_have_the_published_totals(year: FactoryYear) -> None:
    totals = sum(np.asarray(rows).sum(axis=0) for rows in year.defects.values())
    assert sum(int(rows.sum()) for rows in year.inspected.values()) == 861_109
    assert dict(zip(DEFECT_SHARES, np.asarray(totals).tolist(), strict=True)) == {
        "BURR": 5156,
        "CRIMP": 2693,
        "STAIN": 2121,
        "BENT": 1275,
        "HIGHR": 811,
        "LEN": 444,
    }


def test_a_healthy_year_differs_only_where_a_problem_is_seeded(year: FactoryYear) -> None:
    healthy = factory_year(20250101, healthy=True)
    changed = {
        series
        for series, readings in year.readings.items()
        if not np.array_equal(readings, healthy.readings[series])
    }
    assert changed == {
        (change.characteristic, machine) for change in VALUE_CHANGES for machine in change.machines
    }
    counts = {p for p, rows in year.defects.items() if not np.array_equal(rows, healthy.defects[p])}
    assert counts == {("A2", "N")}


def test_nothing_is_seeded_in_the_baseline(year: FactoryYear) -> None:
    healthy = factory_year(20250101, healthy=True)
    days = sum(day <= date(2025, 2, 28) for day in working_days())
    for series in SERIES:
        rows = days * len(series.shifts)
        for machine in series.machines:
            key = (series.characteristic, machine)
            assert np.array_equal(year.readings[key][:rows], healthy.readings[key][:rows])


def test_the_drift_grows_by_the_working_day() -> None:
    series = SERIES[0]
    moved = draw_series(7, series, "L3", VALUE_CHANGES) - draw_series(7, series, "L3")
    by_day = moved.reshape(len(working_days()), -1).mean(axis=1)
    first = working_days().index(date(2025, 3, 3))
    assert by_day[first : first + 20] == pytest.approx(0.00035 * np.arange(1, 21), abs=1e-4)
    assert np.count_nonzero(by_day) == 20


def test_the_barrel_gauges_are_taken_about_equally_often() -> None:
    used = Counter(instrument_of("BO", "L5", day, s) for day in working_days() for s in "EL")
    assert set(used) == {"MIC-07", "MIC-08"}
    assert 200 < used["MIC-07"] < 280


def test_a_cell_changes_its_spring_supplier_every_week() -> None:
    weeks = [date(2025, 10, 6), date(2025, 10, 13), date(2025, 10, 20)]
    assert [spring_supplier("A2", day) for day in weeks] == ["S-B", "S-A", "S-B"]
    assert [spring_supplier("A1", day) for day in weeks] == ["S-A", "S-B", "S-A"]


def test_crimp_defects_rise_on_the_night_shift_of_cell_a2_only_while_seeded() -> None:
    inspected, defects = draw_counts(20250101, "A2", "N", RATE_CHANGES)
    crimp = defects[:, list(DEFECT_SHARES).index("CRIMP")]
    during = np.array([date(2025, 7, 1) <= d <= date(2025, 9, 12) for d in working_days()])
    after = np.array([date(2025, 9, 15) <= d <= date(2025, 11, 14) for d in working_days()])
    assert 1e6 * crimp[during].sum() / inspected[during].sum() == pytest.approx(14_980, abs=1)
    assert 1e6 * crimp[after].sum() / inspected[after].sum() == pytest.approx(2_522, abs=1)


def test_the_deburring_brush_changes_nothing(year: FactoryYear) -> None:
    effective = np.array([d >= date(2025, 4, 15) for d in working_days()])
    checked = effective & np.array([d <= date(2025, 6, 13) for d in working_days()])
    burr = np.sum([rows[:, 0] for rows in year.defects.values()], axis=0)
    inspected = np.sum(list(year.inspected.values()), axis=0)
    before = 1e6 * burr[~effective].sum() / inspected[~effective].sum()
    after = 1e6 * burr[checked].sum() / inspected[checked].sum()
    assert (round(before), round(after)) == (5909, 5973)


def test_springs_are_delivered_twice_a_week_and_sampled_at_any_size() -> None:
    deliveries = draw_deliveries(20250101, "S-A")
    assert [d.delivered_on.weekday() for d in deliveries[:4]] == [3, 1, 3, 1]
    for delivery in deliveries:
        assert 0 <= delivery.nonconforming(80) <= delivery.nonconforming(200) <= 200


def test_the_gauge_study_condemns_one_force_tester_and_clears_the_other() -> None:
    assert _share_of_total_variation(draw_gauge_study(20250101, "SF-01")) == pytest.approx(
        8.9, abs=0.05
    )
    assert _share_of_total_variation(draw_gauge_study(20250101, "SF-02")) == pytest.approx(
        42.5, abs=0.05
    )


def _share_of_total_variation(study: NDArray[np.float64]) -> float:
    """Percent of total variation by two-way ANOVA, interaction pooled when p > 0.25."""
    parts, operators, trials = study.shape
    cell, part, operator = study.mean(2), study.mean((1, 2)), study.mean((0, 2))
    ss_part = operators * trials * part.var() * parts
    ss_operator = parts * trials * operator.var() * operators
    ss_error = ((study - cell[:, :, None]) ** 2).sum()
    ss_both = trials * ((cell - part[:, None] - operator + study.mean()) ** 2).sum()
    df_both, df_error = (parts - 1) * (operators - 1), parts * operators * (trials - 1)
    ms_both, ms_error = ss_both / df_both, ss_error / df_error
    if ms_both / ms_error < 1.296:  # the 75 % point of F(18, 60)
        ms_both = ms_error = (ss_both + ss_error) / (df_both + df_error)
    ms_part, ms_operator = ss_part / (parts - 1), ss_operator / (operators - 1)
    gauge = (
        ms_error
        + max(0.0, (ms_both - ms_error) / trials)
        + max(0.0, (ms_operator - ms_both) / (parts * trials))
    )
    total = gauge + max(0.0, (ms_part - ms_both) / (operators * trials))
    return float(100 * np.sqrt(gauge / total))
