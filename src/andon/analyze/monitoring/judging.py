"""Judging new subgroups as they arrive: the heart of monitoring."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from secrets import token_hex

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from andon.analyze.monitoring.events import Found, Withdrawn
from andon.analyze.monitoring.freezing import baseline_of, freeze, is_over, phase_one
from andon.analyze.monitoring.models import Finding, FrozenLimits, Signal, Stream, StreamState
from andon.analyze.monitoring.points import as_told, points_of
from andon.analyze.monitoring.window import (
    Judgement,
    Lines,
    Point,
    Steps,
    Window,
    Yardstick,
    judged_alone,
)
from andon.control.plans.models import PlanLine
from andon.control.plans.queries import finding_options, rules_of
from andon.identify.measurements.events import Recorded
from andon.identify.measurements.submission import Note
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.events import announce
from andon.stats.findings import Finding as Departure

_LOG = Characteristic.Model.LOG
_DIRECTIONS = ("+", "-")
Told = dict[str, list[str]]
_LONG_PHASE = 100
"""Subgroups from which on a phase I that carries no limits is not read again at each one."""


@dataclass(slots=True)
class Watch:
    """All that judging one stream needs, read with few queries for many streams."""

    stream: Stream
    line: PlanLine | None
    limits: FrozenLimits | None
    state: StreamState
    is_new: bool = False
    window: Window | None = None
    is_judged: bool = False
    told: Told = field(default_factory=dict)
    """For each subgroup of the window the signals and findings that were stored."""

    steps: Steps = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)
    measure: Yardstick | None = None

    def open(self) -> Window:
        """Return the window, read from the stored state when it is first needed."""
        if self.window is None:
            stored = self.state.content["window"]
            memory = _memory(self.stream.pk, stored.get("mark", ""))
            self.window = memory.window or Window.from_dict(stored)
            self.steps, self.lines = dict(memory.steps), dict(memory.lines)
            self.told = {key: list(names) for key, names in self.state.content["told"].items()}
        return self.window

    def keep(self) -> None:
        """Put the window back into the state, which is what is stored."""
        if self.window is None:
            return
        mark, keys = token_hex(8), {point.key for point in self.window.points}
        stored = self.window.to_dict(self.lines) | {"mark": mark}
        self.state.content.update(window=stored, told=self.told)
        memory = _memory(self.stream.pk, mark)
        memory.window = self.window
        memory.steps = {key: step for key, step in self.steps.items() if key in keys}
        memory.lines = {key: line for key, line in self.lines.items() if key in keys}


@dataclass(slots=True)
class _Memory:
    """What this process knows of a stored window; a mark that nobody stored finds it empty."""

    window: Window | None = None
    steps: Steps = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)


@lru_cache(maxsize=512)
def _memory(_stream: int, _mark: str) -> _Memory:
    """Return what is remembered under the mark that was stored with a window."""
    return _Memory()


def judge_values(event: Recorded, rows: pl.DataFrame, watches: Mapping[str, Watch]) -> None:
    """Judge every new subgroup of value streams, in order of measurement."""
    logarithmic = frozenset(
        watch.stream.characteristic.code
        for watch in watches.values()
        if watch.stream.characteristic.model == _LOG
    )
    for code, points in points_of(rows, logarithmic).items():
        _judge_stream(watches[code], points, event)


def judge_again(event: Recorded, watch: Watch, rows: pl.DataFrame) -> None:
    """Judge one subgroup anew from all its present rows: one of its values was corrected.

    In the window everything after it is judged again; an older one is judged by itself, which says
    nothing about a sustained shift.
    """
    if watch.limits is None or not rows.height:
        return
    codes = [watch.stream.characteristic.code]
    is_log = watch.stream.characteristic.model == _LOG
    point = points_of(rows, frozenset(codes if is_log else ()))[watch.stream.code][0]
    yardstick = _yardstick(watch)
    window = watch.open().replacing(point)
    if window is None:
        names = _stored(watch, point)[point.key]
        told = {point.key: [name for name in names if not name.startswith(Finding.Rule.SHIFT)]}
        _tell(watch, [judged_alone(point, yardstick)], told, event)
        return
    _tell(watch, window.judged(yardstick), watch.told, event)
    watch.window, watch.is_judged = window, True
    save([watch])


def _judge_stream(watch: Watch, points: list[Point], event: Recorded) -> None:
    """Collect phase I until it is over, then judge; a batch may contain both."""
    watch.is_judged = True
    while watch.limits is None and points:
        points = _collected(watch, points, event)
    if not points:
        return
    if watch.limits is None:
        return
    watch.measure = yardstick = watch.measure or _yardstick(watch)
    window = watch.open()
    for batch in _by_day(points):
        known = window
        window, late = known.with_points(batch)
        since = window.changed_from(known)
        _tell(watch, window.judged(yardstick, watch.steps, since=since), watch.told, event)
        for point in late:
            _tell(watch, [judged_alone(point, yardstick)], _stored(watch, point), event)
        window = window.trimmed(yardstick, watch.steps)
        kept = [point.key for point in window.points if point.key in watch.told]
        watch.told = {key: watch.told[key] for key in kept}
    watch.window = window
    watch.state.last_at = max(point.at for point in points)


def _collected(watch: Watch, points: list[Point], event: Recorded) -> list[Point]:
    """Count the subgroups of phase I; freeze when it is over and return what comes after it."""
    content = watch.state.content
    for place, point in enumerate(points):
        if point.key == content.get("phase_one_last"):
            continue  # a further part of a subgroup that was counted
        count = content.get("phase_one", 0)
        if count >= content.get("phase_one_again", 0) and is_over(watch.line, count, point.on):
            if _froze(watch, point, event):
                return points[place:]
            # Too few of the usual size, or none that vary: phase I goes on. A short one asks again
            # at once, a long one ever more seldom, for each time it is read as a whole.
            content["phase_one_again"] = count + (1 if count < _LONG_PHASE else count // 8)
        content["phase_one"] = count + 1
        content["phase_one_last"] = point.key
    watch.state.last_at = max(point.at for point in points)
    return []


def _froze(watch: Watch, first: Point, event: Recorded) -> bool:
    until = watch.line.baseline_until if watch.line else None
    phase = phase_one(watch.stream, since=None, until=until, before=first.at, without=event.later)
    if phase is None:
        return False
    watch.limits = freeze(watch.stream, phase, actor=event.actor, reason=_("Phase I is complete."))
    watch.window, watch.told = Window(), {}
    return watch.limits is not None


def _by_day(points: Sequence[Point]) -> Iterable[list[Point]]:
    """Yield the points of each production day, so that a year at once is judged day by day."""
    days: dict[object, list[Point]] = {}
    for point in sorted(points, key=lambda point: (point.on, point.at)):
        days.setdefault(point.on, []).append(point)
    return days.values()


def _yardstick(watch: Watch) -> Yardstick:
    limits = watch.limits
    assert limits is not None
    return Yardstick(
        baseline_of(limits),
        limits.spread_lower,
        limits.spread_upper,
        rules_of(watch.line) if watch.line else rules_of(PlanLine()),
        finding_options(watch.line),
    )


def _tell(watch: Watch, judgements: Sequence[Judgement], told: Told, event: Recorded) -> None:
    """Store what is new, and withdraw what the days' late data no longer confirm.

    `told` holds what was stored for the points of the window, so that nothing is looked up.
    """
    signals: list[Signal] = []
    for judgement in judgements:
        point = judgement.point
        before = told.get(point.key, [])
        new = {
            name: found for found in judgement.findings if (name := _name(found[0])) not in before
        }
        for rule in judgement.rules:
            if rule not in before:
                signals.append(_signal(watch, point, rule, event))
        for found, began_on in new.values():
            _finding(watch, point, found, began_on=began_on, event=event)
        confirmed = [_name(found) for found, _on in judgement.findings]
        for name in before:
            if name.endswith(_DIRECTIONS) and name not in confirmed:
                _withdraw(watch, point, name)
        known = [name for name in before if not name.endswith(_DIRECTIONS)]
        names = [*known, *(r for r in judgement.rules if r not in known), *confirmed]
        if names or before:
            told[point.key] = names
    if signals:
        Signal.objects.bulk_create(signals)


def _name(found: Departure) -> str:
    """Return a finding's rule and side, such as SHIFT+."""
    return found.rule + ("+" if found.direction > 0 else "-")


