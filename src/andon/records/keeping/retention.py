"""How long records are kept, and destroying one whose time is over: by two people, with a stub.

What stays is the entry that says which record it was, who destroyed it and why, and the digests of
all its entries, so that the chain and the anchors still verify.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.attachments import path_of
from andon.records.errors import Conflict, Refused
from andon.records.models import Account, Attachment, Entry, Link, Purge, Record, RetentionPeriod
from andon.records.permissions import require
from andon.records.registry import own_type, record_types
from andon.records.trail.context import acting

MEASUREMENTS = "measurements"
"""What is kept by whole months beside the types of record: for years after it was measured."""


def keep_for(kind: str, *, years: int, basis: str, actor: Account) -> RetentionPeriod:
    """Say for how many years a type of record, or measurements, are kept, and what asks for it."""
    require(actor, "records.retain")
    kinds = {*record_types(), MEASUREMENTS}
    if kind not in kinds:
        known = ", ".join(sorted(kinds))
        raise Refused.because(_("A type is one of: %(known)s.") % {"known": known}, "kind")
    if years < 1 or not basis.strip():
        raise Refused.because(_("Give whole years, one at least, and the basis."), "years")
    with acting(actor, reason=basis):
        period, _is_new = RetentionPeriod.objects.update_or_create(
            kind=kind, defaults={"years": years, "basis": basis.strip()}
        )
    return period


def kept_until(record: Record) -> datetime | None:
    """Return until when a record is kept; None for one that is open or whose type has no period."""
    period = RetentionPeriod.objects.filter(kind=record.kind).first()
    if period is None or record.closed_at is None:
        return None
    closed = record.closed_at
    year = closed.year + period.years
    is_leap_day = (closed.month, closed.day) == (2, 29)
    return closed.replace(year=year, month=3, day=1) if is_leap_day else closed.replace(year=year)


def request_purge(record: Record, *, reason: str, actor: Account) -> Purge:
    """Ask that a record whose time is over be destroyed; somebody else has to do it."""
    require(actor, "records.retain")
    closed_at = _refuse_kept(record)
    if not reason.strip():
        raise Refused.because(_("Give a reason."), "reason")
    if Purge.objects.filter(record_key=record.pk).exists():
        raise Refused.because(_("This was asked for already: another person does it."))
    with acting(actor, reason=reason):
        return Purge.objects.create(
            record_key=record.pk, number=record.number, kind=record.kind, reason=reason.strip(),
            closed_at=closed_at, requested_by=actor, requested_at=clock.now(),
        )  # fmt: skip


def purge(number: str, *, actor: Account) -> Purge:
    """Destroy a record as the second person: its rows, its files, and what its entries told.

    Raises:
        Refused: nobody asked for it, or the same person did, or its time is not over.
        Conflict: something that stays points to it.
    """
    require(actor, "records.retain")
    wanted = Purge.objects.filter(number=number, approved_by=None).first()
    record = Record.objects.filter(number=number).first()
    if wanted is None or record is None:
        raise Refused.because(_("Nobody asked that %(number)s be destroyed.") % {"number": number})
    if wanted.requested_by_id == actor.pk:
        raise Refused.because(_("Somebody else must destroy it: not who asked for it."))
    _refuse_kept(record)
    files = set(record.attachments.values_list("sha256", flat=True))
    with acting(actor, reason=wanted.reason):
        wanted.approved_by, wanted.approved_at = actor, clock.now()
        wanted.save()
        _remove(record)
        last = Entry.objects.filter(chain=_chain(record.pk)).order_by("-sequence")[0]
        wanted.purged_until = last.sequence
        wanted.save()
        told = Entry.objects.filter(chain=_chain(wanted.record_key), sequence__lte=last.sequence)
        told.update(old="", new="")
    _remove_files(files)
    return wanted


def _chain(key: int) -> str:
    return f"record:{key}"


def _refuse_kept(record: Record) -> datetime:
    """Return when a record was closed whose time is over."""
    until, closed_at = kept_until(record), record.closed_at
    if until is None or closed_at is None:
        raise Refused.because(_("It is open, or its type has no retention period."))
    if clock.now() < until:
        raise Refused.because(_("It is kept until %(day)s.") % {"day": f"{until:%Y-%m-%d}"})
    return closed_at


def _remove(record: Record) -> None:
    """Delete what hangs on a record before the record itself."""
    key, own = record.pk, own_type(record)
    for link in Link.objects.filter(target_id=key):
        link.delete()
    try:
        for model, keys in reversed(list(_hanging(own))):
            places = ", ".join(["%s"] * len(keys))
            column = model._meta.pk.column
            with connection.cursor() as cursor:
                # nosemgrep: sql-made-of-text - names of tables are the code's own
                cursor.execute(
                    f'DELETE FROM "{model._meta.db_table}" WHERE "{column}" IN ({places})',  # noqa: S608
                    list(keys),
                )
    except DatabaseError as error:
        text = _("%(number)s cannot be destroyed: something that stays points to it.")
        raise Conflict(text % {"number": record.number}) from error
    record.pk = key


def _hanging(record: Record) -> Iterator[tuple[Any, list[Any]]]:
    """Yield tables and keys of all that belongs to a record, each after what it points to."""
    register: Any = Record
    waiting: list[tuple[Any, list[Any]]] = [(register, [record.pk]), (type(record), [record.pk])]
    while waiting:
        model, keys = waiting.pop(0)
        yield model, keys
        for other, column in _pointing_to(model):
            found = other._base_manager.filter(**{f"{column}__in": keys}).values_list(
                "pk", flat=True
            )
            if found:
                _refuse_other_record(other, list(found), record)
                waiting.append((other, list(found)))


def _pointing_to(model: Any) -> Iterator[tuple[Any, str]]:
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.local_concrete_fields:
            is_parent = isinstance(field, models.OneToOneField) and field.remote_field.parent_link
            if field.is_relation and field.related_model is model and not is_parent:
                yield other, field.name


def _refuse_other_record(other: Any, keys: list[Any], record: Record) -> None:
    if issubclass(other, Record):
        numbers = Record.objects.filter(pk__in=keys).values_list("number", flat=True)
        text = _("%(number)s cannot be destroyed: %(others)s points to it.")
        raise Conflict(text % {"number": record.number, "others": ", ".join(numbers)})


def _remove_files(digests: set[str]) -> None:
    """Remove the files that no other record has."""
    for sha256 in digests:
        if not Attachment.objects.filter(sha256=sha256).exists():
            path_of(sha256).unlink(missing_ok=True)
