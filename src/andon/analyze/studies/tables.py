"""Table files: CSV, XLSX and Parquet in, columns of numbers or labels out, each place named."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

_SEPARATORS = (";", "\t", "|", ",")
_MARKED = r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$"
"""Marks of thousands as they stand where the decimals follow a comma."""
_KINDS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}


class BadTable(ValueError):
    """The file or a column of it cannot be used; the message names both and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns as they stand there."""

    name: str
    frame: pl.DataFrame
    decimal: str

    def column(self, wanted: str) -> str:
        """Return the header of a column given by its header or its number from 1."""
        headers = self.frame.columns
        if wanted in headers:
            return wanted
        if wanted.isdecimal() and 1 <= int(wanted) <= len(headers):
            return headers[int(wanted) - 1]
        close = [header for header in headers if header.strip().lower() == wanted.strip().lower()]
        if len(close) == 1:
            return close[0]
        known = ", ".join(headers[:12]) + (" ..." if len(headers) > 12 else "")
        message = f"{self.name}: there is no column {wanted!r}; its columns are {known}"
        raise BadTable(message)

    def values(self, header: str) -> np.ndarray[Any, Any]:
        """Return the column: numbers when every cell is one or empty, else labels."""
        column = self.frame[header]
        if column.dtype.is_numeric():
            return _numbers(column)
        if column.dtype == pl.Boolean:
            return column.fill_null(value=False).to_numpy()
        texts = column.cast(pl.String).str.strip_chars().replace("", None)
        read = self._read(texts)
        if read.null_count() == texts.null_count() < len(texts):
            return _numbers(read)
        if self.decimal == "," and bool(texts.str.contains(_MARKED).fill_null(value=True).all()):
            raise BadTable(f"{self.name}, column {header!r}, {self.misfit(header)}")
        return texts.fill_null("").to_numpy()

    def misfit(self, header: str) -> str:
        """Return the first cell of a column that is no finite number, in words; empty if none."""
        column = self.frame[header]
        texts = column.cast(pl.String, strict=False).fill_null("").str.strip_chars()
        read = column.cast(pl.Float64) if column.dtype.is_numeric() else self._read(texts)
        for row, (text, number) in enumerate(zip(texts, read, strict=True)):
            if number is None or not math.isfinite(number):
                told = f"{text!r}" if text else "nothing"
                return f"row {row + 1} below the header holds {told}{self._hint(text)}"
        return ""

    def _hint(self, text: str) -> str:
        if self.decimal == "," and "." in text:
            return " (a point beside decimal commas: take out marks of thousands)"
        return " (decimal comma: add --decimal ,)" if self.decimal != "," and "," in text else ""

    def _read(self, texts: pl.Series) -> pl.Series:
        if self.decimal != ",":
            return texts.cast(pl.Float64, strict=False)
        # 1.234 among decimal commas is most likely 1234: to read 1.234 would be wrong in silence.
        unmarked = pl.when(~texts.str.contains(".", literal=True)).then(texts)
        plain = pl.select(unmarked).to_series().str.replace(",", ".", literal=True)
        return plain.cast(pl.Float64, strict=False)


def read_table(path: Path, decimal: str = ".") -> Table:
    """Return a file's table.

    Raises:
        BadTable: no such file, another kind of file, broken, or empty.
    """
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        message = f"{path.name}: not a CSV, XLSX or Parquet file by its name; save it as one"
        raise BadTable(message)
    try:
        frame = _frame(path, kind, decimal)
    except BadTable:
        raise
    except (Exception, pl.exceptions.PanicException) as error:  # readers raise what they like
        told = str(error).strip().split("\n")[0][:160]
        message = f"{path.name}: cannot be read as {kind} ({told}); open it and save it again"
        raise BadTable(message) from error
    if not frame.width or not frame.height:
        message = f"{path.name}: holds no row below its header; export it again"
        raise BadTable(message)
    return Table(path.name, frame, decimal)


def _frame(path: Path, kind: str, decimal: str) -> pl.DataFrame:
    if kind == "parquet":
        return pl.read_parquet(path)
    if kind == "xlsx":
        return pl.read_excel(path, engine="calamine")
    text = _text(path)
    separator = _separator(text, decimal)
    return pl.read_csv(
        text.encode(), separator=separator, infer_schema=False, truncate_ragged_lines=False
    )


def _text(path: Path) -> str:
    """Return the text of a CSV; programs write it as UTF-8, UTF-16 or in the Windows code page."""
    raw = path.read_bytes()
    if not raw.strip():
        message = f"{path.name}: is empty; export it again"
        raise BadTable(message)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    if b"\0" in raw[:4096]:
        message = f"{path.name}: is not text; save it as CSV"
        raise BadTable(message)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _separator(text: str, decimal: str) -> str:
    header = text.split("\n", 1)[0]
    allowed = [mark for mark in _SEPARATORS if mark != decimal]
    return max(allowed, key=header.count)


def _numbers(column: pl.Series) -> np.ndarray[Any, Any]:
    numbers = column.cast(pl.Float64).to_numpy()
    is_whole = column.null_count() == 0 and bool(np.all(np.abs(numbers) < 2**53))
    whole = numbers.astype(np.int64) if is_whole else None
    return whole if whole is not None and np.array_equal(whole, numbers) else numbers
