"""Jobs run at least once: on time, again after a failure, and when their worker died."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from andon.records import clock
from andon.records.jobs.declared import Job, declared_jobs
from andon.records.jobs.keeping import forget_old_runs
from andon.records.jobs.queue import (
    MOST_ATTEMPTS,
    pause_after,
    queue_all,
    queue_due,
    run_job,
    take_back_lost,
)
from andon.records.jobs.standing import standing, told
from andon.records.jobs.worker import Alive, work_once
from andon.records.models import Worker
from own_installation import own_environment

pytestmark = pytest.mark.django_db
READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING


@pytest.fixture
def runs() -> Iterator[list[str]]:
    """Declare two jobs more: one that works and one that fails; the list tells who ran."""
    ran: list[str] = []

    def fail() -> None:
        ran.append("fails")
        raise ValueError("no paper in the printer")

    def work() -> dict[str, int]:
        ran.append("works")
        return {"done": 1}

    jobs = declared_jobs()
    kept = dict(jobs)
    jobs.clear()
    jobs.update(works=Job("works", work, minutes=5), fails=Job("fails", fail, minutes=60))
    yield ran
    jobs.clear()
    jobs.update(kept)


def waiting() -> list[Any]:
    """Return the arguments of what waits in the queue."""
    ready = DBTaskResult.objects.filter(status=READY).order_by("enqueued_at")
    return [run.args_kwargs["args"] for run in ready]


def now() -> datetime:
    """Return the machine's time, by which jobs wait."""
    return clock.machine_now()


def run_in(worker: Alive) -> None:
    """Run what waits, as this worker, in this thread."""
    import threading

    from andon.records.jobs.worker import run_waiting

    run_waiting(worker.key, threading.Event())


def test_every_slice_declares_its_jobs_in_one_place() -> None:
    assert set(declared_jobs()) >= {
        "compact measurements", "judge past weeks", "tell missed samples", "check effects",
        "forget old runs",
    }  # fmt: skip


def test_a_due_job_is_queued_once_and_again_when_its_time_has_come(runs: list[str]) -> None:
    at = now()
    assert sorted(queue_due(at=at)) == ["fails", "works"]
    assert queue_due(at=at) == []
    DBTaskResult.objects.all().delete()
    assert queue_due(at=at + timedelta(minutes=4)) == []
    assert queue_due(at=at + timedelta(minutes=5)) == ["works"]


def test_a_job_that_still_waits_is_not_queued_beside_itself(runs: list[str]) -> None:
    queue_due(at=now())
    assert queue_due(at=now() + timedelta(minutes=6)) == []
    assert queue_all() == []
    assert len(waiting()) == 2


def test_a_worker_runs_what_waits_and_keeps_the_result(runs: list[str]) -> None:
    run_job.enqueue("works")
    with Alive() as alive:
        run_in(alive)
    run = DBTaskResult.objects.get()
    assert (run.status, run.return_value) == (TaskResultStatus.SUCCESSFUL, {"done": 1})
    assert run.worker_ids == [alive.key]


def test_a_failed_job_is_tried_again_after_growing_pauses_and_then_left(runs: list[str]) -> None:
    assert [pause_after(n).total_seconds() / 60 for n in range(1, 6)] == [1, 3, 9, 27, 81]
    run_job.enqueue("fails")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        before = now()
        with Alive() as alive:
            run_in(alive)
        assert len(runs) == attempt
        if attempt < MOST_ATTEMPTS:
            again = DBTaskResult.objects.get(status=READY)
            assert again.args_kwargs["args"] == ["fails", attempt + 1]
            assert again.run_after >= before + pause_after(attempt)
            DBTaskResult.objects.filter(pk=again.pk).update(run_after=before)
    assert waiting() == []
    assert DBTaskResult.objects.failed().count() == MOST_ATTEMPTS


def test_a_job_whose_worker_was_killed_runs_again(runs: list[str]) -> None:
    run_job.enqueue("works")
    long_ago = now() - timedelta(minutes=5)
    Worker.objects.create(key="killed", place="x", started_at=long_ago, seen_at=long_ago)
    DBTaskResult.objects.update(status=RUNNING, started_at=long_ago, worker_ids=["killed"])
    assert take_back_lost(at=now()) == 1
    with Alive() as alive:
        run_in(alive)
    assert DBTaskResult.objects.get().worker_ids == ["killed", alive.key]
    assert runs == ["works"]


def test_a_long_job_of_a_living_worker_is_left_alone(runs: list[str]) -> None:
    run_job.enqueue("works")
    with Alive() as alive:
        started = now() - timedelta(hours=3)
        DBTaskResult.objects.update(status=RUNNING, started_at=started, worker_ids=[alive.key])
        assert take_back_lost(at=now()) == 0


def test_a_job_that_takes_every_worker_with_it_is_given_up(runs: list[str]) -> None:
    run_job.enqueue("works")
    dead = [f"dead {n}" for n in range(MOST_ATTEMPTS)]
    long_ago = now() - timedelta(minutes=5)
    DBTaskResult.objects.update(status=RUNNING, started_at=long_ago, worker_ids=dead)
    assert take_back_lost(at=now()) == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_the_standing_tells_what_ran_and_what_failed(runs: list[str]) -> None:
    work_once()
    found = standing()
    states = {job["name"]: (job["state"], job["failed"], job["error"]) for job in found["jobs"]}
    assert states["works"] == ("successful", 0, "")
    assert states["fails"] == ("failed", 1, "ValueError: no paper in the printer")
    assert found["workers"][0]["is_alive"]
    assert any("no paper in the printer" in line for line in told(found))


def test_old_runs_are_forgotten_and_waiting_ones_kept(runs: list[str]) -> None:
    work_once()
    DBTaskResult.objects.finished().update(finished_at=now() - timedelta(days=15))
    assert forget_old_runs()["runs"] == 2
    assert waiting() == [["fails", 2]]


_QUEUE = """
import django; django.setup()
from andon.records.jobs.queue import run_job
for _n in range(40):
    run_job.enqueue("forget old runs")
"""
_WORK = """
import django; django.setup()
from andon.records.jobs.worker import Alive, run_waiting
import threading
with Alive() as alive:
    run_waiting(alive.key, threading.Event())
"""
_TELL = """
import django; django.setup()
from django_tasks_db.models import DBTaskResult
import json
print(json.dumps([[run.status, len(run.worker_ids)] for run in DBTaskResult.objects.all()]))
"""


def test_workers_at_once_run_each_job_once(tmp_path: Path) -> None:
    environment = own_environment(tmp_path)
    command = [sys.executable, "-c"]
    subprocess.run([*command, _QUEUE], env=environment, check=True)
    workers = [subprocess.Popen([*command, _WORK], env=environment) for _n in range(2)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    told_by = subprocess.run([*command, _TELL], env=environment, check=True, capture_output=True)
    assert json.loads(told_by.stdout) == [["SUCCESSFUL", 1]] * 40
