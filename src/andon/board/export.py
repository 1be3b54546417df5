"""Writing out whole registers in open formats."""

from pathlib import Path

import polars as pl
import xlsxwriter

from andon.history import log
from andon.records.errors import Refused
from andon.records.models import Record

_COLUMNS = ("number", "kind", "title", "state", "owner", "due_at", "created_at", "closed_at")


def export_measurements(path: Path) -> None:
    """Write every measurement, by its ending as Parquet or CSV."""
    rows = log.scan()
    if path.suffix == ".parquet":
        rows.collect().write_parquet(path)
    elif path.suffix == ".csv":
        rows.collect().write_csv(path)
    else:
        raise Refused.because(f"{path.name}: write .parquet or .csv.")


def export_records(path: Path) -> None:
    """Write the register of all records, by its ending as CSV or XLSX, every cell as text."""
    records = Record.objects.select_related("owner").order_by("id")
    lines = [[_text(getattr(record, name)) for name in _COLUMNS] for record in records]
    if path.suffix == ".csv":
        frame = pl.DataFrame(lines, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")
        frame.with_columns(pl.all().str.replace(r"^([=+\-@\t\r])", "'$1")).write_csv(path)
    elif path.suffix == ".xlsx":
        _write_workbook(path, lines)
    else:
        raise Refused.because(f"{path.name}: write .csv or .xlsx.")


def _write_workbook(path: Path, lines: list[list[str]]) -> None:
    """Write strings only, so that no title becomes a formula."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("records")
        for number, line in enumerate([list(_COLUMNS), *lines]):
            for place, text in enumerate(line):
                sheet.write_string(number, place, text)


def _text(value: object) -> str:
    return "" if value is None else str(value)
