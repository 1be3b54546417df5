"""Narrow a problem down: is and is not, in four rows, on any record."""

from andon.identify.nonconformities.models import IsIsNot
from andon.records.models import Account, Record
from andon.records.registry import kind_of
from andon.records.services import editing


def narrow_down(
    record: Record,
    *,
    aspect: str,
    actor: Account,
    is_so: str,
    is_not: str = "",
    distinction: str = "",
    change: str = "",
    version: int | None = None,
) -> IsIsNot:
    """State one row: what it is, what it could be but is not, how they differ, what changed."""
    permission = f"{kind_of(type(record))}.change"
    with editing(record, actor=actor, permission=permission, version=version):
        row, _created = IsIsNot.objects.update_or_create(
            record_id=record.pk,
            aspect=IsIsNot.Aspect(aspect),
            defaults={
                "is_so": is_so.strip(),
                "is_not": is_not.strip(),
                "distinction": distinction.strip(),
                "change": change.strip(),
            },
        )
    return row
