"""What the data name as driver stands on the diagram at the root cause; what they clear is out."""

from datetime import date
from typing import Any

import pytest
from action_walk import Walk, write_crimp

from andon.analyze.causes.models import Cause
from andon.analyze.causes.services import support_cause
from andon.analyze.drivers.ranking import DriverLine, Drivers
from andon.analyze.problems.models import Problem
from andon.improve.actions.models import CorrectiveAction
from andon.records.accounts import system_account
from andon.records.models import Link
from andon.records.services import create, link
from andon.records.trail.verify import verify

DAY = date(2025, 7, 4)


def line(factor: str, verdict: str, effect: float | None, high: float | None) -> DriverLine:
    """Return one factor of a ranking by rates."""
    return DriverLine(
        factor=factor, level="A2/N" if verdict == "driver" else "", effect=effect, low=1.0,
        high=high, p_value=0.5, departure=None, verdict=verdict, related="", levels=2,
    )  # fmt: skip


RANKED = Drivers(
    measure="rate ratio", since=DAY, until=DAY, rows=60,
    lines=(
        line("machine × shift", "driver", 5.2, 6.0),
        line("operator", "not separable", 5.2, 6.0),
        line("weekday", "innocent", 1.1, 1.6),
        line("shift", "innocent", 1.9, 2.6),
        line("lot", "not testable", None, None),
    ),
)  # fmt: skip


@pytest.fixture
def action(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> CorrectiveAction:
    """An action on a nonconformity that a problem with a ranking raised, at its root cause."""
    andon = system_account()
    found = Problem(title="Crimp", began_on=DAY, found_on=DAY, drivers=RANKED.to_dict())
    problem, source = create(found, actor=andon), walk.source()
    link(problem, source, kind=Link.Kind.RAISED, actor=andon)
    monkeypatch.setattr(walk, "source", lambda: source)
    return walk.root_cause()


def told(action: CorrectiveAction) -> dict[str, tuple[str, str]]:
    """Return category and status of each factor on the diagram of the present cycle."""
    causes = Cause.objects.filter(record=action, cycle=action.cycle).exclude(factor="")
    return {cause.factor: (cause.category, cause.status) for cause in causes}


def test_suspects_are_open_and_what_even_its_greatest_effect_clears_is_ruled_out(
    action: CorrectiveAction,
) -> None:
    assert told(action) == {
        "machine × shift": ("machine", "open"),
        "operator": ("man", "open"),
        "weekday": ("environment", "refuted"),
    }
    out = Cause.objects.get(factor="weekday")
    assert "rate ratio 1.1, at most 1.6" in out.evidence
    assert out.verified_by == out.proposed_by == system_account()
    assert Cause.objects.get(factor="machine × shift").statement == "machine × shift A2/N"


def test_the_step_is_the_only_change_of_the_record(action: CorrectiveAction) -> None:
    assert CorrectiveAction.objects.get(pk=action.pk).version == action.version
    assert verify().problems == []


def test_a_suspect_is_supported_like_any_cause(action: CorrectiveAction, walk: Walk) -> None:
    suspect = Cause.objects.get(factor="machine × shift")
    support_cause(suspect, evidence_kind="data split", evidence="5.2 times", actor=walk.engineer)
    walk.support(action, "non-detection", "No check of crimp height")
    assert walk.step(action, "confirm_cause").state == "actions"


def test_a_new_cycle_begins_with_what_the_data_say_then(
    action: CorrectiveAction, walk: Walk
) -> None:
    write_crimp(effective=False)
    record = walk.prevention(walk.implementation(walk.actions(action)))
    again: Any = walk.sign(walk.checked(walk.monitoring(record)), "reopen_at_cause")
    assert again.cycle == 2
    assert set(told(again)) == {"machine × shift", "operator", "weekday"}
