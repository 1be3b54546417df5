"""Values a second made durable by the history's append, and bytes a value, on both databases.

Each transaction appends one batch and commits (SQLite: `synchronous=FULL`; PostgreSQL: `fsync`);
the last line appends 200 batches of 20 in one transaction, which is what group commit does.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from _figures import keep

ROOT = Path(__file__).parents[1]
RUNS, SECONDS = 2, 1.0
LARGE = 10_000
SHAPES = ((20, 1), (200, 1), (10_000, 1), (20, 200))
"""Values of a batch, and batches of a transaction."""


def main() -> None:
    """Measure in this process's database, or in a process for each of both."""
    if "--here" in sys.argv:
        print(json.dumps(measure_here()))
        return
    lines = []
    paths = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
    here = [sys.executable, __file__, "--here"]
    for command in (here, [sys.executable, str(ROOT / "tests" / "postgres.py"), *here]):
        with tempfile.TemporaryDirectory() as folder:
            own = {**os.environ, "PYTHONPATH": paths, "ANDON_DATA_DIR": folder,
                   "DJANGO_SETTINGS_MODULE": "andon.settings"}  # fmt: skip
            done = subprocess.run(command, env=own, check=True, capture_output=True, text=True)
            lines += json.loads(done.stdout.splitlines()[-1])
    print("".join(f"{name:>24}" for name in lines[0]))
    for line in lines:
        print("".join(f"{value:>24}" for value in line.values()))
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "append.json").write_text(json.dumps(lines, indent=1))
    keep(
        "append",
        [
            (f"{line['values of a batch']:,} values a batch, {line['batches of a commit']} a time,"
             f" {line['database']}", f"{line['values/s']:,} values/s",
             ">= 1,000,000/s" if line["values of a batch"] == LARGE else "",
             line["values/s"] >= 1_000_000 if line["values of a batch"] == LARGE else None)
            for line in lines
        ],
    )  # fmt: skip


def measure_here() -> list[dict[str, object]]:
    """Return one line for each shape."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    for size, count in SHAPES:
        appended(size, count, seconds=0.3)  # what a process does once is not what is measured
    rounds = [[appended(*shape, seconds=SECONDS) for shape in SHAPES] for _run in range(RUNS)]
    return [told(shape, [one[place] for one in rounds]) for place, shape in enumerate(SHAPES)]


def told(shape: tuple[int, int], runs: list[tuple[float, float]]) -> dict[str, object]:
    """Return the medians of one shape's runs."""
    from django.db import connection

    return {
        "database": connection.vendor,
        "values of a batch": shape[0],
        "batches of a commit": shape[1],
        "values/s": round(median(one[0] for one in runs)),
        "commits/s": round(median(one[0] for one in runs) / shape[0] / shape[1], 1),
        "bytes of block a value": round(median(one[1] for one in runs), 1),
    }


def appended(size: int, count: int, *, seconds: float) -> tuple[float, float]:
    """Append for a while; return values a second and bytes of block a value."""
    from django.db import transaction
    from django.db.models.functions import Length

    from andon.history.append import Batch, append
    from andon.history.models import Block
    from andon.records import clock
    from andon.records.trail.context import told_under

    templates = [rows(size, turn) for turn in range(8)]
    before = Block.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    start, values = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        batches = [
            Batch(f"{time.time_ns()}-{place}", templates[place % 8], "") for place in range(count)
        ]
        with transaction.atomic(), told_under("benchmark"):
            append(batches, at=clock.now())
        values += size * count
    taken = time.perf_counter() - start
    written = Block.objects.filter(pk__gt=before).annotate(bytes=Length("payload"))
    return values / taken, sum(written.values_list("bytes", flat=True)) / values


def rows(size: int, turn: int) -> object:
    """Return a batch of one stream: subgroups of five, a second between them."""
    from history.rows_at_hand import rows_of

    values = [round(0.74 + 0.0001 * ((7 * place + turn) % 40), 4) for place in range(size)]
    return rows_of("PD/L3", values)


if __name__ == "__main__":
    main()
