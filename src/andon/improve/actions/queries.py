"""Named reads of corrective actions: recurrences, what was changed for good, what a page tells."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from andon.identify.nonconformities.models import Nonconformity
from andon.improve.actions.models import CorrectiveAction
from andon.records import clock

RECURRENCE_WINDOW = timedelta(days=365)


def recurred_actions(record: Nonconformity) -> QuerySet[CorrectiveAction]:
    """Return the actions closed in the last 12 months that were to prevent this nonconformity.

    Same defect, same part family, and the same cause as far as it shows: the same machine.
    """
    closed = CorrectiveAction.objects.filter(
        state="closed", closed_at__gte=clock.now() - RECURRENCE_WINDOW
    )
    same = Q(pk__in=[])
    if record.characteristic_id:
        same |= Q(characteristic=record.characteristic)
    if record.defect:
        same |= Q(defect__iexact=record.defect)
    family = record.product.family if record.product else ""
    return closed.filter(
        same, Q(family=family), Q(machine=None) | Q(machine=record.machine)
    ).order_by("pk")


def changed_for_good(record: CorrectiveAction) -> list[str]:
    """Return what the action left behind in this cycle: standards and read-across, in words."""
    updated = record.updates.filter(cycle=record.cycle, is_updated=True)
    across = record.read_across.filter(cycle=record.cycle).exclude(answer="")
    return [*(str(answer) for answer in updated), *(str(line) for line in across)]
