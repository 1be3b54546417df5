"""What the page of a nonconformity shows beside what every record shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from andon.identify.nonconformities.guards import agreed_steps, decided_lines, needs_board
from andon.identify.nonconformities.models import (
    ContainmentAnswer,
    DispositionLine,
    IsIsNot,
    Nonconformity,
)
from andon.identify.nonconformities.quantities import Balance, balance_of, plain
from andon.identify.nonconformities.queries import (
    cost_of_record,
    reasons_for_action,
    seen_before,
)
from andon.records.permissions import may
from andon.web.bars import BalancePart

_COLOURS = {
    "use as is": "use", "no defect found": "use", "regrade": "use", "sort": "sort",
    "rework": "rework", "repair": "repair", "scrap": "scrap", "return to supplier": "return",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One of the five places and what is held there."""

    label: str
    answer: ContainmentAnswer | None


@dataclass(frozen=True, slots=True)
class Row:
    """One question of is and is not, with what is known."""

    aspect: str
    label: str
    told: IsIsNot | None


def context(record: Nonconformity, request: HttpRequest) -> dict[str, Any]:
    """Return what the panels show."""
    balance, user = balance_of(record), request.user
    lines = list(decided_lines(record).select_related("execution", "decided_by"))
    is_open = record.closed_at is None
    return {
        "balance": balance,
        "balance_parts": _parts(lines, balance),
        "balance_total": float(balance.total),
        "quantity_words": _words(record, balance),
        "lines": lines,
        "taken_back": record.dispositions.filter(counter_entry__isnull=False).count(),
        "board": _board(record),
        "cost": cost_of_record(record),
        "places": _places(record),
        "suspect_lots": record.suspect_lots.select_related("lot"),
        "rows": _rows(record),
        "earlier": seen_before(record),
        "decision": record.decisions.last(),
        "reasons": reasons_for_action(record),
        "may_dispose": record.state == "under_review" and may(user, "nonconformity.review"),
        "may_execute": record.state == "dispositioned" and may(user, "nonconformity.execute"),
        "may_contain": is_open and may(user, "nonconformity.contain"),
        "may_decide": is_open and may(user, "nonconformity.review"),
    }


def _parts(lines: list[DispositionLine], balance: Balance) -> list[BalancePart]:
    """Return one part per kind of disposition, in the order of the kinds."""
    parts = [
        BalancePart(label, float(sum(line.quantity for line in lines if line.kind == kind)),
                    _COLOURS[kind])
        for kind, label in DispositionLine.Kind.choices
    ]  # fmt: skip
    return [*parts, BalancePart(_("split off"), float(balance.split_off), "return")]


def _words(record: Nonconformity, balance: Balance) -> str:
    unit = record.get_unit_display()
    if balance.open > 0:
        message = _("%(open)s %(unit)s are still open: this record cannot close before they are"
                    " dispositioned.")  # fmt: skip
        return message % {"open": plain(balance.open), "unit": unit}
    return _("Every quantity is dispositioned.") if balance.suspect else ""


def _board(record: Nonconformity) -> str:
    """Return who has to sign the lines and how many did, as the header says it."""
    if record.state != "under_review" or not needs_board(record):
        return ""
    signed = len(agreed_steps(record))
    return _("Needs quality, process and production (%(signed)d of 3 signed).") % {"signed": signed}


def _places(record: Nonconformity) -> list[Place]:
    answers = {answer.place: answer for answer in record.containment.all()}
    return [
        Place(str(label), answers.get(place)) for place, label in ContainmentAnswer.Place.choices
    ]


def _rows(record: Nonconformity) -> list[Row]:
    told = {row.aspect: row for row in IsIsNot.objects.filter(record_id=record.pk)}
    return [Row(aspect, str(label), told.get(aspect)) for aspect, label in IsIsNot.Aspect.choices]
