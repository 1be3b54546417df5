"""Reading tables of texts from CSV, XLSX and pasted cells; nothing is interpreted here."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import fastexcel
from django.conf import settings
from django.utils.translation import gettext as _

from andon.identify.measurements.submission import KNOWN, Reported
from andon.records.errors import Refused
from andon.records.workbooks import Unsafe, check_extent, check_workbook

_DELIMITERS = ",;\t|"
_AMBIGUOUS = re.compile(r"\s*[+-]?[1-9][0-9]{0,2},[0-9]{3}\s*")
"""One thousand and more, or one and a part? Only the writer of the file knows."""


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the records of a file, all as texts."""

    header: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    has_decimal_commas: bool = True
    """A comma in a number can be a decimal one only, as where semicolons are between cells."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column of a file is which of Andon's, and what holds for every record."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


def read_table(content: bytes, name: str) -> Table:
    """Return the table of a file; `Refused` says why it cannot be read at all."""
    if len(content) > settings.MAX_IMPORT_BYTES:
        message = _("The file is larger than %(most)d MB; split it.")
        most = settings.MAX_IMPORT_BYTES // 2**20
        raise Refused.because(message % {"most": most}, "file")
    if not content.strip():
        raise Refused.because(_("The file is empty."), "file")
    is_workbook = content[:4] == b"PK\x03\x04" or name.lower().endswith((".xlsx", ".xls"))
    return _of_workbook(content) if is_workbook else of_text(_decoded(content))


def of_text(text: str) -> Table:
    """Return the table of delimited text: a CSV file, or cells pasted from a spreadsheet."""
    if "\x00" in text:
        raise Refused.because(_("This is not a text file: it contains NUL characters."), "file")
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        message = _("Line %(line)d cannot be read: %(why)s.")
        raise Refused.because(message % {"line": reader.line_num, "why": error}, "file") from error
    return _table(lines, has_decimal_commas=delimiter != ",")


def mapped(table: Table, mapping: ColumnMap) -> tuple[list[dict[str, str]], list[Reported]]:
    """Return the records under Andon's column names, and those whose cells do not fit the header.

    The place of a record in the list is its place in the file; a ragged one is empty there.
    """
    names = [mapping.columns.get(name, name) for name in table.header]
    _refuse_doubled(names)
    width, rows, ragged = len(names), [], []
    for place, record in enumerate(table.records, start=1):
        if len(record) != width:
            message = _("This record has %(given)d cells and the header %(wanted)d.")
            text = message % {"given": len(record), "wanted": width}
            ragged.append(Reported(place, "", text))
        row = {**mapping.constants, **dict(zip(names, record, strict=False))}
        if len(record) == width and not table.has_decimal_commas:
            ragged.extend(_ambiguous(place, row))
        rows.append(row)
    return rows, ragged


def _ambiguous(place: int, row: Mapping[str, str]) -> Iterator[Reported]:
    """Yield a report when the value may have a decimal comma or a separator of thousands."""
    if _AMBIGUOUS.fullmatch(row.get("value", "")):
        message = _("“%(text)s” may be thousands or a decimal comma; write it with a point.")
        yield Reported(place, "value", message % {"text": row["value"].strip()})


def normalised(name: str) -> str:
    """Return a header as a column name: `Measured at` is `measured_at`."""
    plain = unicodedata.normalize("NFC", name).strip().strip("\ufeff")
    folded = "_".join(plain.lower().split())
    return folded if folded in KNOWN else plain


def missing_columns(header: Iterable[str], mapping: ColumnMap) -> list[str]:
    """Return the columns without which no record can be read."""
    present = {mapping.columns.get(name, name) for name in header} | set(mapping.constants)
    return [name for name in ("characteristic", "machine", "value") if name not in present]


def _decoded(content: bytes) -> str:
    for encoding in (
        ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Refused.because(
            _("Save the file as UTF-8; its encoding is not known."), "file"
        ) from error


def _of_workbook(content: bytes) -> Table:
    """Read the first visible sheet with every cell as text, so that no cell is silently lost."""
    try:
        check_workbook(content)
        frame = _first_visible(fastexcel.read_excel(content)).to_polars()
    except Exception as error:  # the reader's errors share no base class
        raise Refused.because(
            _("The workbook cannot be read: %(why)s") % {"why": error}, "file"
        ) from error
    lines = [["" if cell is None else str(cell) for cell in row] for row in frame.iter_rows()]
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    return _table(filled, has_decimal_commas=False)


def _first_visible(workbook: fastexcel.ExcelReader) -> fastexcel.ExcelSheet:
    for name in workbook.sheet_names:
        sheet = workbook.load_sheet(name, header_row=None, dtypes="string")
        if sheet.visible == "visible":
            return sheet
    raise Refused.because(_("The workbook has no visible sheet."), "file")


def _table(lines: Sequence[Sequence[str]], *, has_decimal_commas: bool) -> Table:
    if len(lines) < 2:
        raise Refused.because(_("There is a header but no record, or nothing at all."), "file")
    try:
        check_extent(len(lines), max(map(len, lines)), place=_("The table"))
    except Unsafe as error:
        raise Refused.because(str(error), "file") from error
    header = tuple(normalised(name) for name in lines[0])
    return Table(header, tuple(tuple(line) for line in lines[1:]), has_decimal_commas)


def _refuse_doubled(names: Sequence[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        message = _("The column %(names)s occurs twice; name each once.")
        raise Refused.because(message % {"names": ", ".join(doubled)}, "file")
