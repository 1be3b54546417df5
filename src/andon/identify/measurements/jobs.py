"""What the history wants done beside the pages."""

from typing import Any

from andon.history.compaction import compact
from andon.records import clock
from andon.records.jobs.declared import Job


def compact_history() -> dict[str, Any]:
    """Move measurements from the database to the lake."""
    return compact(at=clock.now()).as_dict()


JOBS = (Job("compact measurements", compact_history, minutes=5),)
