"""Lists of records: allow-listed filters and orders, saved filters, rows as texts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.records import clock, search
from andon.records.models import Account, Record

PAGE = 50
_COMMON = ("number", "title", "state", "owner", "due_at", "created_at")


def columns(model: type[Record]) -> tuple[str, ...]:
    """Return the columns of a list: number, title, the type's own, state, owner, due."""
    own = tuple(name for name in model.WORKFLOW.list_fields if name not in _COMMON)
    return ("number", "title", *own, "state", "owner", "due_at")


def heading(model: type[Record], name: str) -> str:
    """Return a column's name for people."""
    return str(model._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def narrowed(model: type[Record], query: Mapping[str, str], account: Account) -> QuerySet[Any]:
    """Return the records that match a query string; unknown names are left alone."""
    related = [f.name for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    rows = model._default_manager.select_related(*related)
    if query.get("state") in {state.name for state in model.WORKFLOW.states}:
        rows = rows.filter(state=query["state"])
    if query.get("open") == "yes":
        rows = rows.filter(closed_at=None)
    if query.get("owner") == "me":
        rows = rows.filter(owner=account)
    if query.get("overdue") == "yes":
        rows = rows.filter(closed_at=None, due_at__lt=clock.now())
    if query.get("q", "").strip():
        rows = rows.filter(pk__in=search.find(query["q"]).values("pk"))
    return rows.order_by(*_order(model, query.get("sort", "")))


def page_of(rows: QuerySet[Any], number: str) -> Page[Any]:
    """Return one page; a number that makes no sense gives the first or the last."""
    return Paginator(rows, PAGE).get_page(number)


def cell(record: Record, name: str) -> str:
    """Return a field's value as people read it."""
    if name == "state":
        return str(record.current_state.label)
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if isinstance(value, datetime):
        return date_format(value.astimezone(clock.site_zone()), "j M Y H:i")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _order(model: type[Record], asked: str) -> tuple[str, ...]:
    """Return the order asked for when it is a column's, else newest first."""
    name = asked.removeprefix("-")
    return (asked, "-id") if name in (*columns(model), "created_at") else ("-id",)
