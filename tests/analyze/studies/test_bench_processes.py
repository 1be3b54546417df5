"""Capability from the history and designed experiments, from plan to verdict."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analyze.studies.bench_at_hand import planned, running
from andon.analyze.studies.models import Study
from andon.analyze.studies.services import enter_readings
from andon.analyze.studies.sheet import sheet_of
from andon.identify.measurements.services import take_in
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.errors import Refused
from andon.records.services import advance
from small_factory import build_small_factory, measured

DAYS = [date(2025, 2, 3) + timedelta(days=place) for place in range(30)]


@pytest.fixture
def measured_month(system: Any, noon: datetime) -> Callable[[Callable[[int], float]], None]:
    """Return what measures plunger diameters for 30 days, five a day, moved as a test says."""
    build_small_factory()

    def measure(shift: Callable[[int], float]) -> None:
        noise = np.random.default_rng(11).normal(0.74, 0.0016, (len(DAYS), 5))
        rows = [
            measured(
                f"{value + shift(place):.5f}", lot="",
                measured_at=f"{day.isoformat()}T07:{minute:02d}:00+00:00",
            )
            for place, day in enumerate(DAYS)
            for minute, value in enumerate(noise[place], 10)
        ]  # fmt: skip
        assert take_in(rows, actor=system).reported == ()

    return measure


def of_month(actor: Any, **plan: str) -> Study:
    span = {"since": DAYS[0].isoformat(), "until": DAYS[-1].isoformat(), **plan}
    diameter = Characteristic.objects.get(code="PD")
    lathe = Machine.objects.get(code="L3")
    facts = {"characteristic": diameter, "machine": lathe, "instrument": None}
    study = advance(planned(actor, "capability", span, **facts), "start", actor=actor)
    return advance(study, "judge", actor=actor)


def test_a_stable_process_has_an_index_with_interval_and_normality(
    engineer: Any, measured_month: Any
) -> None:
    measured_month(lambda _place: 0.0)
    study = of_month(engineer)
    assert study.verdict == "capable"
    index, chart = study.evidence.all()
    assert (index.method, chart.method) == ("capability", "mean_deviation_chart")
    assert index.inputs == {}, "the history is referred to, not copied"
    assert index.reference["machines"] == ["L3"]
    assert index.values == 150
    for word in ("Cpk", "95 % interval", "n = 150", "stable", "Normality"):
        assert word in study.words


def test_a_process_that_moves_has_no_index(engineer: Any, measured_month: Any) -> None:
    measured_month(lambda place: 0.006 if place > 24 else 0.0)
    study = of_month(engineer)
    assert study.verdict == "not stable"
    assert [one.method for one in study.evidence.all()] == ["mean_deviation_chart"]
    assert "An index would not be valid" in study.words


def test_too_short_a_span_is_refused(engineer: Any, measured_month: Any) -> None:
    measured_month(lambda _place: 0.0)
    with pytest.raises(Refused, match="10 subgroups in this span"):
        of_month(engineer, until=DAYS[9].isoformat())


FACTORS = "Temperature; 180; 220; °C\nTime; 10; 20; s\nPressure; 2; 4; bar"


def answered(actor: Any, plan: dict[str, Any], response: Callable[[Any], float]) -> Study:
    study = running(actor, "experiment", {"seed": 5, **plan}, characteristic=None, instrument=None)
    noise = np.random.default_rng(2).normal(0, 0.2, len(sheet_of(study)))
    readings = {
        run.number: f"{response(run.coded) + error:.4f}"
        for run, error in zip(sheet_of(study), noise, strict=True)
    }
    enter_readings(study, readings=readings, actor=actor)
    return advance(study, "judge", actor=actor)


@pytest.mark.parametrize(
    ("plan", "runs"),
    [
        ({"factors": FACTORS}, 11),
        ({"factors": FACTORS, "generators": "C=AB", "replicates": 2, "center_points": 0}, 8),
        ({"factors": FACTORS, "design": "plackett-burman"}, 4),
        ({"factors": FACTORS, "design": "central composite", "center_points": 5}, 19),
        ({"factors": FACTORS, "design": "central composite", "axial": "faced"}, 17),
        ({"factors": FACTORS, "design": "box-behnken"}, 15),
    ],
)
def test_every_design_draws_its_runs_in_real_units(
    engineer: Any, plan: dict[str, Any], runs: int
) -> None:
    study = running(engineer, "experiment", plan, characteristic=None, instrument=None)
    sheet = sheet_of(study)
    assert len(sheet) == runs
    assert all(166 < run.settings[0] < 234 for run in sheet)
    order = [int(run.part) for run in sheet]
    assert sorted(order) == list(range(1, runs + 1))


def test_an_experiment_tells_its_effects(engineer: Any) -> None:
    plan = {"factors": FACTORS, "replicates": 2, "response": "Strength in N"}
    study = answered(engineer, plan, lambda x: 50 + 3 * x[0] - 2 * x[1] * x[2])
    assert study.verdict == "effects"
    effects = study.evidence.get().result["effects"]
    assert [effect["term"] for effect in effects[:2]] == ["Temperature", "Time x Pressure"]
    assert "Strength in N depends on Temperature, Time x Pressure" in study.words


def test_without_an_effect_none_is_told(engineer: Any) -> None:
    study = answered(engineer, {"factors": FACTORS, "replicates": 2}, lambda _x: 50.0)
    assert study.verdict == "no effects"


def test_a_response_surface_tells_its_optimum_in_real_units(engineer: Any) -> None:
    plan = {"factors": FACTORS, "design": "central composite"}
    study = answered(
        engineer, plan,
        lambda x: 50 - 4 * (x[0] - 0.5) ** 2 - 3 * x[1] ** 2 - 5 * (x[2] + 0.25) ** 2,
    )  # fmt: skip
    assert [one.method for one in study.evidence.all()] == ["analyze_experiment", "find_optimum"]
    assert "Best inside the region: Temperature 2" in study.words


def test_a_generator_that_makes_no_design_is_told_before_the_sheet(engineer: Any) -> None:
    plan = {"factors": FACTORS, "generators": "C=AX"}
    study = planned(engineer, "experiment", plan, characteristic=None)
    with pytest.raises(Refused, match="C = a product"):
        advance(study, "start", actor=engineer)
