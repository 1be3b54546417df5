"""Samples that the control plans ask for now, by machine, told from the index of the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.monitoring.models import Stream
from andon.control.plans.models import PlanLine
from andon.history import places
from andon.organization.processes.models import Machine, Process, Shift
from andon.organization.processes.queries import Calendar
from andon.records import clock

_FREQUENCY = PlanLine.Frequency
_BACK = timedelta(days=2)
"""How far back a sample can lie and still be the one that was due."""


@dataclass(frozen=True, slots=True)
class Due:
    """One sample to take at one machine."""

    machine: Machine
    subject: str
    url: str
    plan: str
    kind: str
    word: str
    is_due: bool
    is_foreign: bool = False
    """Never measured at this machine, while other things are."""


@dataclass(frozen=True, slots=True)
class DueAtProcess:
    """The samples of one process."""

    label: str
    samples: list[Due]


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, as the control plans see it: since when a sample counts for each frequency."""

    at: datetime
    shift: Shift | None
    shift_since: datetime
    day_since: datetime

    @classmethod
    def now(cls) -> Self:
        """Return the moment of now by the calendar."""
        at, calendar = clock.now(), Calendar.load()
        on, code = calendar.production_day(at)
        runs = calendar.runs(on)
        begun = [run.starts_at for run in runs if run.starts_at <= at]
        shift = next((shift for shift in calendar.shifts if shift.code == code), None)
        day_since = min(begun, default=at - timedelta(days=1))
        return cls(at, shift if runs else None, max(begun, default=at), day_since)

    def since(self, frequency: str) -> datetime | None:
        """Return since when one sample is enough; None where pieces or lots decide."""
        return {
            _FREQUENCY.PER_SHIFT.value: self.shift_since,
            _FREQUENCY.PER_DAY.value: self.day_since,
            _FREQUENCY.PER_HOUR.value: self.at - timedelta(hours=1),
        }.get(frequency)

    def runs(self, machine: Machine) -> bool:
        """Tell whether a machine works in this shift."""
        shifts = list(machine.shifts.all())
        return self.shift is not None and (not shifts or self.shift in shifts)


def due_samples(machines: Iterable[Machine], *, lot: str = "") -> list[DueAtProcess]:
    """Return the samples of the machines by process, those due first."""
    chosen, moment = list(machines), Moment.now()
    lines = list(
        PlanLine.objects.filter(plan__is_effective=True, characteristic__is_active=True)
        .select_related("characteristic")
        .order_by("plan__code", "position")
    )
    history = _History.until(moment)
    found: dict[int, list[Due]] = {}
    for machine in chosen:
        own = [line for line in lines if _is_at(line, machine)]
        for lines_together in _together(own):
            due = _due(machine, lines_together, moment, history, lot)
            found.setdefault(machine.process_id, []).append(due)
    return [
        DueAtProcess(process.name, sorted(found[process.pk], key=_order))
        for process in Process.objects.filter(pk__in=found)
    ]


def _order(due: Due) -> int:
    """Due ones first; what was never measured at the machine last."""
    return 0 if due.is_due else 2 if due.is_foreign else 1


def sample_words(line: PlanLine | None) -> str:
    """Return sample size and frequency in words, such as every shift, 5 pieces."""
    if line is None:
        return _("no control plan asks for it")
    every = line.get_frequency_display()
    if not line.sample_size:
        return _("%(every)s, all pieces") % {"every": every}
    pieces = ngettext("%(n)d piece", "%(n)d pieces", line.sample_size) % {"n": line.sample_size}
    return f"{every}, {pieces}"


def _is_at(line: PlanLine, machine: Machine) -> bool:
    if line.machine_id is not None:
        return line.machine_id == machine.pk
    return line.characteristic.process_id == machine.process_id


def _together(lines: list[PlanLine]) -> list[list[PlanLine]]:
    """Put all defect codes of a machine into one count; a line of its own goes before others."""
    own = {line.characteristic_id: line for line in lines if line.machine_id is None}
    own.update({line.characteristic_id: line for line in lines if line.machine_id is not None})
    values = [[line] for line in own.values() if not line.characteristic.is_counted]
    counts = [line for line in own.values() if line.characteristic.is_counted]
    return [*values, *([counts] if counts else [])]


@dataclass(frozen=True, slots=True)
class _History:
    """What was measured where, and when lately."""

    pairs: frozenset[tuple[int, int]]
    """Characteristic and machine of every stream."""
    last: dict[str, datetime]
    """For each stream measured lately, when; told by the index alone."""

    @classmethod
    def until(cls, moment: Moment) -> Self:
        """Return the history as it stands at a moment."""
        last = places.newest_by_stream(moment.at - _BACK)
        return cls(frozenset(Stream.objects.values_list("characteristic_id", "machine_id")), last)

    def last_at(self, characteristic: str, machine: str) -> datetime | None:
        """Return when it was last measured there; defects are counted in a stream per shift."""
        stem = f"{characteristic}/{machine}"
        found = [
            at for code, at in self.last.items() if code == stem or code.startswith(f"{stem}/")
        ]
        return max(found, default=None)

    def is_foreign(self, line: PlanLine, machine: Machine) -> bool:
        """Tell whether others are measured here and this elsewhere, though no line says so.

        A line for all machines of turning asks for barrels; a lathe may make only plungers.
        """
        if line.machine_id is not None or (line.characteristic_id, machine.pk) in self.pairs:
            return False
        is_known_here = any(place == machine.pk for _what, place in self.pairs)
        return is_known_here and any(what == line.characteristic_id for what, _place in self.pairs)


def _due(
    machine: Machine, lines: list[PlanLine], moment: Moment, history: _History, lot: str
) -> Due:
    first = lines[0].characteristic
    kind, word = _judged(machine, lines[0], moment, history.last_at(first.code, machine.code))
    is_foreign = history.is_foreign(lines[0], machine)
    if is_foreign:
        kind, word = "idle", _("not measured here so far")
    address = reverse("capture", args=[first.code, machine.code])
    return Due(
        machine=machine,
        subject=_("Count defects") if first.is_counted else first.name,
        url=f"{address}?{urlencode({'lot': lot})}" if lot else address,
        plan=sample_words(lines[0]), kind=kind, word=word,
        is_due=kind == "attention", is_foreign=is_foreign,
    )  # fmt: skip


def _judged(
    machine: Machine, line: PlanLine, moment: Moment, at: datetime | None
) -> tuple[str, str]:
    since = moment.since(line.frequency)
    if since is not None and at is not None and at >= since:
        local = at.astimezone(clock.site_zone())
        return "done", _("done at %(time)s") % {"time": date_format(local, "H:i")}
    if since is None:
        return "idle", str(line.get_frequency_display())
    return ("attention", _("due now")) if moment.runs(machine) else ("idle", _("not running now"))
