"""A process that serves: requests in threads, beside them the worker; told to stop, both end.

Every connection that the kernel has taken is answered. The job under way is finished; what still
waits in the queue is done after the next start.
"""

import threading
import time
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from andon.records.jobs.worker import work_until


class Process(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's process with threads, which does background work and leaves nobody unanswered."""

    works = False
    """Whether this process does what time demands, too; said before it is forked."""

    def init_process(self) -> None:
        """Begin, ready to be told to stop from the first moment."""
        self._ended = threading.Event()
        super().init_process()

    def begin_work(self) -> None:
        """Start the worker's thread; the process waits for its job when it ends."""
        if self.works:
            threading.Thread(target=work_until, args=[self._ended], name="andon-worker").start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let the worker end while requests are still being answered."""
        self._ended.set()
        super().handle_exit(sig, frame)

    def run(self) -> None:
        """Serve; however that ends, the worker ends too."""
        try:
            super().run()
        finally:
            self._ended.set()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept or not; who is stopping takes those who wait, and leaves the door at once."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            self._take_the_waiting()
            for listener in self.sockets:
                listener.close()
            self.sockets: list[Any] = []
            self._wait_for_the_silent_no_longer()

    def _take_the_waiting(self) -> None:
        taken = -1
        while taken != self.nr_conns:
            taken = self.nr_conns
            for listener in self.sockets:
                self.accept(listener)

    def _wait_for_the_silent_no_longer(self) -> None:
        """Browsers open connections on which they say nothing: two seconds are enough for them."""
        end = time.monotonic() + STOP_KEEPALIVE_LINGER
        for silent in self.pending_conns:
            silent.timeout = min(silent.timeout, end)


def choose_worker(server: Any, process: Process) -> None:
    """Let one process of a server do the background work, and another after that one died."""
    process.works = not any(other.works for other in server.WORKERS.values())
