"""Replaying entries to the state in which they say each row is now, and comparing."""

from collections.abc import Iterator
from typing import Any

from andon.records.trail.alike import is_alike
from andon.records.trail.stored import Told, plain, stored_rows
from andon.records.trail.subjects import Subject, subjects

_BATCH = 2000

Row = tuple[str, str]
State = dict[str, Any] | None
"""The values of a row by column; None once it was removed."""


class Replay:
    """The rows of the chains walked since the last comparison."""

    def __init__(self) -> None:
        self.alive: dict[str, int] = {}
        """Rows found in each table so far: what a table holds beyond them, no entry tells."""
        self.compared = 0
        self._states: dict[Row, State] = {}
        self._subjects = {subject.table: subject for subject in subjects()}

    def follow(self, entry: Told) -> None:
        """Take in one entry; a table that is not audited any more is passed over."""
        if entry.table not in self._subjects:
            return
        place = (entry.table, entry.row)
        try:
            if entry.action == "create":
                self._states[place] = plain(entry.new)
            elif entry.action == "remove":
                self._states[place] = None
            else:
                self._states[place] = (self._states.get(place) or {}) | plain(entry.new)
        except ValueError:
            return  # not JSON any more: its digest was found wrong already

    def differences(self, *, is_end: bool) -> Iterator[tuple[str, str, str]]:
        """Yield table, row and difference, when enough rows have come together."""
        if not is_end and len(self._states) < _BATCH:
            return
        by_table: dict[str, dict[str, State]] = {}
        for (table, row), state in self._states.items():
            by_table.setdefault(table, {})[row] = state
        self._states.clear()
        for table, told in by_table.items():
            yield from self._compared(self._subjects[table], told)

    def _compared(self, subject: Subject, told: dict[str, State]) -> Iterator[tuple[str, str, str]]:
        self.compared += len(told)
        keys = list(told)
        for start in range(0, len(keys), _BATCH):
            part = keys[start : start + _BATCH]
            stored = stored_rows(subject, part)
            self.alive[subject.table] = self.alive.get(subject.table, 0) + len(stored)
            for row in part:
                for text in _differences(told[row], stored.get(row), subject):
                    yield subject.table, row, text


def _differences(told: State, stored: State, subject: Subject) -> Iterator[str]:
    if told is None and stored is not None:
        yield "the row is there, and an entry says that it was removed"
    elif told is not None and stored is None:
        yield "the row is gone, and no entry says that it was removed"
    elif told and stored:
        for name, kind in subject.columns:
            # A column that came or went with a later version was never told for this row.
            if name not in told or name not in stored:
                continue
            if not is_alike(kind, value := told[name], stored[name]):
                yield f"{name} is {stored[name]!r}, the trail says {value!r}"
