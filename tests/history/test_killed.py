"""A compaction that is really killed, again and again, loses and repeats nothing."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from own_installation import own_environment

_APPEND = """
import django; django.setup()
from datetime import timedelta
from history.rows_at_hand import START, rows_of, stored
for day in range(60):
    values = [day + place / 1000 for place in range(500)]
    stored(f"day {day}", rows_of(f"PD/L{day % 3}", values, start=START + timedelta(days=day)))
"""
_COMPACT = """
import django; django.setup()
from andon.history import compaction
from history.rows_at_hand import START
from datetime import timedelta
compaction._MOST_ROWS = 1500
print("begins", flush=True)
compaction.compact(at=START + timedelta(days=90), is_forced=True)
"""
_TELL = """
import django, json; django.setup()
from andon.history.log import scan
from andon.history.models import CompactionPlan, PlannedBlock
rows = scan(columns=["stream", "value"]).collect()
print(json.dumps({
    "rows": rows.height, "different": rows.unique().height, "sum": round(rows["value"].sum(), 3),
    "open": CompactionPlan.objects.filter(is_open=True).count(),
    "planned": PlannedBlock.objects.count(),
}))
"""


@pytest.mark.django_db
def test_a_compaction_killed_at_any_moment_loses_and_repeats_nothing(tmp_path: Path) -> None:
    environment, python = own_environment(tmp_path), [sys.executable, "-c"]
    subprocess.run([*python, _APPEND], env=environment, check=True)
    for seconds in (0.02, 0.12, 0.25, 0.4):
        with subprocess.Popen(
            [*python, _COMPACT], env=environment, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(seconds)
            process.kill()
    killed = told(environment, python)
    assert (killed["rows"], killed["different"]) == (30_000, 30_000)
    subprocess.run([*python, _COMPACT], env=environment, check=True)
    assert told(environment, python) == {**killed, "open": 0, "planned": 60}


def told(environment: dict[str, str], python: list[str]) -> dict[str, float]:
    """Return what an installation holds."""
    done = subprocess.run([*python, _TELL], env=environment, check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
