"""The generated tests of the workflow: every state is reached, every wrong step refused."""

from decimal import Decimal
from typing import Any

import pytest
from nonconformity_walk import PASSWORD, PLACES, Walk

from andon.identify.nonconformities import services
from andon.identify.nonconformities.workflow import WORKFLOW
from andon.records.accounts import system_account
from andon.records.errors import Forbidden, Refused
from andon.records.services import advance
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
    record = walk.at(state)
    actor = system_account()
    for place, name in steps_that_do_not_fit(WORKFLOW):
        if place == state:
            assert changes_nothing(record, lambda name=name: attempt(record, name, actor, PASSWORD))
            assert attempt(record, name, actor, PASSWORD) != ""


@pytest.mark.parametrize(
    ("state", "step", "missing"),
    [
        ("draft", "report", "Suspect"),
        ("reported", "contain", "in transit"),
        ("under_review", "dispose", "no disposition line"),
        ("dispositioned", "execute", "what became"),
        ("executed", "close", "corrective action"),
    ],
)
def test_a_gate_names_what_is_missing_and_changes_nothing(
    walk: Walk, state: str, step: str, missing: str
) -> None:
    record = walk.at(state)
    assert changes_nothing(record, lambda: attempt(record, step, walk.engineer, PASSWORD))
    assert missing.lower() in attempt(record, step, walk.engineer, PASSWORD).lower()


def test_an_operator_may_report_but_not_dispose(walk: Walk, account_with: Any) -> None:
    operator = account_with("OP")
    with pytest.raises(Forbidden):
        advance(walk.reported(), "contain", actor=operator)


def test_parts_on_hold_are_labelled_before_they_count_as_contained(walk: Walk) -> None:
    places = dict.fromkeys(PLACES, Decimal(0)) | {"stock": Decimal(5)}
    record = walk.reported()
    with pytest.raises(Refused, match="hold labels"):
        services.contain(record, places=places, actor=walk.engineer, is_labelled=False)
    assert not record.containment.exists()
