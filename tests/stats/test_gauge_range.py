"""Range methods against the figures AIAG prints."""

import pytest
from gauge_data import aiag, thermal_impedance

from andon.stats.errors import NoVariation, StatisticsError
from andon.stats.gauge_range import gauge_average_range, gauge_range
from andon.stats.gauge_verdict import GaugeVerdict, distinct_categories, judge_gauge


def test_aiag_average_and_range_example() -> None:
    study = gauge_average_range(*aiag())
    # AIAG MSA 4th ed., figure III-B 16; its K factors are rounded to four digits.
    published = {
        "repeatability": (0.20188, 17.62),
        "operator": (0.22963, 20.04),
        "gauge": (0.30575, 26.68),
        "part": (1.10456, 96.38),
        "total": (1.14610, 100.0),
    }
    for name, (deviation, percent) in published.items():
        assert study.component(name).standard_deviation == pytest.approx(deviation, rel=3e-4)
        assert study.component(name).percent_study == pytest.approx(percent, abs=6e-3)
    assert study.categories == 5  # by ranges 5, by analysis of variance 4: same data
    assert study.component("repeatability").interval is None


def test_thermal_impedance_by_ranges_shows_the_spread_of_the_readings() -> None:
    # Montgomery, Introduction to Statistical Quality Control, 8.7: the mean range of the 30 cells.
    values, parts, operators = thermal_impedance()
    study = gauge_average_range(values, parts, operators)
    table = values.reshape(10, 3, 3)
    mean_range = (table.max(axis=2) - table.min(axis=2)).mean()
    repeatability = study.component("repeatability").standard_deviation
    assert repeatability == pytest.approx(mean_range / 1.6925688, rel=1e-7)


def test_aiag_short_range_example() -> None:
    first, second = [0.85, 0.75, 1.00, 0.45, 0.50], [0.80, 0.70, 0.95, 0.55, 0.60]
    study = gauge_range(
        first + second, [1, 2, 3, 4, 5] * 2, ["a"] * 5 + ["b"] * 5, process_sd=0.0777
    )
    # AIAG MSA 4th ed., table III-B 5: mean range 0.07, d2* 1.19, GRR 0.0588, 75.7 %.
    assert study.mean_range == pytest.approx(0.07)
    assert study.gauge_sd == pytest.approx(0.0588, abs=5e-5)
    assert study.percent_study == pytest.approx(75.7, abs=0.1)
    assert study.verdict is GaugeVerdict.NOT_USABLE


def test_short_range_study_without_a_yardstick_has_no_verdict() -> None:
    study = gauge_range([1, 2, 5, 5], [1, 1, 2, 2], [1, 2, 1, 2])
    assert study.verdict is None
    assert study.percent_tolerance is None


def test_short_range_study_refuses_missing_double_and_equal_readings() -> None:
    with pytest.raises(StatisticsError, match="exactly one"):
        gauge_range([1, 2, 5], [1, 1, 2], [1, 2, 1])
    with pytest.raises(StatisticsError, match="exactly one"):
        gauge_range([1, 2, 5, 5], [1, 1, 2, 2], [1, 1, 1, 2])
    with pytest.raises(NoVariation):
        gauge_range([1, 1, 5, 5], [1, 1, 2, 2], [1, 2, 1, 2])


@pytest.mark.parametrize(
    ("study", "tolerance", "categories", "verdict"),
    [
        # AIAG MSA 4th ed., chapter II D: under 10 % acceptable, 10 to 30 % may be, over 30 % not.
        (9.999, None, 5, GaugeVerdict.GOOD),
        (10.0, None, 5, GaugeVerdict.CONDITIONAL),
        (9.0, 10.0, 9, GaugeVerdict.CONDITIONAL),
        (30.0, 5.0, 9, GaugeVerdict.CONDITIONAL),
        (5.0, 30.001, 9, GaugeVerdict.NOT_USABLE),
        (5.0, 5.0, 4, GaugeVerdict.CONDITIONAL),
    ],
)
def test_the_verdict_turns_at_ten_and_at_thirty_percent(
    study: float, tolerance: float | None, categories: int, verdict: GaugeVerdict
) -> None:
    assert judge_gauge(study, tolerance, categories) is verdict


def test_a_gauge_without_spread_tells_every_part_apart() -> None:
    assert distinct_categories(1.0, 0.0) == float("inf")
    assert distinct_categories(0.0, 1.0) == 0.0
