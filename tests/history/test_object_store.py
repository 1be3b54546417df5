"""The lake on an object store that speaks S3: the same reads, the same safety."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest

from andon.history import compaction
from andon.history.compaction import compact, empty_blocks
from andon.history.lake import Lake
from andon.history.log import scan, tail
from history.rows_at_hand import START, rows_of, stored

LATER = START + timedelta(days=2)


SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
sys.stdin.read()
"""
KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An S3 server in a process of its own with one bucket; its address."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None and server.stdin is not None
        address = server.stdout.readline().strip()
        client = boto3.client("s3", region_name="us-east-1", endpoint_url=address, **KEYS)
        client.create_bucket(Bucket="andon")
        yield address
        server.stdin.close()


@pytest.fixture
def lake_in_store(store: str, settings: Any) -> Lake:
    """Keep the lake in the bucket."""
    settings.LAKE_URL = "s3://andon/lake"
    settings.LAKE_OPTIONS = {
        "aws_endpoint_url": store, "aws_allow_http": "true", "aws_region": "us-east-1",
        "aws_conditional_put": "etag", **KEYS,
    }  # fmt: skip
    return Lake.configured()


@pytest.mark.django_db
def test_a_lake_in_an_object_store_reads_as_blocks_do(lake_in_store: Lake) -> None:
    for day in range(3):
        start = START + timedelta(days=20 * day)
        stored(f"a{day}", rows_of("PD/L1", [day + 0.1, day + 0.2], start=start))
    before = scan().collect()
    plan = compaction._open_plan(lake_in_store, LATER, is_forced=True)
    assert plan is not None
    lake_in_store.put(compaction._rows_of(plan), plan.number)  # and killed before the release
    assert compact(at=LATER, is_forced=True).rewound == 0
    stored("late", rows_of("PD/L1", [9.0], start=START + timedelta(days=50)))
    assert compact(at=LATER, is_forced=True).plans == 1
    assert empty_blocks(at=LATER + timedelta(days=2)) == 4
    assert scan().collect().head(6).equals(before)
    assert tail("PD/L1", 2)["value"].to_list() == [2.2, 9.0]
