"""What a problem affects: its lots, what they went into, and how far that has come."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.organization.processes.models import Process
from andon.organization.products.models import Lot, LotUse

SHOWN = 8
_DEEPEST = 12
_BETWEEN = 2
"""Stations between the origin and the shipments for which the strip has room: the last ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """One station of the strip."""

    count: int
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class AffectedLot:
    """One lot as a line of the table."""

    code: str
    url: str
    quantity: int | None
    now_at: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Affected:
    """Lots in order, the newest first, with the strip of where they went."""

    lots: tuple[AffectedLot, ...]
    """The newest few."""
    count: int
    pieces: int
    places: tuple[Place, ...]
    shipped: int
    customers: int

    @property
    def more(self) -> int:
        """How many lots are not shown."""
        return self.count - len(self.lots)


def affected_by(codes: Sequence[str], rows: pl.DataFrame, where: str) -> Affected:
    """Follow lots down the genealogy; `rows` are their measurements, `where` names their origin."""
    flow = _Flow(codes)
    origins = [flow.lots[key] for key in flow.origins]
    out = _outside(rows)
    shown = [_line(lot, flow, out) for lot in reversed(origins[-SHOWN:])]
    shipments = [lot for lot in flow.descendants() if lot.kind == Lot.Kind.SHIPMENT]
    customers = {lot.partner_id for lot in shipments if lot.partner_id}
    return Affected(
        tuple(shown),
        len(codes),
        sum(lot.quantity or 0 for lot in origins),
        tuple(_places(origins, flow, where, shipments)),
        len(shipments),
        len(customers),
    )


class _Flow:
    """The lots that others went into, walked down once: one read a step."""

    def __init__(self, codes: Iterable[str]) -> None:
        rows = Lot.objects.select_related("process", "machine", "partner")
        found = {lot.code: lot for lot in rows.filter(code__in=list(codes))}
        self.lots = {lot.pk: lot for lot in found.values()}
        self.origins = [found[code].pk for code in codes if code in found]
        self.children: dict[int, list[int]] = defaultdict(list)
        self._walk()

    def _walk(self) -> None:
        frontier = set(self.origins)
        for _step in range(_DEEPEST):
            uses = LotUse.objects.filter(component__in=frontier).values_list(
                "component_id", "consumer_id"
            )
            for parent, child in uses:
                self.children[parent].append(child)
            frontier = {child for parent in frontier for child in self.children[parent]}
            frontier -= self.lots.keys()
            if not frontier:
                break
            rows = Lot.objects.select_related("process", "machine", "partner")
            self.lots |= rows.in_bulk(list(frontier))

    def descendants(self) -> list[Lot]:
        """Return every lot that an origin went into."""
        origins = set(self.origins)
        return [lot for key, lot in self.lots.items() if key not in origins]

    def furthest(self, key: int) -> Lot:
        """Return the lot furthest down that one went into: a shipment, else the latest step."""
        seen, frontier = {key}, [key]
        while frontier:
            frontier = [c for k in frontier for c in self.children[k] if c not in seen]
            seen |= set(frontier)
        return max((self.lots[one] for one in seen), key=_depth)


def _depth(lot: Lot) -> tuple[bool, int, int]:
    position = lot.process.position if lot.process else 0
    return lot.kind == Lot.Kind.SHIPMENT, position, lot.pk


def _places(
    origins: Sequence[Lot], flow: _Flow, where: str, shipments: Sequence[Lot]
) -> Iterable[Place]:
    count = len(origins)
    message = ngettext("lot from %(where)s", "lots from %(where)s", count)
    yield Place(count, message % {"where": where})
    counts = Counter(lot.process_id for lot in flow.descendants() if lot.process_id)
    between = list(Process.objects.filter(pk__in=counts))
    for process in between[-_BETWEEN:]:
        yield Place(counts[process.pk], _("in %(process)s") % {"process": process.name.lower()})
    sent = len(shipments)
    word = ngettext("shipment", "shipments", sent) if sent else _("shipped")
    yield Place(sent, word, "escaped" if sent else "clear")


def _outside(rows: pl.DataFrame) -> Mapping[str, tuple[int, int]]:
    """Return for each lot the pieces outside specification and all measured."""
    if not rows.height:
        return {}
    sums = rows.group_by("lot").agg(
        pl.col("is_out_of_specification").fill_null(value=False).sum().alias("out"),
        pl.len().alias("n"),
    )
    return {lot: (out, n) for lot, out, n in sums.iter_rows()}


def _line(lot: Lot, flow: _Flow, out: Mapping[str, tuple[int, int]]) -> AffectedLot:
    kind, word = _judged(lot, *out.get(lot.code, (0, 0)))
    return AffectedLot(
        lot.code, reverse("lot", args=[lot.code]), lot.quantity,
        _now_at(lot, flow.furthest(lot.pk)), kind, word,
    )  # fmt: skip


def _judged(lot: Lot, out: int, measured: int) -> tuple[str, str]:
    if lot.is_blocked:
        return "watched", _("blocked")
    if out:
        return "problem", _("%(out)d of %(n)d out") % {"out": out, "n": measured}
    return ("ok", _("in spec")) if measured else ("idle", _("not measured"))


def _now_at(lot: Lot, furthest: Lot) -> str:
    """Return how far a lot has come: shipped to whom, in which process, or where it stands."""
    if furthest.kind == Lot.Kind.SHIPMENT:
        return _("shipped to %(partner)s") % {"partner": furthest.partner or furthest.code}
    if furthest.pk == lot.pk:
        return lot.location or str(lot.machine or "")
    return " ".join(
        str(part) for part in (furthest.process, furthest.machine and furthest.machine.code) if part
    ).strip()
