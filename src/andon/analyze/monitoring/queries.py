"""Named reads of monitoring: findings as told, open signals, limits of a stream."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from andon.analyze.monitoring.models import Finding, FrozenLimits, Signal, Stream


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
