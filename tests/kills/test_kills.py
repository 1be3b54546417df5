"""A killed server, or one whose disk is full, loses nothing that it acknowledged, and doubles none.

The quick half; `benchmarks/killing.py` kills 200 times on both databases, and much else.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from kills.drill import Drill, described, faults
from kills.space import Pages
from own_installation import own_database


@pytest.fixture
def drill(db: None, tmp_path: Path) -> Iterator[Drill]:
    """An installation of its own on the database under test."""
    database, ready = "", tmp_path / "ready.sqlite3"
    if connection.vendor == "postgresql":
        database = own_database()
    else:  # its tables are those of the database under test
        with sqlite3.connect(connection.settings_dict["NAME"]) as made:
            made.execute("VACUUM INTO ?", [str(ready)])
    made_ready = None if database else ready
    begun = Drill(tmp_path, database=database, ready=made_ready)
    yield begun
    begun.abandon()


def test_what_was_acknowledged_survives_kills_and_a_full_disk_once_and_whole(drill: Drill) -> None:
    drill.rehearse()
    drill.begin(clients=2)
    drill.kill(3, modes=("before answer", "server"))
    if not drill.place.has_database:
        drill.starve(Pages(drill.place.pages), refusals=4)
        assert "The disk is full" in drill.ledger.words()
    told = drill.finish()
    assert not any(faults(drill.ledger, told).values()), described(drill.ledger, told)
    assert drill.ledger.sum("cut_off"), "no request was cut off, so nothing was tried"
    assert not drill.ledger.sum("without_retry")
