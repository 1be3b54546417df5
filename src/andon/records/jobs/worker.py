"""The worker: queues what is due, runs what waits, and tells that it is alive."""

import logging
import os
import socket
import threading
from types import TracebackType
from typing import Any, Self

from django.db import Error, close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as Runner
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from andon.records import clock
from andon.records.jobs.queue import queue_all, queue_due, take_back_lost
from andon.records.models.working import Worker

log = logging.getLogger(__name__)
_LOOK_SECONDS, _BEAT_SECONDS = 2.0, 10.0


class Alive:
    """Tells every ten seconds, in a thread of its own, that a worker is alive."""

    def __init__(self) -> None:
        self.key = get_random_string(32)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="andon-alive", daemon=True)

    def __enter__(self) -> Self:
        now = clock.machine_now()
        place = f"{socket.gethostname()} {os.getpid()}"
        Worker.objects.create(key=self.key, place=place, started_at=now, seen_at=now)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=_BEAT_SECONDS)

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            try:
                Worker.objects.filter(key=self.key).update(seen_at=clock.machine_now())
            except Error as error:
                log.warning("the worker cannot tell that it is alive: %s", error)
            finally:
                close_old_connections()
        connection.close()


def work_until(ended: threading.Event) -> None:
    """Work until told to end; a lost database is waited for, under a new name afterwards."""
    while not ended.is_set():
        close_old_connections()
        try:
            with Alive() as alive:
                _work(alive.key, ended)
        except Error as error:
            log.warning("background work is waiting for the database: %s", error)
        except Exception:
            log.exception("background work begins anew")
        connection.close()
        ended.wait(_LOOK_SECONDS)


def work_once() -> list[str]:
    """Queue every declared job, run all that waits, and return the names that were queued."""
    with Alive() as alive:
        take_back_lost(at=clock.machine_now())
        names = queue_all()
        run_waiting(alive.key, threading.Event())
    return names


def run_waiting(key: str, ended: threading.Event) -> None:
    """Run what waits in the queue and may run now, one after the other, until told to end."""
    runner = Runner(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id=key, excluded_queue_names=[],
    )  # fmt: skip
    while not ended.is_set() and (run := _claimed(key)) is not None:
        runner.run_task(run)


def _claimed(key: str) -> DBTaskResult[..., Any] | None:
    """Take the next run that waits; no two workers get the same one."""
    waiting = DBTaskResult.objects.ready()
    if not waiting.exists():
        return None
    with exclusive_transaction():
        run = waiting.get_locked()
        if run is not None:
            run.claim(key)
    return run


def _work(key: str, ended: threading.Event) -> None:
    while not ended.wait(_LOOK_SECONDS):
        close_old_connections()
        now = clock.machine_now()
        take_back_lost(at=now)
        queue_due(at=now)
        run_waiting(key, ended)
