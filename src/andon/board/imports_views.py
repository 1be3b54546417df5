"""Pages for pasted cells and files: read, map the columns, take in, and tell every reason."""

import csv
import re
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from andon.board import uploads
from andon.identify.measurements.files import ColumnMap, Table, of_text, read_table
from andon.identify.measurements.imports import import_table, remembered
from andon.identify.measurements.submission import KNOWN, Outcome
from andon.records.access import needs
from andon.records.errors import Refused
from andon.records.views.common import actor_of

_SHOWN = 20
_MOST_REPORTED = 200
_EXAMPLE = "\t".join(("characteristic", "machine", "value", "lot", "measured_at"))
_FORMULA = re.compile(r"^[=+\-@\t\r]")
"""What a spreadsheet would take for a formula."""


@needs("measurements.import")
def give(request: HttpRequest) -> HttpResponse:
    """Take pasted cells or a file, and go on to its columns."""
    if request.method != "POST":
        return render(request, "board/import.html", {"example": _EXAMPLE})
    text, file = request.POST.get("text", ""), request.FILES.get("file")
    try:
        table, name = _read(text, file)
    except Refused as error:
        context = {"text": text, "refusals": error.refusals, "example": _EXAMPLE}
        return render(request, "board/import.html", context, status=422)
    return redirect("import_mapping", key=uploads.keep_table(table, name, actor=actor_of(request)))


@needs("measurements.import")
def map_columns(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show which column is which and what would become of each record; take it in on request."""
    actor = actor_of(request)
    kept = uploads.kept_table(key, actor=actor)
    if kept is None:
        if uploads.kept_outcome(key, actor=actor):
            return redirect("import_outcome", key=key)
        raise Http404(_("This upload is not kept any more; give it again."))
    name, table = kept
    is_sent = request.method == "POST"
    if is_sent and "forget" in request.POST:
        uploads.forget(key, actor=actor)
        return redirect("import_results")
    mapping = _mapping_of(request, table) if is_sent else remembered(table, actor)
    takes_in = is_sent and "take" in request.POST
    found = _tried(request, table, mapping, is_dry=not takes_in)
    if takes_in and not found.refused:
        uploads.keep_outcome(key, name, found, actor=actor)
        return redirect("import_outcome", key=key)
    context = {
        "key": key, "name": name, "found": found, "columns": _columns(table, mapping),
        "constants": _constants(table, mapping), "preview": _preview(table, found),
        "header": [mapping.columns.get(one, one) for one in table.header], "shown": _SHOWN,
        "fresh": found.stored - found.repeated, "count": len(found.reported),
        "is_remembered": not is_sent and bool(mapping.columns or mapping.constants),
    }  # fmt: skip
    return render(request, "board/import_mapping.html", context, status=422 if takes_in else 200)


@needs("measurements.import")
def outcome(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tell what became of every record that was taken in."""
    told = _outcome_or_404(request, key)
    context = {
        "told": told, "key": key, "fresh": told["stored"] - told["repeated"],
        "count": len(told["reported"]), "reported": told["reported"][:_MOST_REPORTED],
    }  # fmt: skip
    return render(request, "board/import_outcome.html", context)


@needs("measurements.import")
def reported(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the records that were not stored as CSV, with column and reason."""
    told = _outcome_or_404(request, key)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["record", "column", "reason"])
    for one in told["reported"]:
        writer.writerow([one["record"], _harmless(one["column"]), _harmless(one["reason"])])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="reported.csv"'
    return response


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file with the one of Andon's it stands for."""

    field: str
    name: str
    sample: str
    chosen: str
    choices: tuple[str, ...] = KNOWN


def _read(text: str, file: Any) -> tuple[Table, str]:
    """Return the table and its name; a chosen file goes before what stands in the box."""
    if file is not None:
        return read_table(file.read(), file.name), str(file.name)
    if not text.strip():
        raise Refused.because(_("Paste cells, or choose a file."), "text")
    return of_text(text), _("pasted cells")


def _tried(request: HttpRequest, table: Table, mapping: ColumnMap, *, is_dry: bool) -> Outcome:
    try:
        return import_table(table, actor=actor_of(request), mapping=mapping, is_dry=is_dry)
    except Refused as error:
        return Outcome(records=len(table.records), stored=0, refused=str(error))


def _mapping_of(request: HttpRequest, table: Table) -> ColumnMap:
    """Return the mapping that the form states; only known columns count."""
    columns = {}
    for place, name in enumerate(table.header):
        chosen = request.POST.get(f"column-{place}", "")
        if chosen in KNOWN and chosen != name:
            columns[name] = chosen
    constants = {
        name: text
        for name in KNOWN
        if (text := request.POST.get(f"constant-{name}", "").strip())
        and name not in {columns.get(one, one) for one in table.header}
    }
    return ColumnMap(columns, constants)


def _columns(table: Table, mapping: ColumnMap) -> list[Column]:
    first = table.records[0]
    return [
        Column(
            f"column-{place}", name, first[place] if place < len(first) else "",
            mapping.columns.get(name, name if name in KNOWN else ""),
        )
        for place, name in enumerate(table.header)
    ]  # fmt: skip


def _constants(table: Table, mapping: ColumnMap) -> list[tuple[str, str]]:
    """Return the columns the file does not have, with the constant given for each."""
    present = {mapping.columns.get(name, name) for name in table.header}
    return [(name, mapping.constants.get(name, "")) for name in KNOWN if name not in present]


def _preview(table: Table, found: Outcome) -> list[dict[str, Any]]:
    reasons: dict[int, list[str]] = {}
    for one in found.reported:
        if one.record <= _SHOWN:
            reasons.setdefault(one.record, []).append(
                f"{one.column}: {one.reason}" if one.column else one.reason
            )
    return [
        {"record": place, "cells": cells, "reasons": reasons.get(place, [])}
        for place, cells in enumerate(table.records[:_SHOWN], start=1)
    ]


def _outcome_or_404(request: HttpRequest, key: UUID) -> dict[str, Any]:
    told = uploads.kept_outcome(key, actor=actor_of(request))
    if told is None:
        raise Http404(_("This outcome is not kept any more."))
    return told


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
