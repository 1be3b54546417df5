"""What ran, what failed and what is due: for operations."""

from datetime import datetime
from typing import Any

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from andon.records import clock
from andon.records.jobs.declared import declared_jobs
from andon.records.jobs.queue import SILENT, run_job
from andon.records.models.working import ScheduledJob, Worker


def standing() -> dict[str, Any]:
    """Return each job with its last run, its failures and its next time, and the workers."""
    now = clock.machine_now()
    next_at = dict(ScheduledJob.objects.values_list("name", "next_at"))
    return {
        "workers": [_worker(worker, now) for worker in Worker.objects.order_by("-seen_at")[:20]],
        "jobs": [_job(name, next_at.get(name)) for name in declared_jobs()],
        "waiting": DBTaskResult.objects.filter(status=TaskResultStatus.READY).count(),
        "running": DBTaskResult.objects.running().count(),
    }


def told(found: dict[str, Any]) -> list[str]:
    """Return the standing in lines."""
    lines = [
        f"{'alive' if worker['is_alive'] else 'dead '} {worker['place']}"
        for worker in found["workers"]
    ]
    for job in found["jobs"]:
        last = f"{job['state']} at {job['last_at']}" if job["last_at"] else "never ran"
        failed = f", {job['failed']} failed: {job['error']}" if job["failed"] else ""
        lines.append(f"{job['name']:<28} {last}{failed}")
    return [*lines, f"{found['waiting']} waiting, {found['running']} running"]


def _worker(worker: Worker, now: datetime) -> dict[str, Any]:
    return {
        "place": worker.place,
        "started_at": worker.started_at,
        "seen_at": worker.seen_at,
        "is_alive": now - worker.seen_at < SILENT,
    }


def _job(name: str, next_at: datetime | None) -> dict[str, Any]:
    runs = DBTaskResult.objects.filter(
        task_path=run_job.module_path, args_kwargs__args__0=name
    ).order_by("-enqueued_at")
    last = runs.exclude(started_at=None).first()
    failed = runs.failed().first()
    return {
        "name": name,
        "every_minutes": declared_jobs()[name].minutes,
        "state": last.status.lower() if last else "",
        "last_at": last.started_at if last else None,
        "result": last.return_value if last else None,
        "failed": runs.failed().count(),
        "error": _last_line(failed.traceback) if failed else "",
        "next_at": next_at,
    }


def _last_line(traceback: str) -> str:
    return traceback.strip().rpartition("\n")[2]
