"""The year as a factory would deliver it: instants, lots and their genealogy, shipments."""

from datetime import UTC, date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from andon.demo.calendar import SITE_ZONE, working_days
from andon.demo.generator_lots import shipments
from andon.demo.year import ProductionDay, factory_year

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def days() -> list[ProductionDay]:
    return list(factory_year(20250101).days())


@pytest.fixture(scope="module")
def parents(days: list[ProductionDay]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for edge in (edge for day in days for edge in day.edges):
        found.setdefault(edge.child, set()).add(edge.parent)
    return found


def test_the_calendar_has_239_working_days_without_holidays_and_closures() -> None:
    assert len(working_days()) == 239
    for closed in [date(2025, 1, 1), date(2025, 4, 18), date(2025, 8, 15), date(2025, 12, 22)]:
        assert closed not in working_days()


def test_every_reading_has_its_own_instant_whose_local_date_is_the_production_date(
    days: list[ProductionDay],
) -> None:
    for subgroup in (s for day in days for s in day.subgroups):
        instants = subgroup.instants
        assert all(at.tzinfo is UTC for at in instants)
        assert all(at.astimezone(ZoneInfo(SITE_ZONE)).date() == subgroup.made_on for at in instants)
        assert all(earlier < later for earlier, later in pairwise(instants))


def test_a_stream_is_measured_in_the_order_of_the_shifts(days: list[ProductionDay]) -> None:
    for stream in [("CR", "T1"), ("PD", "L3")]:
        at = [
            s.measured_at
            for day in days
            for s in day.subgroups
            if (s.characteristic, s.machine) == stream
        ]
        assert at == sorted(set(at))


def test_values_are_spelled_in_the_resolution_of_the_instrument(days: list[ProductionDay]) -> None:
    first = {s.characteristic: s for s in days[0].subgroups}
    assert first["AU"].texts == tuple(f"{value:.2f}" for value in first["AU"].values)
    assert all([float(t) for t in s.texts] == list(s.values) for s in days[0].subgroups)


def test_every_lot_is_made_once_and_every_edge_joins_lots_that_exist(
    days: list[ProductionDay],
) -> None:
    known: set[str] = set()
    for day in days:
        made = [lot.number for lot in day.lots] + [lot.lot for lot in day.deliveries]
        assert len(made) == len(set(made))
        assert not known & set(made)
        known |= set(made)
        assert all(edge.parent in known and edge.child in made for edge in day.edges)
        assert {s.lot for s in day.subgroups} | {c.lot for c in day.counts} <= set(made)


def test_lots_are_numbered_by_machine_date_and_shift(days: list[ProductionDay]) -> None:
    numbers = {lot.number for day in days for lot in day.lots}
    assert {"PD-L3-250311-E", "PL2-250514-E", "A1-250515-E"} <= numbers


def test_the_bad_plating_lot_is_consumed_by_cell_a1_on_two_days_and_tested_on_t1(
    days: list[ProductionDay], parents: dict[str, set[str]]
) -> None:
    children = {child for child, consumed in parents.items() if "PL2-250514-E" in consumed}
    assert children == {f"A1-{day}-{shift}" for day in ("250515", "250516") for shift in "ELN"}
    tested = {
        (s.machine, s.made_on.day)
        for day in days
        for s in day.subgroups
        if s.characteristic == "CR" and s.lot in children
    }
    assert tested == {("T1", 15), ("T1", 16)}


def test_a_trace_leads_from_an_assembly_lot_to_its_bars_and_springs(
    parents: dict[str, set[str]],
) -> None:
    found, waiting = set[str](), ["A1-250515-E"]
    while waiting:
        new = parents.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    assert {"PL2-250514-E", "HT1-250513-E", "PD-L3-250512-E", "BAR-L3-25W20"} <= found
    assert {"PL1-250514-E", "BO-L5-250513-E", "S-B-250508"} <= found


def test_customer_c07_received_the_lots_of_15_and_16_may_before_the_complaint() -> None:
    shipment = next(s for s in shipments() if "A1-250515-E" in s.lots)
    assert shipment.customer == "C-07"
    assert shipment.shipped_on < date(2025, 6, 17)
    assert set(shipment.lots) == {f"A1-2505{day}-{shift}" for day in (15, 16) for shift in "ELN"}


def test_no_lot_is_shipped_twice_or_before_it_is_made(days: list[ProductionDay]) -> None:
    made: set[str] = set()
    shipped: set[str] = set()
    for day in days:
        for shipment in day.shipments:
            assert set(shipment.lots) <= made
            assert not shipped & set(shipment.lots)
            shipped |= set(shipment.lots)
        made |= {lot.number for lot in day.lots}


def test_bad_springs_reach_the_cells_on_the_day_the_force_falls(
    parents: dict[str, set[str]],
) -> None:
    assert "S-B-251002" in parents["A2-251006-E"]
    assert "S-B-251002" not in parents["A1-251003-E"] | parents["A2-251003-E"]
