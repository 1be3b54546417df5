"""Dispose: decide line by line, sign, and say what became of each line."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from andon.identify.nonconformities.costs import cost_of, cost_of_lost
from andon.identify.nonconformities.models import (
    DispositionLine,
    Execution,
    Nonconformity,
    SuspectLot,
)
from andon.identify.nonconformities.quantities import (
    LOSING,
    REENTERING,
    REMOVING,
    balance_of,
    in_pieces,
    plain,
)
from andon.identify.nonconformities.queries import left_in
from andon.identify.nonconformities.services.checks import check_quantity, refuse_unless_in
from andon.identify.nonconformities.services.containment import answer_place
from andon.organization.products.models import Lot
from andon.records import clock
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.services import Signing, advance, editing
from andon.records.trail.context import acting

NONE = Decimal(0)


def contain(
    record: Nonconformity, *, places: Mapping[str, Decimal], actor: Account, is_labelled: bool
) -> Nonconformity:
    """Answer all places at once and contain: the suspect lots are blocked."""
    with acting(actor):
        for place, quantity in places.items():
            answer_place(record, place=place, quantity=quantity, actor=actor)
        return advance(record, "contain", actor=actor, values={"is_labelled": is_labelled})


def add_disposition(
    record: Nonconformity,
    *,
    kind: str,
    quantity: Decimal,
    reason: str,
    actor: Account,
    lot: Lot | None = None,
    authority: str = "",
    is_outside_specification: bool = False,
    concession_number: str = "",
    version: int | None = None,
) -> DispositionLine:
    """Decide on a quantity; its cost is computed now. The line is taken back, never changed."""
    with editing(record, actor=actor, permission="nonconformity.review", version=version) as fresh:
        refuse_unless_in(fresh, ("under_review",))
        line = DispositionLine(
            nonconformity=fresh, kind=kind, lot=lot, quantity=quantity, reason=reason.strip(),
            authority=authority.strip(), is_outside_specification=is_outside_specification,
            concession_number=concession_number.strip(),
            decided_by=actor, decided_at=clock.now(),
        )  # fmt: skip
        _check_line(fresh, line)
        line.cost = cost_of(fresh, kind, quantity, lot)
        line.save(force_insert=True)
    return line


def take_back(
    line: DispositionLine, *, actor: Account, reason: str, version: int | None = None
) -> DispositionLine:
    """Take a line back by a counter-entry; both stay."""
    if not reason.strip():
        raise Refused.because(_("Say why the line is taken back."), "reason")
    record = line.nonconformity
    with editing(
        record, actor=actor, permission="nonconformity.review", version=version, reason=reason
    ) as fresh:
        refuse_unless_in(fresh, ("under_review",))
        _refuse_taken_back(line)
        return DispositionLine.objects.create(
            nonconformity=fresh, kind=line.kind, lot=line.lot, quantity=-line.quantity,
            reason=reason.strip(), cost=None if line.cost is None else -line.cost,
            counter_entry_of=line, decided_by=actor, decided_at=clock.now(),
        )  # fmt: skip


def dispose(record: Nonconformity, *, actor: Account, signing: Signing) -> Nonconformity:
    """Sign the disposition, by the step that this record's lines ask for."""
    steps = {str(record.WORKFLOW.transition(n).meaning): n for n in ("dispose", "dispose_special")}
    return advance(record, steps.get(signing.meaning, "dispose"), actor=actor, signing=signing)


def record_execution(
    line: DispositionLine,
    *,
    actor: Account,
    accepted: Decimal | None = None,
    rejected: Decimal = NONE,
    lost: Decimal = NONE,
    instruction: str = "",
    reinspection: str = "",
    version: int | None = None,
) -> Execution:
    """Say what became of a line; without quantities all of it was treated as decided."""
    record = line.nonconformity
    with editing(record, actor=actor, permission="nonconformity.execute", version=version) as fresh:
        refuse_unless_in(fresh, ("dispositioned",))
        done = Execution(
            line=line, nonconformity=fresh,
            accepted=line.quantity - rejected - lost if accepted is None else accepted,
            rejected=rejected, lost=lost,
            instruction=instruction.strip(), reinspection=reinspection.strip(),
            executed_by=actor, executed_at=clock.now(),
        )  # fmt: skip
        _check_execution(fresh, line, done)
        done.cost = cost_of_lost(fresh, lost, line.lot)
        done.save(force_insert=True)
    return done


def execute(record: Nonconformity, *, actor: Account) -> Nonconformity:
    """Confirm that every line is executed."""
    return advance(record, "execute", actor=actor)


def _check_line(record: Nonconformity, line: DispositionLine) -> None:
    if line.kind not in DispositionLine.Kind.values:
        message = _("Name one of the dispositions: %(kinds)s.")
        raise Refused.because(message % {"kinds": ", ".join(DispositionLine.Kind.values)}, "kind")
    check_quantity(record, line.quantity)
    if not line.reason:
        raise Refused.because(_("Give a reason."), "reason")
    if line.quantity > balance_of(record).open:
        raise Refused.because(_("More is disposed of than is open."), "quantity")
    _check_concession(line)
    _check_lot(record, line)


def _check_concession(line: DispositionLine) -> None:
    is_needed = line.kind == "repair" or (
        line.kind == "use as is" and line.is_outside_specification
    )
    if is_needed and not line.concession_number:
        message = _("Parts that stay nonconforming need a concession; give its number.")
        raise Refused.because(message, "concession_number")


def _check_lot(record: Nonconformity, line: DispositionLine) -> None:
    if line.lot is None:
        return
    if not SuspectLot.objects.filter(nonconformity=record, lot=line.lot).exists():
        raise Refused.because(_("This lot is not among the suspect lots."), "lot")
    Lot.objects.select_for_update().get(pk=line.lot.pk)
    left = left_in(line.lot)
    if line.kind in REMOVING and left is not None and in_pieces(record, line.quantity) > left:
        message = _("The lot holds %(left)s pieces that were not taken out of it yet.")
        raise Refused.because(message % {"left": plain(left)}, "quantity")


def _check_execution(record: Nonconformity, line: DispositionLine, done: Execution) -> None:
    for field in ("accepted", "rejected", "lost"):
        check_quantity(record, getattr(done, field), field, may_be_none=True)
    _refuse_taken_back(line)
    if Execution.objects.filter(line=line).exists():
        raise Refused.because(_("What became of this line was told before."), "line")
    if done.accepted + done.rejected + done.lost != line.quantity:
        message = _("Accepted, rejected and lost must sum up to %(quantity)s.")
        raise Refused.because(message % {"quantity": plain(line.quantity)}, "accepted")
    if done.rejected and line.kind not in REENTERING:
        raise Refused.because(_("Only sorting, rework and repair reject parts."), "rejected")
    if done.lost and line.kind not in LOSING:
        raise Refused.because(_("Only rework and repair lose parts."), "lost")
    if line.kind in LOSING and not (done.instruction and done.reinspection):
        message = _("Name the instruction that was followed and the result of the reinspection.")
        raise Refused.because(message, "instruction")


def _refuse_taken_back(line: DispositionLine) -> None:
    if line.counter_entry_of_id or DispositionLine.objects.filter(counter_entry_of=line).exists():
        raise Refused.because(_("This line was taken back."), "line")
