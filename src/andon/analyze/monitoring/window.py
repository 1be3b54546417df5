"""The bounded state of a stream: the last days' subgroups over a checkpoint of the rules.

New subgroups are put in order of measurement and the short window is judged again from its
checkpoint, so that the order in which a day's results arrive changes nothing, and the cost of a
new subgroup does not depend on how many came before. Pure: no database, no clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

import numpy as np

from andon.stats.findings import Finding, FindingOptions, ShiftState, advance
from andon.stats.findings_baseline import Baseline
from andon.stats.rules import Rule, broken_rules, evaluate_rules

_UNSTARTED = ShiftState()
_CONTEXT = 14
"""Earlier points that the run rules may look at."""
_DAYS, _MOST = 2, 36
"""Production days, and at most how many subgroups, that may still arrive in any order."""


@dataclass(frozen=True, slots=True)
class Point:
    """One subgroup on the model's scale, mergeable: parts of it may arrive separately."""

    key: str
    on: date
    shift: str
    at: datetime
    n: int
    mean: float
    m2: float
    """Sum of squared deviations from the mean."""
    low: float
    high: float
    lot: str = ""

    def merged(self, other: "Point") -> "Point":
        """Return the subgroup of both parts (Chan's update of mean and M2)."""
        n, gap = self.n + other.n, other.mean - self.mean
        return replace(
            self,
            at=min(self.at, other.at), n=n,
            mean=self.mean + gap * other.n / n,
            m2=self.m2 + other.m2 + gap * gap * self.n * other.n / n,
            low=min(self.low, other.low), high=max(self.high, other.high),
        )  # fmt: skip

    @property
    def range(self) -> float:
        """The subgroup's range."""
        return self.high - self.low

    def to_list(self) -> list[Any]:
        """Return plain values for storing."""
        return [
            self.key, self.on.isoformat(), self.shift, self.at.isoformat(), self.n,
            self.mean, self.m2, self.low, self.high, self.lot,
        ]  # fmt: skip

    @classmethod
    def from_list(cls, told: Sequence[Any]) -> Self:
        """Return the point whose `to_list` gave these values."""
        key, on, shift, at, *numbers = told
        return cls(key, date.fromisoformat(on), shift, datetime.fromisoformat(at), *numbers)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a stream is judged by: baseline, limits of the range, rules and thresholds."""

    baseline: Baseline
    spread_lower: float
    spread_upper: float | None
    rules: tuple[Rule, ...]
    options: FindingOptions

    def level(self, point: Point) -> float:
        """Return the point's mean as limits and rules of the usual size take it."""
        return self.baseline.levelled(point.mean, point.n)

    def has_usual_range(self, point: Point) -> bool:
        """Tell whether a point's range lies within the limits for its number of values."""
        lower, upper = self.spread_lower, self.spread_upper
        if upper is None or point.n < 2:
            return True
        if self.baseline.size not in (None, point.n):
            lower, upper = self.baseline.range_limits(point.n)
        return lower <= point.range and (upper is None or point.range <= upper)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one subgroup gave rise to."""

    point: Point
    rules: tuple[str, ...] = ()
    findings: tuple[tuple[Finding, date], ...] = ()
    """Each with the day on which the departure is estimated to have begun."""


Step = tuple[ShiftState, Point, ShiftState, tuple[Finding, ...]]
Steps = dict[str, Step]
"""For each subgroup the last step of the finding rules: from which state, to which, and what."""
Lines = dict[str, tuple[Point, list[Any]]]
"""For each subgroup what is stored of it, so that it is not made anew."""


@dataclass(frozen=True, slots=True)
class Window:
    """The state of a stream between submissions."""

    shift: ShiftState = _UNSTARTED
    """The finding rules' state before the window's first point."""
    before: tuple[float, ...] = ()
    """The last means before the window as the run rules take them: of the usual size."""
    starts: tuple[tuple[int, str], ...] = ()
    """Position and day of the last points before the window: when an excursion began."""
    points: tuple[Point, ...] = field(default=())

    def with_points(self, new: Sequence[Point]) -> tuple["Window", list[Point]]:
        """Return the window with new points in their places, and those too late for it."""
        first = self.points[0].at if self.points and self.shift.count else None
        known = {point.key: point for point in self.points}
        late = []
        for point in new:
            if point.key in known:
                known[point.key] = known[point.key].merged(point)
            elif first is not None and point.at < first:
                late.append(point)
            else:
                known[point.key] = point
        ordered = sorted(known.values(), key=lambda point: (point.at, point.key))
        return replace(self, points=tuple(ordered)), late

    def replacing(self, point: Point) -> "Window | None":
        """Return the window with another state of one of its points; None when it is not there."""
        others = [known for known in self.points if known.key != point.key]
        if len(others) == len(self.points):
            return None
        ordered = sorted([*others, point], key=lambda one: (one.at, one.key))
        return replace(self, points=tuple(ordered))

    def changed_from(self, before: "Window") -> int:
        """Return the place of the first point that is not as it was in the window before."""
        for place, (new, old) in enumerate(zip(self.points, before.points, strict=False)):
            if new is not old:
                return place
        return min(len(self.points), len(before.points))

    def judged(
        self, yardstick: Yardstick, steps: Steps | None = None, *, since: int = 0
    ) -> list[Judgement]:
        """Judge the points of the window in order, from the checkpoint on.

        `steps` remembers the finding rules' steps from one judgement to the next. Judgements of
        the points before the place `since` are left out: no later point changes them.
        """
        fired = self._fired(yardstick, since)
        state, judgements = self.shift, []
        for place, point in enumerate(self.points):
            state, found = _advanced(state, point, yardstick, steps)
            if place >= since:
                dated = tuple((finding, self._began_on(finding.began)) for finding in found)
                judgements.append(Judgement(point, fired[place - since], dated))
        return judgements

    def trimmed(self, yardstick: Yardstick, steps: Steps | None = None) -> "Window":
        """Return the window without the days that are over, their effect in the checkpoint."""
        days = sorted({point.on for point in self.points})[-_DAYS:]
        keep = next(n for n, point in enumerate(self.points) if point.on in days)
        keep = max(keep, len(self.points) - _MOST)
        state = self.shift
        for point in self.points[:keep]:
            state, _found = _advanced(state, point, yardstick, steps)
        gone = self.points[:keep]
        starts = [(self.shift.count + n, point.on.isoformat()) for n, point in enumerate(gone)]
        return Window(
            shift=state,
            before=(*self.before, *(yardstick.level(point) for point in gone))[-_CONTEXT:],
            starts=(*self.starts, *starts)[-60:],
            points=self.points[keep:],
        )

    def _fired(self, yardstick: Yardstick, since: int) -> list[tuple[str, ...]]:
        """Return the names of the chart rules that each point from a place on completes."""
        means = np.array([*self.before, *(yardstick.level(point) for point in self.points)])
        base = yardstick.baseline
        masks = evaluate_rules(
            means, centre=base.mean, spread=base.sigma_of_means, rules=yardstick.rules
        )[len(self.before) + since :].tolist()
        return [
            (
                *_names(mask, yardstick.rules),
                *(() if yardstick.has_usual_range(point) else ("range",)),
            )
            for mask, point in zip(masks, self.points[since:], strict=True)
        ]

    def _began_on(self, position: int) -> date:
        """Return the day of the point at that position, as far back as days are remembered."""
        place = position - self.shift.count
        if place >= 0:
            return self.points[place].on
        earliest = self.starts[0][1] if self.starts else self.points[0].on.isoformat()
        return date.fromisoformat(dict(self.starts).get(position, earliest))

    def to_dict(self, lines: Lines | None = None) -> dict[str, Any]:
        """Return plain JSON data that `from_dict` turns back without loss.

        `lines` remembers what is told of each point from one time to the next.
        """
        return {
            "shift": self.shift.to_dict(),
            "before": list(self.before),
            "starts": [list(start) for start in self.starts],
            "points": [_line(point, lines) for point in self.points],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Return the window whose `to_dict` gave this data."""
        return cls(
            ShiftState.from_dict(told["shift"]),
            tuple(told["before"]),
            tuple((int(place), str(day)) for place, day in told["starts"]),
            tuple(Point.from_list(point) for point in told["points"]),
        )


def _line(point: Point, lines: Lines | None) -> list[Any]:
    """Return what is stored of a point, made once for each state of it."""
    known = lines.get(point.key) if lines is not None else None
    if known is not None and known[0] is point:
        return known[1]
    line = point.to_list()
    if lines is not None:
        lines[point.key] = point, line
    return line


def _advanced(
    state: ShiftState, point: Point, yardstick: Yardstick, steps: Steps | None
) -> tuple[ShiftState, tuple[Finding, ...]]:
    """Take the step of one point, or the same one as before from the very same state."""
    known = steps.get(point.key) if steps is not None else None
    if known is not None and known[0] is state and known[1] is point:
        return known[2], known[3]
    after, found = advance(state, point.mean, yardstick.baseline, yardstick.options, n=point.n)
    if steps is not None:
        steps[point.key] = state, point, after, found
    return after, found


def judged_alone(point: Point, yardstick: Yardstick) -> Judgement:
    """Judge a point that came too late for the window: by itself, without the sums."""
    window = Window(points=(point,))
    return window.judged(yardstick)[0]


def _names(mask: int, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    return tuple(str(rule.number) for rule in broken_rules(mask, rules)) if mask else ()
