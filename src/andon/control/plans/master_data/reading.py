"""From the cells of a row to the values of an entry: defaults, references, what must be filled."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from andon.control.plans.master_data.cells import is_empty, read_cell, read_list, read_text
from andon.control.plans.master_data.files import Row
from andon.control.plans.master_data.sheets import ROLES, SHEET_OF, Sheet, is_set
from andon.records.roles import GIVEN_ROLES

Key = tuple[Any, ...]
Refuse = Callable[[str, str], None]
"""Takes the place and what to do there."""


class Known:
    """The entries of every sheet by their keys, and those that this file states wrongly."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[Key, Any]] = {}
        self.broken: set[tuple[str, Key]] = set()

    def referred(self, sheet: str, code: str) -> Any:
        """Return the entry of a code; None when the file names it but states it wrongly."""
        entries = self.entries[sheet]
        if (code,) in entries:
            return entries[code,]
        if (sheet, (code,)) in self.broken:
            return None
        near = get_close_matches(code, [str(key[0]) for key in entries], n=1)
        hint = _(" Did you mean “%(near)s”?") % {"near": near[0]} if near else ""
        message = _("there is no %(sheet)s “%(code)s”; add it to the sheet %(sheet)s.%(hint)s")
        raise ValueError(message % {"sheet": sheet, "code": code[:60], "hint": hint})


def values_of(sheet: Sheet, row: Row, known: Known, refuse: Refuse) -> dict[str, Any] | None:
    """Return the values that a row states; None when it cannot be used."""
    values: dict[str, Any] = {}
    is_usable = _has_only_known_columns(sheet, row, refuse)
    for column in sheet.columns:
        try:
            values[column] = _value(sheet, column, row.cells.get(column), known)
        except ValueError as error:
            refuse(row.place_of(column), str(error))
            is_usable = False
        else:
            is_usable = is_usable and not _waits(values[column], row.cells.get(column))
    return values if is_usable else None


def code_of(sheet: Sheet, row: Row) -> Key:
    """Return the key of a row as it is written, for those that refer to it."""
    return tuple(str(row.cells.get(column, "")).strip() for column in sheet.key)


def _has_only_known_columns(sheet: Sheet, row: Row, refuse: Refuse) -> bool:
    unknown = [column for column in row.cells if column not in sheet.columns]
    for column in unknown:
        message = _("there is no such column; the columns are: %(columns)s.")
        refuse(row.place_of(column), message % {"columns": ", ".join(sheet.columns)})
    return not unknown


def _waits(value: Any, raw: Any) -> bool:
    """Tell whether a reference leads to an entry that is itself refused, which is told there."""
    if isinstance(value, tuple):
        return None in value
    return value is None and not is_empty(raw)


def _value(sheet: Sheet, column: str, raw: Any, known: Known) -> Any:
    if is_empty(raw):
        return _left_out(sheet, column)
    if column == ROLES:
        return _roles(raw)
    field = sheet.model._meta.get_field(column)
    if is_set(sheet, column):
        sheet_name = SHEET_OF[field.related_model]
        return tuple(known.referred(sheet_name, code) for code in read_list(raw))
    if field.is_relation:
        return known.referred(SHEET_OF[field.related_model], read_text(raw))
    return read_cell(field, raw)


def _left_out(sheet: Sheet, column: str) -> Any:
    if sheet.is_needed(column):
        raise ValueError(_("this must be filled."))
    return sheet.default(column)


def _roles(raw: Any) -> tuple[str, ...]:
    roles = read_list(raw)
    if set(roles) - set(GIVEN_ROLES):
        raise ValueError(_("write roles out of: %(roles)s.") % {"roles": ", ".join(GIVEN_ROLES)})
    return tuple(sorted(set(roles)))
