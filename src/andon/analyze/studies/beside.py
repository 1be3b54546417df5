"""The card of evidence that the page of any record shows."""

from django.http import HttpRequest

from andon.analyze.studies.models import Evidence
from andon.records.cards import Card
from andon.records.models import Record
from andon.records.permissions import may


def card(record: Record, request: HttpRequest) -> Card | None:
    """Return the evidence kept on a record; nothing where there is none and none may be added."""
    if not may(request.user, "evidence.view"):
        return None
    kept = list(Evidence.objects.filter(record_id=record.pk).select_related("saved_by"))
    may_save = record.closed_at is None and may(request.user, "evidence.save")
    if not kept and not may_save:
        return None
    return Card("studies/evidence_card.html", {"kept": kept, "may_save": may_save})
