"""What stands against drawing the sheet, judging, and permitting a use."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from andon.records.workflow import Refusal

if TYPE_CHECKING:
    from andon.analyze.studies.models import Study


def can_start(study: "Study") -> Iterator[Refusal]:
    """The plan must be complete, and the instrument one that may be used."""
    from andon.analyze.studies.plans import check_plan  # noqa: PLC0415

    yield from check_plan(study)


def can_judge(study: "Study") -> Iterator[Refusal]:
    """Every run must have its reading."""
    from andon.analyze.studies.sheet import is_drawn, missing_runs  # noqa: PLC0415

    if study.state != "running" or not is_drawn(study):
        return
    missing = missing_runs(study)
    if missing:
        told = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        message = _("%(n)d runs have no reading yet (%(runs)s).")
        yield Refusal(message % {"n": len(missing), "runs": told}, "readings")


def can_permit(study: "Study") -> Iterator[Refusal]:
    """Only a use that the verdict speaks against needs to be permitted."""
    if study.verdict != "not usable" or study.is_use_permitted:
        yield Refusal(_("The verdict does not stand against the use."), "verdict")
