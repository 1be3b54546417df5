"""Hostile tables of measurements: what each is, and what must become of it."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hostile.tables_at_hand import HEADER, book, book_of, cells, csv, raw_book, row, text, value
from hostile.tables_at_hand import with_columns as having

DAY = datetime.fromisoformat("2025-03-13 07:15:00")


@dataclass(frozen=True, slots=True)
class Case:
    """One file: its name, who builds it, and its expected outcome."""

    name: str
    build: Callable[[], bytes]
    stored: tuple[float, ...] = ()
    """The values that must be stored, and no others."""
    reported: tuple[str, ...] = ()
    """The columns that the reports must name, in the order of the records."""
    refused: str = ""
    """What the refusal of the whole file must say."""


def _written(method: str, *given: Any) -> Callable[[], bytes]:
    """Return a builder of a workbook whose value cell is written by this method."""

    def fill(_workbook: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, row())
        getattr(sheet, method)(1, 2, *given)

    return lambda: book(fill)


def _dated(**options: Any) -> bytes:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, row("0.7388"))
        sheet.write_datetime(1, 4, DAY, workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    return book(fill, **options)


def _hidden_first(workbook: Any, sheet: Any) -> None:
    shown = workbook.add_worksheet("shown")
    for place, line in enumerate((HEADER, row("0.7400"))):
        shown.write_row(place, 0, line)
    sheet.write_row(1, 0, row("0.7111"))
    shown.activate()
    shown.set_first_sheet()
    sheet.hide()


def _hidden_second(workbook: Any, sheet: Any) -> None:
    sheet.write_row(1, 0, row())
    hidden = workbook.add_worksheet("old")
    hidden.write_row(0, 0, row("0.7111"))
    hidden.hide()


def _merged(_workbook: Any, sheet: Any) -> None:
    sheet.write_row(1, 0, row())
    sheet.write_row(2, 0, row("0.7400", machine=""))
    sheet.merge_range(1, 1, 2, 1, "L3")


def _far(name: str) -> bytes:
    return raw_book(cells(HEADER, row()) + f'<row r="1048576"><c r="{name}"><v>1</v></c></row>')


def _other() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return buffer.getvalue()


def _laughs() -> str:
    told = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE a [<!ENTITY l0 "ha">{told}]>'


TEXTS = (
    Case("UTF-8 with mark", lambda: b"\xef\xbb\xbf" + csv(row()), (0.7388,)),
    Case("UTF-16 little", lambda: text(row()).encode("utf-16"), (0.7388,)),
    Case("UTF-16 big", lambda: b"\xfe\xff" + text(row()).encode("utf-16-be"), (0.7388,)),
    Case("UTF-16 without mark", lambda: text(row()).encode("utf-16-le"), refused="NUL"),
    Case("UTF-32", lambda: text(row()).encode("utf-32"), refused="NUL"),
    Case("cp1252", lambda: having(comment="größer").decode().encode("cp1252"), (0.7388,)),
    Case("bytes of no encoding", lambda: csv(row()) + b"\x81\x8d\xff", refused="UTF-8"),
    Case("NUL in a cell", lambda: value("0.7\x00388"), refused="NUL"),
    Case("picture named csv", lambda: b"\x89PNG\r\n\x1a\n\x00\x00", refused="NUL"),
    Case("empty", lambda: b"", refused="empty"),
    Case("blanks only", lambda: b" \r\n\t\n", refused="empty"),
    Case("header only", csv, refused="no record"),
    Case("only delimiters", lambda: b";;;\n;;;\n", refused="nothing"),
    Case("old line ends", lambda: csv(row()).replace(b"\n", b"\r"), (0.7388,)),
    Case("line ends of Windows", lambda: csv(row()).replace(b"\n", b"\r\n"), (0.7388,)),
    Case("tabs", lambda: csv(row(), mark="\t"), (0.7388,)),
    Case("bars", lambda: csv(row(), mark="|"), (0.7388,)),
    Case("decimal comma", lambda: value("0,7388"), (0.7388,)),
    Case("decimal comma unquoted", lambda: value("0,7388", ","), (), ("",)),
    Case("decimal comma quoted", lambda: value('"0,7388"', ","), (0.7388,)),
    Case("thousands or decimals", lambda: value('"1,234"', ","), (), ("value",)),
    Case("three decimals with semicolons", lambda: value("1,234"), (1.234,)),
    Case("thousands and point", lambda: value("1,234.5"), (), ("value",)),
    Case("thousands and comma", lambda: value("1.234,5"), (), ("value",)),
    Case("thousands twice", lambda: value("1,234,567"), (), ("value",)),
    Case("thousands by blank", lambda: value("1 234"), (), ("value",)),
    Case("thousands by narrow blank", lambda: value("1\u202f234"), (), ("value",)),
    Case("thousands by apostrophe", lambda: value("1'234"), (), ("value",)),
    Case("not a number", lambda: value("NaN"), (), ("value",)),
    Case("infinity", lambda: value("-Infinity"), (), ("value",)),
    Case("sign of infinity", lambda: value("∞"), (), ("value",)),
    Case("too large", lambda: value("1e999"), (), ("value",)),
    Case("5000 digits", lambda: value("7" * 5000), (), ("value",)),
    Case("underscore", lambda: value("1_000"), (), ("value",)),
    Case("Arabic digits", lambda: value("٠٫٧٣٨٨"), (), ("value",)),
    Case("full-width digits", lambda: value("０.７３８８"), (), ("value",)),
    Case("superscript", lambda: value("7²"), (), ("value",)),
    Case("fraction", lambda: value("½"), (), ("value",)),
    Case("minus sign of print", lambda: value("\u22120.7"), (), ("value",)),
    Case("hexadecimal", lambda: value("0x10"), (), ("value",)),
    Case("truth", lambda: value("TRUE"), (), ("value",)),
    Case("unit in the value", lambda: value("0.7388 mm"), (), ("value",)),
    Case("below detection", lambda: value("<0.01"), (), ("value",)),
    Case("percent", lambda: value("74%"), (), ("value",)),
    Case("no value", lambda: value(""), (), ("value",)),
    Case("nothing but a sign", lambda: value("-"), (), ("value",)),
    Case("formula as value", lambda: value("=1+1"), (), ("value",)),
    Case("command as value", lambda: value("@SUM(1)"), (), ("value",)),
    Case("error of a spreadsheet", lambda: value("#DIV/0!"), (), ("value",)),
    Case("formula as comment", lambda: having(comment="=HYPERLINK(0)"), (0.7388,)),
    Case("other unit", lambda: csv(row(), row(unit="in")), (0.7388,), ("unit",)),
    Case("micro and mu", lambda: csv(row(unit="µm"), row(unit="μm")), (), ("unit", "unit")),
    Case("one record twice", lambda: csv(row(), row()), (0.7388, 0.7388)),
    Case("conflicting values", lambda: csv(row(), row("0.7401")), (0.7388, 0.7401)),
    Case("overdue instrument", lambda: having(instrument="MIC-09"), (), ("instrument",)),
    Case("unknown machine", lambda: csv(row(machine="L9"), row()), (0.7388,), ("machine",)),
    Case("homoglyph", lambda: csv(row(characteristic="РD")), (), ("characteristic",)),
    Case("other case", lambda: csv(row(machine="l3")), (), ("machine",)),
    Case("zero-width blank", lambda: csv(row(machine="L3\u200b")), (), ("machine",)),
    Case("leading zeros", lambda: having(serial="000123"), (0.7388,)),
    Case("summary row", lambda: csv(row(), ["Mean", "", "0.7", "", ""]), (0.7388,),
         ("characteristic",)),
    Case("short record", lambda: csv(row(), ["PD", "L3"], row("0.74")), (0.7388, 0.74), ("",)),
    Case("long record", lambda: csv([*row(), "x"], row()), (0.7388,), ("",)),
    Case("unterminated quote", lambda: csv(row('"0.7388'), row()), refused="Line 3"),
    Case("text after a quote", lambda: csv(row('"0.7"388')), refused="Line 2"),
    Case("header twice", lambda: csv([*row(), "1"], header=[*HEADER, "value"]), refused="value"),
    Case("header twice by case", lambda: csv([*row(), "1"], header=[*HEADER, "Value"]),
         refused="value"),
    Case("no column of values", lambda: csv(["PD", "L3"], header=HEADER[:2]), (), ("",)),
    Case("homoglyph in the header",
         lambda: csv(row(), header=["characteristic", "machine", "vаlue", "unit", "measured_at"]),
         (), ("",)),
    Case("many columns", lambda: csv(["1"] * 600, header=[f"c{n}" for n in range(600)]),
         refused="600 columns"),
    Case("very long cell", lambda: having(comment="x" * 100_000), (), ("comment",)),
    Case("longest cell", lambda: having(comment="x" * 200_000), refused="field"),
    Case("day that is none", lambda: csv(row(measured_at="2025-02-30")), (), ("measured_at",)),
    Case("day or month", lambda: csv(row(measured_at="03/04/2025")), (), ("measured_at",)),
    Case("German day", lambda: csv(row(measured_at="13.03.2025")), (), ("measured_at",)),
    Case("serial day", lambda: csv(row(measured_at="45729.3")), (), ("measured_at",)),
    Case("year 0000", lambda: csv(row(measured_at="0000-01-01")), (), ("measured_at",)),
    Case("year 0001", lambda: csv(row(measured_at="0001-01-01")), (), ("measured_at",)),
    Case("24 o'clock", lambda: csv(row(measured_at="2025-03-12 24:01")), (), ("measured_at",)),
    Case("skipped hour", lambda: csv(row(measured_at="2024-03-31 02:30")), (), ("measured_at",)),
    Case("hour that comes twice", lambda: csv(row(measured_at="2024-10-27 02:30")), (),
         ("measured_at",)),
    Case("hour that comes twice, told", lambda: csv(row(measured_at="2024-10-27T02:30+02:00")),
         (0.7388,)),
    Case("offset of a day and more", lambda: csv(row(measured_at="2025-03-12T01:00+99:00")), (),
         ("measured_at",)),
    Case("future", lambda: csv(row(measured_at="2031-01-01")), (), ("measured_at",)),
    Case("right-to-left mark", lambda: value("0.7388\u202e"), (), ("value",)),
    Case("negative count", lambda: csv(["CRIMP", "A1", "-1", "", "", "9"],
         header=[*HEADER, "inspected"]), (), ("value",)),
    Case("half a piece", lambda: csv(["CRIMP", "A1", "0.5", "", "", "9"],
         header=[*HEADER, "inspected"]), (), ("value",)),
)  # fmt: skip

WORKBOOKS = (
    Case("numbers as numbers", lambda: book_of(["PD", "L3", 0.7388, "mm"]), (0.7388,)),
    Case("numbers as texts", lambda: book_of(row()), (0.7388,)),
    Case("text that may be thousands", lambda: book_of(row("1,234")), (), ("value",)),
    Case("truth cell", _written("write_boolean", True), (), ("value",)),
    Case("error cell", _written("write_formula", "=1/0", None, "#DIV/0!"), (), ("value",)),
    Case("formula with value", _written("write_formula", "=0.7+0.04", None, 0.74), (0.74,)),
    Case("formula without value", _written("write_formula", "=A1", None, ""), (), ("value",)),
    Case("date as value", _written("write_string", "2025-03-13"), (), ("value",)),
    Case("days since 1900", _dated, (0.7388,)),
    Case("days since 1904", lambda: _dated(date_1904=True), (0.7388,)),
    Case("hidden sheet first", lambda: book(_hidden_first), (0.74,)),
    Case("hidden sheet second", lambda: book(_hidden_second), (0.7388,)),
    Case("merged cells", lambda: book(_merged), (0.7388,), ("machine",)),
    Case("empty workbook", book_of, refused="no record"),
    Case("text named xlsx", lambda: csv(row()), refused="not an XLSX"),
    Case("half a workbook", lambda: book_of(row())[:900], refused="not an XLSX"),
    Case("archive of something else", _other, refused="cannot be"),
    Case("broken XML", lambda: raw_book("<row><c"), refused="cannot be read"),
    Case("document type", lambda: raw_book(cells(HEADER, row()), before="<!DOCTYPE a>"),
         refused="document type"),
    Case("external entity", lambda: raw_book(cells(HEADER, row("&amp;e;")).replace("&amp;", "&"),
         before='<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), refused="document type"),
    Case("entities of entities", lambda: raw_book(cells(HEADER, row()), before=_laughs()),
         refused="document type"),
    Case("external link", lambda: raw_book(cells(HEADER, row()), more={
         "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), (0.7388,)),
    Case("bomb by ratio", lambda: raw_book(cells(HEADER, row()), more={
         "xl/media/image1.png": bytes(20 * 2**20)}), refused="times its size"),
    Case("bomb by size", lambda: raw_book(cells(HEADER, row()), more={
         "xl/media/image1.png": bytes(31 * 2**20)}), refused="unpacks to more"),
    Case("far row and column", lambda: _far("XFD1048576"), refused="at most"),
    Case("far row", lambda: _far("A1048576"), refused="at most"),
    Case("disguised cell", lambda: _far("XF&#68;1048576"), refused="disguised"),
    Case("many parts", lambda: raw_book(cells(HEADER, row()), more={
         f"xl/p{n}.xml": b"" for n in range(2100)}), refused="too many parts"),
    Case("paths as parts", lambda: raw_book(cells(HEADER, row()), more={
         "../../etc/passwd": b"x"}), (0.7388,)),
    Case("leading zeros as text", lambda: book_of(row(machine="0003")), (), ("machine",)),
)  # fmt: skip
