"""Run rules: Nelson 1-8, Western Electric and AIAG, each with its k, m, zone and conventions.

Engines differ on four points, so all four are options here: rule 8 on both or either side
(`both_sides`), whether a point exactly on the zone line is inside (`boundary_inside`), whether
"k of m" needs a full window (`full_window`), and whether the completing point or the whole run is
marked (`mark`). Points exactly on the centre line, ties and missing points break a run.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from andon.stats.arrays import FloatArray, require_choice
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.rule_runs import Band, Flags, alternating, k_of_m, run_of, spread_back, trending

__all__ = [
    "AIAG",
    "FAMILIES",
    "LIMITS_ONLY",
    "NELSON",
    "WESTERN_ELECTRIC",
    "Rule",
    "RuleKind",
    "broken_rules",
    "choose_rules",
    "context_needed",
    "evaluate_rules",
]

Masks = NDArray[np.uint8]
Line = float | FloatArray
_CHUNK = 16_384  # points; the working set of a chunk stays in the second-level cache


class RuleKind(StrEnum):
    """The pattern a rule looks for."""

    LIMIT = "beyond a control limit"
    BEYOND = "k of m beyond the zone line, same side"
    TREND = "m in a row steadily rising or falling"
    ALTERNATING = "m in a row alternating up and down"
    WITHIN = "m in a row within the zone lines"
    OUTSIDE = "m in a row outside the zone lines"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `number` is its bit (1 to 8) in the mask of a point."""

    number: int
    kind: RuleKind
    k: int
    m: int
    zone: float = 0.0
    both_sides: bool = False
    boundary_inside: bool = False
    full_window: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 8:
            raise InvalidOption("number", self.number, "between 1 and 8")
        if not 1 <= self.k <= self.m <= 255:
            raise InvalidOption("k of m", (self.k, self.m), "1 <= k <= m <= 255")
        shortest = {RuleKind.TREND: 2, RuleKind.ALTERNATING: 3}.get(self.kind, 1)
        if self.m < shortest:
            raise InvalidOption("m", self.m, f"at least {shortest}")
        if not 0.0 <= self.zone < 100.0:
            raise InvalidOption("zone", self.zone, "between 0 and 100 sigma")

    @property
    def bit(self) -> int:
        """The value of this rule in a point's mask."""
        return 1 << (self.number - 1)


LIMITS_ONLY: tuple[Rule, ...] = (Rule(1, RuleKind.LIMIT, 1, 1, 3.0),)
# Nelson 1984, Journal of Quality Technology 16(4), 237-239.
NELSON: tuple[Rule, ...] = (
    *LIMITS_ONLY,
    Rule(2, RuleKind.BEYOND, 9, 9, 0.0),
    Rule(3, RuleKind.TREND, 6, 6),
    Rule(4, RuleKind.ALTERNATING, 14, 14),
    Rule(5, RuleKind.BEYOND, 2, 3, 2.0),
    Rule(6, RuleKind.BEYOND, 4, 5, 1.0),
    Rule(7, RuleKind.WITHIN, 15, 15, 1.0),
    Rule(8, RuleKind.OUTSIDE, 8, 8, 1.0, both_sides=True),
)
# Western Electric, Statistical Quality Control Handbook, 1956.
WESTERN_ELECTRIC: tuple[Rule, ...] = (
    *LIMITS_ONLY,
    Rule(2, RuleKind.BEYOND, 2, 3, 2.0),
    Rule(3, RuleKind.BEYOND, 4, 5, 1.0),
    Rule(4, RuleKind.BEYOND, 8, 8, 0.0),
)
# AIAG, Statistical Process Control, 2nd edition 2005, typical special cause criteria.
AIAG: tuple[Rule, ...] = (
    *LIMITS_ONLY,
    Rule(2, RuleKind.BEYOND, 7, 7, 0.0),
    *NELSON[2:7],
    replace(NELSON[7], both_sides=False),
)
FAMILIES: dict[str, tuple[Rule, ...]] = {
    "limits only": LIMITS_ONLY,
    "nelson": NELSON,
    "western electric": WESTERN_ELECTRIC,
    "aiag": AIAG,
}


def choose_rules(family: str = "nelson", numbers: Iterable[int] | None = None) -> tuple[Rule, ...]:
    """Return the named family's rules, or those of the given numbers.

    >>> [rule.k for rule in choose_rules("nelson", [1, 5])]
    [1, 2]
    """
    rules = FAMILIES[require_choice("family", family, tuple(FAMILIES))]
    wanted = {rule.number for rule in rules} if numbers is None else set(numbers)
    unknown = wanted - {rule.number for rule in rules}
    if unknown:
        raise InvalidOption("numbers", sorted(unknown), f"rules that {family} has")
    return tuple(rule for rule in rules if rule.number in wanted)


def context_needed(rules: Iterable[Rule]) -> int:
    """Return how many earlier points decide about a new one (14 for Nelson).

    >>> context_needed(NELSON)
    14
    """
    return max((rule.m for rule in rules), default=1) - 1


