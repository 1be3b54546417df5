"""The generated tests of the eight disciplines, and each gate in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from action_walk import PASSWORD, Walk

from andon.improve.actions import services
from andon.improve.actions.models import CorrectiveAction, EffectivenessPlan
from andon.improve.actions.workflow import WORKFLOW
from andon.records.accounts import system_account
from andon.records.errors import Forbidden, Refused
from andon.records.services import Signing, advance
from workflow_walk import attempt, changes_nothing, steps_that_do_not_fit, traps, unreached

STATES = [state.name for state in WORKFLOW.states]


def test_every_state_has_a_way_in_and_every_open_state_a_way_out() -> None:
    assert unreached(WORKFLOW) == set()
    assert traps(WORKFLOW) == set()


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_reached_by_real_steps(walk: Walk, state: str) -> None:
    assert walk.at(state).state == state


@pytest.mark.parametrize("state", STATES)
def test_steps_that_do_not_leave_a_state_are_refused_and_change_nothing(
    walk: Walk, state: str
) -> None:
    record, actor = walk.at(state), system_account()
    for place, name in steps_that_do_not_fit(WORKFLOW):
        if place == state:
            assert changes_nothing(record, lambda name=name: attempt(record, name, actor, PASSWORD))
            assert attempt(record, name, actor, PASSWORD) != ""


@pytest.mark.parametrize(
    ("state", "step", "missing"),
    [
        ("opened", "start", "emergency"),
        ("team", "form_team", "knows the process"),
        ("problem", "state_problem", "problem statement"),
        ("problem", "state_problem", "baseline from"),
        ("containment", "confirm_containment", "containment checked on"),
        ("root_cause", "confirm_cause", "why it was not detected"),
        ("actions", "approve_actions", "choose an action against"),
        ("implementation", "confirm_implementation", "not done yet"),
        ("implementation", "confirm_implementation", "from which day"),
        ("prevention", "confirm_prevention", "fmea"),
        ("prevention", "confirm_prevention", "similar part"),
        ("monitoring", "review_effect", "not computed"),
        ("effectiveness_review", "reopen_at_cause", "sign and close"),
        ("closed", "reopen_recurrence", "no recurrence"),
    ],
)
def test_a_gate_names_what_is_missing_and_changes_nothing(
    walk: Walk, state: str, step: str, missing: str
) -> None:
    record, actor = walk.at(state), system_account()
    assert changes_nothing(record, lambda: attempt(record, step, actor, PASSWORD))
    assert missing in attempt(record, step, actor, PASSWORD).lower()


def test_an_action_needs_what_it_acts_on(walk: Walk) -> None:
    from andon.records.services import create

    record = create(CorrectiveAction(title="Out of the blue"), actor=walk.engineer)
    with pytest.raises(Refused, match="Link the record"):
        walk.step(record, "start", is_emergency=False)


def test_a_critical_action_needs_a_sponsor(walk: Walk) -> None:
    record = walk.step(walk.opened(), "start", is_emergency=False, severity="critical")
    services.add_member(record, name="Expert", function="process expert", actor=walk.engineer)
    with pytest.raises(Refused, match="sponsor"):
        walk.step(record, "form_team")
    assert walk.step(record, "form_team", sponsor=walk.manager).state == "problem"


def test_a_problem_without_a_number_is_not_stated(walk: Walk) -> None:
    record = walk.problem()
    services.plan_effect(record, values=walk.plan_values, actor=walk.engineer)
    with pytest.raises(Refused, match="number"):
        walk.step(record, "state_problem", problem_statement="many defects")


def test_an_unverified_cause_does_not_pass(walk: Walk) -> None:
    from andon.analyze.causes.services import propose_cause

    record = walk.root_cause()
    for kind in ("occurrence", "non-detection"):
        propose_cause(record, kind=kind, category="man", statement="Guess", actor=walk.engineer)
    with pytest.raises(Refused, match="No verified cause says why it was made"):
        walk.step(record, "confirm_cause")


def test_training_alone_needs_the_managers_reason(walk: Walk) -> None:
    record = walk.actions()
    walk.choose(record, "training", "training")
    with pytest.raises(Refused, match="Training alone"):
        walk.sign(record, "approve_actions", change_risk="none")
    with pytest.raises(Forbidden):
        services.accept_training_only(record, reason="no other way", actor=walk.engineer)
    services.accept_training_only(record, reason="no other way", actor=walk.manager)
    assert walk.sign(record, "approve_actions", change_risk="none").state == "implementation"


def test_the_owner_does_not_approve_alone(walk: Walk, account_with: Any) -> None:
    record = walk.actions()
    walk.choose(record, "detect", "detect")
    meaning = str(WORKFLOW.transition("approve_actions").meaning)
    with pytest.raises(Refused, match="Somebody else"):
        advance(
            record, "approve_actions", actor=walk.engineer, values={"change_risk": "none"},
            signing=Signing(PASSWORD, meaning),
        )  # fmt: skip


def test_approval_registers_a_complete_plan(walk: Walk) -> None:
    record = walk.actions()
    walk.choose(record, "detect", "detect")
    services.plan_effect(record, values={"minimum_n": None}, actor=walk.engineer)
    with pytest.raises(Refused, match="least number"):
        walk.sign(record, "approve_actions", change_risk="none")
    services.plan_effect(record, values={"minimum_n": 10}, actor=walk.engineer)
    walk.sign(record, "approve_actions", change_risk="none")
    plan = EffectivenessPlan.objects.get(action=record)
    assert plan.registered_by == walk.manager
    assert plan.registered_at is not None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"baseline_until": date(2025, 9, 13)}, "in the past"),
        ({"check_on": date(2025, 9, 12)}, "after the baseline"),
        ({"machines": ["A9"]}, "no “A9”"),
        ({"machines": "A2"}, "list of codes"),
        ({"metric": "mean"}, "rate only"),
        ({"target": 1.5}, "at most 1"),
        ({"target": -0.5}, "above zero"),
        ({"target": float("nan")}, "above zero"),
        ({"confidence": 2.0}, "between 0.5 and 1"),
        ({"colour": "red"}, "no field"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_in_words(
    walk: Walk, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        services.plan_effect(
            walk.problem(), values={**walk.plan_values, **values}, actor=walk.engineer
        )


def test_the_windows_of_before_and_after_never_overlap(walk: Walk) -> None:
    record = walk.implementation()
    for day, message in ((date(2025, 9, 12), "after the baseline"), (date(2025, 11, 15), "before")):
        with pytest.raises(Refused, match=message):
            services.record_implementation(
                record, implemented_on=day, validation="ok", actor=walk.engineer
            )


def test_a_customer_shortens_the_timers(walk: Walk) -> None:
    record = walk.problem()
    internal = walk.step(walk.opened(), "start", is_emergency=False, is_customer_affected=True)
    assert internal.is_customer_affected
    services.plan_effect(record, values=walk.plan_values, actor=walk.engineer)
    CorrectiveAction.objects.filter(pk=record.pk).update(is_customer_affected=True)
    record = walk.step(record, "state_problem", problem_statement="12 of 2,000")
    assert record.due_at == record.state_since + timedelta(hours=24)


def test_monitoring_is_due_at_the_check_date(walk: Walk) -> None:
    due = walk.monitoring().due_at
    assert due is not None
    assert due.date() == date(2025, 11, 14)
