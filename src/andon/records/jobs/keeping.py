"""Housekeeping of the queue."""

from datetime import timedelta

from django_tasks_db.models import DBTaskResult

from andon.records import clock
from andon.records.models.keeping import IdempotencyKey
from andon.records.models.working import Worker

_KEPT = timedelta(days=14)
_KEYS_KEPT = timedelta(days=30)


def forget_old_runs() -> dict[str, int]:
    """Remove runs that ended two weeks ago, and workers not seen since."""
    before = clock.machine_now() - _KEPT
    runs, _by_kind = DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    workers, _by_kind = Worker.objects.filter(seen_at__lt=before).delete()
    return {"runs": runs, "workers": workers}


def forget_old_keys() -> dict[str, int]:
    """Forget which requests were answered a month ago: nobody sends them again."""
    old = IdempotencyKey.objects.filter(created_at__lt=clock.now() - _KEYS_KEPT)
    return {"keys": old.delete()[0]}
