"""Lists of records: allow-listed filters and orders, bounded counts, rows as texts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.records import clock, filters
from andon.records.models import Account, Record
from andon.records.registry import kind_of
from andon.web.formats import digits_of, fixed

PAGE = 50
_CHUNK = 500
_NUMBERS = (models.DecimalField, models.FloatField, models.IntegerField)
MOST_COUNTED = 10_000
"""Counting ends here, so that a list of a million costs what a short one costs. By a column
without an index as many of the newest are sorted, which are all that can be paged to."""
_INDEXED = frozenset({"id", "due_at"})


def columns(model: type[Record]) -> tuple[str, ...]:
    """Return the columns of a list: number, title, the type's own, state, owner, due."""
    return ("number", "title", *filters.own_fields(model), "state", "owner", "due_at")


def heading(model: type[Record], name: str) -> str:
    """Return a column's name for people."""
    return str(model._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def is_numeric(model: type[Record], name: str) -> bool:
    """Tell whether a column holds numbers, which stand at the right."""
    return isinstance(model._meta.get_field(name), _NUMBERS)


def narrowed(model: type[Record], query: Mapping[str, str], account: Account) -> QuerySet[Record]:
    """Return the rows of the register that match a query string, in the order it asks for.

    The register is asked, not the type's own table: its indexes lead to the first page at once.
    """
    rows = filters.narrowed(Record.objects.filter(kind=kind_of(model)), model, query, account)
    order = _order(model, query.get("sort", ""))
    if order[0].removeprefix("-") not in _INDEXED:
        rows = Record.objects.filter(pk__in=rows.order_by("-id").values("pk")[:MOST_COUNTED])
    return rows.order_by(*order)


def records_of(model: type[Record], rows: QuerySet[Record]) -> Iterator[Any]:
    """Yield the records behind rows of the register, with all they point to, in their order."""
    related = [f.name for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        rows_of = model._default_manager.select_related(*related).prefetch_related("signatures")
        found = rows_of.in_bulk(part)
        yield from (found[key] for key in part if key in found)


def bounded_count(rows: QuerySet[Any]) -> int:
    """Return how many rows there are, or `MOST_COUNTED` when there are more."""
    return rows.order_by()[:MOST_COUNTED].count()


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages through a queryset without counting all of it."""

    @cached_property
    def count(self) -> int:
        """How many rows can be paged to; a longer list wants a filter."""
        rows: Any = self.object_list
        return bounded_count(rows)


def page_of(model: type[Record], rows: QuerySet[Record], number: str) -> Page[Any]:
    """Return one page; a number that makes no sense gives the first or the last."""
    page = BoundedPaginator(rows, PAGE).get_page(number)
    shown: Any = page.object_list
    page.object_list = list(records_of(model, shown))
    return page


def cell(record: Record, name: str) -> str:
    """Return a field's value as people read it."""
    return str(record.current_state.label) if name == "state" else text_of(record, name)


def text_of(row: models.Model, name: str) -> str:
    """Return a value of any row as people read it."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, datetime):
        return date_format(value.astimezone(clock.site_zone()), "j M Y H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    if isinstance(value, Decimal):
        return fixed(value, digits_of(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _order(model: type[Record], asked: str) -> tuple[str, ...]:
    """Return the order asked for when it is a column's, else newest first."""
    name, sign = asked.removeprefix("-"), "-" if asked.startswith("-") else ""
    if name in filters.own_fields(model):
        return (f"{sign}{kind_of(model)}__{name}", "-id")
    return (asked, "-id") if name in (*columns(model), "created_at") else ("-id",)
