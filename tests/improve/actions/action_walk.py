"""Walks corrective actions through the disciplines, over measurements written day by day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from andon.analyze.causes.models import Cause
from andon.analyze.causes.services import propose_cause, support_cause
from andon.history.frame import SCHEMA
from andon.history.log import Batch, append
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.services import raise_nonconformity
from andon.identify.nonconformities.services.raising import Facts
from andon.improve.actions import services
from andon.improve.actions.guards import plan_of
from andon.improve.actions.models import ActionItem, CorrectiveAction
from andon.organization.processes.models import Machine, Process
from andon.organization.products.models import Characteristic, Lot, Product
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.models import Account
from andon.records.services import Signing, advance

PASSWORD = "correct horse battery"
SUBJECTS = ("FMEA", "control plan", "documents", "training", "supplier")


@dataclass(frozen=True)
class Cell:
    """Assembly cell A2 with a counted defect, a neighbouring defect and a length."""

    machine: Machine
    crimp: Characteristic
    burr: Characteristic
    length: Characteristic
    lot: Lot


def build_cell() -> Cell:
    """Create the least of master data that a corrective action refers to."""
    assembly = Process.objects.create(code="ASSY", name="Assembly", position=3)
    probe = Product.objects.create(code="P-75", name="Probe", family="75 mil")
    machine = Machine.objects.create(code="A2", name="A2", process=assembly, position=2)
    counted = {"process": assembly, "kind": "attribute", "unit": "pieces", "product": probe}
    crimp = Characteristic.objects.create(code="CRIMP", name="Crimp loose or tight", **counted)
    burr = Characteristic.objects.create(code="BURR", name="Burr", **counted)
    length = Characteristic.objects.create(
        code="TL", name="Total length", process=assembly, unit="mm", target=16.55,
        lower_specification=16.45, upper_specification=16.65,
    )  # fmt: skip
    lot = Lot.objects.create(code="A2-250701-N", quantity=800, product=probe, machine=machine)
    return Cell(machine, crimp, burr, length, lot)


def days(since: date, until: date) -> Iterator[date]:
    """Yield the weekdays of a span, both ends included."""
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        if day.weekday() < 5:
            yield day


def write(code: str, rows: list[dict[str, Any]], *, machine: str = "A2", shift: str = "N") -> None:
    """Append rows to the history, past the door: only what the effect reads is filled."""
    plain = {name: "" for name, kind in SCHEMA.items() if kind == pl.String}
    told = [
        plain
        | {
            "stream": f"{code}/{machine}", "characteristic": code, "machine": machine,
            "shift": shift, "inspected": None, "is_out_of_specification": False,
            "received_at": row["measured_at"],
        }
        | row
        for row in rows
    ]  # fmt: skip
    schema = {name: kind for name, kind in SCHEMA.items() if name not in ("batch", "position")}
    frame = pl.DataFrame(told, schema=schema)
    append([Batch(f"{code}{machine}{rows[0]}", frame, "")], at=clock.now())


def write_counts(
    code: str, since: date, until: date, *, defects: int, inspected: int, machine: str = "A2"
) -> None:
    """Spread defects and inspected pieces evenly over the weekdays of a span."""
    span = list(days(since, until))
    write(code, machine=machine, rows=[
        {
            "measured_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
            "produced_on": day,
            "value": float(_share(defects, place, len(span))),
            "inspected": _share(inspected, place, len(span)),
        }
        for place, day in enumerate(span)
    ])  # fmt: skip


def write_values(code: str, since: date, until: date, *, shift: float, machine: str = "A2") -> None:
    """Write five values a day around 16.55 with sigma about 0.018, moved by so many sigma."""
    steps = (-1.2, -0.5, 0.0, 0.5, 1.2)
    write(code, machine=machine, rows=[
        {
            "measured_at": datetime(day.year, day.month, day.day, 3, number, tzinfo=UTC),
            "produced_on": day,
            "subgroup": day.isoformat(),
            "value": 16.55 + 0.018 * (step + shift + 0.2 * (-1) ** place),
        }
        for place, day in enumerate(days(since, until))
        for number, step in enumerate(steps)
    ])  # fmt: skip


def _share(total: int, place: int, parts: int) -> int:
    return total * (place + 1) // parts - total * place // parts


@dataclass
class Walk:
    """Takes a corrective action along the disciplines, as the people who may."""

    cell: Cell
    engineer: Account
    manager: Account
    plan_values: dict[str, Any]
    implemented_on: date = date(2025, 9, 15)

    def source(self) -> Nonconformity:
        """Raise the nonconformity that the action acts on."""
        return raise_nonconformity(
            Facts(
                title="Night-shift crimp defects on cell A2",
                characteristic=self.cell.crimp,
                lots={self.cell.lot: None},
                location="A2",
            ),
            actor=self.engineer,
        )

    def opened(self) -> CorrectiveAction:
        """Open the action."""
        return services.open_action(self.source(), actor=self.engineer, owner=self.engineer)

    def step(self, record: CorrectiveAction, name: str, **values: Any) -> CorrectiveAction:
        """Take an unsigned step."""
        return advance(record, name, actor=self.engineer, values=values)

    def sign(self, record: CorrectiveAction, name: str, **values: Any) -> CorrectiveAction:
        """Take a signed step as the quality manager, who is neither owner nor author."""
        meaning = str(record.WORKFLOW.transition(name).meaning)
        return advance(
            record, name, actor=self.manager, values=values, reason="signed",
            signing=Signing(PASSWORD, meaning),
        )  # fmt: skip

    def team(self) -> CorrectiveAction:
        """D1."""
        return self.step(self.opened(), "start", is_emergency=False)

    def problem(self) -> CorrectiveAction:
        """D2."""
        record = self.team()
        services.add_member(
            record, name="Process engineer", function="process expert", actor=self.engineer
        )
        return self.step(record, "form_team")

    def containment(self) -> CorrectiveAction:
        """D3."""
        record = self.problem()
        services.plan_effect(record, values=self.plan_values, actor=self.engineer)
        return self.step(
            record, "state_problem", problem_statement="1.5 % crimp defects on A2 at night"
        )

    def root_cause(self) -> CorrectiveAction:
        """D4."""
        return self.step(
            self.containment(), "confirm_containment", containment_action="100 % check",
            containment_checked_on=date(2025, 7, 10), containment_checked=500,
            containment_escaped=0,
        )  # fmt: skip

    def support(self, record: CorrectiveAction, kind: str, statement: str) -> Cause:
        """Propose a cause and support it."""
        cause = propose_cause(
            record, kind=kind, category="man", statement=statement, actor=self.engineer
        )
        return support_cause(
            cause, evidence_kind="data split", evidence="5.2 times", actor=self.engineer
        )

    def actions(self, record: CorrectiveAction | None = None) -> CorrectiveAction:
        """D5."""
        record = record or self.root_cause()
        self.support(record, "occurrence", "Crew not qualified")
        self.support(record, "non-detection", "No check of crimp height")
        return self.step(record, "confirm_cause")

    def choose(self, record: CorrectiveAction, *strengths: str) -> None:
        """Choose an item against each verified cause."""
        causes = Cause.objects.filter(record=record, cycle=record.cycle, status="supported")
        for cause, strength in zip(causes, strengths, strict=True):
            services.add_item(
                record, cause=cause, text=f"{strength} it", strength=strength,
                responsible=self.engineer, due_on=date(2025, 9, 12), actor=self.engineer,
            )  # fmt: skip

    def implementation(self, record: CorrectiveAction | None = None) -> CorrectiveAction:
        """D6."""
        record = record or self.actions()
        self.choose(record, "training", "detect")
        return self.sign(record, "approve_actions", change_risk="none known")

    def prevention(self, record: CorrectiveAction | None = None) -> CorrectiveAction:
        """D7."""
        record = record or self.implementation()
        for item in ActionItem.objects.filter(action=record, cycle=record.cycle):
            services.complete_item(item, evidence="seen", actor=self.engineer)
        services.record_implementation(
            record, implemented_on=self.implemented_on, validation="30 good", actor=self.engineer
        )
        return self.step(record, "confirm_implementation")

    def monitoring(self, record: CorrectiveAction | None = None) -> CorrectiveAction:
        """After D7."""
        record = record or self.prevention()
        for subject in SUBJECTS:
            services.answer_update(
                record, subject=subject, is_updated=subject == "training", answer="as said",
                actor=self.engineer,
            )  # fmt: skip
        services.read_across(
            record, place="Cell A1", answer="same set-up, done", actor=self.engineer
        )
        return self.step(record, "confirm_prevention")

    def checked(self, record: CorrectiveAction) -> CorrectiveAction:
        """Let the worker check at the check date, and return the record as it is then."""
        plan = plan_of(record)
        assert plan is not None and plan.check_on is not None
        with clock.fixed(datetime(2025, 12, 20, 12, tzinfo=UTC)):
            services.check_effect(record, actor=system_account())
        return CorrectiveAction.objects.get(pk=record.pk)

    def effectiveness_review(self) -> CorrectiveAction:
        """With an effective verdict."""
        write_crimp(effective=True)
        return self.checked(self.monitoring())

    def closed(self) -> CorrectiveAction:
        """D8."""
        return self.sign(self.effectiveness_review(), "close_effective")

    def cancelled(self) -> CorrectiveAction:
        """Cancelled in D2."""
        return advance(self.problem(), "cancel", actor=self.manager, reason="twice opened")

    def at(self, state: str) -> CorrectiveAction:
        """Return an action that came to this state by its real steps."""
        way: Callable[[], CorrectiveAction] = getattr(self, state)
        return way()


BASELINE = (date(2025, 7, 1), date(2025, 9, 12))
AFTER = (date(2025, 9, 15), date(2025, 11, 14))


def write_crimp(*, effective: bool) -> None:
    """Write the counts of DOMAIN 4.3: P3 with its repair, or a rate that stayed as it was."""
    write_counts("CRIMP", *BASELINE, defects=264, inspected=17_623)
    write_counts("CRIMP", *AFTER, defects=45 if effective else 267, inspected=17_841)


def plan_values(cell: Cell) -> dict[str, Any]:
    """Return the registered plan of P3."""
    return {
        "metric": "rate", "characteristic": cell.crimp, "machines": ["A2"], "shifts": [],
        "baseline_since": BASELINE[0], "baseline_until": BASELINE[1], "target": 0.5,
        "check_on": AFTER[1], "minimum_n": 5000,
    }  # fmt: skip


COST = Decimal("19.43")
