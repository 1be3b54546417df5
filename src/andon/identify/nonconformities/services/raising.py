"""Raise a nonconformity: from a finding, from a value outside specification, or by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from andon.identify.nonconformities.models import IsIsNot, Nonconformity, SuspectLot
from andon.identify.nonconformities.quantities import balance_of, plain
from andon.identify.nonconformities.services.checks import check_quantity
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic, Lot
from andon.records import clock
from andon.records.errors import Refused
from andon.records.models import Account, Link, Record
from andon.records.services import advance, create, editing, link, refusals
from andon.records.trail.context import acting


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known when a nonconformity is raised; what is empty is derived or asked later."""

    title: str = ""
    defect: str = ""
    characteristic: Characteristic | None = None
    machine: Machine | None = None
    lots: Mapping[Lot, Decimal | None] = field(default_factory=dict)
    """Suspect lots with the suspect quantity of each; None takes all that the lot holds."""
    quantity: Decimal | None = None
    """None: the sum over the lots, where it is known."""
    location: str = ""
    description: str = ""
    severity: str = ""
    origin: str = Nonconformity.Origin.HAND.value
    is_customer_affected: bool = False
    where: str = ""
    when: str = ""
    """For the first column of is and is not; derived from machine and day when empty."""


def raise_nonconformity(
    facts: Facts, *, actor: Account, source: Record | None = None, owner: Account | None = None
) -> Nonconformity:
    """Create a nonconformity and report it at once when nothing is missing for that.

    The source (a problem, an audit finding) is linked as what raised it. A record of which too
    little is known stays a draft that somebody completes.
    """
    lots = {lot: _quantity_of(lot, given) for lot, given in facts.lots.items()}
    quantity = _suspect(facts, lots)
    with acting(actor):
        record = create(_record(facts, lots, quantity, owner), actor=actor)
        _hang_lots(record, lots, quantity)
        _narrow(record, facts)
        if source is not None:
            link(source, record, kind=Link.Kind.RAISED, actor=actor)
        step = record.WORKFLOW.transition("report")
        return record if refusals(record, step, actor=actor) else advance(
            record, "report", actor=actor
        )  # fmt: skip


def split(record: Nonconformity, *, quantity: Decimal, title: str, actor: Account) -> Nonconformity:
    """Move a part of what is open into a nonconformity of its own; quantities stay balanced."""
    with editing(record, actor=actor, permission="nonconformity.review") as fresh:
        check_quantity(fresh, quantity)
        if quantity > balance_of(fresh).open:
            raise Refused.because(_("More is split off than is open."), "quantity")
        part = Nonconformity(
            title=title, defect=fresh.defect, characteristic=fresh.characteristic,
            product=fresh.product, machine=fresh.machine, process=fresh.process,
            description=fresh.description, severity=fresh.severity, origin=fresh.origin,
            quantity_suspect=quantity, unit=fresh.unit, piece_weight=fresh.piece_weight,
            location=fresh.location, split_from=fresh, owner=fresh.owner,
        )  # fmt: skip
        created = create(part, actor=actor)
        _narrow(created, Facts())
        link(fresh, created, kind=Link.Kind.RELATED, actor=actor, note=_("split off"))
    return created


def _record(
    facts: Facts,
    lots: Mapping[Lot, Decimal | None],
    quantity: Decimal | None,
    owner: Account | None,
) -> Nonconformity:
    first = next(iter(lots), None)
    machine = facts.machine or (first.machine if first else None)
    characteristic = facts.characteristic
    record = Nonconformity(
        title=facts.title or _title(facts, machine, first),
        defect=facts.defect or (characteristic.name if characteristic else ""),
        characteristic=characteristic,
        product=(first.product if first else None)
        or (characteristic.product if characteristic else None),
        machine=machine,
        process=machine.process if machine else None,
        quantity_suspect=quantity,
        location=facts.location or (first.location if first else "") or str(machine or ""),
        description=facts.description or facts.title,
        severity=facts.severity or _severity(characteristic),
        origin=facts.origin,
        is_customer_affected=facts.is_customer_affected,
        owner=owner,
    )
    if quantity is not None:
        check_quantity(record, quantity, "quantity_suspect")
    return record


def _title(facts: Facts, machine: Machine | None, lot: Lot | None) -> str:
    what = facts.defect or (facts.characteristic.name if facts.characteristic else "")
    place = lot.code if lot else machine.code if machine else facts.location
    return f"{what}: {place}" if place else what


def _severity(characteristic: Characteristic | None) -> str:
    """Propose the class of the characteristic; critical is said by a person only."""
    if characteristic is None:
        return ""
    return "minor" if characteristic.classification == "minor" else "major"


def _quantity_of(lot: Lot, given: Decimal | None) -> Decimal | None:
    if given is not None or lot.quantity is None:
        return given
    return Decimal(lot.quantity)


def _suspect(facts: Facts, lots: Mapping[Lot, Decimal | None]) -> Decimal | None:
    known = [quantity for quantity in lots.values() if quantity is not None]
    if facts.quantity is not None or len(known) < len(lots) or not known:
        return facts.quantity
    return sum(known, Decimal(0))


def _hang_lots(
    record: Nonconformity, lots: Mapping[Lot, Decimal | None], quantity: Decimal | None
) -> None:
    """Write the suspect lots; a total below their sum is all that is known of one lot only."""
    sum_known = sum((held for held in lots.values() if held), Decimal(0))
    for lot, held in lots.items():
        is_told = quantity is None or sum_known <= quantity
        alone = quantity if len(lots) == 1 else None
        SuspectLot.objects.create(
            nonconformity=record, lot=lot, quantity=held if is_told else alone
        )


def _narrow(record: Nonconformity, facts: Facts) -> None:
    """Fill the first column of is and is not with what is already told."""
    quantity = record.quantity_suspect
    rows = {
        "what": record.defect,
        "where": facts.where or str(record.machine or record.location),
        "when": facts.when or clock.today().isoformat(),
        "extent": f"{plain(quantity)} {record.get_unit_display()}" if quantity else "",
    }
    IsIsNot.objects.bulk_create(
        [IsIsNot(record_id=record.pk, aspect=aspect, is_so=said) for aspect, said in rows.items()]
    )
