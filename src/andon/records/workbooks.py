"""Workbooks are archives of XML: what could harm the reader is refused before it reads them."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error,
)  # fmt: skip
_MOST_PARTS: Final = 2_000
_SMALL: Final = 2**20
"""Parts below this size may be as repetitive as they like."""
_CHUNK, _OVERLAP = 2**20, 512
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_DISGUISED = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^>]*?\br\s*=\s*["'][^"'>]*&""")


class Unsafe(ValueError):
    """A workbook that must not be read; the message says why."""


def check_workbook(content: bytes) -> None:
    """Raise `Unsafe` for bombs, document type declarations and sheets far too wide or long."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive.infolist())
            for part in archive.infolist():
                _check_part(archive, part)
    except _BROKEN as error:
        raise Unsafe(_("This is not an XLSX workbook, or it is damaged or encrypted.")) from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > _MOST_PARTS or len(set(names)) != len(names):
        raise Unsafe(_("The workbook has too many parts, or one of them twice."))
    inflated = sum(part.file_size for part in parts)
    if inflated > settings.MAX_IMPORT_INFLATED_BYTES:
        most = settings.MAX_IMPORT_INFLATED_BYTES // 2**20
        raise Unsafe(_("The workbook unpacks to more than %(most)d MB.") % {"most": most})
    for part in parts:
        allowed = settings.MAX_IMPORT_RATIO * max(part.compress_size, 1)
        if part.file_size > max(_SMALL, allowed):
            message = _("The part %(name)s unpacks to more than %(ratio)d times its size.")
            told = {"name": part.filename[:80], "ratio": settings.MAX_IMPORT_RATIO}
            raise Unsafe(message % told)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    is_sheet = "worksheets/" in part.filename.lower()
    is_text = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    rows = columns = 0
    for piece in _pieces(archive, part):
        if is_text and _DECLARATION.search(piece):
            message = _("The part %(name)s declares a document type; save the workbook anew.")
            raise Unsafe(message % {"name": part.filename[:80]})
        if is_sheet:
            rows, columns = max(rows, _last_row(piece)), max(columns, _last_column(piece))
            check_extent(rows, columns, place=part.filename)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in overlapping pieces; its checksum is verified at the end."""
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            piece = (before + chunk).replace(b"\0", b"")  # UTF-16 reads like ASCII then
            yield piece
            before = piece[-_OVERLAP:]


def _last_row(piece: bytes) -> int:
    if _DISGUISED.search(piece):
        raise Unsafe(_("The workbook names its cells in a disguised way; save it anew."))
    told = [int(row) for row in _ROW.findall(piece)]
    return max([*told, *(int(row) for _name, row in _CELL.findall(piece))], default=0)


def _last_column(piece: bytes) -> int:
    names = {name.upper() for name, _row in _CELL.findall(piece)}
    return max(map(_place_of, names), default=0)


def _place_of(name: bytes) -> int:
    place = 0
    for letter in name:
        place = place * 26 + letter - 64
    return place


def check_extent(rows: int, columns: int, *, place: str) -> None:
    """Raise `Unsafe` when a table has more rows, columns or cells than are read."""
    limits = (
        (rows, settings.MAX_IMPORT_ROWS, _("rows")),
        (columns, settings.MAX_IMPORT_COLUMNS, _("columns")),
        (rows * columns, settings.MAX_IMPORT_CELLS, _("cells")),
    )
    for given, most, what in limits:
        if given > most:
            message = _("%(place)s has %(given)d %(what)s; at most %(most)d are read. Split it.")
            told = {"place": place[:80], "given": given, "what": what, "most": most}
            raise Unsafe(message % told)
