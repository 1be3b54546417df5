"""The factory's facts in the form in which they come through the door."""

from collections.abc import Iterator

from andon.demo.generator_lots import Lot
from andon.demo.year import CountRow, ProductionDay, Subgroup
from andon.organization.products.services import LotFacts

_KINDS = {"material": "material", "assembly": "assembly"}


def rows_of(day: ProductionDay) -> list[dict[str, str]]:
    """Return every measurement and count of a day, as texts."""
    values = [row for subgroup in day.subgroups for row in _values(subgroup)]
    return [*values, *(row for counted in day.counts for row in _counts(counted))]


def lots_of(day: ProductionDay) -> list[LotFacts]:
    """Return the lots that a day makes, receives and ships."""
    return [
        *(_made(lot) for lot in day.lots),
        *(
            LotFacts(
                code=delivery.lot, kind="material", partner=delivery.supplier,
                made_on=delivery.delivered_on, quantity=delivery.quantity,
            )
            for delivery in day.deliveries
        ),
        *(
            LotFacts(
                code=shipment.number, kind="shipment", partner=shipment.customer,
                made_on=shipment.shipped_on, location="shipped",
            )
            for shipment in day.shipments
        ),
    ]  # fmt: skip


def uses_of(day: ProductionDay) -> list[tuple[str, str, int | None]]:
    """Return which lot went into which, as (consumer, component, quantity)."""
    made = [(edge.child, edge.parent, None) for edge in day.edges]
    return [*made, *((s.number, lot, None) for s in day.shipments for lot in s.lots)]


def _made(lot: Lot) -> LotFacts:
    kind = _KINDS.get(lot.kind, "component")
    machine = "" if kind == "material" else lot.source
    return LotFacts(
        code=lot.number, kind=kind, machine=machine, made_on=lot.made_on, quantity=lot.quantity
    )


def _values(subgroup: Subgroup) -> Iterator[dict[str, str]]:
    shared = {
        "characteristic": subgroup.characteristic,
        "machine": subgroup.machine,
        "lot": subgroup.lot,
        "shift": subgroup.shift,
        "operator": subgroup.operator,
        "instrument": subgroup.instrument,
    }
    if subgroup.supplier:
        shared["supplier"] = subgroup.supplier
    for at, text in zip(subgroup.instants, subgroup.texts, strict=True):
        yield {**shared, "value": text, "measured_at": at.isoformat()}


def _counts(row: CountRow) -> Iterator[dict[str, str]]:
    shared = {
        "machine": row.cell,
        "lot": row.lot,
        "shift": row.shift,
        "operator": row.operator,
        "inspected": str(row.inspected),
        "measured_at": row.counted_at.isoformat(),
    }
    for code, count in row.defects.items():
        yield {**shared, "characteristic": code, "value": str(count)}
