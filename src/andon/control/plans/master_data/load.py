"""Load master data: every entry created, changed or left alone; all of the file or nothing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from andon.control.plans.events import InstrumentsChosen
from andon.control.plans.master_data.files import Row, Unreadable, read_file
from andon.control.plans.master_data.reading import Key, Known, code_of, values_of
from andon.control.plans.master_data.revisions import Revisions
from andon.control.plans.master_data.sheets import (
    ROLES,
    SHEETS,
    Sheet,
    is_set,
    key_of,
    members,
    plain,
    stored,
)
from andon.control.plans.models import PlanLine
from andon.records.errors import Refused
from andon.records.events import announce
from andon.records.models import Account, RoleAssignment
from andon.records.permissions import require
from andon.records.trail.context import acting


@dataclass(slots=True)
class LoadReport:
    """What a load did; when anything is refused, nothing was stored."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Place in the file, and what to do there."""


class _NothingStored(Exception):
    """Undoes a load of which something was refused."""


def load_master(path: Path, *, actor: Account) -> LoadReport:
    """Load a TOML or XLSX file; loading it again changes nothing.

    Every refusal names sheet, row, column and what to write instead. Accounts are created without
    a password: nobody can log in with them until one is set.
    """
    require(actor, "master_data.load")
    try:
        sheets = read_file(path)
    except Unreadable as error:
        return LoadReport(refused=[(error.place, error.message)])
    loading = _Loading(actor)
    try:
        with acting(actor, reason=_("Master data from %(file)s") % {"file": path.name}):
            loading.load(sheets)
    except _NothingStored:
        return LoadReport(refused=loading.report.refused)
    return loading.report


class _Loading:
    """One load under way: what is known, what was refused, how much was done."""

    def __init__(self, actor: Account) -> None:
        self.actor = actor
        self.report = LoadReport()
        self.known = Known()
        self.revisions = Revisions()

    def load(self, sheets: dict[str, list[Row]]) -> None:
        """Go through the sheets in the order in which they refer to each other."""
        self._refuse_unknown_sheets(sheets)
        for sheet in SHEETS:
            self.known.entries[sheet.name] = {key_of(sheet, row): row for row in stored(sheet)}
            seen: dict[Key, str] = {}
            for row in sheets.get(sheet.name, ()):
                self._load_row(sheet, row, seen)
        self.report.refused += self.revisions.refusals()
        if self.report.refused:
            raise _NothingStored

    def refuse(self, place: str, message: str) -> None:
        """Note what is wrong in a place."""
        self.report.refused.append((place, message))

    def _refuse_unknown_sheets(self, sheets: dict[str, list[Row]]) -> None:
        names = [sheet.name for sheet in SHEETS]
        for name in sheets:
            if name not in names:
                message = _("there is no such sheet; the sheets are: %(names)s.")
                self.refuse(name, message % {"names": ", ".join(names)})

    def _load_row(self, sheet: Sheet, row: Row, seen: dict[Key, str]) -> None:
        values = values_of(sheet, row, self.known, self.refuse)
        if values is None:
            self.known.broken.add((sheet.name, code_of(sheet, row)))
            return
        key = tuple(plain(values[column]) for column in sheet.key)
        if key in seen:
            self.refuse(
                row.place, _("this entry stands already at %(place)s.") % {"place": seen[key]}
            )
            return
        seen[key] = row.place
        self._take(sheet, row, self.known.entries[sheet.name].get(key), values)

    def _take(self, sheet: Sheet, row: Row, entry: Any, values: dict[str, Any]) -> None:
        """Create or change the entry, unless it says all that already."""
        is_new = entry is None
        if not is_new and not _differs(sheet, entry, values):
            self.report.unchanged += 1
            return
        entry = entry or _new(sheet)
        self.revisions.note(sheet, row, entry, values, is_new=is_new)
        if not self._store(sheet, row, entry, values):
            self.known.broken.add((sheet.name, code_of(sheet, row)))
            return
        self.known.entries[sheet.name][key_of(sheet, entry)] = entry
        self.report.created += is_new
        self.report.changed += not is_new

    def _store(self, sheet: Sheet, row: Row, entry: Any, values: dict[str, Any]) -> bool:
        """Check and write the entry; tell whether it was possible."""
        if sheet.model is Account:
            require(self.actor, "records.accounts")
        several = {name for name in values if is_set(sheet, name)}
        for name in values.keys() - several:
            setattr(entry, name, values[name])
        fields = {field.name for field in sheet.model._meta.concrete_fields}
        try:
            entry.full_clean(exclude=fields - values.keys())
        except ValidationError as error:
            self._refuse_invalid(row, error)
            return False
        try:
            _announce_choice(entry, values)
        except Refused as error:
            self.refuse(row.place_of("instruments"), str(error))
            return False
        entry.save()
        for name in several:
            _store_members(entry, name, values[name])
        return True

    def _refuse_invalid(self, row: Row, error: ValidationError) -> None:
        for column, messages in error.message_dict.items():
            place = row.place if column == NON_FIELD_ERRORS else row.place_of(column)
            self.refuse(place, " ".join(messages))


def _announce_choice(entry: Any, values: dict[str, Any]) -> None:
    """Let others refuse an instrument that a plan line names for the first time."""
    if not isinstance(entry, PlanLine) or not values.get("instruments"):
        return
    named = set(entry.instruments.values_list("pk", flat=True)) if entry.pk else set()
    fresh = [one for one in values["instruments"] if one.pk not in named]
    announce(InstrumentsChosen(entry.characteristic, fresh))


def _new(sheet: Sheet) -> Any:
    entry = sheet.model()
    if isinstance(entry, Account):
        entry.set_unusable_password()
    return entry


def _differs(sheet: Sheet, entry: Any, values: dict[str, Any]) -> bool:
    """Tell whether a row says anything that is not stored yet."""
    for column, value in values.items():
        if is_set(sheet, column):
            if members(entry, column) != tuple(sorted(str(plain(member)) for member in value)):
                return True
        elif getattr(entry, column) != value:
            return True
    return False


def _store_members(entry: Any, column: str, wanted: tuple[Any, ...]) -> None:
    if column != ROLES:
        getattr(entry, column).set(wanted)
        return
    present = {assignment.role: assignment for assignment in entry.assignments.all()}
    for role in present.keys() - set(wanted):
        present[role].delete()
    for role in wanted:
        if role not in present:
            RoleAssignment.objects.create(account=entry, role=role)
