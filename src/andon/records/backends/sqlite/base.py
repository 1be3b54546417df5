"""Django's SQLite backend, whose connections know who acts.

A connection without these functions cannot change an audited row at all: the trigger fails.
"""

import threading
from typing import Any, ClassVar

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from andon.records.trail.canonical import changed_values, entry_digest
from andon.records.trail.context import acting_at, acting_name, acting_reason


class DatabaseWrapper(base.DatabaseWrapper):
    """Registers the trail's functions on each new connection; its threads write in turn.

    SQLite lets one connection write at a time and makes the others sleep and try again, which
    with eight clients costs seconds. Threads that queue here are woken as soon as it is their turn.
    """

    _turn: ClassVar[threading.Lock] = threading.Lock()
    _has_turn = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection and teach it the trail's functions."""
        connection = super().get_new_connection(conn_params)
        connection.create_function("andon_actor", 0, acting_name)
        connection.create_function("andon_reason", 0, acting_reason)
        connection.create_function("andon_now", 0, acting_at)
        connection.create_function("andon_changed", 2, changed_values, deterministic=True)
        connection.create_function("andon_digest", 11, entry_digest, deterministic=True)
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        """Wait for the turn, then begin; the file's own lock still keeps other processes out."""
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        if not self._turn.acquire(timeout=seconds):
            message = f"database is locked: another thread wrote for more than {seconds:.0f} s"
            raise OperationalError(message)
        self._has_turn = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        """End the turn when the transaction has; a failed commit keeps it until the rollback."""
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turn.release()
