"""The control plan chooses line, chart, rules and thresholds, and can be tightened."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from andon.control.plans.models import ControlPlan, PlanLine
from andon.control.plans.queries import (
    chart_for,
    finding_options,
    line_for,
    reaction_for,
    rules_of,
)
from andon.control.plans.run_rules import rules_named
from andon.control.plans.services import tighten
from andon.organization.processes.models import Machine
from andon.records.errors import Forbidden, Refused
from andon.records.models import Entry
from andon.records.trail.context import acting

LineOf = Callable[..., PlanLine]


def test_the_line_of_a_machine_goes_before_the_line_of_all(line_of: LineOf) -> None:
    general = line_of(reaction="Measure 5 more.")
    lathe = Machine.objects.get(code="L1")
    own = line_of(machine=lathe, reaction="Check the insert.")
    assert line_for(general.characteristic, lathe) == own
    assert line_for(general.characteristic, Machine.objects.get(code="L2")) == general
    assert line_for(general.characteristic, None) == general
    assert reaction_for(general.characteristic, lathe) == "Check the insert."


def test_a_plan_out_of_effect_rules_nothing(line_of: LineOf, system: Any) -> None:
    line = line_of()
    with acting(system):
        ControlPlan.objects.update(is_effective=False)
    assert line_for(line.characteristic, None) is None
    assert reaction_for(line.characteristic, None) == ""


@pytest.mark.parametrize(
    ("values", "chart"),
    [
        ({"sample_size": 1}, "I-MR"),
        ({"sample_size": 2}, "Xbar-R"),
        ({"sample_size": 9}, "Xbar-R"),
        ({"sample_size": 10}, "Xbar-S"),
        ({"sample_size": 5, "chart": "Xbar-S"}, "Xbar-S"),
        ({"kind": "attribute", "unit": "pieces", "sample_size": None}, "p"),
        ({"kind": "attribute", "unit": "pieces", "sample_size": 200}, "np"),
        ({"kind": "attribute", "unit": "defects", "sample_size": None}, "u"),
        ({"kind": "attribute", "unit": "defects", "sample_size": 200}, "c"),
    ],
)
def test_the_chart_follows_kind_and_sample_size(
    line_of: LineOf, values: dict[str, Any], chart: str
) -> None:
    assert chart_for(line_of(**values)) == chart


def test_rules_are_named_by_family_and_number(line_of: LineOf) -> None:
    assert [rule.number for rule in rules_of(line_of())] == [1]
    rules = rules_of(line_of(code="BO", rules=["western electric 1", "western electric 4"]))
    assert [(rule.number, rule.m) for rule in rules] == [(1, 1), (4, 8)]


@pytest.mark.parametrize("names", [["nelson 9"], ["nelson"], ["1"], ["nelson 1", "aiag 2"]])
def test_a_rule_that_does_not_exist_or_a_mix_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError):
        rules_named(names)


def test_a_line_may_set_its_own_thresholds(line_of: LineOf) -> None:
    options = finding_options(line_of(finding_extreme=6.0, finding_decision=0.5))
    assert (options.extreme, options.decision, options.effect) == (6.0, 0.5, 0.75)
    assert finding_options(None) == finding_options(line_of(code="BO"))


def test_a_stream_has_one_line_in_a_plan(line_of: LineOf) -> None:
    line_of()
    with pytest.raises(IntegrityError), transaction.atomic():
        line_of()
    with pytest.raises(IntegrityError), transaction.atomic():
        line_of(code="BO", sample_size=0)


def test_tightening_changes_the_line_and_raises_the_revision(
    line_of: LineOf, engineer: Any
) -> None:
    line = line_of(rules=["nelson 1"])
    tightened = tighten(
        line, actor=engineer, reason="CAPA-2025-0001: tool wear", sample_size=10,
        frequency="per hour", rules=["nelson 1", "nelson 2"],
    )  # fmt: skip
    stored = PlanLine.objects.get()
    assert tightened.plan.revision == ControlPlan.objects.get().revision == 2
    assert (stored.sample_size, stored.frequency) == (10, "per hour")
    assert stored.rules == ["nelson 1", "nelson 2"]
    assert chart_for(stored) == "Xbar-S"
    assert Entry.objects.filter(reason="CAPA-2025-0001: tool wear").count() == 2


def test_tightening_to_what_is_already_asked_changes_nothing(
    line_of: LineOf, engineer: Any
) -> None:
    tighten(line_of(), actor=engineer, reason="again", sample_size=5)
    assert ControlPlan.objects.get().revision == 1


@pytest.mark.parametrize(
    "wanted",
    [
        {"sample_size": 3},
        {"frequency": "per day"},
        {"frequency": "never"},
        {"rules": []},
        {"rules": ["nelson 1", "nelson 9"]},
        {"reason": " "},
    ],
)
def test_loosening_and_nonsense_are_refused_and_nothing_changes(
    line_of: LineOf, engineer: Any, wanted: dict[str, Any]
) -> None:
    line = line_of(rules=["nelson 1"])
    with pytest.raises(Refused):
        tighten(line, **({"actor": engineer, "reason": "why"} | wanted))
    assert ControlPlan.objects.get().revision == 1


def test_every_piece_inspected_cannot_be_tightened_to_a_sample(
    line_of: LineOf, engineer: Any
) -> None:
    line = line_of(kind="attribute", unit="pieces", sample_size=None)
    with pytest.raises(Refused, match="every piece"):
        tighten(line, actor=engineer, reason="why", sample_size=500)


def test_an_operator_may_not_tighten(line_of: LineOf, account_with: Any) -> None:
    with pytest.raises(Forbidden):
        tighten(line_of(), actor=account_with("OP"), reason="why", sample_size=10)
