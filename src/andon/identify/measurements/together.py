"""Group commit: what arrives while a transaction commits goes into the next one together.

One durable commit per submission never reached a thousand a second, and on SQLite writers wait
for each other anyway. The first that comes stores at once; whoever comes meanwhile waits, and the
one who waited longest stores for all. It waits a moment longer when more had come at a time
before; a lone submission never waits for company.
"""

from collections import deque
from dataclasses import dataclass, field
from threading import Condition, Lock

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from andon.identify.measurements.storing import Repeated, Submitted, stored
from andon.identify.measurements.submission import Outcome
from andon.records.errors import Busy

Told = Outcome | Repeated
_MOST_ROWS = 50_000
"""With so many rows a transaction is large enough."""


def store(submission: Submitted) -> Told:
    """Store a submission and return what became of it; it is durable then.

    Raises:
        Conflict: its key was used before for other rows.
        Busy: more wait already than the setting ANDON_MOST_WAITING allows.
    """
    if connection.in_atomic_block:
        return _told(stored([submission])[0])
    return _DOOR.store(submission)


def _held() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting:
    """A submission and, once it is over, what became of it."""

    submission: Submitted
    result: Told | Exception | None = None
    leads: bool = False
    """It waited longest: it stores now, for all who wait."""
    woken: Lock = field(default_factory=_held)


class _Door:
    """Lets one thread store at a time, for itself and for all who wait."""

    def __init__(self) -> None:
        self._more = Condition()
        self._queue: deque[_Waiting] = deque()
        self._is_storing = False
        self._usual = 1
        """How many came together last."""

    def store(self, submission: Submitted) -> Told:
        """Store, or wait until another thread has stored this submission too."""
        own = _Waiting(submission)
        with self._more:
            if len(self._queue) >= settings.MOST_WAITING:
                raise Busy(_("Too many measurements wait to be stored; try again soon."))
            self._queue.append(own)
            own.leads = not self._is_storing
            self._is_storing = True
            if len(self._queue) >= self._usual:
                self._more.notify()
        if not own.leads:
            own.woken.acquire()
        if own.leads:
            self._lead()
        return _told(own.result)

    def _lead(self) -> None:
        """Store those who wait, then let the next one lead and wake the others."""
        group: list[_Waiting] = []
        try:
            group = self._gathered()
            _store_all(group)
        finally:
            self._hand_over()
            for one in group:
                one.woken.release()

    def _gathered(self) -> list[_Waiting]:
        """Return who is stored now: those who wait, and those who usually come with them."""
        most = settings.MOST_TOGETHER
        wanted = min(self._usual, most)
        with self._more:
            if wanted > 1:
                seconds = settings.GATHER_MILLISECONDS / 1000
                self._more.wait_for(lambda: len(self._queue) >= wanted, seconds)
            group = [self._queue.popleft()]
            rows = len(group[0].submission.read.typed)
            while self._queue and len(group) < most and rows < _MOST_ROWS:
                group.append(self._queue.popleft())
                rows += len(group[-1].submission.read.typed)
            self._usual = len(group)
        return group

    def _hand_over(self) -> None:
        with self._more:
            self._is_storing = bool(self._queue)
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].woken.release()


_DOOR = _Door()


def _store_all(group: list[_Waiting]) -> None:
    """Store a group; when that fails, each by itself, so that none spoils another."""
    try:
        results = stored([one.submission for one in group])
    except Exception as error:
        if len(group) == 1 or _is_away(error):
            for one in group:
                one.result = error
            return
        for one in group:
            _store_all([one])
        return
    for one, result in zip(group, results, strict=True):
        one.result = result


def _is_away(error: Exception) -> bool:
    """Tell whether the database is lost, so that trying each by itself would only take longer."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return connection.connection is None or not connection.is_usable()


def _told(result: Told | Exception | None) -> Told:
    """Return what became of a submission, or raise what stood against it."""
    if isinstance(result, Outcome | Repeated):
        return result
    raise result or Busy(_("The server stops; send the same measurements again."))
