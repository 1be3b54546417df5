"""The list of a record type, and the files it can be taken away in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.records import export, lists
from andon.records.access import signed_in
from andon.records.filters import filter_form
from andon.records.models import Record, SavedFilter
from andon.records.permissions import may, require
from andon.records.registry import kind_of
from andon.records.views.common import actor_of, type_or_404


@signed_in
def record_list(request: HttpRequest, prefix: str) -> HttpResponse:
    """Show the records of one type, narrowed by the query string."""
    model = type_or_404(prefix)
    account = actor_of(request)
    require(account, f"{kind_of(model)}.view")
    rows = lists.narrowed(model, request.GET.dict(), account)
    form = request.GET.get("format", "")
    if form in ("csv", "xlsx", "json"):
        return export.export(model, lists.records_of(model, rows[: export.MOST]), form)
    page = lists.page_of(model, rows, request.GET.get("page", "1"))
    names = lists.columns(model)
    context = {
        "workflow": model.WORKFLOW,
        "prefix": prefix,
        "page": page,
        "headings": [(lists.heading(model, name), name) for name in names],
        "rows": [_row(record, names) for record in page.object_list],
        "numeric": [name for name in names if lists.is_numeric(model, name)],
        "query": request.GET,
        "form": filter_form(model, request.GET.dict()),
        "filters": SavedFilter.objects.filter(account=account, kind=kind_of(model)),
        "may_create": may(account, f"{kind_of(model)}.create"),
        "total": lists.bounded_count(Record.objects.filter(kind=kind_of(model))),
        "most": lists.MOST_COUNTED,
    }
    return render(request, "records/list.html", context)


@signed_in
@require_POST
def save_filter(request: HttpRequest, prefix: str) -> HttpResponse:
    """Keep the present filter under a name of one's own."""
    model = type_or_404(prefix)
    name = request.POST.get("name", "").strip()[:100]
    query = _plain_query(request.POST.get("query", ""))
    if name:
        SavedFilter.objects.update_or_create(
            account=actor_of(request), kind=kind_of(model), name=name, defaults={"query": query}
        )
        messages.success(request, _("The filter is kept as “%(name)s”.") % {"name": name})
    return redirect(f"{reverse('records', args=[prefix])}?{query}")


@signed_in
@require_POST
def drop_filter(request: HttpRequest, prefix: str, key: int) -> HttpResponse:
    """Forget a filter of one's own."""
    get_object_or_404(SavedFilter, account=actor_of(request), pk=key).delete()
    return redirect("records", prefix)


def _plain_query(text: str) -> str:
    """Return a query string in one clean form: no page, no file format, nothing empty."""
    query = QueryDict(text[:2000], mutable=True)
    for name in list(query):
        if name in ("page", "format") or not query[name]:
            del query[name]
    return query.urlencode()[:2000]


def _row(record: Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "record": record,
        "cells": [(name, lists.cell(record, name)) for name in names],
        "is_late": record.is_overdue(),
    }
