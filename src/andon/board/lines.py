"""The line strip: one tile per machine in process order, told from the streams' states alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.monitoring.models import Signal, Stream
from andon.analyze.monitoring.queries import RecentMeans, recent_means
from andon.organization.processes.models import Process
from andon.organization.products.models import Characteristic
from andon.records import clock

_RECENT = timedelta(days=3)
_SILENT = timedelta(days=4)
_ORDER = ("problem", "attention", "idle", "ok")


@dataclass(frozen=True, slots=True)
class Tile:
    """A machine by its most telling stream."""

    name: str
    subject: str
    url: str
    kind: str
    word: str
    values: tuple[float, ...]
    lower: float | None
    upper: float | None
    flagged: list[int]


@dataclass(frozen=True, slots=True)
class TileGroup:
    """A process with its machines."""

    label: str
    tiles: list[Tile]


@dataclass(frozen=True, slots=True)
class Strip:
    """All processes in order, and what was watched."""

    groups: list[TileGroup]
    subgroups: int

    @property
    def told_subgroups(self) -> str:
        """How many subgroups were watched, as people read it."""
        return f"{self.subgroups:,}"

    @property
    def outside(self) -> list[str]:
        """Machines that are not within control limits."""
        return [tile.name for tile in self._tiles() if tile.kind in ("problem", "attention")]

    @property
    def is_judged(self) -> bool:
        """Whether any machine is judged."""
        return any(tile.kind != "idle" for tile in self._tiles())

    @property
    def unjudged(self) -> int:
        """Machines without limits yet or without a sample lately."""
        return sum(tile.kind == "idle" for tile in self._tiles())

    def _tiles(self) -> Iterator[Tile]:
        return (tile for group in self.groups for tile in group.tiles)


def strip(troubled: dict[str, str]) -> Strip:
    """Return the tiles; `troubled` names the streams with an open problem, with a word each."""
    streams = list(
        Stream.objects.filter(characteristic__kind=Characteristic.Kind.VALUE).select_related(
            "characteristic", "machine__process"
        )
    )
    means = recent_means(streams)
    signals = _open_signals()
    by_machine: dict[str, list[Tile]] = {}
    processes: dict[int, list[str]] = {}
    for stream in streams:
        found = means.get(stream.code)
        if found is None:
            continue
        tile = _tile(found, troubled, signals.get(stream.pk, 0))
        if stream.machine.code not in by_machine:
            processes.setdefault(stream.machine.process_id, []).append(stream.machine.code)
        by_machine.setdefault(stream.machine.code, []).append(tile)
    groups = [
        TileGroup(process.name, [_worst(by_machine[code]) for code in processes[process.pk]])
        for process in Process.objects.filter(pk__in=processes)
    ]
    return Strip(groups, sum(found.subgroups for found in means.values()))


def _open_signals() -> dict[int, int]:
    """Count the recent signals nobody acknowledged, by stream."""
    since = clock.now() - _RECENT
    counts: dict[int, int] = {}
    recent = Signal.objects.filter(acknowledged_at=None, raised_at__gte=since)
    for key in recent.values_list("stream_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return counts


def _tile(found: RecentMeans, troubled: dict[str, str], signals: int) -> Tile:
    stream = found.stream
    kind, word = _judged(found, troubled.get(stream.code, ""), signals)
    return Tile(
        name=stream.machine.code,
        subject=stream.characteristic.name,
        url=reverse("chart", args=[stream.code]),
        kind=kind, word=word, values=found.values,
        lower=found.lower, upper=found.upper, flagged=found.flagged,
    )  # fmt: skip


def _judged(found: RecentMeans, trouble: str, signals: int) -> tuple[str, str]:
    if trouble:
        return "problem", trouble
    if signals:
        return "attention", ngettext("%(n)d signal", "%(n)d signals", signals) % {"n": signals}
    if found.lower is None:
        return "idle", _("Phase I: %(n)d subgroups") % {"n": found.subgroups}
    if found.last_at is None:
        return "idle", _("No sample yet")
    if clock.now() - found.last_at > _SILENT:
        return "idle", _("No sample since %(day)s") % {"day": f"{found.last_at:%-d %b}"}
    return "ok", _("In control")


def _worst(tiles: list[Tile]) -> Tile:
    """Return the machine's stream that most needs to be seen; the first of equals."""
    return min(tiles, key=lambda tile: _ORDER.index(tile.kind))
