"""What a hundred times the data costs: a small and a large installation, asked in turn.

Each is a process of its own on a data folder of its own. The figure is the median of the large one
over that of the small one in the same run, beside the ratio of their best, which other work on the
machine disturbs less; seconds of one machine say nothing about another.

    python benchmarks/growth.py
    python benchmarks/growth.py --records 1000000 --values 100000000
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import _long_history as long_history
from _figures import keep
from _long_history import CHARTED, append_many, begin, told, watch_charted

SMALL_RECORDS, SMALL_VALUES, RUNS = 1_000, 100_000, 21
AIM = 1.2
PLACES = (CHARTED, "PD/L1")
"""Where the characteristic is measured, all year."""
OPEN = 20
"""Records still open in both: the work at hand does not grow with the archive."""


def fill(records: int, values: int) -> None:
    """Fill an installation: records by bulk inserts, which the trail hears like any others."""
    from datetime import timedelta

    from andon.history.compaction import compact, empty_blocks

    for stream in PLACES:
        append_many(values // 40, stream=stream, year=timedelta(days=364))
    append_many(values - len(PLACES) * (values // 40))
    compact(at=long_history.NOW, is_forced=True)
    empty_blocks(at=long_history.NOW + timedelta(days=2))
    watch_charted()
    copy_records(records)


def copy_records(count: int) -> None:
    """Copy one nonconformity until there are so many, most of them cancelled."""
    from andon.identify.nonconformities.models import Nonconformity
    from andon.records.models import Account, Record
    from andon.records.search import rebuild
    from andon.records.services import create

    account = Account.objects.get(username="bench")
    first = create(Nonconformity(title="Burr on the barrel"), actor=account)
    upper, lower = Record.objects.get(pk=first.pk), Nonconformity.objects.get(pk=first.pk)
    names = [field.name for field in Record._meta.concrete_fields if field.name != "id"]
    kept = {name: getattr(upper, name) for name in names}
    own = [field for field in Nonconformity._meta.local_concrete_fields if not field.primary_key]
    for start in range(1, count, 5_000):
        rows = [
            Record(**(kept | varied(number)))
            for number in range(start, min(count, start + 5_000))
        ]  # fmt: skip
        made = Record.objects.bulk_create(rows)
        insert_own(lower, own, [row.pk for row in made])
    rebuild()


def varied(number: int) -> dict[str, object]:
    """Return what differs from copy to copy."""
    is_open = number < OPEN
    return {
        "number": f"NC-2024-{number:07d}", "title": f"Burr on barrel {number} of lot {number % 97}",
        **({} if is_open else {"state": "cancelled", "closed_at": long_history.NOW}),
    }  # fmt: skip


def insert_own(lower: object, own: list[object], keys: list[int]) -> None:
    """Insert the part of a nonconformity that its own table holds."""
    from django.db import connection

    columns = [field.column for field in own]  # type: ignore[attr-defined]
    values = [
        field.get_db_prep_save(getattr(lower, field.attname), connection)  # type: ignore[attr-defined]
        for field in own
    ]
    named = ", ".join(f'"{column}"' for column in ["record_ptr_id", *columns])
    places = ", ".join(["%s"] * (len(columns) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO nonconformities_nonconformity ({named}) VALUES ({places})",
            [[key, *values] for key in keys],
        )


def works() -> dict[str, Callable[[], object]]:
    """Return what is timed."""
    from django.test import Client

    from andon.identify.measurements.services import record
    from andon.records.models import Account
    from small_factory import measured

    account, client = Account.objects.get(username="bench"), Client()
    client.force_login(account)

    def got(address: str) -> Callable[[], object]:
        def get() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return get

    def ingest() -> object:
        at = {"serial": str(time.time_ns()), "measured_at": "", "machine": "L1"}
        return record([measured(f"0.74{n}0", **at) for n in range(5)], actor=account)

    return {
        "take in an inspection": ingest,
        "start page": got("/"),
        "inbox": got("/inbox/"),
        "list of records": got("/nc/"),
        # A common word and a rare one: the same single record is found in both.
        "search": got("/search/?q=barrel+0000471"),
        "characteristic": got("/characteristics/PD/"),
        "measured values": got("/measurements/?characteristic=PD"),
        "list of charts": got("/charts/"),
        "chart, last 50": got(f"/charts/{CHARTED}/data/?show=50"),
    }


def serve(records: int, values: int) -> None:
    """Fill an installation, then time what is asked for on standard input."""
    with tempfile.TemporaryDirectory() as folder:
        begin(folder)
        fill(records, values)
        known = works()
        for work in known.values():
            work()
        print(json.dumps(list(known)), flush=True)
        for line in sys.stdin:
            if line.strip() == "memory":
                print(resident(), flush=True)
                continue
            start = time.perf_counter()
            known[line.strip()]()
            print(time.perf_counter() - start, flush=True)


def resident() -> float:
    """Return the memory of this process in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Installation:
    """One process with its data."""

    def __init__(self, records: int, values: int) -> None:
        command = [sys.executable, __file__, "--serve", "--records", str(records)]
        self.process = subprocess.Popen(
            [*command, "--values", str(values)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def names(self) -> list[str]:
        """Return what can be asked for, when it is ready."""
        assert self.process.stdout is not None
        found: list[str] = json.loads(self.process.stdout.readline())
        return found

    def asked(self, name: str) -> float:
        """Return the seconds that something takes."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self) -> None:
        """Let the process end, and its folder go."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)


def in_turn(small: Installation, large: Installation, name: str, run: int) -> tuple[float, float]:
    """Return the seconds of both, each of them first in every second run."""
    if run % 2:
        after = large.asked(name)
        return small.asked(name), after
    return small.asked(name), large.asked(name)


def compared(small: Installation, large: Installation) -> Iterator[dict[str, object]]:
    """Yield one line for each figure."""
    names = small.names()
    assert names == large.names()
    for name in names:
        times = [in_turn(small, large, name, run) for run in range(RUNS)]
        sides = list(zip(*times, strict=True))
        before, after = (statistics.median(side) * 1000 for side in sides)
        best = min(sides[1]) / min(sides[0])
        yield {
            "what": name, "small": f"{before:.1f} ms", "large": f"{after:.1f} ms",
            "ratio": round(after / before, 2), "of the best": round(best, 2), "aim": f"<= {AIM}x",
        }  # fmt: skip
    before, after = small.asked("memory"), large.asked("memory")
    yield {
        "what": "memory", "small": f"{before:.0f} MiB", "large": f"{after:.0f} MiB",
        "ratio": round(after / before, 2), "of the best": "", "aim": "",
    }  # fmt: skip


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--values", type=int, default=10_000_000)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.records, given.values)
        return
    small = Installation(SMALL_RECORDS, SMALL_VALUES)
    large = Installation(given.records, given.values)
    try:
        lines = list(compared(small, large))
    finally:
        small.end()
        large.end()
    sizes = f"{SMALL_RECORDS:,} and {given.records:,} records"
    print(f"{sizes}, {SMALL_VALUES:,} and {given.values:,} values, medians of {RUNS}")
    told("growth", lines)
    keep(
        "growth",
        [
            (f"{line['what']}: {given.records:,} records, {given.values:,} values",
             f"{line['ratio']}x", str(line["aim"]),
             float(str(line["ratio"])) <= AIM if line["aim"] else None)
            for line in lines
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