def _stored(watch: Watch, point: Point) -> Told:
    """Return what was stored for a point that is older than the window."""
    signals = Signal.objects.filter(stream=watch.stream, subgroup=point.key)
    findings = Finding.objects.filter(stream=watch.stream, subgroup=point.key, withdrawn_at=None)
    sides = [f.rule + ("+" if f.direction > 0 else "-") for f in findings]
    return {point.key: [*signals.values_list("rule", flat=True), *sides]}


def _withdraw(watch: Watch, point: Point, name: str) -> None:
    direction = 1 if name.endswith("+") else -1
    for finding in Finding.objects.filter(
        stream=watch.stream, subgroup=point.key, rule=name[:-1], direction=direction,
        withdrawn_at=None,
    ):  # fmt: skip
        finding.withdrawn_at = clock.now()
        finding.save(update_fields=["withdrawn_at"])
        announce(Withdrawn(finding))


def _signal(watch: Watch, point: Point, rule: str, event: Recorded) -> Signal:
    """Return the signal of a point, which is stored with those beside it."""
    limits = watch.limits
    assert limits is not None
    value = (
        point.range
        if rule == "range"
        else as_told(point.mean, is_logarithmic=limits.is_logarithmic)
    )
    text = _("Rule %(rule)s fired.") % {"rule": rule}
    reaction = watch.line.reaction if watch.line else ""
    event.notes.append(Note("signal", watch.stream.code, text, reaction))
    return Signal(
        stream=watch.stream, subgroup=point.key, produced_on=point.on, shift=point.shift,
        measured_at=point.at, rule=rule, value=value, batch=event.batch, raised_at=clock.now(),
    )  # fmt: skip


def _finding(
    watch: Watch, point: Point, found: Departure, *, began_on: date, event: Recorded
) -> None:
    finding = Finding.objects.create(
        stream=watch.stream, place=watch.stream.code, rule=found.rule,
        direction=found.direction, found_on=point.on, shift=point.shift, found_at=point.at,
        began_on=began_on, subgroup=point.key, detail=found.to_dict(),
        lots=[point.lot] if point.lot else [], batch=event.batch,
    )  # fmt: skip
    text = _("A finding was confirmed: %(rule)s.") % {"rule": finding.get_rule_display()}
    event.notes.append(Note("finding", watch.stream.code, text))
    announce(Found(finding, event.notes))


def save(watches: Iterable[Watch]) -> None:
    """Write the states of judged streams with one statement each way."""
    touched = [watch for watch in watches if watch.is_judged]
    for watch in touched:
        watch.keep()
    StreamState.objects.bulk_create(watch.state for watch in touched if watch.is_new)
    old = [watch.state for watch in touched if not watch.is_new]
    changed = [(json.dumps(state.content), state.last_at, state.stream_id) for state in old]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE monitoring_streamstate SET content = %s, last_at = %s WHERE stream_id = %s",
            changed,
        )
