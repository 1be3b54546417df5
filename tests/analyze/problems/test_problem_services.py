"""What findings, actions and people do to problems."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from chart_like_weeks import shift_of_l3

from andon.analyze.monitoring.models import Finding, Stream
from andon.analyze.problems.joining import near_ancestors, problems_of
from andon.analyze.problems.models import Problem, ProblemFinding
from andon.analyze.problems.queries import open_problems, told_problems
from andon.analyze.problems.services import (
    _led,
    contain,
    mark_proving,
    mark_solved,
    mark_under_action,
    problems_behind,
    report_ineffective,
    take_finding,
    withdraw_finding,
)
from andon.analyze.problems.workflow import WORKFLOW
from andon.control.plans.models import PlanLine
from andon.identify.measurements.services import record
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.services import answer_place
from andon.organization.products.models import Lot, LotUse
from andon.records import clock
from andon.records.errors import Forbidden, Refused
from andon.records.services import advance
from small_factory import build_small_factory, measured
from workflow_walk import traps, unreached

PLACES = ("work in progress", "stock", "sub-supplier", "in transit", "customer")


@pytest.fixture(autouse=True)
def _factory(db: Any) -> None:
    build_small_factory()


@pytest.fixture
def problem(engineer: Any) -> Problem:
    """The problem of lathe L3 after its mean has shifted."""
    shift_of_l3(engineer)
    return Problem.objects.get()


def finding_on(stream: Stream, on: date, **others: Any) -> Finding:
    """A further finding of a stream, as monitoring stores it."""
    given = {
        "rule": "EXTREME", "direction": 1, "began_on": on, "subgroup": f"{on}",
        "detail": {}, "lots": [], **others,
    }  # fmt: skip
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return Finding.objects.create(
        stream=stream, place=stream.code, found_on=on, shift="E", found_at=at, **given
    )


def test_every_state_is_reached_and_left() -> None:
    assert unreached(WORKFLOW) == set()
    assert traps(WORKFLOW) == set()


def test_nobody_makes_a_problem_by_hand(manager: Any, problem: Problem) -> None:
    from andon.records.services import create

    copy = Problem(title="by hand", began_on=problem.began_on, found_on=problem.found_on)
    with pytest.raises(Forbidden):
        create(copy, actor=manager)


def test_a_later_finding_joins_and_a_far_one_opens_a_new_problem(problem: Problem) -> None:
    stream = problem.streams()[0]
    last = problem.standing().latest("found_at").found_on
    assert take_finding(finding_on(stream, last)).pk == problem.pk
    far = date(2025, 9, 1)
    assert take_finding(finding_on(stream, far)).pk != problem.pk


def test_withdrawn_findings_leave_a_dismissed_problem(problem: Problem) -> None:
    for finding in problem.standing():
        finding.withdrawn_at = clock.now()
        finding.save()
        withdraw_finding(finding)
    problem.refresh_from_db()
    assert problem.state == "dismissed"
    assert told_problems() == []


def test_a_dismissed_problem_opens_again_when_it_is_found_again(
    problem: Problem, engineer: Any
) -> None:
    with pytest.raises(Refused):
        advance(problem, "dismiss", actor=engineer)
    advance(problem, "dismiss", actor=engineer, reason="tool change on purpose")
    assert list(open_problems()) == []
    last = problem.standing().latest("found_at").found_on
    take_finding(finding_on(problem.streams()[0], last))
    problem.refresh_from_db()
    assert problem.state == "reopened"


def test_a_watched_problem_takes_findings_without_a_new_alarm(
    problem: Problem, engineer: Any
) -> None:
    advance(problem, "watch", actor=engineer, reason="known, tool arrives on Friday")
    last = problem.standing().latest("found_at").found_on
    take_finding(finding_on(problem.streams()[0], last))
    problem.refresh_from_db()
    assert problem.state == "watched"
    assert open_problems().last() == problem


def test_a_finding_that_connects_two_problems_makes_them_one(
    problem: Problem, account_with: Callable[..., Any]
) -> None:
    other_stream = Stream.objects.get(code="PD/L1")
    last = problem.standing().latest("found_at").found_on
    other = take_finding(finding_on(other_stream, last, lots=["PD-L1-1"]))
    assert other.pk != problem.pk
    raised = Nonconformity.objects.filter(links_in__source=other.pk)
    # One gauge explains all three: the new finding belongs to both.
    ProblemFinding.objects.update(factor="instrument", level="MIC-01")
    connecting = finding_on(other_stream, last, rule="SHIFT", detail={})
    membership = ProblemFinding(finding=connecting, factor="instrument", level="MIC-01")
    leader = _led(problems_of(membership))
    other.refresh_from_db()
    assert (leader.pk, other.state) == (problem.pk, "merged")
    assert {m.problem_id for m in ProblemFinding.objects.all()} == {problem.pk}
    assert all(leader in problems_behind(one) for one in raised)
    assert len(told_problems()) == 1


def test_containing_the_nonconformity_contains_the_problem(
    problem: Problem, manager: Any, engineer: Any
) -> None:
    held = contain(problem, actor=engineer)
    assert held == Nonconformity.objects.get()
    if held.state == "draft":
        held = advance(
            held, "report", actor=engineer, values={"quantity_suspect": 100, "location": "L3"}
        )
    for place in PLACES:
        answer_place(held, place=place, quantity=Decimal(0), actor=engineer)
    advance(held, "contain", actor=engineer)
    problem.refresh_from_db()
    assert problem.state == "contained"


def test_a_plan_that_only_notes_findings_raises_nothing_until_somebody_contains(
    engineer: Any, account_with: Callable[..., Any]
) -> None:
    PlanLine.objects.update(on_finding="note", on_out_of_specification="note")
    shift_of_l3(engineer)
    problem = Problem.objects.get()
    assert Nonconformity.objects.count() == 0
    with pytest.raises(Forbidden):
        contain(problem, actor=account_with("AUD"))
    raised = contain(problem, actor=engineer)
    assert raised.title == problem.title
    assert contain(problem, actor=engineer) == raised
    assert Nonconformity.objects.count() == 1


def test_an_action_leads_its_problem_to_the_proof(problem: Problem) -> None:
    assert mark_under_action(problem).state == "under_action"
    assert mark_proving(problem).state == "proving"
    solved = mark_solved(Problem.objects.get(pk=problem.pk))
    assert (solved.state, solved.closed_at is not None) == ("solved", True)
    # What is further already stays where it is.
    assert mark_proving(solved).state == "solved"


def test_an_action_without_effect_is_a_problem_of_its_own(system: Any, problem: Problem) -> None:
    missed = report_ineffective(
        place="CRIMP", title="Crimp: new press without effect",
        detail={"comparison": {"estimate": 1.01}}, actor=system,
    )  # fmt: skip
    told = next(one for one in told_problems() if one["streams"] == ["CRIMP"])
    assert (told["title"], told["state"]) == ("Crimp: new press without effect", "new")
    assert missed.standing().get().rule == "EFFECT"
    assert missed.characteristic is not None
    assert missed.characteristic.code == "CRIMP"


def test_a_second_missed_target_leads_back_to_the_same_problem(
    system: Any, problem: Problem
) -> None:
    source = Nonconformity.objects.get()
    first = report_ineffective(place="PD", title="x", detail={}, actor=system, source=source)
    assert first == problem
    assert first.state == "under_action"
    assert first.standing().filter(rule="EFFECT").count() == 1
    assert Problem.objects.count() == 1


def test_one_piece_outside_raises_one_nonconformity_for_its_lot(engineer: Any) -> None:
    outcome = record([measured("0.7600")], actor=engineer)
    raised = Nonconformity.objects.get()
    assert (raised.origin, raised.characteristic.code) == ("out of specification", "PD")  # type: ignore[union-attr]
    assert [line.lot.code for line in raised.suspect_lots.all()] == ["PD-L3-1"]
    note = next(note for note in outcome.notes if note.kind == "nonconformity")
    assert (raised.number in note.text, note.reaction) == (True, "Check the insert life counter.")
    second = measured("0.7610", measured_at="2025-03-13T07:25:00+00:00")
    record([second], actor=engineer)
    assert Nonconformity.objects.count() == 1
    other = measured("0.7620", measured_at="2025-03-13T07:35:00+00:00", lot="PD-L3-2")
    record([other], actor=engineer)
    held = Nonconformity.objects.values_list("suspect_lots__lot__code", flat=True)
    assert sorted(held) == ["PD-L3-1", "PD-L3-2"]


def test_pieces_outside_are_held_with_the_open_problem_of_their_stream(
    problem: Problem, engineer: Any
) -> None:
    before = Nonconformity.objects.get()
    at = datetime(2025, 2, 25, 7, 15, tzinfo=UTC).isoformat()
    record([measured("0.7600", measured_at=at, lot="PD-L3-out")], actor=engineer)
    assert Nonconformity.objects.count() == 1
    assert before.suspect_lots.filter(lot__code="PD-L3-out").exists()


def test_a_lot_descends_over_two_steps_and_no_further() -> None:
    chain = [Lot.objects.create(code=f"lot-{number}") for number in range(4)]
    for component, consumer in pairwise(chain):
        LotUse.objects.create(consumer=consumer, component=component)
    found = near_ancestors(["lot-3", "lot-0"])
    assert found == {"lot-3": {"lot-2", "lot-1"}, "lot-0": set()}
