"""Samples that the control plan asked for and nobody took: they are signals too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from andon.control.plans.models import PlanLine
from andon.organization.processes.models import Machine
from andon.organization.processes.queries import Calendar, ShiftRun

_HOUR = timedelta(hours=1)
_TIMED = (
    PlanLine.Frequency.PER_HOUR,
    PlanLine.Frequency.PER_SHIFT,
    PlanLine.Frequency.PER_DAY,
)
Stream = tuple[str, str]
"""Characteristic code and machine code."""
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class MissedSample:
    """A sample of a stream that was due in a window of time and was not taken."""

    characteristic: str
    machine: str
    line: PlanLine
    since: datetime
    until: datetime


def missed_samples(
    since: datetime, until: datetime, *, taken: Mapping[Stream, Sequence[datetime]]
) -> list[MissedSample]:
    """Return the samples due between two instants that were not taken, oldest first.

    `taken` holds the instants of the subgroups of that time by (characteristic, machine). A window
    counts when it ended by `until`: the hours, shifts or days in which the machine runs. Lines per
    piece and per lot follow production, not the clock, and are not judged here.
    """
    calendar = Calendar.load()
    missed = [
        MissedSample(line.characteristic.code, machine.code, line, *window)
        for line, machine in _streams()
        for window in _windows(line, _runs(calendar, machine, since, until))
        if since <= window[0] and window[1] <= until
        if not _is_taken(taken.get((line.characteristic.code, machine.code), ()), window)
    ]
    return sorted(missed, key=lambda sample: (sample.until, sample.characteristic, sample.machine))


def _streams() -> Iterator[tuple[PlanLine, Machine]]:
    """Yield each timed effective line with its machines; a machine's own line goes first."""
    lines = list(
        PlanLine.objects.filter(
            plan__is_effective=True, characteristic__is_active=True
        ).select_related("plan", "characteristic", "machine")
    )
    own = {(line.characteristic_id, line.machine_id) for line in lines}
    machines = list(Machine.objects.filter(is_active=True).prefetch_related("shifts"))
    for line in lines:
        for machine in machines if line.frequency in _TIMED else ():
            is_general = line.machine_id is None and machine.process_id == (
                line.characteristic.process_id
            )
            is_left = (line.characteristic_id, machine.pk) not in own
            if line.machine_id == machine.pk or (is_general and is_left):
                yield line, machine


def _runs(calendar: Calendar, machine: Machine, since: datetime, until: datetime) -> list[ShiftRun]:
    """Return the shifts in which the machine runs, of every day that the time touches."""
    codes = {shift.code for shift in machine.shifts.all()}
    first, last = (calendar.production_day(instant)[0] for instant in (since, until))
    runs = (run for day in calendar.working_days(first, last) for run in calendar.runs(day))
    return [run for run in runs if not codes or run.shift in codes]


def _windows(line: PlanLine, runs: Iterable[ShiftRun]) -> Iterator[Window]:
    if line.frequency == PlanLine.Frequency.PER_DAY:
        yield from _days(runs)
        return
    for run in runs:
        if line.frequency == PlanLine.Frequency.PER_SHIFT:
            yield run.starts_at, run.ends_at
        else:
            yield from _hours(run)


def _days(runs: Iterable[ShiftRun]) -> Iterator[Window]:
    by_day: dict[object, list[ShiftRun]] = {}
    for run in runs:
        by_day.setdefault(run.on, []).append(run)
    for shifts in by_day.values():
        yield min(run.starts_at for run in shifts), max(run.ends_at for run in shifts)


def _hours(run: ShiftRun) -> Iterator[Window]:
    start = run.starts_at
    while start < run.ends_at:
        yield start, min(start + _HOUR, run.ends_at)
        start += _HOUR


def _is_taken(instants: Sequence[datetime], window: Window) -> bool:
    return any(window[0] <= instant < window[1] for instant in instants)
