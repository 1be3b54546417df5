"""The move itself: read one database held still, write another, and compare the two."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DataError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from andon.records.databases import database_at
from andon.records.errors import Refused
from andon.records.moving import target as destination
from andon.records.moving.source import SOURCE, held_still
from andon.records.moving.standing import as_default, opened
from andon.records.moving.tables import Digest, Table, digest_of, tables
from andon.records.moving.target import TARGET
from andon.records.moving.unfinished import unmark
from andon.records.trail.install import install
from andon.records.trail.verify import verify

_HEADS = (
    "SELECT chain, sequence, digest FROM records_entry e WHERE sequence ="
    " (SELECT max(sequence) FROM records_entry WHERE chain = e.chain)"
)


@dataclass(frozen=True, slots=True)
class MovedTable:
    """One table that is equal in both databases."""

    table: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail in short: entries, chains and heads are equal on both sides after a move."""

    entries: int
    chains: int
    heads: str
    """SHA-256 over the last digest of every chain."""
    problems: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did, and what was held against what."""

    tables: tuple[MovedTable, ...]
    rows: int
    trail: Trail
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """Yield it for people, and what is to be done next."""
        for table in self.tables:
            yield f"{table.rows:>10}  {table.digest[:16]}  {table.table}"
        yield f"{self.rows} rows in {len(self.tables)} tables, equal in both, {self.seconds} s"
        yield (
            f"trail: {self.trail.entries} entries in {self.trail.chains} chains, heads"
            f" {self.trail.heads[:16]}, {self.trail.problems} problems"
        )
        yield "Next: write ANDON_DATABASE_URL=... into andon.env of the data folder; start again."
        yield "Attached files, lake and secret stay in the data folder: keep it."


def move(url: str) -> Moved:
    """Move the configured installation to the empty database at an address.

    The rows are written, compared, and the trail is verified in one transaction of the target;
    until it ends, the target bears a mark and no Andon starts on it. The source is not changed.
    Attached files, the lake, the secret and the settings stay in the data folder.
    """
    begun = time.monotonic()
    database = database_at(url)
    _require_other_kind(database)
    with opened(TARGET, database) as target, held_still() as source:
        before = _trail(source)
        destination.prepare(target)
        with transaction.atomic(using=TARGET):
            moved = _move(source, target)
            with as_default(target):
                install()
            after = _trail(target)
            if _heads(after) != _heads(before) or after.problems > before.problems:
                raise Refused.because(_differs("records_entry", before, after))
            unmark(target)
    seconds = round(time.monotonic() - begun, 1)
    return Moved(moved, sum(table.rows for table in moved), after, seconds)


def _move(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> tuple[MovedTable, ...]:
    chosen = tables()
    last = destination.last_numbers(source, chosen)
    destination.empty(target, reversed(chosen))
    moved = tuple(_move_table(target, table) for table in chosen)
    destination.set_numbers(target, chosen, last)
    target.check_constraints()
    return moved


def _move_table(target: BaseDatabaseWrapper, table: Table) -> MovedTable:
    left = Digest()
    try:
        destination.write(target, table, left.taking(table.rows(SOURCE)))
    except DataError as error:
        message = _("A row of %(table)s cannot be stored there: %(why)s")
        raise Refused.because(message % {"table": table.name, "why": error}) from error
    arrived = digest_of(table, TARGET)
    if (left.rows, left.text) != (arrived.rows, arrived.text):
        raise Refused.because(_differs(table.name, left.rows, arrived.rows))
    return MovedTable(table.name, arrived.rows, arrived.text)


def _trail(database: BaseDatabaseWrapper) -> Trail:
    with as_default(database):
        report = verify()
    with database.cursor() as cursor:
        cursor.execute(_HEADS)
        heads = sorted("\x1f".join(map(str, head)) for head in cursor.fetchall())
    digest = hashlib.sha256("\n".join(heads).encode()).hexdigest()
    return Trail(report.entries, report.chains, digest, report.found)


def _heads(trail: Trail) -> tuple[int, int, str]:
    return trail.entries, trail.chains, trail.heads


def _require_other_kind(database: dict[str, Any]) -> None:
    if database["ENGINE"] == connections.settings[DEFAULT_DB_ALIAS]["ENGINE"]:
        raise Refused.because(
            _("Source and target are of one kind: copy the file, or use pg_dump and pg_restore.")
        )


def _differs(table: str, left: Any, arrived: Any) -> str:
    told = _("%(table)s did not arrive as it left (%(left)s, %(arrived)s); nothing was kept.")
    return told % {"table": table, "left": left, "arrived": arrived}
