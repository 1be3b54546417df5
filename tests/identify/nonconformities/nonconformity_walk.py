"""Walks nonconformities through their real steps to any state."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from andon.identify.nonconformities import services
from andon.identify.nonconformities.models import DispositionLine, Nonconformity
from andon.identify.nonconformities.services.raising import Facts
from andon.organization.processes.models import Machine, Process
from andon.organization.products.models import Characteristic, Lot, Product, Rate, StandardCost
from andon.records.models import Account
from andon.records.services import Signing, advance

PASSWORD = "correct horse battery"
PLACES = ("work in progress", "stock", "sub-supplier", "in transit", "customer")


@dataclass(frozen=True)
class Plant:
    """A lathe, its characteristic and two lots of 1,000 pieces."""

    machine: Machine
    characteristic: Characteristic
    lots: tuple[Lot, Lot]


def build_plant() -> Plant:
    """Create the least of master data that a nonconformity refers to."""
    turning = Process.objects.create(code="TURN", name="Turning", position=1)
    plunger = Product.objects.create(code="PL-75", name="Plunger", family="75 mil")
    machine = Machine.objects.create(code="L3", name="Lathe 3", process=turning, position=3)
    diameter = Characteristic.objects.create(
        code="PD", name="Plunger diameter", process=turning, product=plunger, unit="mm",
        target=0.74, lower_specification=0.73, upper_specification=0.75,
        classification="special",
    )  # fmt: skip
    StandardCost.objects.create(process=turning, per_piece=Decimal("0.06"))
    for code, value in (
        ("rework per piece", "0.09"), ("sorting per hour", "28"), ("sorting pieces per hour", "900")
    ):  # fmt: skip
        Rate.objects.create(code=code, name=code, value=Decimal(value), unit="EUR")
    lots = tuple(
        Lot.objects.create(
            code=f"PD-L3-25031{n}-E", quantity=1000, product=plunger, machine=machine,
            process=turning,
        )
        for n in (1, 2)
    )  # fmt: skip
    return Plant(machine, diameter, (lots[0], lots[1]))


@dataclass
class Walk:
    """Takes a nonconformity along its way, step by step, as the people who may."""

    plant: Plant
    engineer: Account
    manager: Account

    def reported(self, **facts: Any) -> Nonconformity:
        """Raise one on the first lot, which is enough to report it."""
        return services.raise_nonconformity(
            Facts(**{
                "title": "Plunger diameter drifts on L3",
                "characteristic": self.plant.characteristic,
                "lots": {self.plant.lots[0]: None},
                "location": "rack 4",
                **facts,
            }),
            actor=self.engineer,
        )  # fmt: skip

    def contained(self, **facts: Any) -> Nonconformity:
        """Hold everything in stock."""
        places = {place: Decimal(0) for place in PLACES} | {"stock": Decimal(1000)}
        return services.contain(
            self.reported(**facts), places=places, actor=self.engineer, is_labelled=True
        )

    def under_review(self, **facts: Any) -> Nonconformity:
        """Describe it and begin the review."""
        return advance(
            self.contained(**facts), "review", actor=self.engineer,
            values={"description": "Every shift thicker", "severity": "major"},
        )  # fmt: skip

    def line(self, record: Nonconformity, kind: str, quantity: int, **more: Any) -> DispositionLine:
        """Add a disposition line."""
        return services.add_disposition(
            record, kind=kind, quantity=Decimal(quantity), reason="decided", actor=self.engineer,
            **more,
        )  # fmt: skip

    def sign(self, record: Nonconformity, step: str = "dispose", **by: Any) -> Nonconformity:
        """Sign a step with its meaning."""
        meaning = str(record.WORKFLOW.transition(step).meaning)
        actor = by.get("actor", self.engineer)
        return advance(
            record, step, actor=actor, reason="signed", signing=Signing(PASSWORD, meaning)
        )

    def dispositioned(self) -> Nonconformity:
        """Scrap all of it."""
        record = self.under_review()
        self.line(record, "scrap", 1000, lot=self.plant.lots[0])
        return self.sign(record)

    def executed(self) -> Nonconformity:
        """Confirm that it was scrapped."""
        record = self.dispositioned()
        for line in record.dispositions.all():
            services.record_execution(line, actor=self.engineer)
        return services.execute(record, actor=self.engineer)

    def closed(self) -> Nonconformity:
        """Decide that no corrective action is needed, and close."""
        record = self.executed()
        services.decide_action(record, is_needed=False, reason="single case", actor=self.engineer)
        return advance(record, "close", actor=self.engineer)

    def draft(self) -> Nonconformity:
        """Raise one of which too little is known to report it."""
        return services.raise_nonconformity(Facts(title="Something odd"), actor=self.engineer)

    def cancelled(self) -> Nonconformity:
        """Cancel a contained one."""
        return self.sign(self.contained(), "cancel", actor=self.manager)

    def at(self, state: str) -> Nonconformity:
        """Return a nonconformity that came to this state by its real steps."""
        way: Callable[[], Nonconformity] = getattr(self, state)
        return way()
