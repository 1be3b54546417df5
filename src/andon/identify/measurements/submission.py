"""What comes in through the door and what is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

KNOWN = (
    "serial", "product", "characteristic", "value", "unit", "measured_at", "machine", "lot",
    "shift", "operator", "instrument", "comment", "inspected",
)  # fmt: skip
"""Columns known without a mapping; any further column is kept as a factor."""

Row = Mapping[str, str]
"""One record as texts, by column."""


@dataclass(frozen=True, slots=True)
class ColumnRows(Sequence[Row]):
    """Records that came by columns; a record is made only where one is looked at by itself."""

    columns: Mapping[str, Sequence[str | None]]
    """Each as long as the others; None where a record does not have the column."""
    height: int

    def __len__(self) -> int:
        return self.height

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self.height))]
        if not -self.height <= place < self.height:
            raise IndexError(place)
        told = ((name, texts[place]) for name, texts in self.columns.items())
        return {name: text for name, text in told if text is not None}


def names_of(rows: Sequence[Row]) -> set[str]:
    """Return every column that some record has."""
    return set(rows.columns) if isinstance(rows, ColumnRows) else set[str]().union(*rows)


def texts_of(rows: Sequence[Row], name: str, absent: str = "") -> list[str]:
    """Return a column's texts, and another text for each record that does not have it."""
    if not isinstance(rows, ColumnRows):
        return [row.get(name, absent) for row in rows]
    told = rows.columns.get(name, ())
    if not told:
        return [absent] * len(rows)
    # Counting one text is quicker than looking for None: what is alike is seldom compared.
    is_alike = told[0] is not None and list(told).count(told[0]) == len(told)
    return list(told) if is_alike else [absent if text is None else text for text in told]  # type: ignore[arg-type]


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
