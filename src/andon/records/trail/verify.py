"""Verifying the trail: every chain whole, and replaying to the present state of every row.

Memory does not grow with the trail: entries stream by, and rows are compared a batch at a time.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from andon.records.models.retention import Purge
from andon.records.trail.canonical import entry_digest
from andon.records.trail.install import missing
from andon.records.trail.replay import Replay
from andon.records.trail.stored import Told, entries, rows_without_entry
from andon.records.trail.subjects import subjects

MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is not as the trail says, and where: an entry, or a row of a table."""

    text: str
    chain: str = ""
    sequence: int = 0
    table: str = ""
    row: str = ""

    @property
    def place(self) -> str:
        """The place in words."""
        if self.chain:
            return f"entry {self.sequence} of {self.chain}"
        return f"{self.table} {self.row}".strip()

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(slots=True)
class VerifyReport:
    """What was looked at and what was found."""

    entries: int = 0
    chains: int = 0
    rows: int = 0
    anchors: int = 0
    problems: list[Problem] = field(default_factory=list)
    """At most `MOST_PROBLEMS`; `found` counts all."""
    found: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was found."""
        return self.found == 0

    def add(self, problem: Problem) -> None:
        """Keep a problem, and count it in any case."""
        self.found += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def verify() -> VerifyReport:
    """Walk every chain in order, and hold the replayed rows against the tables."""
    report = VerifyReport()
    with snapshot():
        for table in missing():
            report.add(Problem(text="a trigger of the trail is missing", table=table))
        replay = _walk(report, purged=purged_until())
        for subject in subjects():
            if subject.count() > replay.alive.get(subject.table, 0):
                _tell_unknown_rows(report, subject.table, rows_without_entry(subject))
    return report


def verify_record(key: int) -> VerifyReport:
    """Check one record: its chain, and every row that belongs to it."""
    report = VerifyReport()
    with snapshot():
        _walk(report, f"record:{key}")
        for subject in subjects():
            if subject.chain_column:
                _tell_unknown_rows(report, subject.table, rows_without_entry(subject, key))
    return report


def purged_until() -> dict[str, int]:
    """Return up to which entry the values of each purged record's chain were destroyed."""
    found = Purge.objects.filter(purged_until__gt=0).values_list("record_key", "purged_until")
    return {f"record:{key}": until for key, until in found}


def is_chain_whole(chain: str) -> bool:
    """Tell whether a chain has entries, all in order and with their digests."""
    expected, previous = 1, ""
    for entry in entries(chain):
        if any(_broken(entry, expected, previous, is_purged=False)):
            return False
        expected, previous = entry.sequence + 1, entry.digest
    return expected > 1


@contextmanager
def snapshot() -> Iterator[None]:
    """See one moment of the database throughout, without keeping writers waiting."""
    if connection.in_atomic_block or _is_still():
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _is_still() -> bool:
    """Tell whether a snapshot is open already: SQLite begins none within another."""
    opened = connection.connection
    return bool(connection.vendor == "sqlite" and opened is not None and opened.in_transaction)


def _walk(
    report: VerifyReport, chain: str = "", *, purged: Mapping[str, int] | None = None
) -> Replay:
    """Check and replay the entries of all chains, or of one."""
    purged = purged or {}
    replay = Replay()
    present, expected, previous = "", 1, ""
    for entry in entries(chain):
        report.entries += 1
        if entry.chain != present:
            _compare(report, replay, is_end=False)
            present, expected, previous = entry.chain, 1, ""
            report.chains += 1
        is_purged = entry.sequence <= purged.get(entry.chain, 0) and entry.old == entry.new == ""
        for text in _broken(entry, expected, previous, is_purged=is_purged):
            report.add(Problem(text=text, chain=entry.chain, sequence=entry.sequence))
        expected, previous = entry.sequence + 1, entry.digest
        if not is_purged:
            replay.follow(entry)
    _compare(report, replay, is_end=True)
    report.rows = replay.compared
    return replay


def _broken(entry: Told, expected: int, previous: str, *, is_purged: bool) -> Iterator[str]:
    if entry.sequence != expected:
        yield f"entry {expected} should stand here: entries are missing"
    elif entry.previous != previous:
        yield "it does not follow the entry before it"
    if not is_purged and entry_digest(*entry[:11]) != entry.digest:
        yield "its content is not what was chained"


def _compare(report: VerifyReport, replay: Replay, *, is_end: bool) -> None:
    for table, row, text in replay.differences(is_end=is_end):
        report.add(Problem(text=text, table=table, row=row))


def _tell_unknown_rows(report: VerifyReport, table: str, rows: Iterator[str]) -> None:
    for row in rows:
        report.add(Problem(text="no entry created this row", table=table, row=row))
