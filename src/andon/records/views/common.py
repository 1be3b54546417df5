"""What the pages of records share: finding the type and the record, or answering 404."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from andon.records.models import Account, Record
from andon.records.permissions import require
from andon.records.registry import kind_of, type_of_prefix

MOST_DIGITS = 10


def actor_of(request: HttpRequest) -> Account:
    """Return the signed-in account; the gate has let nobody else through."""
    user = request.user
    assert isinstance(user, Account)
    return user


def version_of(request: HttpRequest) -> int | None:
    """Return the version that the sender of a form had read; None where the form kept none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None


def type_or_404(prefix: str) -> type[Record]:
    """Return the record type of an address."""
    try:
        return type_of_prefix(prefix)
    except KeyError as error:
        raise Http404(_("There is no such kind of record.")) from error


def record_or_404(request: HttpRequest, prefix: str, number: str, verb: str = "view") -> Any:
    """Return the record of an address, for one who may see (or change) it."""
    model = type_or_404(prefix)
    require(actor_of(request), f"{kind_of(model)}.{verb}")
    record = model._default_manager.filter(number=number.upper()).first()
    if record is None:
        raise Http404(_("There is no record %(number)s.") % {"number": number})
    return record
