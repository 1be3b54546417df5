"""Builders of tables that real people and unkind people send: texts and workbooks."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

HEADER = ("characteristic", "machine", "value", "unit", "measured_at")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


def row(value: str = "0.7388", **others: str) -> list[str]:
    """Return one record under `HEADER`, changed where a case says so."""
    told = dict(zip(HEADER, ("PD", "L3", value, "mm", "2025-03-13 07:15"), strict=True))
    return list({**told, **others}.values())


def text(*rows: Sequence[str], mark: str = ",", header: Sequence[str] = HEADER) -> str:
    """Return delimited text as it is typed: nothing is quoted."""
    return "\n".join(mark.join(line) for line in (header, *rows)) + "\n"


def csv(*rows: Sequence[str], mark: str = ",", header: Sequence[str] = HEADER) -> bytes:
    """Return delimited text as UTF-8."""
    return text(*rows, mark=mark, header=header).encode()


def value(typed: str, mark: str = ";") -> bytes:
    """Return a file of one record with this value."""
    return csv(row(typed), mark=mark)


def with_columns(**others: str) -> bytes:
    """Return a file of one record with further or other columns."""
    told = dict(zip(HEADER, row(), strict=True)) | others
    return csv(list(told.values()), mark=";", header=list(told))


def book(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    """Return a workbook; `fill` writes below the header of its first sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        fill(workbook, sheet)
    return buffer.getvalue()


def book_of(*rows: Sequence[Any], **options: Any) -> bytes:
    """Return a workbook with these rows."""

    def fill(_workbook: Any, sheet: Any) -> None:
        for place, line in enumerate(rows, start=1):
            sheet.write_row(place, 0, line)

    return book(fill, **options)


def raw_book(
    sheet: str, *, before: str = "", more: dict[str, bytes] | None = None, packed: int = 8
) -> bytes:
    """Return a workbook whose only sheet is this XML; `more` are further parts."""
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'{_XML}{before}<worksheet xmlns="{_MAIN}"><sheetData>'
        f"{sheet}</sheetData></worksheet>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=packed) as archive:
        for name, content in {**parts, **(more or {})}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def cells(*lines: Sequence[str]) -> str:
    """Return rows of a sheet's XML with texts in the cells."""
    told = ""
    for number, line in enumerate(lines, start=1):
        inner = "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{one}</t></is></c>'
            for place, one in enumerate(line)
        )
        told += f'<row r="{number}">{inner}</row>'
    return told
