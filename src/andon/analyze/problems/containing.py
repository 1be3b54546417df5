"""Containing: the nonconformity of a problem, and the suspect lots it holds."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from andon.analyze.problems.models import Problem
from andon.control.plans.models import PlanLine
from andon.control.plans.queries import line_for
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.services import raise_nonconformity, suspect_lot
from andon.identify.nonconformities.services.raising import Facts
from andon.organization.products.models import Lot
from andon.records.models import Account, Link
from andon.records.services import change

TAKING = ("draft", "reported", "contained")
"""States in which a nonconformity still takes further suspect lots."""
_RAISE = PlanLine.Consequence.RAISE


def nonconformities_of(problem: Problem) -> list[Nonconformity]:
    """Return the nonconformities a problem has led to, oldest first; cancelled ones left out."""
    raised = Nonconformity.objects.filter(
        links_in__source=problem.pk, links_in__kind=Link.Kind.RAISED
    )
    return list(raised.exclude(state="cancelled").order_by("pk"))


def asks_for_nonconformity(problem: Problem, *, outside: bool = False) -> bool:
    """Tell whether the control plan raises a nonconformity on a finding (or a value outside)."""
    if problem.characteristic is None:
        return False
    line = line_for(problem.characteristic, problem.machine)
    if line is None:
        return False
    return (line.on_out_of_specification if outside else line.on_finding) == _RAISE


def hold(problem: Problem, *, lots: Sequence[str], actor: Account) -> Nonconformity | None:
    """Put lots that no nonconformity of the problem holds yet on one; raise it when none is open.

    Returns None when all of them are held already.
    """
    present = nonconformities_of(problem)
    held = Lot.objects.filter(suspicions__nonconformity__in=present)
    fresh = list(Lot.objects.filter(code__in=lots).exclude(pk__in=held.values("pk")).order_by("pk"))
    if present and not fresh:
        return None
    taking = next((one for one in reversed(present) if one.state in TAKING), None)
    if taking is not None:
        return add_lots(taking, fresh, actor=actor)
    return raise_nonconformity(_facts(problem, fresh), actor=actor, source=problem,
                               owner=problem.owner)  # fmt: skip


def add_lots(record: Nonconformity, lots: Iterable[Lot], *, actor: Account) -> Nonconformity:
    """Name further suspect lots on an open nonconformity; its suspect quantity rises with them."""
    for lot in lots:
        quantity = Decimal(lot.quantity) if lot.quantity else None
        if quantity is not None:
            total = (record.quantity_suspect or Decimal(0)) + quantity
            values = {"quantity_suspect": total}
            record = change(record, actor=actor, values=values, version=record.version)
        suspect_lot(record, lot=lot, quantity=quantity, actor=actor)
        record.refresh_from_db()
    return record


def _facts(problem: Problem, lots: Sequence[Lot]) -> Facts:
    return Facts(
        title=problem.title,
        characteristic=problem.characteristic,
        machine=problem.machine,
        lots=dict.fromkeys(lots),
        origin=Nonconformity.Origin.FINDING.value,
        description=problem.title,
        where=" ".join(filter(None, (str(problem.machine or ""), problem.factor, problem.level))),
        when=_("since %(day)s") % {"day": problem.began_on.isoformat()},
    )
