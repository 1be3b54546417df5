"""Reviewing a record's trail: reading it is itself kept (EU GMP Annex 11, 9)."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.errors import Refused
from andon.records.models.account import Account
from andon.records.models.entry import Entry
from andon.records.models.evidence import TrailReview
from andon.records.models.record import Record
from andon.records.permissions import require
from andon.records.trail.context import acting

MOST_NOTE = 500


def review_trail(record: Record, *, note: str, actor: Account) -> TrailReview:
    """Keep that somebody read the trail up to its present end, and what was seen."""
    require(actor, "records.verify")
    if not note.strip():
        raise Refused.because(_("Write what was seen."), "note")
    if len(note) > MOST_NOTE:
        many = {"n": MOST_NOTE}
        raise Refused.because(_("A note has at most %(n)d characters.") % many, "note")
    with acting(actor):
        head = Entry.objects.filter(chain=f"record:{record.pk}").order_by("-sequence")[0]
        return TrailReview.objects.create(
            record_id=record.pk, reviewed_until=head.sequence, head=head.digest,
            note=note.strip(), account=actor, reviewed_at=clock.now(),
        )  # fmt: skip


def unreviewed(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Return the records that were changed after their trail was reviewed, or never was.

    A record's version rises with each change of it and of its lines; reviews tell the instant.
    """
    later = TrailReview.objects.filter(
        record=OuterRef("pk"), reviewed_at__gte=OuterRef("state_since")
    )
    return rows.exclude(Exists(later))
