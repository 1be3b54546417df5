"""What comes at the same moment is committed together, and each submission stays its own."""

import os
from typing import Any

import pytest

from andon.identify.measurements.services import record
from andon.records.errors import Conflict
from andon.records.models import Account
from own_installation import told_by
from small_factory import build_small_factory, measured

THREADS, EACH = int(os.environ.get("ANDON_WRITERS", "8")), 12
"""How many write at once; `make trust` lets 32."""
SCRIPT = """
import json, os, threading, django
from collections import Counter
import polars as pl
django.setup()
from django.db import connection
from django.test import Client
from andon.history import log
from andon.history.models import BatchKey, Block
from django.conf import settings
from andon.records.accounts import create_account, create_token, system_account
from andon.records.models import Entry
from andon.records.trail.context import acting
from andon.records.trail.verify import verify
from small_factory import build_small_factory, measured

THREADS, EACH = int(os.environ.get("ANDON_WRITERS", "8")), 12
with acting(system_account()):
    build_small_factory()
secrets = {}
for name in ("one", "two"):
    account = create_account(username=name, name=name, password="correct horse battery",
                             roles=["INS"], actor=system_account())
    secrets[name] = create_token(account, name="gauge", actor=account)
failures, answers, others = [], {}, []
begin = threading.Barrier(THREADS)

def work(place):
    try:
        secret = secrets["one" if place % 2 else "two"]
        client = Client(headers={"authorization": f"Bearer {secret}"})
        def send(rows, key):
            return client.post("/api/v1/measurements", json.dumps({"rows": rows}),
                               "application/json", headers={"idempotency-key": key})
        begin.wait()
        for turn in range(EACH):
            machine = "L1" if place < THREADS // 2 else "L3"
            rows = [measured(f"0.74{place}{n}", machine=machine, serial=f"{place}-{turn}-{n}",
                             lot=f"LOT-{turn}") for n in range(5)]
            for _again in range(2):
                answer = send(rows, f"{place}-{turn}")
                known = answers.setdefault(f"{place}-{turn}", set())
                known.add((answer.status_code, answer.content))
        others.append(send([measured(serial=f"other {place}")], "shared").status_code)
    except Exception as error:
        failures.append(repr(error))
    finally:
        connection.close()

threads = [threading.Thread(target=work, args=(place,)) for place in range(THREADS)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
settings.MOST_WAITING = 0
full = Client(headers={"authorization": f"Bearer {secrets['one']}"}).post(
    "/api/v1/measurements", json.dumps({"rows": [measured(serial="late")]}), "application/json")
rows = log.scan({"characteristic": "PD"}).collect()
report = verify()
print(json.dumps({
    "failures": failures, "batches": BatchKey.objects.count(), "blocks": Block.objects.count(),
    "statuses": sorted({status for told in answers.values() for status, _c in told}),
    "different": [key for key, told in answers.items() if len(told) != 1],
    "others": sorted(others), "rows": rows.height, "serials": rows["serial"].n_unique(),
    "mixed": rows.group_by("batch").agg(pl.col("machine").n_unique()).filter(
             pl.col("machine") > 1).height,
    "names": Counter(one.actor for one in Entry.objects.filter(table="history_batchkey")),
    "full": [full.status_code, full["Retry-After"], full["Content-Type"]],
    "problems": [str(one) for one in report.problems],
}))
"""


@pytest.fixture(scope="module")
def lived(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what eight gauges sent at once, each everything twice."""
    return told_by(SCRIPT, tmp_path_factory.mktemp("together"))


def test_nothing_is_lost_doubled_or_mixed(lived: dict[str, Any]) -> None:
    assert lived["failures"] == []
    assert lived["statuses"] == [201]
    assert lived["different"] == [], "the same key got two answers"
    # Two accounts used one key for other rows: each has its own keys, the first of each wins.
    assert lived["others"] == [201] * 2 + [409] * (THREADS - 2)
    assert lived["rows"] == lived["serials"] == THREADS * EACH * 5 + 2
    assert lived["batches"] == THREADS * EACH + 2
    assert lived["mixed"] == 0
    assert lived["problems"] == []


def test_fewer_transactions_than_submissions_and_each_account_in_the_trail(
    lived: dict[str, Any],
) -> None:
    assert lived["blocks"] < lived["batches"]
    assert lived["names"] == {"one": THREADS * EACH / 2 + 1, "two": THREADS * EACH / 2 + 1}


@pytest.fixture
def inspector(account_with: Any, noon: Any) -> Account:
    """An inspector in the small factory."""
    build_small_factory()
    account: Account = account_with("INS", username="inspector")
    return account


def test_a_key_for_other_rows_is_a_conflict_of_its_own(inspector: Account) -> None:
    record([measured()], actor=inspector, key="k")
    with pytest.raises(Conflict, match="used before"):
        record([measured("0.7391")], actor=inspector, key="k")


def test_a_full_queue_is_told_as_busy_and_stores_nothing(lived: dict[str, Any]) -> None:
    assert lived["full"] == [503, "5", "application/problem+json"]
