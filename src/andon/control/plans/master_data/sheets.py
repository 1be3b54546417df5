"""The sheets of the master data file: which table, known by which key, with which columns.

Every sheet stands after those it refers to.
"""

from dataclasses import dataclass
from typing import Any

from andon.control.instruments.models import Instrument
from andon.control.plans.models import ControlPlan, PlanLine
from andon.organization.partners.models import Partner
from andon.organization.people.models import Person
from andon.organization.processes.models import ClosedDay, Machine, Process, Shift, WorkWeek
from andon.organization.products.models import Characteristic, Product, Rate, StandardCost
from andon.records.models import Account, Site


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of entry: its table, the columns that name an entry, and all others."""

    name: str
    model: Any
    key: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, the key first."""
        return (*self.key, *self.others)

    def default(self, column: str) -> Any:
        """Return what a column means that is left out: the field's default, or nothing."""
        if is_set(self, column):
            return ()
        field = self.model._meta.get_field(column)
        if field.has_default():
            return field.get_default()
        return None if field.null or not field.empty_strings_allowed else ""

    def is_needed(self, column: str) -> bool:
        """Tell whether a row must fill a column."""
        if self.default(column) not in (None, ""):
            return False
        return not self.model._meta.get_field(column).blank


ROLES = "roles"
"""The one column that is not a field: the role codes of an account."""

SHEETS = (
    Sheet("site", Site, ("code",), ("name",)),
    Sheet("account", Account, ("username",), ("name", "email", "site", ROLES)),
    Sheet("partner", Partner, ("code",), ("name", "kind", "is_active")),
    Sheet("person", Person, ("code",), ("name", "department", "account", "is_active")),
    Sheet("process", Process, ("code",), ("name", "position", "owner")),
    Sheet("shift", Shift, ("code",), ("name", "starts_at", "ends_at", "position")),
    Sheet("work_week", WorkWeek, ("id",), ("weekdays",)),
    Sheet("closed_day", ClosedDay, ("on",), ("reason",)),
    Sheet("machine", Machine, ("code",), ("name", "process", "position", "shifts", "is_active")),
    Sheet("product", Product, ("code",), ("name", "family", "is_active")),
    Sheet("standard_cost", StandardCost, ("process", "product"), ("per_piece",)),
    Sheet("rate", Rate, ("code",), ("name", "value", "unit")),
    Sheet(
        "characteristic", Characteristic, ("code",),
        (
            "name", "product", "process", "kind", "unit", "resolution", "target",
            "lower_specification", "upper_specification", "classification", "model", "is_active",
        ),
    ),
    Sheet(
        "instrument", Instrument, ("code",),
        (
            "name", "kind", "unit", "resolution", "maximum_permissible_error", "location",
            "status", "calibrated_on", "due_on",
        ),
    ),
    Sheet("control_plan", ControlPlan, ("code",), ("name", "product", "revision", "is_effective")),
    Sheet(
        "plan_line", PlanLine, ("plan", "characteristic", "machine"),
        (
            "position", "instruments", "sample_size", "frequency", "chart", "rules",
            "baseline_until", "finding_extreme", "finding_effect", "finding_decision",
            "finding_allowance",
            "reaction", "on_finding", "on_out_of_specification", "owner_role",
        ),
    ),
)  # fmt: skip
SHEET_OF = {sheet.model: sheet.name for sheet in SHEETS}


def is_set(sheet: Sheet, column: str) -> bool:
    """Tell whether a column names several other entries."""
    return column == ROLES or bool(sheet.model._meta.get_field(column).many_to_many)


def members(entry: Any, column: str) -> tuple[str, ...]:
    """Return the codes of the entries that a column names on a stored entry."""
    if entry.pk is None:
        return ()
    if column == ROLES:
        return tuple(sorted(assignment.role for assignment in entry.assignments.all()))
    return tuple(sorted(related.code for related in getattr(entry, column).all()))


def key_of(sheet: Sheet, entry: Any) -> tuple[Any, ...]:
    """Return an entry's key as it stands in the file: related entries by their code."""
    return tuple(plain(getattr(entry, column)) for column in sheet.key)


def plain(value: Any) -> Any:
    """Return a value as a file holds it: a related entry by its code or user name."""
    if hasattr(value, "_meta"):
        return value.username if isinstance(value, Account) else value.code
    return value


def stored(sheet: Sheet) -> Any:
    """Return the entries that a file may name: Andon's own account is not master data."""
    columns = set(sheet.columns)
    related = {field.name for field in sheet.model._meta.concrete_fields if field.is_relation}
    several = {column for column in columns - {ROLES} if is_set(sheet, column)}
    if sheet.model is Account:
        several.add("assignments")
    rows = sheet.model._default_manager.prefetch_related(*several)
    rows = rows.select_related(*related & columns) if related & columns else rows
    return rows.exclude(assignments__role="SYS") if sheet.model is Account else rows
