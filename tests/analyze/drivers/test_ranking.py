"""Which factor drives a measure: the published shares of the demo factory, measured anew."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from andon.analyze.drivers.factors import PLACE
from andon.analyze.drivers.ranking import DriverLine, Drivers, Question, rank
from andon.analyze.drivers.words import driver_rows, in_words
from andon.organization.products.models import Characteristic
from probe_days import build_factory, feed


@pytest.fixture(autouse=True)
def _factory(db: Any) -> None:
    build_factory()


def ranked(
    code: str, since: date, until: date, *, direction: int = 0, suspect_lot: str = "",
    machines: Sequence[str] = (),
) -> Drivers:  # fmt: skip
    characteristic = Characteristic.objects.get(code=code)
    return rank(
        Question(
            characteristic=characteristic, since=since, until=until, direction=direction,
            suspect_lot=suspect_lot, machines=machines,
        )
    )  # fmt: skip


def line_of(drivers: Drivers, factor: str) -> DriverLine:
    return next(line for line in drivers.lines if line.factor == factor)


def test_a_dropped_micrometer_explains_the_barrels_and_nothing_else_does() -> None:
    since, until = date(2025, 9, 1), date(2025, 10, 10)
    feed("BO", since=since, until=until)
    drivers = ranked("BO", since, until, direction=1)
    shares = {line.factor: line.effect for line in drivers.lines}
    # DOMAIN 4.3, P7: eta squared gauge 0.82, weekday 0.03, shift 0.005, machine 0.003.
    assert shares["instrument"] == pytest.approx(0.82, abs=0.005)
    assert shares["weekday"] == pytest.approx(0.03, abs=0.005)
    assert shares["shift"] == pytest.approx(0.005, abs=0.0005)
    assert shares["machine"] == pytest.approx(0.003, abs=0.0005)
    assert drivers.explanation is not None
    assert drivers.explanation.level == "MIC-07"
    assert drivers.explanation.departure == pytest.approx(0.004, abs=0.0003)
    assert {line.factor for line in drivers.of("innocent")} >= {"machine", "shift", "weekday"}
    assert drivers.rows == 120


def test_springs_of_one_supplier_explain_the_force_whatever_cell_uses_them() -> None:
    since, until = date(2025, 10, 6), date(2025, 11, 14)
    feed("SF", since=since, until=until)
    drivers = ranked("SF", since, until, direction=-1)
    best = drivers.explanation
    # DOMAIN 4.3, P5: eta squared supplier 0.82, cell 0.002, shift 0.000.
    assert best is not None
    assert (best.factor, best.level) == ("supplier", "S-B")
    assert best.effect == pytest.approx(0.82, abs=0.02)
    assert (line_of(drivers, "machine").effect or 0) < 0.01
    assert (line_of(drivers, "shift").effect or 0) < 0.01


def test_of_two_levels_the_one_that_departs_is_named() -> None:
    since, until = date(2025, 10, 6), date(2025, 10, 10)
    feed("SF", since=since, until=until)
    low = ranked("SF", since, until, direction=-1)
    assert low.best is not None
    assert (low.best.level, (low.best.departure or 0) < 0) == ("S-B", True)
    far_from_target = ranked("SF", since, until)
    assert far_from_target.best is not None
    assert far_from_target.best.level == "S-B"


def test_a_worn_lathe_is_named_before_its_own_micrometer_which_cannot_be_told_apart() -> None:
    since, until = date(2025, 3, 3), date(2025, 3, 28)
    feed("PD", since=since, until=until)
    drivers = ranked("PD", since, until, direction=1)
    assert [line.factor for line in drivers.of("not separable")] == ["machine", "instrument"]
    assert drivers.best is not None
    assert (drivers.best.factor, drivers.best.level) == ("machine", "L3")
    rows = driver_rows(drivers)
    assert [row.kind for row in rows[:2]] == ["best", "confounded"]
    assert rows[1].note == "not separable from lathe L3"
    assert in_words(drivers).startswith("Lathe L3 explains 59 % of the variation since 3 March")


def test_crimp_defects_belong_to_one_cell_in_one_shift() -> None:
    since, until = date(2025, 6, 30), date(2025, 7, 4)
    feed("CRIMP", since=since, until=until)
    drivers = ranked("CRIMP", since, until, direction=1)
    best = drivers.explanation
    assert best is not None
    assert (best.factor, best.level) == (PLACE, "A2/N")
    assert best.effect == pytest.approx(5.2, abs=0.05)
    assert (best.low or 0) > 2
    # Neither the cell nor the shift as such: both only follow.
    assert {line_of(drivers, name).related for name in ("machine", "shift")} == {PLACE}
    assert "lot" not in [line.factor for line in drivers.lines]


def test_one_bad_lot_is_held_against_all_others() -> None:
    since, until = date(2025, 5, 12), date(2025, 5, 14)
    feed("AU", since=since, until=until)
    drivers = ranked("AU", since, until, direction=-1, suspect_lot="PL2-250514-E")
    assert drivers.best is not None
    assert (drivers.best.factor, drivers.best.level) == ("lot", "PL2-250514-E")
    assert drivers.best.departure == pytest.approx(-0.42, abs=0.01)


def test_without_measurements_it_says_why_nothing_is_ranked() -> None:
    drivers = ranked("PD", date(2025, 3, 3), date(2025, 3, 7))
    assert (drivers.best, drivers.lines, drivers.rows) == (None, (), 0)
    assert drivers.why_not
    assert "Nothing can be ranked" in in_words(drivers)


def test_a_ranking_is_kept_as_data_without_loss_and_names_its_inputs() -> None:
    feed("BO", since=date(2025, 9, 1), until=date(2025, 9, 5))
    drivers = ranked("BO", date(2025, 9, 1), date(2025, 9, 5))
    assert Drivers.from_dict(drivers.to_dict()) == drivers
    assert drivers.method["method"] == "rank_drivers_of_values"
    assert drivers.inputs_digest == ranked("BO", date(2025, 9, 1), date(2025, 9, 5)).inputs_digest
    assert drivers.inputs_digest != ranked("BO", date(2025, 9, 1), date(2025, 9, 4)).inputs_digest