def evaluate_rules(
    points: ArrayLike,
    *,
    centre: Line,
    spread: Line,
    lower: Line | None = None,
    upper: Line | None = None,
    rules: tuple[Rule, ...] = NELSON,
    mark: str = "completing",
) -> Masks:
    """Return one byte per point; bit `number - 1` is set when the rule marks the point. O(n).

    Args:
        points: shape (n,); NaN stands for a missing point and breaks every run.
        centre: the centre line, one or n.
        spread: sigma of the plotted statistic, one or n; the zones lie at multiples of it.
        lower: control limit for rule 1, one or n; centre - zone * spread when not given.
        upper: likewise above.
        rules: the rules switched on.
        mark: "completing" marks the point that completes the pattern, "run" every point of it.

    To continue a stream, put the last `context_needed(rules)` points in front and drop their
    masks: the rest equals the evaluation of the whole.

    Raises:
        InvalidOption: mark unknown, or two rules with one number. StatisticsError: lines of
        another length than the points.

    >>> evaluate_rules([0.0, 4.0, 1.0], centre=0.0, spread=1.0).tolist()
    [0, 1, 0]
    """
    require_choice("mark", mark, ("completing", "run"))
    if len({rule.number for rule in rules}) != len(rules):
        raise InvalidOption("rules", [rule.number for rule in rules], "of distinct numbers")
    x = np.asarray(points, dtype=np.float64)
    lines = _Lines.of(x.size, centre, spread, lower, upper)
    masks = np.zeros(x.size, dtype=np.uint8)
    overlap = context_needed(rules)
    ahead = overlap if mark == "run" else 0
    for start in range(0, x.size, _CHUNK):
        first, stop = max(0, start - overlap), min(x.size, start + _CHUNK + ahead)
        keep = slice(start - first, start - first + _CHUNK)
        chunk = x[first:stop]
        masks[start : start + _CHUNK] = _judge(chunk, lines.cut(first, stop), rules, mark)[keep]
    return masks


def broken_rules(mask: int, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules whose bit is set in the mask.

    >>> [rule.number for rule in broken_rules(0b10001, NELSON)]
    [1, 5]
    """
    return tuple(rule for rule in rules if mask & rule.bit)


@dataclass(frozen=True, slots=True)
class _Lines:
    centre: Line
    spread: Line
    lower: Line | None
    upper: Line | None

    @classmethod
    def of(cls, n: int, *lines: Line | None) -> "_Lines":
        for line in lines:
            if isinstance(line, np.ndarray) and line.shape not in ((), (n,)):
                raise StatisticsError(f"each line needs one value or {n}, not {line.size}")
        return cls(*lines)  # type: ignore[arg-type]

    def cut(self, first: int, stop: int) -> "_Lines":
        return _Lines(*(_cut(line, first, stop) for line in _all_lines(self)))  # type: ignore[arg-type]

    def at(self, zone: float, side: int) -> Line:
        return self.centre + side * zone * self.spread if zone else self.centre


def _all_lines(lines: _Lines) -> tuple[Line | None, ...]:
    return (lines.centre, lines.spread, lines.lower, lines.upper)


def _cut(line: Line | None, first: int, stop: int) -> Line | None:
    return line[first:stop] if isinstance(line, np.ndarray) and line.ndim else line


def _judge(x: FloatArray, lines: _Lines, rules: tuple[Rule, ...], mark: str) -> Masks:
    masks = np.zeros(x.size, dtype=np.uint8)
    bands: dict[float, Band] = {}
    for rule in rules:
        for flags in _marked(x, lines, rule, mark, bands):
            masks |= flags.view(np.uint8) * np.uint8(rule.bit)
    return masks


def _marked(
    x: FloatArray, lines: _Lines, rule: Rule, mark: str, bands: dict[float, Band]
) -> list[Flags]:
    match rule.kind:
        case RuleKind.LIMIT:
            low = lines.at(rule.zone, -1) if lines.lower is None else lines.lower
            high = lines.at(rule.zone, 1) if lines.upper is None else lines.upper
            return [x < low, x > high]
        case RuleKind.TREND:
            return [_spread(found, rule, mark) for found in trending(x, rule.m)]
        case RuleKind.ALTERNATING:
            return [_spread(alternating(x, rule.m), rule, mark)]
        case RuleKind.BEYOND:
            return _beyond(_band(x, lines, rule.zone, bands), rule, mark)
        case RuleKind.WITHIN:
            return [_spread(run_of(_inside(x, lines, rule, bands), rule.m), rule, mark)]
        case RuleKind.OUTSIDE:
            return [_outside(_band(x, lines, rule.zone, bands), rule, mark)]


def _band(x: FloatArray, lines: _Lines, zone: float, bands: dict[float, Band]) -> Band:
    if zone not in bands:
        bands[zone] = Band(below=x < lines.at(zone, -1), above=x > lines.at(zone, 1))
    return bands[zone]


def _beyond(band: Band, rule: Rule, mark: str) -> list[Flags]:
    found = [
        (side, k_of_m(side, rule.k, rule.m, full_window=rule.full_window))
        for side in (band.below, band.above)
    ]
    if mark == "completing":
        return [done for _, done in found]
    return [spread_back(done, rule.m) & side for side, done in found]


def _inside(x: FloatArray, lines: _Lines, rule: Rule, bands: dict[float, Band]) -> Flags:
    if rule.boundary_inside:
        band = _band(x, lines, rule.zone, bands)
        return ~(band.below | band.above | np.isnan(x))
    inside: Flags = (x > lines.at(rule.zone, -1)) & (x < lines.at(rule.zone, 1))
    return inside


def _outside(band: Band, rule: Rule, mark: str) -> Flags:
    found = run_of(band.below | band.above, rule.m)
    if rule.both_sides:
        found &= ~(run_of(band.below, rule.m) | run_of(band.above, rule.m))
    return _spread(found, rule, mark)


def _spread(found: Flags, rule: Rule, mark: str) -> Flags:
    return spread_back(found, rule.m) if mark == "run" else found
