"""What the door announces after measurements were stored, in the same transaction."""

from dataclasses import dataclass, field

import polars as pl

from andon.identify.measurements.submission import Note
from andon.records.models import Account


@dataclass(frozen=True, slots=True)
class Recorded:
    """New measurements were stored. Handlers may add notes for the one who sent them."""

    rows: pl.DataFrame
    """Columns of `history.frame.SCHEMA` but batch and position."""
    batch: int
    actor: Account
    notes: list[Note] = field(default_factory=list)
