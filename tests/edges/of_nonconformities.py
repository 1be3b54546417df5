"""The playbook of nonconformities."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from andon.identify.nonconformities import services
from andon.identify.nonconformities.models import DispositionLine, Nonconformity
from andon.identify.nonconformities.services.raising import Facts
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.attachments import attach
from andon.records.errors import Refused
from andon.records.services import Signing, advance
from edges.people import People
from edges.playbook import Misdeed, Playbook, by_sql, set_fields
from small_factory import PASSWORD

PLACES = ("work in progress", "stock", "sub-supplier", "in transit", "customer")
SUSPECT = Decimal(1000)


def begin(people: People) -> Nonconformity:
    """Raise one of which too little is known to report it."""
    return services.raise_nonconformity(Facts(title="Something odd"), actor=people["QE"])


def to_report(people: People, record: Nonconformity) -> dict[str, Any]:
    """Say what, where and how much."""
    machine = Machine.objects.get(code="L3")
    set_fields(people, record, defect="burr", machine=machine)
    return {"quantity_suspect": SUSPECT, "location": "rack 4"}


def to_contain(people: People, record: Nonconformity) -> dict[str, Any]:
    """Look everywhere."""
    for place in PLACES:
        held = SUSPECT if place == "stock" else Decimal(0)
        services.answer_place(record, place=place, quantity=held, actor=people["LEAD"])
    return {"is_labelled": True}


def to_review(people: People, record: Nonconformity) -> dict[str, Any]:
    """Say what it is."""
    for aspect in ("what", "where", "when", "extent"):
        services.narrow_down(record, aspect=aspect, is_so="seen", actor=people["QE"])
    return {"description": "A burr at the tip", "severity": "major"}


def to_dispose(people: People, record: Nonconformity) -> None:
    """Scrap all of it, unless that was decided before."""
    _take_back(people, record, record.dispositions.exclude(kind="scrap"))
    if not _standing(record.dispositions).exists():
        add_line(people, record, "scrap")


def to_dispose_special(people: People, record: Nonconformity) -> None:
    """Let all of it be used by a concession that everybody signs."""
    _take_back(people, record, record.dispositions.all())
    set_fields(people, record, characteristic=Characteristic.objects.get(code="PD"))
    add_line(people, record, "use as is", is_outside_specification=True, concession_number="C-1")
    attach(record, SimpleUploadedFile("approval.txt", b"approved"), actor=people["QE"])
    for step, role in (("agree_process", "PE"), ("agree_production", "LEAD")):
        meaning = str(record.WORKFLOW.transition(step).meaning)
        advance(record, step, actor=people[role], signing=Signing(PASSWORD, meaning))


def to_execute(people: People, record: Nonconformity) -> None:
    """Say what became of each line."""
    for line in _standing(record.dispositions).filter(execution__isnull=True):
        services.record_execution(line, actor=people["LEAD"])


def to_close(people: People, record: Nonconformity) -> None:
    """Decide that no action is needed."""
    services.decide_action(record, is_needed=False, reason="single case", actor=people["QE"])


def add_line(
    people: People, record: Nonconformity, kind: str, quantity: Decimal = SUSPECT, **more: Any
) -> DispositionLine:
    """Decide on a quantity."""
    return services.add_disposition(
        record, kind=kind, quantity=quantity, reason="decided", actor=people["QE"], **more
    )


def _standing(lines: Any) -> Any:
    return lines.filter(counter_entry__isnull=True, counter_entry_of__isnull=True)


def _take_back(people: People, record: Nonconformity, lines: Any) -> None:
    for line in _standing(lines):
        services.take_back(line, reason="decided anew", actor=people["QE"])


def misdeeds(people: People, record: Nonconformity) -> Iterator[Misdeed]:
    """Yield what would unbalance the quantities or come at the wrong time."""
    for quantity in (SUSPECT + 1, Decimal(0), Decimal(-1), Decimal("0.5")):
        yield (
            f"{quantity} disposed of", Refused,
            lambda quantity=quantity: add_line(people, record, "scrap", quantity),
        )  # fmt: skip
    if record.state != "under_review":
        yield "a line at the wrong time", Refused, lambda: add_line(people, record, "scrap")
    is_open = record.state in ("reported", "contained", "under_review")
    if is_open and not record.dispositions.exists():
        yield "closed by SQL", DatabaseError, by_sql(record, "closed")


PLAYBOOK = Playbook(
    kind="nonconformity",
    begin=begin,
    ready={
        "report": to_report, "contain": to_contain, "review": to_review,
        "agree_process": to_dispose, "agree_production": to_dispose, "dispose": to_dispose,
        "dispose_special": to_dispose_special, "execute": to_execute, "close": to_close,
    },
    misdeeds=misdeeds,
)  # fmt: skip
