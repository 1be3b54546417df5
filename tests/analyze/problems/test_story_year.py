"""The seeded problems of the demo year become the published problems, each with its driver."""

from datetime import date
from typing import Any

import pytest

from andon.analyze.problems.models import Problem
from andon.analyze.problems.queries import open_problems, told_problems
from andon.identify.nonconformities.models import Nonconformity
from probe_days import build_factory, feed, feed_baseline


@pytest.fixture(autouse=True)
def _factory(db: Any) -> None:
    build_factory()


def only_problem() -> Problem:
    return Problem.objects.get()


def test_a_worn_insert_is_one_problem_of_its_lathe() -> None:
    feed_baseline("PD")
    notes = feed("PD", since=date(2025, 3, 3), until=date(2025, 3, 11), has_lots=True)
    problem = only_problem()
    assert (problem.found_on, problem.shift, problem.began_on) == (
        date(2025, 3, 11), "E", date(2025, 3, 5),
    )  # fmt: skip
    assert problem.best_driver is not None
    assert (problem.factor, problem.level) == ("machine", "L3")
    # The mean stands away; that it moves on is not confirmed yet, so it is not called a drift.
    assert problem.title == "Plunger diameter on lathe L3 is too high"
    assert problem.owner is not None
    assert problem.owner.username == "process-engineer"
    told = next(note for note in notes if note.kind == "problem")
    assert (told.url, told.stream) == (problem.get_absolute_url(), "PD/L3")
    feed("PD", since=date(2025, 3, 12), until=date(2025, 3, 19), has_lots=True)
    problem.refresh_from_db()
    assert problem.title == "Plunger diameter on lathe L3 drifts upwards"
    # The first piece outside was measured on 24 March, three working days later.
    assert problem.forecast["low"] <= 3 <= problem.forecast["high"]
    assert problem.forecast["limit"] == 0.75
    assert Problem.objects.count() == 1


def test_a_finding_raises_a_nonconformity_with_the_lots_since_it_began() -> None:
    feed_baseline("PD")
    feed("PD", since=date(2025, 3, 3), until=date(2025, 3, 11), has_lots=True)
    record = Nonconformity.objects.get()
    assert (record.state, record.origin) == ("reported", "finding")
    lots = list(record.suspect_lots.values_list("lot__code", flat=True))
    assert lots == only_problem().lots
    assert lots[0] == "PD-L3-250305-E"
    assert record.quantity_suspect == 2700 * len(lots)
    feed("PD", since=date(2025, 3, 12), until=date(2025, 3, 13), has_lots=True)
    record.refresh_from_db()
    assert Nonconformity.objects.count() == 1
    assert record.suspect_lots.count() == len(only_problem().lots) > len(lots)
    assert record.quantity_suspect == 2700 * record.suspect_lots.count()


def test_a_bad_plating_lot_and_the_resistance_it_causes_are_one_problem() -> None:
    feed_baseline("AU", "CR")
    feed("AU", "CR", since=date(2025, 5, 12), until=date(2025, 5, 19), has_lots=True)
    problem = only_problem()
    assert problem.title == "Gold thickness on line PL2: one lot far too low"
    assert problem.stream_codes() == ["AU/PL2", "CR/T1"]
    assert (problem.factor, problem.level) == ("lot", "PL2-250514-E")
    assert problem.lots == ["PL2-250514-E"]
    # Two pieces of the lot's probes were outside: their lots are held with it.
    record = Nonconformity.objects.get()
    held = set(record.suspect_lots.values_list("lot__code", flat=True))
    assert "PL2-250514-E" in held
    assert {code for code in held if code.startswith("A1-")}


def test_two_lathes_with_one_gauge_are_one_problem_of_the_gauge() -> None:
    feed_baseline("BO")
    feed("BO", since=date(2025, 8, 28), until=date(2025, 9, 12))
    problem = only_problem()
    assert problem.stream_codes() == ["BO/L6", "BO/L5"]
    assert problem.title == "Barrel outer diameter reads high with instrument MIC-07"
    assert (problem.found_on, problem.factor, problem.level) == (
        date(2025, 9, 2), "instrument", "MIC-07",
    )  # fmt: skip
    # What goes up and down with a gauge is no drift to be taken on.
    assert problem.forecast == {}


def test_three_cells_with_springs_of_one_supplier_are_one_problem() -> None:
    feed_baseline("SF")
    feed("SF", since=date(2025, 10, 1), until=date(2025, 10, 15))
    problem = only_problem()
    assert problem.stream_codes() == ["SF/A2", "SF/A1", "SF/A3"]
    assert problem.title == "Spring force at working travel is too low with supplier S-B"
    assert (problem.factor, problem.level) == ("supplier", "S-B")


def test_crimp_defects_of_a_night_shift_are_told_by_their_rate() -> None:
    feed("CRIMP", since=date(2025, 6, 23), until=date(2025, 7, 7), has_lots=True)
    told = told_problems()
    assert [problem["streams"] for problem in told] == [["CRIMP/A2/N"]]
    assert told[0]["title"] == (
        "Crimp loose or tight on cell A2, night shift: 5.2 times the rate of the others"
    )
    driver = told[0]["best_driver"]
    assert (driver["factor"], driver["level"]) == ("machine × shift", "A2/N")
    assert driver["effect"] == pytest.approx(5.2, abs=0.05)
    assert told[0]["found_on"] == "2025-07-04"
    assert told[0]["lots"] == [f"A2-2506{day}-N" for day in (30,)] + [
        f"A2-25070{day}-N" for day in (1, 2, 3, 4)
    ]
    assert told[0]["records"] == [Nonconformity.objects.get().number]
    problem = only_problem()
    assert problem.cost_per_day is not None
    # 1.5 % of 2,400 pieces of EUR 0.38.
    assert 5 < problem.cost_per_day < 25


def test_healthy_weeks_give_no_problem() -> None:
    feed_baseline("TL")
    feed("TL", since=date(2025, 3, 3), until=date(2025, 3, 28))
    assert list(open_problems()) == []
    assert told_problems() == []
