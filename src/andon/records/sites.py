"""Sites: whoever belongs to one sees its records and those of no site; the one place of this rule.

While a request is answered, every read of records goes through `seen_by_reader`, because the
models' managers ask it: lists, search, counts, exports and interface alike. Inside a service
(`acting`) everything is seen, so that a rule of the organization is never judged on a part of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db.models import Manager, Model, Q, QuerySet
from django.http import HttpRequest

from andon.records.trail.context import acting_name

M = TypeVar("M", bound=Model)
_reading: ContextVar[HttpRequest | None] = ContextVar("andon_reading", default=None)


@contextmanager
def reading(request: HttpRequest) -> Iterator[None]:
    """Answer a request: what is read meanwhile is read for whoever sent it."""
    token = _reading.set(request)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def read_by(account: Any) -> Iterator[None]:
    """Read for an account outside a request, such as for a mail to it."""
    request = HttpRequest()
    request.user = account
    with reading(request):
        yield


def seen_by_reader(rows: QuerySet[M], paths: tuple[str, ...] = ("",)) -> QuerySet[M]:
    """Return the rows that the reader may see; `paths` lead from a row to its records."""
    reader = _reader()
    if reader is None:
        return rows
    if not reader.is_authenticated:
        return rows.none()
    if reader.site_id is None:
        return rows
    for path in paths:
        is_everybodys = Q(**{f"{path}site": None})
        rows = rows.filter(is_everybodys | Q(**{f"{path}site": reader.site_id}))
    return rows


def _reader() -> Any:
    """Return for whom is read; None outside a request and inside a service."""
    request = _reading.get()
    if request is None or acting_name():
        return None
    return getattr(request, "auth", None) or request.user


class SeenByReader(Manager[M]):
    """Finds the records that the reader may see, or what hangs on them.

    A model that is no record names the fields that lead to its records: `seen_with`.
    """

    def get_queryset(self) -> QuerySet[M]:
        """Return the rows that the reader may see."""
        names: tuple[str, ...] = getattr(self.model, "seen_with", ())
        return seen_by_reader(super().get_queryset(), tuple(f"{n}__" for n in names) or ("",))


class OwnSite(Manager[M]):
    """Finds the reader's own site, or all for a reader who belongs to none."""

    def get_queryset(self) -> QuerySet[M]:
        """Return the sites that the reader may name."""
        reader, rows = _reader(), super().get_queryset()
        site = getattr(reader, "site_id", None)
        return rows if site is None else rows.filter(pk=site)
