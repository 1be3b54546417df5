"""What an installation holds after a drill, traced to the stories that made it."""

import re
from collections import Counter, defaultdict
from typing import Any

MARK = re.compile(r"k\d+-\d+-")
_OF_THE_MOMENT = (
    "monitoring_", "records_account", "records_apitoken", "records_sitting", "problems_",
)  # fmt: skip
"""Tables in which a story leaves what depends on what others did before."""
_ROWS = "measured values"


def tell() -> dict[str, Any]:
    """Return for each mark how much it left in each table, and what verification says."""
    from andon.records.trail.evidence import verify_all

    left = _entries()
    mixed = _add_measured(left)
    report = verify_all()
    return {
        "left": {mark: dict(found) for mark, found in left.items()},
        "mixed": mixed,
        "problems": [str(one) for one in report.problems],
        "entries": report.entries,
    }


def _entries() -> dict[str, Counter[str]]:
    """Count the entries of the trail by mark; one without a mark has that of its record."""
    from andon.records.models import Entry

    left: dict[str, Counter[str]] = defaultdict(Counter)
    owners: dict[str, str] = {}
    for entry in Entry.objects.order_by("id").iterator():
        found = MARK.search(entry.new) or MARK.search(entry.reason) or MARK.search(entry.old)
        mark = found[0] if found else owners.get(entry.chain, "")
        owners.setdefault(entry.chain, mark if entry.sequence == 1 else "")
        if mark and not entry.table.startswith(_OF_THE_MOMENT):
            left[mark][f"{entry.action} {entry.table}"] += 1
    return left


def _add_measured(left: dict[str, Counter[str]]) -> int:
    """Count the measured values by mark; return how many batches hold several marks."""
    import polars as pl

    from andon.history import log

    rows = log.scan(columns=["serial", "batch"]).collect()
    marked = rows.with_columns(mark=pl.col("serial").str.extract(f"({MARK.pattern})"))
    marked = marked.filter(pl.col("mark").is_not_null())
    counted = marked.group_by("mark").agg(
        pl.len().alias("rows"), pl.col("serial").n_unique().alias("different")
    )
    for mark, count, different in counted.iter_rows():
        left[mark][_ROWS] = different
        left[mark][f"{_ROWS}, again"] = count - different
    batches = marked.group_by("batch").agg(pl.col("mark").n_unique().alias("marks"))
    return batches.filter(pl.col("marks") > 1).height
