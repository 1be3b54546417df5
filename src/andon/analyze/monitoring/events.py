"""What monitoring announces, in the transaction that stored the measurements."""

from dataclasses import dataclass, field

import polars as pl

from andon.analyze.monitoring.models import Finding, Stream
from andon.identify.measurements.submission import Note
from andon.records.models import Account


@dataclass(frozen=True, slots=True)
class Found:
    """A finding was confirmed; it opens or joins a problem."""

    finding: Finding
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Late data of the same days showed that a finding would not have been made."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class OutOfSpecification:
    """Pieces of a stream lie outside specification."""

    stream: Stream
    rows: pl.DataFrame
    actor: Account
    notes: list[Note] = field(default_factory=list)
