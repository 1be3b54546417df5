"""What the door announces after measurements were stored, in the same transaction."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from andon.identify.measurements.submission import Note
from andon.records.models import Account


@dataclass(frozen=True, slots=True)
class Gathered:
    """All submissions of one transaction were told of: what was kept for them is written now."""

    batches: list[int] = field(default_factory=list)
    """The new batches of this transaction, in the order in which they are told of."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What a handler of `Recorded` keeps from one submission to the next, under its own name."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """New measurements were stored. Handlers may add notes for the one who sent them."""

    rows: pl.DataFrame
    """Columns of `history.frame.SCHEMA`."""
    batch: int
    actor: Account
    notes: list[Note] = field(default_factory=list)
    gathered: Gathered = field(default_factory=Gathered)
    """The transaction in which they were stored, with others that came at the same time."""

    @property
    def later(self) -> list[int]:
        """The batches of the same transaction that count as not stored yet."""
        batches = self.gathered.batches
        return batches[batches.index(self.batch) + 1 :] if self.batch in batches else []
