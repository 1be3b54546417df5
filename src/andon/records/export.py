"""Lists as files: CSV, XLSX and JSON, in which no cell can become a formula."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from andon.records.lists import cell, columns, heading
from andon.records.models import Record
from andon.records.rest.record_types import told_json
from andon.records.signatures import signatures_of

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
MOST = 100_000


def export(model: type[Record], rows: Iterable[Any], form: str) -> HttpResponse:
    """Return the rows of a list in the form asked for."""
    names = columns(model)
    if form == "json":
        return _file(json.dumps([told_json(row) for row in rows]).encode(), model, "json")
    lines = [[*(heading(model, name) for name in names), _("Signatures")]]
    lines += [[*(cell(row, name) for name in names), _signed(row)] for row in rows]
    return _file(_csv(lines) if form == "csv" else _xlsx(lines), model, form)


def _signed(record: Record) -> str:
    return "; ".join(str(one) for one in signatures_of(record))


def harmless(text: str) -> str:
    """Return a text that a spreadsheet shows and does not compute."""
    is_safe = not text.startswith(_STARTS) or _NUMBER.fullmatch(text)
    return text if is_safe else f"'{text}"


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([harmless(text) for text in line] for line in lines)
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(lines: Sequence[Sequence[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
    return buffer.getvalue()


_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def _file(content: bytes, model: type[Record], form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPES[form])
    name = f"{model.WORKFLOW.prefix.lower()}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
