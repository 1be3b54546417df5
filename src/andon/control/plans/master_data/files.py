"""The file itself: sheets with rows, read from and written to TOML or XLSX."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
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
from andon.records.workbooks import Unsafe, check_workbook

Content = Mapping[str, Sequence[Mapping[str, Any]]]


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


def read_file(path: Path) -> dict[str, list[Row]]:
    """Return the rows of every sheet of a TOML or XLSX file."""
    if path.suffix.lower() == ".toml":
        return _read_toml(path)
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path)
    raise Unreadable(path.name, _("Give a file that ends in .toml or .xlsx."))


def write_file(path: Path, content: Content) -> None:
    """Write sheets to a TOML or XLSX file."""
    if path.suffix.lower() == ".toml":
        path.write_bytes(_toml(content))
    elif path.suffix.lower() == ".xlsx":
        _write_xlsx(path, content)
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


def _toml(content: Content) -> bytes:
    head = _("Andon master data. Load it with: andon load FILE")
    tables = {
        sheet: [{column: _toml_value(value) for column, value in row.items()} for row in rows]
        for sheet, rows in content.items()
    }
    return f"# {head}\n\n{tomli_w.dumps(tables)}".encode()


def _toml_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _write_xlsx(path: Path, content: Content) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        bold = book.add_format({"bold": True})
        for name, rows in content.items():
            sheet = book.add_worksheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            sheet.write_row(0, 0, columns, bold)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    _write_cell(sheet, number, place, row.get(column))
            sheet.autofit()


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
