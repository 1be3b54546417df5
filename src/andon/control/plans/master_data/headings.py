"""What stands over each column of the file: whether it must be filled, and what to write there."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from andon.control.plans.master_data.cells import choices_of, what_to_write
from andon.control.plans.master_data.sheets import ROLES, SHEET_OF, Sheet, is_set
from andon.records.roles import GIVEN_ROLES


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: whether a row must fill it, what to write, and the words to choose from."""

    column: str
    is_needed: bool
    what: str
    choices: tuple[str, ...] = ()


def headings(sheet: Sheet) -> list[Heading]:
    """Return what stands over the columns of a sheet, in their order."""
    return [_heading(sheet, column) for column in sheet.columns]


def _heading(sheet: Sheet, column: str) -> Heading:
    if column == ROLES:
        what = _("write several of: %(codes)s.") % {"codes": ", ".join(GIVEN_ROLES)}
        return Heading(column, is_needed=False, what=what)
    field = sheet.model._meta.get_field(column)
    is_needed = sheet.is_needed(column)
    if field.is_relation:
        told = {"sheet": SHEET_OF[field.related_model]}
        if is_set(sheet, column):
            what = _("write codes of the sheet %(sheet)s with semicolons between.") % told
        else:
            what = _("write a code of the sheet %(sheet)s.") % told
        return Heading(column, is_needed, what)
    return Heading(column, is_needed, what_to_write(field), tuple(choices_of(field)))
