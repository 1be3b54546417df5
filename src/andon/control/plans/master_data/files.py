"""The file itself: sheets with rows, read from and written to TOML or XLSX."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastexcel
import tomli_w
import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from andon.control.plans.master_data.cells import is_empty
from andon.control.plans.master_data.headings import Heading
from andon.records.workbooks import Unsafe, check_workbook

_MOST_ROWS = 2_000
"""So many rows of a new workbook offer the words to choose from."""


class Unreadable(Exception):
    """The file as a whole cannot be read; place and message."""

    def __init__(self, place: str, message: str) -> None:
        self.place, self.message = place, message
        super().__init__(f"{place}: {message}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, and where it stands in words."""

    place: str
    cells: dict[str, Any]

    def place_of(self, column: str) -> str:
        """Return where a column of this row stands."""
        return _("%(row)s, column %(column)s") % {"row": self.place, "column": column}


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet to be written: its columns, and its rows."""

    name: str
    headings: Sequence[Heading]
    rows: Sequence[dict[str, Any]]


def read_file(path: Path) -> dict[str, list[Row]]:
    """Return the rows of every sheet of a TOML or XLSX file."""
    if path.suffix.lower() == ".toml":
        return _read_toml(path)
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path)
    raise Unreadable(path.name, _("Give a file that ends in .toml or .xlsx."))


def write_file(path: Path, sheets: Sequence[Written]) -> None:
    """Write sheets to a TOML or XLSX file."""
    if path.suffix.lower() == ".toml":
        path.write_bytes(_toml(sheets))
    elif path.suffix.lower() == ".xlsx":
        _write_xlsx(path, sheets)
    else:
        raise Unreadable(path.name, _("Give a file that ends in .toml or .xlsx."))


def _read_toml(path: Path) -> dict[str, list[Row]]:
    try:
        # Numbers stay texts, so that what was typed is what is read.
        content = tomllib.loads(_bytes(path).decode(), parse_float=str)
    except (ValueError, RecursionError) as error:
        raise Unreadable(path.name, str(error)) from error
    return {sheet: list(_tables(sheet, tables)) for sheet, tables in content.items()}


def _tables(sheet: str, tables: Any) -> Iterator[Row]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise Unreadable(
            sheet, _("Write each entry as a table below [[%(sheet)s]].") % {"sheet": sheet}
        )
    for number, table in enumerate(tables, start=1):
        yield Row(f"[[{sheet}]] {number}", table)


def _read_xlsx(path: Path) -> dict[str, list[Row]]:
    try:
        content = _bytes(path)
        check_workbook(content)
        book = fastexcel.read_excel(content)
        return {name: list(_sheet_rows(book, name)) for name in book.sheet_names}
    except Unsafe as error:
        raise Unreadable(path.name, str(error)) from error
    except (fastexcel.FastExcelError, OSError) as error:
        raise Unreadable(path.name, _("This is not a readable XLSX file.")) from error


def _bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(path.name, str(error)) from error
    if len(content) > settings.MAX_IMPORT_BYTES:
        message = _("The file is larger than %(most)d MB.")
        raise Unreadable(path.name, message % {"most": settings.MAX_IMPORT_BYTES // 2**20})
    return content


def _sheet_rows(book: fastexcel.ExcelReader, name: str) -> Iterator[Row]:
    """Yield the filled rows with their numbers in the spreadsheet; its first is the header."""
    sheet = book.load_sheet(name, dtypes="string", header_row=None).to_polars()
    lines = sheet.rows()
    header = [str(cell or "").strip() for cell in lines[0]] if lines else []
    doubled = sorted({column for column in header if column and header.count(column) > 1})
    if doubled:
        place = _("sheet %(sheet)s, row 1") % {"sheet": name}
        message = _("The column %(names)s occurs twice; name each once.")
        raise Unreadable(place, message % {"names": ", ".join(doubled)})
    for number, line in enumerate(lines[1:], start=2):
        cells = dict(zip(header, line, strict=True))
        if not all(is_empty(cell) for cell in line):
            place = _("sheet %(sheet)s, row %(row)d") % {"sheet": name, "row": number}
            yield Row(place, {column: cell for column, cell in cells.items() if column})


def _toml(sheets: Sequence[Written]) -> bytes:
    head = _("Andon master data. Load it with: andon load FILE")
    how = _("One table below [[its name]] for each entry; columns marked * must be filled:")
    columns = [f"[[{sheet.name}]] {', '.join(map(_marked, sheet.headings))}" for sheet in sheets]
    tables = {
        sheet.name: [
            {column: _toml_value(value) for column, value in row.items()} for row in sheet.rows
        ]
        for sheet in sheets
        if sheet.rows
    }
    lines = "\n".join(f"# {line}" for line in (head, how, *columns))
    return f"{lines}\n\n{tomli_w.dumps(tables)}".encode()


def _marked(heading: Heading) -> str:
    return f"{heading.column}*" if heading.is_needed else heading.column


def _toml_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _write_xlsx(path: Path, sheets: Sequence[Written]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        needed, free = book.add_format({"bold": True}), book.add_format({"italic": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for place, heading in enumerate(sheet.headings):
                page.write_string(0, place, heading.column, needed if heading.is_needed else free)
                page.write_comment(0, place, _note(heading))
                if heading.choices:
                    offered = {"validate": "list", "source": list(heading.choices)}
                    page.data_validation(1, place, _MOST_ROWS, place, offered)
            page.freeze_panes(1, 0)
            for number, row in enumerate(sheet.rows, start=1):
                for place, heading in enumerate(sheet.headings):
                    _write_cell(page, number, place, row.get(heading.column))
            page.autofit()


def _note(heading: Heading) -> str:
    told = {"what": heading.what}
    return (
        _("Must be filled: %(what)s") if heading.is_needed else _("May be empty: %(what)s")
    ) % told


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write numbers as numbers, unless the spreadsheet's 16 digits would lose one."""
    if isinstance(value, bool | int):
        sheet.write(row, column, value)
    elif isinstance(value, float | Decimal) and float(f"{value:.16G}") == float(value):
        sheet.write_number(row, column, float(value))
    elif value is not None:
        sheet.write_string(row, column, _text(value))


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, date | time) else str(value)
