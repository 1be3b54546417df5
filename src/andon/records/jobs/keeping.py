"""Housekeeping of the queue."""

from datetime import timedelta

from django_tasks_db.models import DBTaskResult

from andon.records import clock
from andon.records.models.working import Worker

_KEPT = timedelta(days=14)


def forget_old_runs() -> dict[str, int]:
    """Remove runs that ended two weeks ago, and workers not seen since."""
    before = clock.machine_now() - _KEPT
    runs, _by_kind = DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    workers, _by_kind = Worker.objects.filter(seen_at__lt=before).delete()
    return {"runs": runs, "workers": workers}
