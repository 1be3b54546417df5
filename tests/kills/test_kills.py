"""A killed server loses nothing that it acknowledged, doubles nothing, and stores nothing in part.

The quick half; `benchmarks/killing.py` kills 200 times on both databases.
"""

import os
import uuid
from pathlib import Path

import pytest
from django.db import connection

from kills.drill import Drill, faults
from own_installation import create_database

KILLS = 4


@pytest.mark.django_db
def test_what_was_acknowledged_survives_every_kill_once_and_whole(tmp_path: Path) -> None:
    database = ""
    if connection.vendor == "postgresql":
        name = f"kills_{uuid.uuid4().hex[:8]}"
        database = create_database(os.environ["ANDON_DATABASE_URL"], name)
    drill = Drill(tmp_path, share=0.5, database=database)
    told = drill.run(KILLS)
    assert faults(drill.ledger, told) == {
        "lost": 0, "doubled": 0, "in part": 0, "mixed": 0, "invented": 0, "refused": 0, "trail": 0,
    }  # fmt: skip
    assert drill.ledger.measured
    assert drill.ledger.raised
    assert drill.ledger.repeated, "no request was cut off, so nothing was tried"
