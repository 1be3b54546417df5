"""A control plan changes by a new revision only, also when it comes from a file."""

from typing import Any

from django.utils.translation import gettext as _

from andon.control.plans.master_data.files import Row
from andon.control.plans.master_data.sheets import Sheet
from andon.control.plans.models import ControlPlan, PlanLine


class Revisions:
    """What a file does to the revisions of plans that were there before."""

    def __init__(self) -> None:
        self._before: dict[str, int] = dict(ControlPlan.objects.values_list("code", "revision"))
        self._stated: dict[str, tuple[str, int]] = {}
        self._changes: dict[str, str] = {}

    def note(
        self, sheet: Sheet, row: Row, entry: Any, values: dict[str, Any], *, is_new: bool
    ) -> None:
        """Note a changed plan or line of a plan that was there before this file."""
        if sheet.model is ControlPlan and not is_new:
            self._stated[entry.code] = (row.place_of("revision"), values["revision"])
        if sheet.model is PlanLine:
            self._changes.setdefault(values["plan"].code, row.place)

    def refusals(self) -> list[tuple[str, str]]:
        """Return what stands against it: an older revision, or a change without a new one."""
        found = []
        for plan, (place, revision) in self._stated.items():
            if revision < self._before[plan]:
                message = _(
                    "%(plan)s is at revision %(now)d already; export it and start from there."
                )
                found.append((place, message % {"plan": plan, "now": self._before[plan]}))
        for plan, place in self._changes.items():
            before = self._before.get(plan)
            after = self._stated[plan][1] if plan in self._stated else before
            if before is not None and after == before:
                message = _("this changes %(plan)s; set its revision to %(next)d in control_plan.")
                found.append((place, message % {"plan": plan, "next": before + 1}))
        return found
