"""What any record's page can show about its causes."""

from typing import Any

from django.http import HttpRequest

from andon.analyze.causes.fishbone import fishbone
from andon.analyze.causes.queries import ishikawa, legs_of
from andon.records.models import Record
from andon.records.permissions import may


def causes_context(record: Record, request: HttpRequest) -> dict[str, Any]:
    """Return the legs and the diagram, and what the reader may do about them."""
    bones = ishikawa(record)
    is_open = record.closed_at is None
    return {
        "legs": legs_of(record),
        "branches": sum(len(bone.branches) for bone in bones),
        "fishbone": fishbone(bones, record.title),
        "may_argue": is_open and may(request.user, "causes.propose"),
        "may_verify": is_open and may(request.user, "causes.verify"),
    }
