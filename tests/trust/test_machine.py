"""Requirement 30: every edge of every workflow is walked, and whatever is no edge is refused."""

from datetime import UTC, datetime

import pytest

from andon.records import clock
from andon.records.registry import record_types
from edges.declared import edges, gates
from edges.people import create_people
from edges.walker import BOOKS, Walker
from small_factory import build_small_factory

LATER = datetime(2025, 12, 20, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_requirement_30_every_edge_is_walked_and_nothing_else() -> None:
    with clock.fixed(LATER):
        build_small_factory()
        walker = Walker(create_people())
        walker.explore()
        walker.wander(40)
        walker.hold_all()
    assert {book.kind for book in BOOKS} == set(record_types())
    assert walker.ledger.walked == set(edges())
    assert walker.ledger.held == set(gates())
    tried = {cell[:3] for cell in walker.ledger.cells}
    assert len(tried) > 300
