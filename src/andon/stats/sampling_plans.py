"""Attribute plans of MIL-STD-105E / ANSI Z1.4: single (as ISO 2859-1), double, multiple."""

from dataclasses import dataclass

from andon.stats.arrays import require_choice
from andon.stats.errors import InvalidOption
from andon.stats.results import Result
from andon.stats.sampling_tables import (
    AQLS,
    DOUBLE,
    FIRST_LINE,
    LAST_LINE,
    LETTERS,
    LEVELS,
    LOT_ROWS,
    MULTIPLE,
    NORMAL_SINGLE,
    REDUCED_DOUBLE,
    REDUCED_SINGLE,
    SIZE_STEPS,
    SIZES,
    TIGHTENED_SINGLE,
    ZERO_LINE,
    Line,
)

__all__ = ["AttributePlan", "Stage", "code_letter", "find_plan", "sampling_plan", "tighter_aql"]

SOURCE = (
    "MIL-STD-105E (1989) tables I to IV, as ANSI/ASQ Z1.4; "
    "ISO 2859-1 shares the single plans (normal, tightened)"
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One sample: its size, and the cumulative numbers that accept or reject after it.

    `accept` is absent where no lot may be accepted yet.
    """

    size: int
    accept: int | None
    reject: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributePlan(Result):
    """An attribute sampling plan.

    Attributes:
        letter: code letter by lot size and level; letter_used: after following the arrows.
        stages: one sample (single), two (double) or seven (multiple).
        kind_used: as asked, or the simpler kind where the tables hold no other.
        is_full_inspection: the plan's first sample would take the whole lot.
    """

    letter: str
    letter_used: str
    aql: float
    severity: str
    kind_used: str
    stages: tuple[Stage, ...]
    is_full_inspection: bool = False

    @property
    def has_gap(self) -> bool:
        """A result between acceptance and rejection accepts the lot and ends reduced inspection."""
        last = self.stages[-1]
        return last.accept is not None and last.reject > last.accept + 1


def code_letter(lot_size: int, level: str = "II") -> str:
    """Return the code letter of a lot (table I).

    Raises:
        InvalidOption: fewer than 2 units in the lot, or an unknown inspection level.

    >>> code_letter(5000), code_letter(5000, "S-3")
    ('L', 'F')
    """
    require_choice("level", level, LEVELS)
    if lot_size < 2:
        raise InvalidOption("lot_size", lot_size, "at least 2")
    row = next(letters for largest, letters in LOT_ROWS if largest is None or lot_size <= largest)
    return row[LEVELS.index(level)]


def sampling_plan(
    lot_size: int,
    aql: float,
    *,
    level: str = "II",
    severity: str = "normal",
    kind: str = "single",
) -> AttributePlan:
    """Return the plan for a lot: code letter, then master table, arrows followed.

    Args:
        lot_size: units in the lot.
        aql: acceptance quality limit in percent, one of the 16 values from 0.010 to 10.
        level: "I", "II", "III", "S-1" to "S-4".
        severity: "normal", "tightened" or "reduced" (the form of MIL-STD-105E, with a gap).
        kind: "single", "double" or "multiple" (not under reduced inspection).

    Raises:
        InvalidOption: an argument outside these.

    >>> sampling_plan(5000, 0.65).stages
    (Stage(size=200, accept=3, reject=4),)
    """
    plan = find_plan(code_letter(lot_size, level), aql, severity=severity, kind=kind)
    whole = plan.stages[0].size >= lot_size
    return AttributePlan(
        method="sampling_plan",
        options={
            "lot_size": lot_size,
            "aql": aql,
            "level": level,
            "severity": severity,
            "kind": kind,
        },
        convention=plan.convention,
        source=plan.source,
        letter=plan.letter,
        letter_used=plan.letter_used,
        aql=plan.aql,
        severity=severity,
        kind_used=plan.kind_used,
        stages=plan.stages,
        is_full_inspection=whole,
    )


def find_plan(
    letter: str, aql: float, *, severity: str = "normal", kind: str = "single"
) -> AttributePlan:
    """Return the plan of a cell of the master table.

    >>> find_plan("K", 1.0, severity="reduced").stages
    (Stage(size=50, accept=1, reject=4),)
    """
    require_choice("letter", letter, tuple(LETTERS))
    require_choice("severity", severity, tuple(ZERO_LINE))
    require_choice("kind", kind, ("single", "double", "multiple"))
    if (kind, severity) not in SIZE_STEPS:
        raise InvalidOption(
            "kind", kind, "single or double under reduced inspection, or a reduced_multiple_plan"
        )
    column = _column(aql)
    row, line = _resolve(LETTERS.index(letter), column, severity)
    kind_used, stages = _stages(row, line, severity, kind)
    return AttributePlan(
        method="find_plan",
        options={"letter": letter, "aql": aql, "severity": severity, "kind": kind},
        convention="first plan along the arrow; sample and acceptance number move together",
        source=SOURCE,
        letter=letter,
        letter_used=(LETTERS + "S")[row],
        aql=AQLS[column],
        severity=severity,
        kind_used=kind_used,
        stages=stages,
    )


def tighter_aql(aql: float) -> float | None:
    """Return the next tighter AQL, or nothing at the end of the scale.

    >>> tighter_aql(0.65), tighter_aql(0.010)
    (0.4, None)
    """
    column = _column(aql)
    return AQLS[column - 1] if column else None


def _column(aql: float) -> int:
    if aql not in AQLS:
        raise InvalidOption("aql", aql, "one of " + ", ".join(f"{value:g}" for value in AQLS))
    return AQLS.index(aql)


def _resolve(row: int, column: int, severity: str) -> tuple[int, int]:
    """Follow the arrows: return the row of the plan and its line."""
    zero, first = ZERO_LINE[severity], FIRST_LINE[severity]
    line = row + column
    if line > LAST_LINE:
        return LAST_LINE - column, LAST_LINE
    if line >= first:
        return row, line
    if row == 0 and column == len(AQLS) - 1:
        # Letter A at AQL 10: nothing lies above, so the arrow leads down to the first plan.
        return first - column, first
    upward = severity != "tightened" and line == zero + 1
    below = first - column
    if line > zero and not upward and below <= _last_row(severity):
        return below, first
    return zero - column, zero


def _last_row(severity: str) -> int:
    # Tightened inspection alone has a row below R, with 3,150 units.
    return len(LETTERS) if severity == "tightened" else len(LETTERS) - 1


def _stages(row: int, line: int, severity: str, kind: str) -> tuple[str, tuple[Stage, ...]]:
    """Stages of the kind asked for; where the table holds none, of the next simpler kind."""
    size = row - SIZE_STEPS[kind, severity]
    numbers = _numbers(line, severity, kind)
    if kind == "single" or (numbers is not None and size >= 0):
        return kind, tuple(Stage(SIZES[max(0, size)], a, r) for a, r in numbers or ())
    return _stages(row, line, severity, "double" if kind == "multiple" else "single")


def _numbers(line: int, severity: str, kind: str) -> Line | None:
    if line == ZERO_LINE[severity]:
        return ((0, 1),) if kind == "single" else None
    if severity == "reduced":
        return (REDUCED_SINGLE if kind == "single" else REDUCED_DOUBLE)[line]
    single = (NORMAL_SINGLE if severity == "normal" else TIGHTENED_SINGLE)[line]
    if kind == "single":
        return ((single, single + 1),)
    return (DOUBLE if kind == "double" else MULTIPLE)[single]
