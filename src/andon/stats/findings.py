"""Findings: departures of a monitored stream that are statistically confirmed and large enough.

A chart rule that fires is a signal; a finding opens an investigation, so its false-alarm rate is
kept near one in fifty years of a factory with twenty streams. Two rules judge the mean of every
new subgroup against a frozen baseline (mu, s, w), with z = (mean - mu) / s, where s is that of
means of as many values:

- EXTREME: abs(z) >= 5.5, on z as it is, and the mean at least `effect` x w away from mu: with
  hundreds of values in a subgroup a difference of no importance is as improbable.
- SHIFT: a two-sided cumulative sum of z clipped to +/- 4, c = max(0, c + z - k), reports when
  c > h, the run since c last left zero has at least 3 subgroups, and the mean of that run is at
  least `effect` x w away from mu. The run's mean is of the means as they are, not clipped.

Conventions, each of which reproduces the published dates and error rates: s is the standard
deviation of the baseline's subgroup means with divisor m - 1; w is pooled within the baseline's
subgroups; an EXTREME subgroup also takes its clipped part in the sum and restarts nothing; after
a SHIFT only the side that reported restarts, with a new run.

The state is a small frozen value, so that the cost of a new subgroup does not depend on how many
came before, and a replay gives what a bulk import gives.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from andon.stats.arrays import require_between
from andon.stats.errors import InvalidOption, NotFinite
from andon.stats.findings_baseline import Baseline
from andon.stats.results import Interval, Result

__all__ = [
    "DEFAULT_OPTIONS",
    "Finding",
    "FindingOptions",
    "ShiftState",
    "Side",
    "advance",
    "extreme_finding",
    "least_departure",
    "shift_finding",
]

_CONVENTION = (
    "s with divisor m - 1, for another size by its components; w pooled within; "
    "the sum uses clipped z, the run's mean does not; "
    "only the reporting side restarts"
)
_SOURCE = "Page 1954 (cumulative sum); limits and error rates measured on simulated factory years"
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class FindingOptions:
    """The thresholds of the two rules, in units of z but for `effect`, in units of w."""

    extreme: float = 5.5
    allowance: float = 1.0
    decision: float = 8.0
    effect: float = 0.75
    clip: float = 4.0
    shortest_run: int = 3

    def __post_init__(self) -> None:
        for name in ("extreme", "decision", "clip"):
            require_between(name, getattr(self, name), 0, math.inf)
        require_between("allowance", self.allowance, 0, self.clip)
        require_between("effect", self.effect, 0, 100, open_ends=False)
        if self.shortest_run < 1:
            raise InvalidOption("shortest_run", self.shortest_run, "at least 1")


DEFAULT_OPTIONS = FindingOptions()


def least_departure(baseline: Baseline, options: FindingOptions) -> float:
    """Return how many s the mean must lie from mu for a departure that matters.

    >>> baseline = Baseline(mean=0, sigma_of_means=0.5, sigma_within=1.0, subgroups=30)
    >>> least_departure(baseline, DEFAULT_OPTIONS)
    1.5
    """
    return options.effect * baseline.sigma_within / baseline.sigma_of_means


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the cumulative sum: what is known of its run and of the excursion it is part of.

    The run starts when the sum leaves zero and restarts after a report; the excursion goes on over
    reports until the data bring the sum back to zero. Sums are of departures in the side's
    direction, (mean - mu) in units of the baseline's s; `excursion_moment` is the sum of departure
    times the number of the subgroup in the excursion, from 1.
    """

    cusum: float = 0.0
    run: int = 0
    run_sum: float = 0.0
    excursion: int = 0
    excursion_sum: float = 0.0
    excursion_moment: float = 0.0

    def moved(self, z: float, departure: float, options: FindingOptions) -> "Side":
        """Return the side after one more z and departure, taken in the side's direction."""
        cusum = self.cusum + max(-options.clip, min(options.clip, z)) - options.allowance
        if cusum <= 0:
            return Side()
        excursion = self.excursion + 1
        return Side(
            cusum,
            self.run + 1,
            self.run_sum + departure,
            excursion,
            self.excursion_sum + departure,
            self.excursion_moment + excursion * departure,
        )

    def reports(self, baseline: Baseline, options: FindingOptions) -> bool:
        """Say whether the run is long, high and far enough to be a SHIFT."""
        if self.cusum <= options.decision or self.run < options.shortest_run:
            return False
        return abs(self.run_sum) / self.run >= least_departure(baseline, options)

    def restarted(self) -> "Side":
        """Return the side with a new run; the excursion goes on."""
        return replace(self, cusum=0.0, run=0, run_sum=0.0)

    def to_dict(self) -> dict[str, float]:
        """Return plain JSON data, by the names of the fields."""
        return {
            "cusum": self.cusum,
            "run": self.run,
            "run_sum": self.run_sum,
            "excursion": self.excursion,
            "excursion_sum": self.excursion_sum,
            "excursion_moment": self.excursion_moment,
        }

    def slope(self) -> tuple[float, float]:
        """Return the least-squares slope of z per subgroup over the excursion, and its sigma."""
        n = self.excursion
        squares = n * (n * n - 1) / 12
        if squares == 0:
            return 0.0, math.inf
        centred = self.excursion_moment - (n + 1) / 2 * self.excursion_sum
        return centred / squares, 1 / math.sqrt(squares)


