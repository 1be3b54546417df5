"""Named reads of monitoring: findings as told, open signals, limits of a stream."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from andon.analyze.monitoring.freezing import baseline_of
from andon.analyze.monitoring.models import (
    Finding,
    FrozenLimits,
    Signal,
    Stream,
    StreamState,
)
from andon.analyze.monitoring.window import Point, Window


def standing_findings() -> QuerySet[Finding]:
    """Return the findings that were not withdrawn, in the order they were found."""
    return Finding.objects.filter(withdrawn_at=None).select_related("stream")


def told_findings() -> list[dict[str, Any]]:
    """Return every finding as the command line and the interface tell it."""
    return [
        {
            "stream": finding.place,
            "rule": finding.rule,
            "found_on": finding.found_on.isoformat(),
            "shift": finding.shift,
        }
        for finding in standing_findings().order_by("found_at", "place", "id")
    ]


def limits_on(stream: Stream, on: date | None = None) -> FrozenLimits | None:
    """Return the limits by which a stream is judged now, or was judged on a day."""
    versions = stream.limits.order_by("-version")
    if on is not None:
        versions = versions.filter(until__lt=on)
    return versions.first()


def open_signals() -> QuerySet[Signal]:
    """Return the signals nobody has acknowledged yet, newest first."""
    open_ones = Signal.objects.filter(acknowledged_at=None)
    return open_ones.select_related("stream__characteristic", "stream__machine")


@dataclass(frozen=True, slots=True)
class RecentMeans:
    """The last subgroup means of a stream beside its limits, from its state alone."""

    stream: Stream
    values: tuple[float, ...]
    lower: float | None
    upper: float | None
    subgroups: int
    """Judged or collected so far."""
    last_at: datetime | None

    @property
    def flagged(self) -> list[int]:
        """Positions of the means beyond a limit."""
        if self.lower is None or self.upper is None:
            return []
        low, high = self.lower, self.upper
        return [place for place, value in enumerate(self.values) if not low <= value <= high]


def levelled(points: Iterable[Point], limits: FrozenLimits | None) -> list[float]:
    """Return the means of points, those of another size as limits of the usual size take them."""
    if limits is None:
        return [point.mean for point in points]
    baseline = baseline_of(limits)
    return [baseline.levelled(point.mean, point.n) for point in points]


def recent_means(streams: Iterable[Stream], *, most: int = 20) -> dict[str, RecentMeans]:
    """Return for each stream its last means; no measurement is read, whatever the history."""
    chosen = {stream.pk: stream for stream in streams}
    limits: dict[int, FrozenLimits] = {}
    for one in FrozenLimits.objects.filter(stream__in=chosen).order_by("version"):
        limits[one.stream_id] = one
    states = StreamState.objects.filter(stream__in=chosen)
    found = {}
    for state in states:
        stream = chosen[state.stream_id]
        found[stream.code] = _recent(stream, state, limits.get(stream.pk), most)
    return found


def _recent(
    stream: Stream, state: StreamState, limits: FrozenLimits | None, most: int
) -> RecentMeans:
    window = Window.from_dict(state.content["window"]) if "window" in state.content else Window()
    means = (*window.before, *levelled(window.points, limits))[-most:]
    collected = state.content.get("phase_one", 0)
    return RecentMeans(
        stream, means,
        limits.lower if limits else None, limits.upper if limits else None,
        collected + window.shift.count + len(window.points), state.last_at,
    )  # fmt: skip
