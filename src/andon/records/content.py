"""A record's content in canonical form: what is signed, compared, exported and replayed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from andon.records.models.record import Record
from andon.records.trail.canonical import content_digest

# The kernel's own marks: they change by signing and moving, not by editing the content.
_MARKS = frozenset({"state", "state_since", "due_at", "closed_at", "version", "cycle", "owner"})


def content_of(record: Record) -> dict[str, Any]:
    """Return the fields of a record with its lines, as plain values."""
    content = {
        field.name: plain(field.value_from_object(record))
        for field in record._meta.concrete_fields
        if field.name not in _MARKS and not field.name.endswith("_ptr")
    }
    for name in getattr(record, "content_lines", ()):
        content[name] = [_row(line) for line in getattr(record, name).order_by("pk")]
    return content


def digest_of(record: Record) -> str:
    """Return the digest that a signature binds to."""
    return content_digest(content_of(record))


def plain(value: Any) -> Any:
    """Return a value as JSON can carry it without loss."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _row(line: models.Model) -> dict[str, Any]:
    fields = line._meta.concrete_fields
    return {field.name: plain(field.value_from_object(line)) for field in fields}
