"""Group commit: what arrives while a transaction commits goes into the next one together.

One durable commit per submission never reached a thousand a second, and on SQLite writers wait
for each other anyway. Here the first that comes stores at once; whoever comes meanwhile waits,
and the next one stores for all who wait. A lone submission never waits for company.
"""

from collections import deque
from dataclasses import dataclass
from threading import Condition

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from andon.identify.measurements.storing import Repeated, Submitted, stored
from andon.identify.measurements.submission import Outcome
from andon.records.errors import Busy


def store(submission: Submitted) -> Outcome | Repeated:
    """Store a submission and return its outcome; it is durable then.

    Raises:
        Conflict: its key was used before for other rows.
        Busy: more wait already than the setting ANDON_MOST_WAITING allows.
    """
    if connection.in_atomic_block:
        return _outcome(stored([submission])[0])
    return _DOOR.store(submission)


@dataclass(slots=True, eq=False)
class _Waiting:
    """A submission and, once it is over, what became of it."""

    submission: Submitted
    result: Outcome | Repeated | Exception | None = None


class _Door:
    """Lets one thread store at a time, for itself and for all who wait."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._queue: deque[_Waiting] = deque()
        self._is_storing = False

    def store(self, submission: Submitted) -> Outcome | Repeated:
        """Wait for the turn, or for another thread to have stored this submission too."""
        own = _Waiting(submission)
        with self._changed:
            if len(self._queue) >= settings.MOST_WAITING:
                raise Busy(_("Too many measurements wait to be stored; try again soon."))
            self._queue.append(own)
            while self._is_storing and own.result is None:
                self._changed.wait()
            if own.result is not None:
                return _outcome(own.result)
            self._is_storing = True
            group, self._queue = list(self._queue), deque()
        try:
            _store_all(group)
        finally:
            with self._changed:
                self._is_storing = False
                self._changed.notify_all()
        return _outcome(own.result)


_DOOR = _Door()


def _store_all(group: list[_Waiting]) -> None:
    """Store a group; when that fails, each by itself, so that none spoils another."""
    try:
        results = stored([one.submission for one in group])
    except Exception as error:
        if len(group) == 1:
            group[0].result = error
            return
        for one in group:
            _store_all([one])
        return
    for one, result in zip(group, results, strict=True):
        one.result = result


def _outcome(result: Outcome | Repeated | Exception | None) -> Outcome | Repeated:
    """Return what became of a submission, or raise what stood against it."""
    if isinstance(result, Outcome | Repeated):
        return result
    raise result or Busy(_("The server stops; send the same measurements again."))
