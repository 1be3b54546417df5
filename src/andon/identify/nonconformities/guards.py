"""What stands against each step of a nonconformity, in words that say how to mend it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from andon.identify.nonconformities.quantities import balance_of, plain
from andon.records.content import digest_of
from andon.records.workflow import Refusal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from andon.identify.nonconformities.models import DispositionLine, Nonconformity

PLACES = ("work in progress", "stock", "sub-supplier", "in transit", "customer")
ASPECTS = ("what", "where", "when", "extent")


def stand_against_report(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield when nobody could find the parts or the requirement."""
    if record.characteristic is None and not record.defect:
        yield Refusal(_("Name the characteristic or the defect."), "defect")
    if record.machine is None and not record.suspect_lots.exists():
        yield Refusal(_("Name a lot, or the machine it comes from."), "lots")


def stand_against_containment(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield each place without an answer, and missing labels when parts are held."""
    answers = dict(record.containment.values_list("place", "quantity"))
    missing = [place for place in PLACES if place not in answers]
    if missing:
        message = _("Say for each place how much is held, or none: %(places)s.")
        yield Refusal(message % {"places": ", ".join(missing)}, "containment")
    if any(answers.values()) and not record.is_labelled:
        yield Refusal(_("Put hold labels on the parts."), "is_labelled")


def stand_against_review(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield when the problem is not told as is and is not."""
    told = dict(record.is_is_not.values_list("aspect", "is_so"))
    missing = [aspect for aspect in ASPECTS if not told.get(aspect)]
    if missing:
        message = _("Tell what the problem is: %(aspects)s.")
        yield Refusal(message % {"aspects": ", ".join(missing)}, "is_is_not")


def stand_against_agreeing(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield when there is nothing to agree to."""
    if not decided_lines(record).exists():
        yield Refusal(_("There is no disposition line yet."), "dispositions")


def stand_against_disposition(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield what an ordinary disposition lacks."""
    yield from _stand_against_any_disposition(record)
    if is_special_use(record):
        message = _("Use as is on a special characteristic is signed by the quality manager.")
        yield Refusal(message, "dispositions")


def stand_against_special_disposition(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield what the quality manager's disposition lacks."""
    yield from _stand_against_any_disposition(record)
    if not is_special_use(record):
        yield Refusal(_("This disposition is signed by quality engineering."), "dispositions")


def stand_against_execution(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield each line of which nobody said what became of it."""
    for line in decided_lines(record).filter(execution__isnull=True):
        message = _("Say what became of “%(line)s”.") % {"line": line}
        yield Refusal(message, f"executions.{line.pk}")


def stand_against_closing(record: "Nonconformity") -> Iterator[Refusal]:
    """Yield open quantities and the missing decision on a corrective action."""
    left = balance_of(record).open
    if left:
        message = _("%(quantity)s %(unit)s are still open; dispose of them first.")
        values = {"quantity": plain(left), "unit": record.get_unit_display()}
        yield Refusal(message % values, "dispositions")
    if not record.decisions.exists():
        yield Refusal(_("Decide whether a corrective action is needed."), "is_action_needed")


def decided_lines(record: "Nonconformity") -> "QuerySet[DispositionLine]":
    """Return the lines that stand: neither taken back nor taking back."""
    return record.dispositions.filter(
        counter_entry__isnull=True, counter_entry_of__isnull=True
    ).select_related("lot")


def is_special_use(record: "Nonconformity") -> bool:
    """Tell whether parts that miss a special characteristic are to be used as they are."""
    characteristic = record.characteristic
    if characteristic is None or not characteristic.is_special:
        return False
    return decided_lines(record).filter(kind="use as is", is_outside_specification=True).exists()


def needs_board(record: "Nonconformity") -> bool:
    """Tell whether process and production sign too: critical, or a concession is used."""
    concessions = decided_lines(record).exclude(concession_number="")
    return record.severity == "critical" or concessions.exists()


def agreed_steps(record: "Nonconformity") -> frozenset[str]:
    """Return the steps of the board signed over exactly the present content."""
    signed = record.signatures.filter(transition__startswith="agree_", digest=digest_of(record))
    return frozenset(signed.values_list("transition", flat=True))


def _stand_against_any_disposition(record: "Nonconformity") -> Iterator[Refusal]:
    lines = decided_lines(record)
    if not lines.exists() and not record.parts.exists():
        yield Refusal(_("There is no disposition line yet."), "dispositions")
    if lines.exclude(concession_number="").exists() and not record.attachments.exists():
        yield Refusal(_("Attach the approval of the concession."), "attachments")
    if needs_board(record):
        yield from _missing_agreements(record)


def _missing_agreements(record: "Nonconformity") -> Iterator[Refusal]:
    signed = agreed_steps(record)
    if "agree_process" not in signed:
        yield Refusal(_("The process engineer has not signed this content yet."), "agree_process")
    if "agree_production" not in signed:
        yield Refusal(_("The shift lead has not signed this content yet."), "agree_production")