@dataclass(frozen=True, slots=True)
class ShiftState:
    """All that the rules must remember of a stream: a count and two sides.

    >>> ShiftState.from_dict(ShiftState(3).to_dict()) == ShiftState(3)
    True
    """

    count: int = 0
    up: Side = Side()
    down: Side = Side()

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data that `from_dict` turns back without loss."""
        return {"count": self.count, "up": self.up.to_dict(), "down": self.down.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the state whose `to_dict` gave this data."""
        return cls(int(data["count"]), Side(**data["up"]), Side(**data["down"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Result):
    """One confirmed departure of a stream, on the scale of the model.

    Attributes:
        rule: EXTREME or SHIFT.
        position: number of the subgroup that confirmed it, from 0 at the start of monitoring.
        began: number of the subgroup at which the departure is estimated to have begun: where the
            cumulative sum left zero, counted through earlier reports of the same excursion.
        direction: 1 when too high, -1 when too low.
        z: of the subgroup that confirmed it.
        mean: of the subgroups from `began` to `position`.
        slope: least-squares change of the mean per subgroup since `began`; None for EXTREME.
        slope_interval: its 95 % interval, with the baseline's s as known sigma.
    """

    rule: str
    position: int
    began: int
    direction: int
    z: float
    mean: float
    slope: float | None = None
    slope_interval: Interval | None = None

    @property
    def is_drift(self) -> bool:
        """Say whether the mean moves further away: the slope's interval excludes zero."""
        interval = self.slope_interval
        if interval is None:
            return False
        return min(self.direction * interval.low, self.direction * interval.high) > 0


def advance(
    state: ShiftState,
    mean: float,
    baseline: Baseline,
    options: FindingOptions = DEFAULT_OPTIONS,
    n: int | None = None,
) -> tuple[ShiftState, tuple[Finding, ...]]:
    """Return the state after one more subgroup and what it confirmed: nothing, one or both rules.

    `mean` is the mean of the subgroup's n values on the model's scale; without n the subgroup has
    the baseline's size. EXTREME comes before SHIFT.

    Raises:
        NotFinite: the mean is missing or infinite.

    >>> baseline = Baseline(mean=10.0, sigma_of_means=1.0, sigma_within=2.0, subgroups=30)
    >>> state, found = ShiftState(), ()
    >>> for mean in (10.2, 13.9, 14.1, 15.6):
    ...     state, found = advance(state, mean, baseline)
    >>> [(f.rule, f.began, f.position) for f in found]
    [('EXTREME', 3, 3), ('SHIFT', 1, 3)]
    """
    if not math.isfinite(mean):
        raise NotFinite(state.count, "subgroup means")
    z, departure = baseline.z(mean, n), baseline.z(mean)
    found = []
    if abs(z) >= options.extreme and abs(departure) >= least_departure(baseline, options):
        found.append(extreme_finding(state.count, z, departure, baseline, options))
    sides = []
    for direction, before in ((1, state.up), (-1, state.down)):
        side = before.moved(direction * z, direction * departure, options)
        if side.reports(baseline, options):
            found.append(
                shift_finding(
                    state.count, z, side, direction=direction, baseline=baseline, options=options
                )
            )
            side = side.restarted()
        sides.append(side)
    return ShiftState(state.count + 1, sides[0], sides[1]), tuple(found)


def extreme_finding(
    position: int, z: float, departure: float, baseline: Baseline, options: FindingOptions
) -> Finding:
    """Return the finding of a subgroup that is far off by itself."""
    return Finding(
        rule="EXTREME",
        position=position,
        began=position,
        direction=1 if z > 0 else -1,
        z=z,
        mean=baseline.mean + departure * baseline.sigma_of_means,
        method="advance",
        options=asdict(options),
        convention=_CONVENTION,
        source=_SOURCE,
    )


def shift_finding(
    position: int,
    z: float,
    side: Side,
    *,
    direction: int,
    baseline: Baseline,
    options: FindingOptions,
) -> Finding:
    """Return the finding of the run and excursion that this side of the sum reports."""
    unit = direction * baseline.sigma_of_means
    slope, sigma = side.slope()
    ends = sorted(unit * (slope + sign * _NORMAL_95 * sigma) for sign in (-1, 1))
    return Finding(
        rule="SHIFT",
        position=position,
        began=position - side.excursion + 1,
        direction=direction,
        z=z,
        mean=baseline.mean + unit * side.excursion_sum / side.excursion,
        slope=unit * slope,
        slope_interval=Interval(ends[0], ends[1], 0.95),
        method="advance",
        options=asdict(options),
        convention=_CONVENTION,
        source=_SOURCE,
    )
