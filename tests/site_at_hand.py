"""One object of every kind, kept at one site, and people of every kind around it."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from andon.analyze.causes.models import WhyStep
from andon.analyze.causes.services import propose_cause, support_cause
from andon.analyze.monitoring.models import Signal, Stream
from andon.analyze.problems.models import Problem
from andon.analyze.studies.evidence import Analysis, save_evidence
from andon.analyze.studies.models import Study
from andon.board import uploads
from andon.identify.measurements.files import Table
from andon.identify.nonconformities.models import DispositionLine, Nonconformity, SuspectLot
from andon.improve.actions.models import ActionItem, CorrectiveAction
from andon.organization.partners.models import Partner
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic, Lot, Product
from andon.records import accounts, clock
from andon.records.attachments import attach
from andon.records.models import Account, Record, SavedFilter, Site
from andon.records.services import create
from andon.records.trail.context import acting
from small_factory import build_small_factory

ROLES = ("OP", "INS", "QE", "QM", "PE", "LEAD", "MET", "AUD", "TM", "ADM")
HIDDEN = "Kept at Arden only"
"""Stands in every title of the objects' records."""


def build_site(make: Callable[..., Any]) -> tuple[dict[str, Account], dict[str, Any]]:
    """Return people by kind, and what fills each placeholder of an address."""
    build_small_factory()
    arden, birk = (Site.objects.create(code=code, name=code) for code in ("ARDEN", "BIRK"))
    people = {role: make(role, username=f"one-{role.lower()}") for role in ROLES}
    people["deactivated"] = make(*ROLES, username="left")
    people["other_site"] = make(*ROLES, username="elsewhere")
    Account.objects.update(site=arden)
    Account.objects.filter(username="elsewhere").update(site=birk)
    Account.objects.filter(username="andon").update(site=None)
    author = make(*ROLES, username="author")
    author.site = arden
    author.save()
    people["author"] = author
    with acting(author):
        objects = _objects(author) | {"account": people["OP"].pk}
    return {name: Account.objects.get(pk=who.pk) for name, who in people.items()}, objects


def _objects(author: Account) -> dict[str, Any]:
    product = Product.objects.create(code="P-1", name="Probe")
    lot = Lot.objects.create(code="LOT-1", product=product)
    records = _records(author)
    nc, ca = records["nc"], records["ca"]
    SuspectLot.objects.create(nonconformity=nc, lot=lot)
    Record.objects.filter(pk=nc.pk).update(state="under_review")
    line = DispositionLine.objects.create(
        nonconformity=nc, kind="rework", lot=lot, quantity=1, reason=HIDDEN, decided_by=author,
        decided_at=clock.now(),
    )  # fmt: skip
    cause = propose_cause(
        ca, kind="occurrence", category="machine", statement=HIDDEN, actor=author
    )  # fmt: skip
    step = WhyStep.objects.create(
        record_id=ca.pk, cause=cause, position=1, answer=HIDDEN, evidence="seen"
    )
    support_cause(cause, evidence_kind="data split", evidence="seen", actor=author)
    Record.objects.filter(pk=ca.pk).update(state="actions")
    item = ActionItem.objects.create(
        action=ca, cycle=1, cause=cause, text=HIDDEN, strength="engineer", responsible=author,
        due_on=date(2025, 4, 1),
    )  # fmt: skip
    columns = {"values": [1.0, 2.0, 4.0, 3.5, 2.5]}
    evidence = save_evidence(
        records["st"], Analysis(HIDDEN, "individuals_chart", columns), actor=author
    )
    accounts.create_token(author, name="gauge", actor=author)
    kept = SavedFilter.objects.create(account=author, kind="nonconformity", name="x", query="")
    table = Table(("characteristic",), (("PD",),))
    return {
        **{prefix: record.number for prefix, record in records.items()},
        "line": line.pk, "cause": cause.pk, "why_step": step.pk, "item": item.pk,
        "file": _photo(nc, author), "evidence": evidence.pk, "token": author.tokens.get().pk,
        "filter": kept.pk, "upload": uploads.keep_table(table, "day.csv", actor=author),
        "signal": _signal(), "partner": Partner.objects.create(code="S-1", name="Supplier").code,
    }  # fmt: skip


def _records(author: Account) -> dict[str, Record]:
    day = date(2025, 3, 12)
    made: dict[str, Record] = {
        "nc": Nonconformity(title=HIDDEN), "ca": CorrectiveAction(title=HIDDEN),
        "st": Study(title=HIDDEN, method="experiment"),
        "pr": Problem(title=HIDDEN, began_on=day, found_on=day, site=author.site),
    }  # fmt: skip
    system = accounts.system_account()
    for record in made.values():
        create(record, actor=system if isinstance(record, Problem) else author)
    return made


def _photo(record: Record, author: Account) -> int:
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(buffer, "PNG")
    photo = SimpleUploadedFile(f"{HIDDEN}.png", buffer.getvalue(), "image/png")
    return attach(record, photo, actor=author).pk


def _signal() -> int:
    characteristic = Characteristic.objects.get(code="PD")
    machine = Machine.objects.get(code="L3")
    stream = Stream.objects.create(code="PD/L3", characteristic=characteristic, machine=machine)
    return Signal.objects.create(
        stream=stream, subgroup="1", produced_on=date(2025, 3, 12), measured_at=clock.now(),
        rule="above", value=0.8, raised_at=clock.now(),
    ).pk  # fmt: skip
