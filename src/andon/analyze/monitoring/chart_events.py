"""What happened on a stream, as dotted verticals: findings, their beginnings, new limits."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from andon.analyze.monitoring.chart_lines import Phase
from andon.analyze.monitoring.models import Finding, Stream

_QUIET = timedelta(days=4)
"""A departure that begins nearer to the finding before it belongs to the same episode."""
_ROOM_OF_LETTER = 0.017
"""Share of a narrow picture's width that a letter needs."""


def events_of(stream: Stream, table: pl.DataFrame, phases: Sequence[Phase]) -> list[dict[str, Any]]:
    """Return the verticals of the subgroups that are shown, in order, words where there is room."""
    if not table.height:
        return []
    begun = [
        (phase.first - 0.5, _("limits v%(n)d") % {"n": phase.limits.version}, "phase")
        for phase in phases
        if phase.first > 0
    ]
    found = [mark for first in episodes(stream, table) for mark in _marks(first, table)]
    return _worded(sorted({*begun, *found}), table.height)


def episodes(stream: Stream, table: pl.DataFrame) -> list[Finding]:
    """Return what begins each episode among the subgroups that are shown.

    Of findings made on the same day a sustained shift says more than an extreme subgroup.
    """
    if not table.height:
        return []
    days = table["produced_on"]
    within = stream.findings.filter(withdrawn_at=None, found_on__lte=days.max()).order_by(
        "found_on", "-rule", "found_at"
    )
    firsts: list[Finding] = []
    before = date.min
    for finding in within:
        if finding.began_on - before > _QUIET:
            firsts.append(finding)
        before = finding.found_on
    return [one for one in firsts if one.found_on >= days.min()]  # type: ignore[operator]


def _marks(finding: Finding, table: pl.DataFrame) -> list[tuple[float, str, str]]:
    at = table.filter(pl.col("subgroup") == finding.subgroup)["x"]
    marks = [(float(at[0]), _("found"), "found")] if len(at) else []
    since = table.filter(pl.col("produced_on") >= finding.began_on)["x"]
    is_earlier = len(since) and finding.began_on > table["produced_on"][0]
    if is_earlier and finding.rule == Finding.Rule.SHIFT and finding.began_on < finding.found_on:
        marks.append((float(since[0]), _("shift began"), "began"))
    return marks


def _worded(marks: Sequence[tuple[float, str, str]], count: int) -> list[dict[str, Any]]:
    """Keep a word only where it does not run into the next one."""
    told = []
    free = -1.0
    for x, word, kind in marks:
        has_room = x >= free
        told.append({"x": x, "word": word if has_room else "", "kind": kind})
        if has_room:
            free = x + _ROOM_OF_LETTER * len(word) * count
    return told
