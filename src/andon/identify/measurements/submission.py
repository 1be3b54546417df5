"""What comes in through the door and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

KNOWN = (
    "serial", "product", "characteristic", "value", "unit", "measured_at", "machine", "lot",
    "shift", "operator", "instrument", "comment", "inspected",
)  # fmt: skip
"""Columns known without a mapping; any further column is kept as a factor."""

Row = Mapping[str, str]
"""One record as texts, by column."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One record that was not stored: which, where and why."""

    record: int
    """Counted from 1, as in the file or list."""
    column: str
    reason: str
    is_conflict: bool = False
    """The state of something else forbids it, such as an overdue instrument."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the judgement says: a signal, a finding, a value out of specification."""

    kind: str
    stream: str
    text: str
    reaction: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a submission: records = stored + reported, always."""

    records: int
    stored: int
    reported: tuple[Reported, ...] = ()
    repeated: int = 0
    """How many of the stored records had been stored before; they were not stored again."""
    batch: int | None = None
    refused: str = ""
    """Why nothing at all was taken, as when a file cannot be read."""
    notes: tuple[Note, ...] = field(default=())
