"""The playbook of corrective actions: through the disciplines, to both verdicts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import DatabaseError

from andon.analyze.causes.models import Cause
from andon.analyze.causes.services import propose_cause, support_cause
from andon.history.frame import SCHEMA
from andon.history.log import Batch, append
from andon.identify.nonconformities.services import narrow_down, raise_nonconformity
from andon.identify.nonconformities.services.raising import Facts
from andon.improve.actions import services
from andon.improve.actions.models import ActionItem, CorrectiveAction
from andon.organization.processes.models import Machine, Process
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.errors import Refused
from andon.records.models import Link
from andon.records.roles import SYS
from andon.records.services import link
from edges.people import People
from edges.playbook import Misdeed, Playbook, by_sql

BASELINE = (date(2025, 9, 1), date(2025, 9, 12))
IMPLEMENTED, CHECKED = date(2025, 9, 15), date(2025, 9, 26)
DEFECTS = {"effective": 1, "not effective": 20}
"""Defects a day after the action; before it there are 20 of 1,000."""


def begin(people: People) -> CorrectiveAction:
    """Open one on a nonconformity."""
    source = raise_nonconformity(
        Facts(title="Crimp loose", defect="crimp", location="A2"), actor=people["PE"]
    )
    return services.open_action(source, actor=people["PE"], owner=people["PE"])


def to_start(people: People, record: CorrectiveAction) -> dict[str, Any]:
    """Nobody is in danger."""
    return {"is_emergency": False}


def to_form_team(people: People, record: CorrectiveAction) -> None:
    """Ask who knows the process."""
    services.add_member(
        record, name="Process engineer", function="process expert", actor=people["PE"]
    )


def to_state_problem(people: People, record: CorrectiveAction) -> dict[str, Any]:
    """Say it with a number, and say what it is not."""
    narrow_down(record, aspect="what", is_so="loose", is_not="tight", actor=people["QE"])
    _plan(people, record)
    return {"problem_statement": "2 % crimp defects on A2"}


def to_confirm_containment(people: People, record: CorrectiveAction) -> dict[str, Any]:
    """Check all parts meanwhile."""
    return {
        "containment_action": "100 % check", "containment_checked_on": date(2025, 9, 10),
        "containment_checked": 500, "containment_escaped": 0,
    }  # fmt: skip


def to_confirm_cause(people: People, record: CorrectiveAction) -> None:
    """Support one cause of the defect and one of its escape."""
    for kind in ("occurrence", "non-detection"):
        cause = propose_cause(
            record, kind=kind, category="man", statement=f"{kind} {record.cycle}",
            actor=people["QE"],
        )  # fmt: skip
        support_cause(cause, evidence_kind="data split", evidence="5 times", actor=people["QE"])


def to_approve(people: People, record: CorrectiveAction) -> dict[str, Any]:
    """Choose an item against each cause, and a check date."""
    _plan(people, record)
    for cause in Cause.objects.filter(record=record, cycle=record.cycle, status="supported"):
        services.add_item(
            record, cause=cause, text="Detect it", strength="detect", responsible=people["PE"],
            due_on=IMPLEMENTED, actor=people["PE"],
        )  # fmt: skip
    return {"change_risk": "none known"}


def to_implement(people: People, record: CorrectiveAction) -> None:
    """Do every item."""
    for item in ActionItem.objects.filter(action=record, cycle=record.cycle):
        services.complete_item(item, evidence="seen", actor=people["PE"])
    services.record_implementation(
        record, implemented_on=IMPLEMENTED, validation="30 good", actor=people["PE"]
    )


def to_prevent(people: People, record: CorrectiveAction) -> None:
    """Answer for the standards and for a similar place."""
    for subject in ("FMEA", "control plan", "documents", "training", "supplier"):
        services.answer_update(
            record, subject=subject, is_updated=False, answer="not touched", actor=people["PE"]
        )
    services.read_across(record, place="Cell A1", answer="same set-up", actor=people["PE"])


def to_review(defects: int, people: People, record: CorrectiveAction) -> None:
    """Measure before and after, in the machine of this cycle."""
    _write(_machine(record), BASELINE, 20)
    _write(_machine(record), (IMPLEMENTED, CHECKED), defects)


def to_recur(people: People, record: CorrectiveAction) -> None:
    """See it again."""
    again = raise_nonconformity(Facts(title="Crimp loose again"), actor=people["PE"])
    link(again, record, kind=Link.Kind.RECURRENCE, actor=people[SYS])


def check(people: People, record: CorrectiveAction) -> CorrectiveAction:
    """Let Andon compute the effect, which takes the step."""
    services.check_effect(record, actor=people[SYS])
    return CorrectiveAction.objects.get(pk=record.pk)


def misdeeds(people: People, record: CorrectiveAction) -> Iterator[Misdeed]:
    """Yield what comes at the wrong time, and the closing that nothing has proven."""
    if record.state not in ("opened", "team", "problem", "containment", "root_cause", "actions"):
        yield "a plan that is registered is changed", Refused, lambda: _plan(people, record)
    if record.state != "monitoring":
        yield "an effect is computed", Refused, lambda: check(people, record)
    if record.state in ("implementation", "prevention", "monitoring"):
        yield "closed by SQL", DatabaseError, by_sql(record, "closed")


def _plan(people: People, record: CorrectiveAction) -> None:
    """Plan to count crimps on a machine of this record and cycle alone."""
    Machine.objects.get_or_create(
        code=_machine(record),
        defaults={"name": "Cell", "process": Process.objects.get(code="ASSY"), "position": 9},
    )
    values = {
        "metric": "rate", "characteristic": Characteristic.objects.get(code="CRIMP"),
        "machines": [_machine(record)], "baseline_since": BASELINE[0],
        "baseline_until": BASELINE[1], "target": 0.5, "check_on": CHECKED, "minimum_n": 5000,
    }  # fmt: skip
    services.plan_effect(record, values=values, actor=people["PE"])


def _machine(record: CorrectiveAction) -> str:
    return f"A{record.pk}-{record.cycle}"


def _write(machine: str, span: tuple[date, date], defects: int) -> None:
    """Append a count a day to the history, past the door: only what the effect reads."""
    days = [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]
    plain = {name: "" for name, kind in SCHEMA.items() if kind == pl.String}
    rows = [
        plain
        | {
            "stream": f"CRIMP/{machine}", "characteristic": "CRIMP", "machine": machine,
            "shift": "E", "inspected": 1000, "is_out_of_specification": False,
            "measured_at": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            "received_at": clock.now(), "produced_on": day, "value": float(defects),
        }
        for day in days
    ]  # fmt: skip
    schema = {name: kind for name, kind in SCHEMA.items() if name not in ("batch", "position")}
    batch = Batch(f"{machine} {span[0]}", pl.DataFrame(rows, schema=schema), "")
    append([batch], at=clock.now())


PLAYBOOK = Playbook(
    kind="correctiveaction",
    begin=begin,
    ready={
        "start": to_start, "form_team": to_form_team, "state_problem": to_state_problem,
        "confirm_containment": to_confirm_containment, "confirm_cause": to_confirm_cause,
        "approve_actions": to_approve, "confirm_implementation": to_implement,
        "confirm_prevention": to_prevent, "reopen_recurrence": to_recur,
        **{f"review_effect {name}": lambda people, record, n=n: to_review(n, people, record)
           for name, n in DEFECTS.items()},
    },
    takes={"review_effect": check},
    variants={"review_effect": tuple(DEFECTS)},
    blocked={"effective": ("reopen_at_cause",), "not effective": ("close_effective",)},
    misdeeds=misdeeds,
)  # fmt: skip
