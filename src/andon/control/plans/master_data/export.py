"""Write all master data to one file from which they can be loaded again."""

from pathlib import Path
from typing import Any

from andon.control.plans.master_data.files import Written, write_file
from andon.control.plans.master_data.headings import headings
from andon.control.plans.master_data.sheets import (
    SHEETS,
    Sheet,
    is_set,
    members,
    plain,
    stored,
)


def export_master(path: Path) -> None:
    """Write every sheet to a TOML or XLSX file; what is empty or the default is left out.

    A sheet without a row still tells its columns: the file of an empty installation is the form to
    fill in.
    """
    write_file(path, [_written(sheet) for sheet in SHEETS])


def _written(sheet: Sheet) -> Written:
    rows = [row for entry in stored(sheet) if (row := _row(sheet, entry))]
    return Written(sheet.name, headings(sheet), rows)


def _row(sheet: Sheet, entry: Any) -> dict[str, Any]:
    values = {column: _value(sheet, entry, column) for column in sheet.columns}
    # What is left out means the default when it is loaded.
    return {
        column: value
        for column, value in values.items()
        if value not in (None, "", []) and value != sheet.default(column)
    }


def _value(sheet: Sheet, entry: Any, column: str) -> Any:
    if is_set(sheet, column):
        return list(members(entry, column))
    return plain(getattr(entry, column))
