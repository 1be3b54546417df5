"""Counted defects: tallied by week as they arrive, judged when the week is over."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import polars as pl
from django.db import connection
from django.db.models import F, Max
from django.utils.translation import gettext as _

from andon.analyze.monitoring.events import Found
from andon.analyze.monitoring.judging import Watch
from andon.analyze.monitoring.models import ClosedWeek, Finding, Stream, WeekTally
from andon.identify.measurements.submission import Note
from andon.organization.processes.queries import Calendar
from andon.records import clock
from andon.records.events import announce
from andon.stats.findings_rate import RateFinding, rate_findings

_WEEK = timedelta(days=7)
_ADD = (
    "INSERT INTO monitoring_weektally (week, stream_id, inspected, defective)"
    " VALUES (%s, %s, %s, %s) ON CONFLICT (week, stream_id) DO UPDATE SET"
    " inspected = monitoring_weektally.inspected + excluded.inspected,"
    " defective = monitoring_weektally.defective + excluded.defective"
)


def tally(rows: pl.DataFrame, watches: Mapping[str, Watch], notes: list[Note]) -> None:
    """Add counts to their weeks; a count of a later week closes the weeks before it."""
    sums = (
        rows.with_columns(pl.col("produced_on").dt.truncate("1w").alias("week"))
        .group_by("week", "stream")
        .agg(pl.col("inspected").sum(), pl.col("value").sum().alias("defective"))
        .sort("week", "stream")
    )
    for (week,), part in sums.group_by("week", maintain_order=True):
        close_weeks(before=week, notes=notes)
        counts = [
            (watches[code].stream.pk, pieces, int(bad)) for _w, code, pieces, bad in part.rows()
        ]
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, [(week, *count) for count in counts])


def correct_tally(stream: Stream, on: date, change: int) -> None:
    """Change the defective pieces of a week by a corrected count; a week once judged stays so."""
    week = on - timedelta(days=on.weekday())
    WeekTally.objects.filter(stream=stream, week=week).update(defective=F("defective") + change)


def close_weeks(*, before: date, notes: list[Note]) -> int:
    """Judge every week that began before a Monday and is still open; return how many."""
    newest = ClosedWeek.objects.aggregate(Max("week"))["week__max"]
    open_weeks = WeekTally.objects.filter(week__lt=before)
    if newest is not None:
        open_weeks = open_weeks.filter(week__gt=newest)
    weeks = sorted(set(open_weeks.values_list("week", flat=True)))
    for week in weeks:
        ClosedWeek.objects.create(week=week, closed_at=clock.now())
        for process in _by_process(week).values():
            _judge(week, process, notes)
    return len(weeks)


def _by_process(week: date) -> dict[int, list[WeekTally]]:
    """Return a week's tallies by process: only places that do the same work are compared."""
    tallies = WeekTally.objects.filter(week=week).select_related(
        "stream__characteristic", "stream__machine__process"
    )
    found: dict[int, list[WeekTally]] = {}
    for one in tallies:
        found.setdefault(one.stream.characteristic.process_id, []).append(one)
    return found


def _judge(week: date, tallies: Sequence[WeekTally], notes: list[Note]) -> None:
    places = sorted({(t.stream.machine.code, t.stream.shift) for t in tallies})
    codes = sorted({t.stream.characteristic.code for t in tallies})
    pieces = np.zeros(len(places))
    defects = np.zeros((len(places), len(codes)))
    streams: dict[tuple[int, int], Stream] = {}
    for one in tallies:
        place = places.index((one.stream.machine.code, one.stream.shift))
        code = codes.index(one.stream.characteristic.code)
        pieces[place] = max(pieces[place], one.inspected)
        defects[place, code] = one.defective
        streams[place, code] = one.stream
    if len(places) < 2:
        return
    weeks = len(Calendar.load().weeks_of_year(week.isocalendar().year))
    planned = len(places) * len(codes) * max(weeks, 1)
    for found in rate_findings(pieces, defects, planned_tests=planned):
        _finding(week, streams[found.place, found.code], found, notes)


def _finding(week: date, stream: Stream, found: RateFinding, notes: list[Note]) -> None:
    days = Calendar.load().working_days(week, week + _WEEK - timedelta(days=1))
    last = days[-1] if days else week
    finding = Finding.objects.create(
        stream=stream, place=stream.code, rule=Finding.Rule.RATE, direction=1, found_on=last,
        shift=stream.shift, found_at=_evening(last), began_on=week, subgroup=f"{week}",
        detail=found.to_dict(),
    )  # fmt: skip
    text = _("Defect rate %(ratio).1f times that of the other places.") % {"ratio": found.ratio}
    notes.append(Note("finding", stream.code, text))
    announce(Found(finding, notes))


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), clock.site_zone()).astimezone(UTC)
