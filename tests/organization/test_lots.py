"""Lots: facts stated once or again, genealogy both ways, blocked and released with a reason."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from andon.organization.products.genealogy import connected, made_from, where_used
from andon.organization.products.models import Lot, LotUse
from andon.organization.products.services import (
    LotFacts,
    block_lots,
    link_lots,
    link_many,
    record_lot,
    record_lots,
    release_lots,
    state_lots,
)
from andon.records.errors import Conflict, Forbidden, Refused
from andon.records.models import Entry


@pytest.fixture
def flow(factory: Any, system: Any) -> None:
    """Bar -> plunger -> plated -> two assemblies -> shipment; a spring goes into one assembly."""
    codes = ("BAR", "PD", "PL", "SP", "A1", "A2", "SH")
    state_lots([LotFacts(code=code) for code in codes], actor=system)
    uses = ["PD BAR", "PL PD", "A1 PL", "A1 SP", "A2 PL", "SH A1", "SH A2", "SH SP"]
    link_many([(*use.split(" "), None) for use in uses], actor=system)  # type: ignore[misc]


def _told(relatives: list[Any]) -> dict[str, int]:
    return {relative.lot.code: relative.distance for relative in relatives}


def test_stating_a_lot_again_changes_nothing(factory: Any, system: Any) -> None:
    facts = LotFacts(code="PD-L3-250313-E", machine="L3", quantity=2700, made_on=date(2025, 3, 13))
    first = record_lot(facts, actor=system)
    entries = Entry.objects.count()
    assert record_lot(facts, actor=system) == first
    assert Entry.objects.count() == entries
    assert (first.process, first.quantity, first.status) == (factory["turning"], 2700, "free")


def test_a_later_statement_completes_and_corrects_and_the_trail_tells_it(
    factory: Any, system: Any
) -> None:
    record_lots([{"lot": "A1-1", "machine": "A2", "produced_on": date(2025, 3, 13)}], actor=system)
    record_lot(LotFacts(code="A1-1", machine="A1", quantity=10), actor=system)
    lot = Lot.objects.get()
    assert (lot.machine.code, lot.quantity, lot.made_on) == ("A1", 10, date(2025, 3, 13))
    assert Entry.objects.filter(table="products_lot", action="change").count() == 1


def test_a_measurement_names_only_lots_that_are_new(factory: Any, system: Any) -> None:
    record_lot(LotFacts(code="A1-1", machine="A1"), actor=system)
    rows = [{"lot": code, "machine": "L3", "product": ""} for code in ("A1-1", "B", "", "B")]
    assert record_lots(rows, actor=system) == 1
    assert Lot.objects.get(code="A1-1").machine.code == "A1"
    assert record_lots([], actor=system) == 0


def test_an_unknown_machine_is_named(factory: Any, system: Any) -> None:
    with pytest.raises(Refused, match="machine “L9”"):
        record_lot(LotFacts(code="X", machine="L9"), actor=system)
    assert not Lot.objects.exists()


def test_a_lot_is_traced_both_ways_with_the_shortest_distance(flow: None) -> None:
    lots = {lot.code: lot for lot in Lot.objects.all()}
    assert _told(made_from(lots["SH"])) == {"A1": 1, "A2": 1, "SP": 1, "PL": 2, "PD": 3, "BAR": 4}
    assert _told(where_used(lots["PD"])) == {"PL": 1, "A1": 2, "A2": 2, "SH": 3}
    assert made_from(lots["BAR"]) == []
    assert where_used(lots["SH"]) == []


def test_each_direction_is_one_recursive_query(flow: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        made_from(Lot.objects.get(code="SH"))
    recursive = [query for query in captured if "RECURSIVE" in query["sql"]]
    assert len(recursive) == 1
    assert len(captured) == 3


def test_groups_of_lots_are_connected_only_along_the_flow(flow: None) -> None:
    found = connected(["PL"], ["SH", "A1", "SP"])
    assert [(link.second, link.distance) for link in found] == [("A1", 1), ("SH", 2)]
    assert [link.second for link in connected(["SH"], ["PL"])] == ["PL"]
    assert connected(["A1"], ["A2"]) == []
    assert connected(["PL"], ["SH"], max_distance=1) == []
    assert [link.distance for link in connected(["A1"], ["A1"])] == [0]
    assert connected([], ["A1"]) == []


def test_the_same_use_is_stated_once(flow: None, system: Any) -> None:
    assert link_lots(consumer="A1", components=["PL", "SP"], actor=system) == 0
    assert LotUse.objects.filter(consumer__code="A1").count() == 2


def test_a_ring_of_lots_is_refused_and_nothing_stays(flow: None, system: Any) -> None:
    with pytest.raises(Conflict, match="PD"):
        link_lots(consumer="PD", components=["SH"], actor=system)
    with pytest.raises(Refused, match="itself"):
        link_lots(consumer="PD", components=["PD"], actor=system)
    with pytest.raises(Refused, match="“NEW”"):
        link_lots(consumer="PD", components=["NEW"], actor=system)
    assert LotUse.objects.count() == 8


def test_blocking_needs_a_role_and_a_reason_and_is_told(
    flow: None, engineer: Any, account_with: Any
) -> None:
    lots = list(Lot.objects.filter(code__in=["PL", "A1"]))
    with pytest.raises(Forbidden):
        block_lots(lots, actor=account_with("OP"), reason="gold too thin")
    with pytest.raises(Refused):
        block_lots(lots, actor=engineer, reason=" ")
    blocked = block_lots(lots, actor=engineer, reason="gold too thin")
    assert {lot.code for lot in blocked} == {"PL", "A1"}
    assert block_lots(lots, actor=engineer, reason="again") == []
    assert Lot.objects.get(code="PL").status_reason == "gold too thin"
    assert Entry.objects.filter(reason="gold too thin", actor="engineer").count() == 2


def test_releasing_frees_only_what_was_blocked(flow: None, engineer: Any) -> None:
    lots = list(Lot.objects.filter(code__in=["PL", "A1"]))
    block_lots(lots[:1], actor=engineer, reason="suspect")
    assert release_lots(lots, actor=engineer, reason="measured again") == lots[:1]
    assert not Lot.objects.filter(status="blocked").exists()
