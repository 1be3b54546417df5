"""How every stream stands now: from its bounded state, without reading the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.monitoring.models import Finding, FrozenLimits, Stream, StreamState, WeekTally
from andon.analyze.monitoring.points import as_told
from andon.analyze.monitoring.queries import levelled
from andon.analyze.monitoring.window import Point
from andon.web.formats import MISSING, limit_at, percent

RECENT = 20
"""Subgroups that tell how a stream stands now."""
_WEEKS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Standing:
    """A stream's state in a symbol and a word, its last values and its limits."""

    stream: Stream
    limits: FrozenLimits | None
    kind: str
    word: str
    values: tuple[float, ...]
    """On the model's scale, as are the limits; for counts the weekly share."""
    lower: float | None
    upper: float | None
    flagged: tuple[int, ...]
    last: str
    last_at: datetime | None
    judged: int
    open_signals: int
    finding: Finding | None


def all_streams() -> QuerySet[Stream]:
    """Return every stream in process order."""
    rows = Stream.objects.select_related("characteristic", "machine__process", "state")
    # Stated here because an aggregate drops the model's own order.
    return rows.order_by("machine__process__position", "machine__position", "code")


def standings(streams: QuerySet[Stream] | None = None) -> list[Standing]:
    """Return how streams stand, in process order, with a handful of queries for all of them."""
    wanted = all_streams() if streams is None else streams
    open_ones = Count("signals", filter=Q(signals__acknowledged_at=None))
    rows = list(wanted.annotate(open_signals=open_ones))
    keys = [stream.pk for stream in rows]
    limits = _by_stream(FrozenLimits.objects.filter(stream__in=keys).order_by("version"))
    findings = _newest_findings(keys)
    weeks = _weeks(keys)
    return [
        _counted(stream, weeks.get(stream.pk, []), findings.get(stream.pk, []))
        if stream.characteristic.is_counted
        else _measured(stream, limits.get(stream.pk), findings.get(stream.pk, []))
        for stream in rows
    ]


def places(rows: Iterable[Standing]) -> list[Standing]:
    """Return one row for each characteristic at a machine: of counted shifts the one to look at."""
    found: dict[tuple[int, int], Standing] = {}
    for row in rows:
        place = row.stream.machine_id, row.stream.characteristic_id
        if place not in found or row.kind == "problem":
            found[place] = row
    return list(found.values())


def standing_of(stream: Stream) -> Standing:
    """Return how one stream stands."""
    return standings(all_streams().filter(pk=stream.pk))[0]


def _by_stream(rows: Iterable[Any]) -> dict[int, Any]:
    """Return the last row of each stream."""
    return {row.stream_id: row for row in rows}


def _newest_findings(keys: Sequence[int]) -> dict[int, list[Finding]]:
    """Return each stream's newest finding of each rule, a sustained shift first."""
    standing = Finding.objects.filter(stream__in=keys, withdrawn_at=None).order_by()
    newest = standing.values("stream", "rule").annotate(newest=Max("pk")).values("newest")
    rows = sorted(
        Finding.objects.filter(pk__in=newest), key=lambda row: row.rule != Finding.Rule.SHIFT
    )
    found: dict[int, list[Finding]] = {}
    for row in rows:
        found.setdefault(row.stream_id or 0, []).append(row)
    return found


def _measured(stream: Stream, limits: FrozenLimits | None, newest: Sequence[Finding]) -> Standing:
    state: StreamState | None = getattr(stream, "state", None)
    content = state.content if state else {}
    window = content.get("window", {})
    points = window.get("points", [])
    recent = [Point.from_list(point) for point in points]
    values = tuple([*window.get("before", []), *levelled(recent, limits)][-RECENT:])
    since = _recent_since(window.get("starts", []), points)
    finding = next((one for one in newest if since and one.found_on >= since), None)
    kind, word = _verdict(stream, limits, finding, content.get("phase_one", 0), since)
    return Standing(
        stream=stream, limits=limits, kind=kind, word=word, values=values,
        lower=limits.lower if limits else None, upper=limits.upper if limits else None,
        flagged=_outside(values, limits),
        last=_last(stream, recent), last_at=state.last_at if state else None,
        judged=window.get("shift", {}).get("count", 0) + len(points),
        open_signals=stream.open_signals,  # type: ignore[attr-defined]
        finding=finding,
    )  # fmt: skip


def _recent_since(starts: Sequence[Any], points: Sequence[Any]) -> date | None:
    """Return the day of the twentieth subgroup from the end."""
    days = [*(day for _place, day in starts), *(point[1] for point in points)][-RECENT:]
    return date.fromisoformat(days[0]) if days else None


def _verdict(
    stream: Stream, limits: FrozenLimits | None, finding: Finding | None, phase: int, since: Any
) -> tuple[str, str]:
    if limits is None:
        return "idle", _("Phase I: %(n)d subgroups") % {"n": phase}
    if finding is not None:
        return "problem", finding_word(finding)
    recent = stream.signals.filter(acknowledged_at=None, produced_on__gte=since) if since else None
    count = recent.count() if recent is not None and stream.open_signals else 0  # type: ignore[attr-defined]
    if count:
        return "attention", ngettext("%(n)d signal", "%(n)d signals", count) % {"n": count}
    return "ok", _("In control")


def finding_word(finding: Finding) -> str:
    """Return a finding in a word or two."""
    is_up = finding.direction > 0
    if finding.rule == Finding.Rule.SHIFT:
        return _("Shifted up") if is_up else _("Shifted down")
    if finding.rule == Finding.Rule.RATE:
        return _("Rate raised")
    return _("Extreme, high") if is_up else _("Extreme, low")


def _outside(values: Sequence[float], limits: FrozenLimits | None) -> tuple[int, ...]:
    if limits is None:
        return ()
    return tuple(n for n, value in enumerate(values) if not limits.lower <= value <= limits.upper)


def _last(stream: Stream, recent: Sequence[Point]) -> str:
    if not recent:
        return MISSING
    is_log = stream.characteristic.model == stream.characteristic.Model.LOG
    told = limit_at(
        as_told(recent[-1].mean, is_logarithmic=is_log), stream.characteristic.resolution
    )
    return f"{told} {stream.characteristic.unit}"


def _weeks(keys: Sequence[int]) -> dict[int, list[WeekTally]]:
    newest = WeekTally.objects.filter(stream__in=keys).order_by("-week").first()
    if newest is None:
        return {}
    since = newest.week - timedelta(weeks=RECENT - 1)
    rows = WeekTally.objects.filter(stream__in=keys, week__gte=since).order_by("stream", "week")
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.stream_id)}


def _counted(stream: Stream, weeks: Sequence[WeekTally], newest: Sequence[Finding]) -> Standing:
    """Return how counted defects stand: the share of each week."""
    shares = tuple(week.defective / week.inspected for week in weeks if week.inspected)
    last = weeks[-1].week if weeks else None
    finding = next((one for one in newest if last and last - one.began_on < _WEEKS), None)
    kind, word = ("problem", finding_word(finding)) if finding else ("ok", _("Nothing found"))
    if not weeks:
        kind, word = "idle", _("No count yet")
    return Standing(
        stream=stream, limits=None, kind=kind, word=word, values=shares,
        lower=None, upper=None, flagged=(len(shares) - 1,) if finding and shares else (),
        last=percent(shares[-1], 2) if shares else MISSING,
        last_at=None, judged=len(weeks), open_signals=0, finding=finding,
    )  # fmt: skip
