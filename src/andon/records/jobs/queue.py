"""The queue: putting jobs in, when they are due or when one failed, and taking back lost ones."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from andon.records import clock
from andon.records.jobs.declared import Job, declared_jobs
from andon.records.models.working import ScheduledJob, Worker

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 6
_FIRST_PAUSE = timedelta(minutes=1)
SILENT = timedelta(seconds=60)
"""A worker that was not seen for so long is dead."""
_WAITING = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


@task()
def run_job(name: str, attempt: int = 1) -> Any:
    """Run a declared job; when it fails it is tried again after a pause that grows threefold."""
    job = declared_jobs()[name]
    try:
        return job.run()
    except Exception:
        if attempt < MOST_ATTEMPTS:
            again_at = clock.machine_now() + pause_after(attempt)
            run_job.using(run_after=again_at).enqueue(name, attempt + 1)
        raise


def pause_after(attempt: int) -> timedelta:
    """Return how long to wait after a failed attempt: 1, 3, 9, 27, 81 minutes."""
    return _FIRST_PAUSE * float(3 ** (attempt - 1))


def queue_due(*, at: datetime) -> list[str]:
    """Queue the jobs whose time has come, each by one worker only; return their names."""
    known = dict(ScheduledJob.objects.values_list("name", "next_at"))
    due = [job for job in declared_jobs().values() if known.get(job.name, at) <= at]
    return [job.name for job in due if _take_turn(job, at, is_new=job.name not in known)]


def queue_all() -> list[str]:
    """Queue every declared job that does not wait already; return their names."""
    return [name for name in declared_jobs() if _queued(name)]


def take_back_lost(*, at: datetime) -> int:
    """Let jobs whose worker died run again; give one up that took several workers with it."""
    alive = set(Worker.objects.filter(seen_at__gt=at - SILENT).values_list("key", flat=True))
    lost = [
        run
        for run in DBTaskResult.objects.running().filter(started_at__lt=at - SILENT)
        if not run.worker_ids or run.worker_ids[-1] not in alive
    ]
    return sum(_taken_back(run, at) for run in lost)


def _take_turn(job: Job, at: datetime, *, is_new: bool) -> bool:
    next_at = at + timedelta(minutes=job.minutes)
    with transaction.atomic():
        if is_new:
            _row, has_turn = ScheduledJob.objects.get_or_create(
                name=job.name, defaults={"next_at": next_at}
            )
        else:
            mine = ScheduledJob.objects.filter(name=job.name, next_at__lte=at)
            has_turn = bool(mine.update(next_at=next_at))
        return has_turn and _queued(job.name)


def _queued(name: str) -> bool:
    """Put a job into the queue, unless it waits there or runs."""
    runs = DBTaskResult.objects.filter(status__in=_WAITING, task_path=run_job.module_path)
    if runs.filter(args_kwargs__args__0=name).exists():
        return False
    run_job.enqueue(name)
    return True


def _taken_back(run: DBTaskResult[..., Any], at: datetime) -> int:
    """Change a run only as it was found: another worker may have taken it back meanwhile."""
    found = DBTaskResult.objects.running().filter(pk=run.pk, started_at=run.started_at)
    if len(run.worker_ids) >= MOST_ATTEMPTS:
        log.error("job %s took %s workers with it: given up", run.args_kwargs, len(run.worker_ids))
        return found.update(
            status=TaskResultStatus.FAILED, finished_at=at,
            exception_class_path="builtins.SystemExit",
            traceback=f"Its worker died {len(run.worker_ids)} times.",
        )  # fmt: skip
    return found.update(status=TaskResultStatus.READY, started_at=None, run_after=F("enqueued_at"))
