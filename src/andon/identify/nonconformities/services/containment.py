"""Contain: which lots are suspect, and where parts are held."""

from decimal import Decimal

from django.utils.translation import gettext as _

from andon.identify.nonconformities.models import ContainmentAnswer, Nonconformity, SuspectLot
from andon.identify.nonconformities.services.checks import check_quantity, refuse_unless_in
from andon.organization.products.models import Lot
from andon.organization.products.services import block_lots
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.services import editing

EARLY = ("draft", "reported", "contained", "under_review")
HELD = ("contained", "under_review", "dispositioned", "executed")


def suspect_lot(
    record: Nonconformity,
    *,
    lot: Lot,
    actor: Account,
    quantity: Decimal | None = None,
    version: int | None = None,
) -> SuspectLot:
    """Name a lot as suspect, or correct its quantity; once contained it is blocked at once."""
    with editing(record, actor=actor, permission="nonconformity.contain", version=version) as fresh:
        refuse_unless_in(fresh, EARLY)
        _check_lot(fresh, lot, quantity)
        row, _created = SuspectLot.objects.update_or_create(
            nonconformity=fresh, lot=lot, defaults={"quantity": quantity}
        )
        if fresh.state in HELD:
            block_lots([lot], actor=actor, reason=fresh.number)
    return row


def answer_place(
    record: Nonconformity,
    *,
    place: str,
    quantity: Decimal,
    actor: Account,
    note: str = "",
    version: int | None = None,
) -> ContainmentAnswer:
    """Say how much is held at a place; zero says that somebody looked and found none."""
    with editing(record, actor=actor, permission="nonconformity.contain", version=version) as fresh:
        refuse_unless_in(fresh, EARLY)
        check_quantity(fresh, quantity, may_be_none=True)
        row, _created = ContainmentAnswer.objects.update_or_create(
            nonconformity=fresh,
            place=_place(place),
            defaults={"quantity": quantity, "note": note.strip()},
        )
    return row


def _place(name: str) -> str:
    if name not in ContainmentAnswer.Place.values:
        message = _("Name one of the places: %(places)s.")
        raise Refused.because(
            message % {"places": ", ".join(ContainmentAnswer.Place.values)}, "place"
        )
    return name


def _check_lot(record: Nonconformity, lot: Lot, quantity: Decimal | None) -> None:
    if quantity is None:
        return
    check_quantity(record, quantity)
    others = record.suspect_lots.exclude(lot=lot).values_list("quantity", flat=True)
    total = quantity + sum((other for other in others if other), Decimal(0))
    if record.quantity_suspect is not None and total > record.quantity_suspect:
        message = _("The lots hold more than is suspect; raise the suspect quantity first.")
        raise Refused.because(message, "quantity")
