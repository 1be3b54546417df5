"""What follows from a step of a nonconformity, whoever takes it and by which door."""

from django.utils.translation import gettext as _

from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.queries import lots_held_elsewhere, seen_before
from andon.organization.products.models import Lot
from andon.organization.products.services import block_lots, release_lots
from andon.records.events import Advanced, Advancing


def keep_earlier_cases(event: Advancing) -> None:
    """Keep with the record which earlier cases were shown when the review began."""
    record = event.record
    if isinstance(record, Nonconformity) and event.transition.name == "review":
        cases = seen_before(record)
        lines = [f"{case.record.number}: {case.what_was_done}" for case in cases]
        record.seen_before = "\n".join(lines) or _("No earlier case of this kind.")


def hold_or_release_lots(event: Advanced) -> None:
    """Block the suspect lots at containment; release them at the end unless held elsewhere."""
    record = event.record
    if not isinstance(record, Nonconformity):
        return
    lots = Lot.objects.filter(suspicions__nonconformity=record)
    reason = f"{record.number}: {record.title}"
    if event.transition.target == "contained":
        block_lots(lots, actor=event.actor, reason=reason)
    elif event.transition.target in ("closed", "cancelled"):
        still_held = lots_held_elsewhere(record).values("pk")
        release_lots(lots.exclude(pk__in=still_held), actor=event.actor, reason=reason)


HANDLERS = ((Advancing, keep_earlier_cases), (Advanced, hold_or_release_lots))
