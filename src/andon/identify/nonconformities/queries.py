"""Named reads of nonconformities: seen before, what a lot still holds, what the rule proposes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from andon.identify.nonconformities.costs import CENT
from andon.identify.nonconformities.models import DispositionLine, Nonconformity
from andon.identify.nonconformities.quantities import REMOVING, in_pieces, plain
from andon.organization.products.models import Lot
from andon.records import clock

REPEATS = 3
REPEAT_WINDOW = timedelta(days=90)
COSTLY = Decimal(500)
"""Thresholds of the proposal to act (DOMAIN 3.1)."""


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A similar nonconformity and what was done about it."""

    record: Nonconformity
    what_was_done: str


def similar_to(record: Nonconformity) -> QuerySet[Nonconformity]:
    """Return earlier ones of the same characteristic or defect, at the machine or in the family."""
    same = Q(characteristic=record.characteristic) if record.characteristic_id else Q()
    if record.defect:
        same |= Q(defect__iexact=record.defect)
    place = Q(machine=record.machine) if record.machine_id else Q()
    family = record.product.family if record.product else ""
    if family:
        place |= Q(product__family=family)
    if not same:
        return Nonconformity.objects.none()
    others = Nonconformity.objects.filter(same & place, pk__lt=record.pk)
    return others.exclude(state="cancelled").exclude(parts=record).order_by("-pk")


def seen_before(record: Nonconformity, most: int = 5) -> list[EarlierCase]:
    """Return the newest similar cases, each with what was done in words."""
    found = similar_to(record).select_related("machine").prefetch_related("dispositions")
    return [EarlierCase(other, ", ".join(_done(other))) for other in found[:most]]


def left_in(lot: Lot) -> Decimal | None:
    """Return the pieces of a lot that no disposition has taken out; None when never counted."""
    if lot.quantity is None:
        return None
    lines = DispositionLine.objects.filter(lot=lot, kind__in=REMOVING).exclude(
        nonconformity__state="cancelled"
    )
    taken = (in_pieces(line.nonconformity, line.quantity) for line in lines)
    return lot.quantity - sum(taken, Decimal(0))


def cost_of_record(record: Nonconformity) -> Decimal:
    """Return what a nonconformity has cost so far: its dispositions and what rework lost."""
    lines = record.dispositions.aggregate(sum=Sum("cost"))["sum"] or Decimal(0)
    done = record.executions.filter(line__counter_entry__isnull=True)
    lost = done.aggregate(sum=Sum("cost"))["sum"] or Decimal(0)
    return (Decimal(lines) + lost).quantize(CENT)


def reasons_for_action(record: Nonconformity) -> list[str]:
    """Return why the rule proposes a corrective action; empty when it does not."""
    return list(_reasons(record))


def lots_held_elsewhere(record: Nonconformity) -> QuerySet[Lot]:
    """Return the suspect lots of this record that another contained nonconformity holds too."""
    held = ("contained", "under_review", "dispositioned", "executed")
    others = Nonconformity.objects.filter(state__in=held).exclude(pk=record.pk)
    mine = Lot.objects.filter(suspicions__nonconformity=record)
    return mine.filter(suspicions__nonconformity__in=others).distinct()


def _reasons(record: Nonconformity) -> Iterator[str]:
    if record.severity == "critical":
        yield _("It is critical.")
    since = clock.now() - REPEAT_WINDOW
    same = Q(characteristic=record.characteristic) if record.characteristic_id else Q(
        defect__iexact=record.defect
    )  # fmt: skip
    recent = Nonconformity.objects.filter(same, created_at__gte=since).exclude(state="cancelled")
    count = recent.count()
    if count >= REPEATS and (record.characteristic_id or record.defect):
        yield _("It is number %(count)d of the same kind in 90 days.") % {"count": count}
    cost = cost_of_record(record)
    if cost > COSTLY:
        yield _("It costs EUR %(cost)s so far.") % {"cost": plain(cost)}
    if record.is_customer_affected:
        yield _("A customer is affected.")


def _done(record: Nonconformity) -> Iterator[str]:
    for line in record.dispositions.all():
        if line.quantity > 0:
            yield f"{line.get_kind_display()} {plain(line.quantity)}"
    actions = record.links_in.filter(kind="acts on").select_related("source")
    yield from (f"{arrow.source.number}: {arrow.source.title}" for arrow in actions)
