"""Many at once: numbers without gaps, one answer per key; in an installation of its own."""

import os
from pathlib import Path
from typing import Any

import pytest

from own_installation import told_by

THREADS, EACH = int(os.environ.get("ANDON_WRITERS", "8")), 20
"""How many write at once; `make trust` lets 32."""
SCRIPT = """
import os, threading, time, sys, json, django
django.setup()
from django.db import connection
from django.test import Client
from andon.identify.nonconformities.models import Nonconformity
from andon.records.accounts import create_account, create_token, system_account
from andon.records.errors import Stale
from andon.records.models import Record
from andon.records.services import change, create
from andon.records.trail.verify import verify

THREADS, EACH = int(os.environ.get("ANDON_WRITERS", "8")), 20
engineer = create_account(username="engineer", name="engineer", password="correct horse battery",
                          roles=["QE"], actor=system_account())
secret = create_token(engineer, name="script", actor=engineer)
shared = create(Nonconformity(title="shared"), actor=engineer)
failures, answers, stale = [], [], []

def work(place):
    try:
        for turn in range(EACH):
            create(Nonconformity(title=f"{place} {turn}"), actor=engineer)
        client = Client(headers={"authorization": f"Bearer {secret}"})
        answers.append(client.post("/api/v1/nc/", '{"title": "once"}', "application/json",
                                   headers={"idempotency-key": "same"}).content)
        try:
            change(shared, actor=engineer, values={"title": f"by {place}"}, version=1)
        except Stale:
            stale.append(place)
    except Exception as error:
        failures.append(repr(error))
    finally:
        connection.close()

began = time.perf_counter()
threads = [threading.Thread(target=work, args=(place,)) for place in range(THREADS)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
seconds = time.perf_counter() - began
numbers = sorted(Record.objects.values_list("number", flat=True))
report = verify()
print(json.dumps({"failures": failures, "numbers": numbers, "answers": len(set(answers)),
  "stale": len(stale), "once": Record.objects.filter(title="once").count(),
  "problems": [str(one) for one in report.problems], "entries": report.entries,
  "seconds": seconds}))
"""


@pytest.fixture
def lived(tmp_path: Path, db: None) -> dict[str, Any]:
    """Return what eight threads did at once, as the installation tells it."""
    return told_by(SCRIPT, tmp_path)


def test_threads_at_once_lose_and_repeat_nothing(lived: dict[str, Any]) -> None:
    assert lived["failures"] == []
    places = [int(number.rsplit("-", 1)[1]) for number in lived["numbers"]]
    assert sorted(places) == list(range(1, 1 + THREADS * EACH + 1 + 1))  # the shared one, once
    assert (lived["answers"], lived["once"]) == (1, 1)
    assert lived["stale"] == THREADS - 1
    assert lived["problems"] == []
