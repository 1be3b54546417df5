"""The effect is computed as registered, and no door closes an action without it."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from action_walk import AFTER, BASELINE, COST, Walk, write_counts, write_crimp, write_values
from django.db import IntegrityError, transaction

from andon.identify.nonconformities.services import decide_action
from andon.improve.actions import services
from andon.improve.actions.effect import METHODS
from andon.improve.actions.guards import recurrences_of, result_of
from andon.improve.actions.models import (
    ActionItem,
    CorrectiveAction,
    EffectivenessPlan,
    EffectivenessResult,
)
from andon.improve.actions.queries import changed_for_good
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.errors import Refused
from andon.records.models import Record
from andon.stats.comparison import Comparison


def judged(walk: Walk) -> EffectivenessResult:
    """Return the result after monitoring was checked."""
    result = result_of(walk.checked(walk.monitoring()))
    assert result is not None
    return result


def rounded(result: EffectivenessResult) -> tuple[float, float, float]:
    """Return the effect with its interval to three decimals."""
    assert None not in (result.estimate, result.low, result.high)
    return round(result.estimate, 3), round(result.low, 3), round(result.high, 3)  # type: ignore[arg-type]


def test_the_repaired_crimp_is_effective(walk: Walk) -> None:
    """DOMAIN 4.3, P3: 14,980 -> 2,522 dppm, ratio 0.168 (0.123-0.231)."""
    write_crimp(effective=True)
    result = judged(walk)
    assert (result.verdict, rounded(result)) == ("effective", (0.168, 0.123, 0.231))
    rates = [round(side["rate"] * 1e6) for side in (result.before, result.after)]
    assert rates == [14_980, 2_522]
    assert result.after["inspected"] == 17_841


def test_the_new_brush_is_not_effective(walk: Walk) -> None:
    """DOMAIN 4.3, P8: 5,909 -> 5,973 dppm, ratio 1.011 (0.931-1.098)."""
    write_counts("BURR", *BASELINE, defects=1551, inspected=262_494)
    write_counts("BURR", *AFTER, defects=886, inspected=148_337)
    walk.plan_values["characteristic"] = walk.cell.burr
    result = judged(walk)
    assert (result.verdict, rounded(result)) == ("not effective", (1.011, 0.931, 1.098))
    with pytest.raises(Refused, match="Only an action"):
        walk.sign(result.action, "close_effective")


def test_a_mean_back_at_its_baseline_is_effective(walk: Walk) -> None:
    write_values("TL", *BASELINE, shift=0.0)
    write_values("TL", *AFTER, shift=0.03)
    walk.plan_values |= {"metric": "mean", "characteristic": walk.cell.length, "minimum_n": 20}
    result = judged(walk)
    assert result.verdict == "effective"
    assert result.estimate == pytest.approx(0.03, abs=0.02)
    assert result.result["comparison"]["method"] == "mean_shift"


def test_a_mean_that_stays_away_is_not_effective(walk: Walk) -> None:
    write_values("TL", *BASELINE, shift=0.0)
    write_values("TL", *AFTER, shift=2.0)
    walk.plan_values |= {"metric": "mean", "characteristic": walk.cell.length, "minimum_n": 20}
    assert judged(walk).verdict == "not effective"


def test_capability_above_its_target_is_effective(walk: Walk) -> None:
    write_values("TL", *BASELINE, shift=3.0)
    write_values("TL", *AFTER, shift=0.0)
    walk.plan_values |= {
        "metric": "capability", "characteristic": walk.cell.length, "minimum_n": 100,
        "target": 1.33,
    }  # fmt: skip
    result = judged(walk)
    assert result.verdict == "effective"
    assert result.low is not None
    assert result.low > 1.33


@pytest.mark.parametrize("metric", sorted(METHODS))
def test_without_data_there_is_not_enough_data(walk: Walk, metric: str) -> None:
    characteristic = walk.cell.crimp if metric == "rate" else walk.cell.length
    walk.plan_values |= {"metric": metric, "characteristic": characteristic}
    assert judged(walk).verdict == "not enough data"


def test_not_enough_data_extends_once_and_then_goes_to_review(walk: Walk) -> None:
    record = walk.monitoring()
    with clock.fixed(datetime(2025, 11, 14, 12, tzinfo=UTC)):
        first = services.check_effect(record, actor=system_account())
    record = CorrectiveAction.objects.get(pk=record.pk)
    assert (first.verdict, record.state) == ("not enough data", "monitoring")
    assert first.next_check_on == date(2026, 1, 13)
    assert record.due_at is not None
    assert record.due_at.date() == date(2026, 1, 13)
    with clock.fixed(datetime(2026, 1, 13, 12, tzinfo=UTC)):
        second = services.check_effect(record, actor=system_account())
    record = CorrectiveAction.objects.get(pk=record.pk)
    assert (second.next_check_on, record.state) == (None, "effectiveness_review")
    with pytest.raises(Refused, match="Only an action"):
        walk.sign(record, "close_effective")
    assert walk.sign(record, "reopen_at_cause").state == "root_cause"


def test_nobody_looks_before_the_check_date(walk: Walk) -> None:
    write_crimp(effective=True)
    record = walk.monitoring()
    with (
        clock.fixed(datetime(2025, 11, 13, 12, tzinfo=UTC)),
        pytest.raises(Refused, match="2025-11-14"),
    ):
        services.check_effect(record, actor=walk.manager)


def test_the_worker_finds_what_is_due(walk: Walk) -> None:
    record = walk.monitoring()
    assert list(services.due_checks(datetime(2025, 11, 13, 12, tzinfo=UTC))) == []
    assert list(services.due_checks(datetime(2025, 11, 14, 12, tzinfo=UTC))) == [record]


def test_data_after_the_check_date_change_nothing(walk: Walk) -> None:
    write_crimp(effective=True)
    write_counts("CRIMP", date(2025, 11, 17), date(2025, 12, 5), defects=900, inspected=9_000)
    assert judged(walk).after["inspected"] == 17_841


def test_other_machines_do_not_count(walk: Walk) -> None:
    write_crimp(effective=True)
    write_counts("CRIMP", *AFTER, defects=900, inspected=9_000, machine="A1")
    assert judged(walk).after["defects"] == 45


def test_the_result_carries_method_source_and_the_digest_of_its_inputs(walk: Walk) -> None:
    write_crimp(effective=True)
    result = judged(walk)
    kept = json.loads(json.dumps(result.result, allow_nan=False))
    comparison = Comparison.from_dict(kept["comparison"])
    assert comparison.method == "compare_rates"
    assert "Rothman" in comparison.source
    assert kept["verdict"]["options"]["minimum"] == 5000
    assert len(result.inputs_digest) == 64


def test_saved_money_is_told_per_month_when_a_cost_is_known(walk: Walk) -> None:
    write_crimp(effective=True)
    record = walk.monitoring()
    CorrectiveAction.objects.filter(pk=record.pk).update(cost_per_defect=COST)
    result = result_of(walk.checked(record))
    assert result is not None
    # (264/17623 - 45/17841) x 17841 parts / 61 days x 30.4375 days x EUR 19.43
    assert result.saved_per_month == Decimal("2154.89")


def test_neighbouring_measures_are_compared_with_correction(walk: Walk) -> None:
    write_crimp(effective=True)
    write_counts("BURR", *BASELINE, defects=100, inspected=17_623)
    write_counts("BURR", *AFTER, defects=102, inspected=17_841)
    write_values("TL", *BASELINE, shift=0.0)
    write_values("TL", *AFTER, shift=1.5)
    found = {change["code"]: change for change in judged(walk).side_effects}
    assert (found["TL"]["has_moved"], found["BURR"]["has_moved"]) == (True, False)
    assert found["BURR"]["p_corrected"] >= found["BURR"]["p_value"]


@pytest.mark.parametrize("state", ["monitoring", "effectiveness_review"])
def test_no_door_closes_an_action_that_is_not_proven(walk: Walk, state: str) -> None:
    write_crimp(effective=False)
    record = walk.monitoring()
    if state == "effectiveness_review":
        record = walk.checked(record)
    with pytest.raises(IntegrityError, match="computed as effective"), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(state="closed")


def test_a_registered_plan_is_frozen(walk: Walk) -> None:
    record = walk.implementation()
    with pytest.raises(Refused, match="registered"):
        services.plan_effect(record, values={"target": 0.9}, actor=walk.engineer)
    plans = EffectivenessPlan.objects.filter(action=record)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        plans.update(target=0.9)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        plans.delete()


def test_a_result_is_never_changed_and_never_early(walk: Walk) -> None:
    write_crimp(effective=False)
    record = walk.monitoring()
    plan = EffectivenessPlan.objects.get(action=record)
    early = EffectivenessResult(
        action=record, plan=plan, cycle=1, since=AFTER[0], until=date(2025, 9, 30),
        verdict="effective", before={}, after={}, result={}, inputs_digest="",
        computed_by=walk.manager, computed_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="check date"), transaction.atomic():
        early.save()
    walk.checked(record)
    with pytest.raises(IntegrityError), transaction.atomic():
        EffectivenessResult.objects.update(verdict="effective")


def test_items_are_chosen_against_verified_causes_in_d5_only(walk: Walk) -> None:
    record = walk.implementation()
    item = ActionItem.objects.filter(action=record).first()
    assert item is not None
    with pytest.raises(IntegrityError, match="D5"), transaction.atomic():
        ActionItem.objects.filter(pk=item.pk).update(strength="eliminate")
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        item.delete()


def test_reopening_begins_a_new_cycle_at_the_cause_and_keeps_the_old_one(walk: Walk) -> None:
    write_crimp(effective=False)
    record = walk.sign(walk.checked(walk.monitoring()), "reopen_at_cause")
    assert (record.state, record.cycle) == ("root_cause", 2)
    with pytest.raises(Refused, match="No verified cause"):
        walk.step(record, "confirm_cause")
    plan = EffectivenessPlan.objects.get(action=record, cycle=2)
    assert (plan.target, plan.check_on, plan.registered_at) == (0.5, None, None)
    assert record.items.filter(cycle=1).count() == 2


def test_the_second_cycle_goes_the_whole_way_again(walk: Walk) -> None:
    write_crimp(effective=False)
    record = walk.sign(walk.checked(walk.monitoring()), "reopen_at_cause")
    services.plan_effect(record, values={"check_on": date(2025, 12, 19)}, actor=walk.engineer)
    write_counts("CRIMP", date(2025, 11, 17), date(2025, 12, 19), defects=10, inspected=9_000)
    walk.implemented_on = date(2025, 11, 17)
    with clock.fixed(datetime(2025, 11, 17, 12, tzinfo=UTC)):
        record = walk.monitoring(walk.prevention(walk.implementation(walk.actions(record))))
    record = walk.sign(walk.checked(record), "close_effective")
    assert (record.state, record.cycle, record.results.count()) == ("closed", 2, 2)


def test_a_recurrence_proposes_reopening(walk: Walk) -> None:
    record = walk.closed()
    again = walk.source()
    assert [arrow.source_id for arrow in recurrences_of(record)] == [again.pk]
    reopened = services.reopen(record, actor=walk.manager, reason="it came back")
    assert (reopened.state, reopened.cycle) == ("root_cause", 2)


def test_another_defect_or_machine_is_no_recurrence(walk: Walk) -> None:
    record = walk.closed()
    cell, walk.cell = walk.cell, walk.cell
    object.__setattr__(walk.cell, "crimp", cell.burr)
    walk.source()
    assert not recurrences_of(record).exists()


def test_a_decision_for_action_opens_one_linked_to_the_nonconformity(walk: Walk) -> None:
    source = walk.source()
    decide_action(source, is_needed=False, reason="first one", actor=walk.engineer)
    assert not CorrectiveAction.objects.exists()
    for _again in range(2):
        decide_action(source, is_needed=True, reason="repeats", actor=walk.engineer)
    action = CorrectiveAction.objects.get()
    assert action.links_out.get().target_id == source.pk
    assert action.plans.get().metric == "rate"
    assert (action.family, action.machine) == ("75 mil", walk.cell.machine)


def test_an_answer_in_d7_tightens_the_control_plan(walk: Walk) -> None:
    from andon.control.plans.models import ControlPlan, PlanLine
    from andon.improve.actions.services.prevention import Tightening

    plan = ControlPlan.objects.create(code="CP-A2", name="Assembly")
    line = PlanLine.objects.create(
        plan=plan, position=4, characteristic=walk.cell.length, sample_size=3,
        frequency="per shift", reaction="Stop",
    )  # fmt: skip
    record = walk.prevention()
    services.answer_update(
        record, subject="control plan", is_updated=True, answer="crimp height",
        tightening=Tightening(line=line, sample_size=5), actor=walk.engineer,
    )  # fmt: skip
    line.refresh_from_db()
    assert (line.sample_size, line.plan.revision) == (5, 2)
    assert "revision 2" in changed_for_good(record)[0]


def test_the_history_of_an_action_tells_its_lines(walk: Walk) -> None:
    from andon.records.models import Entry

    record: Any = walk.prevention()
    tables = set(Entry.objects.filter(chain=f"record:{record.pk}").values_list("table", flat=True))
    assert {
        "actions_teammember", "actions_actionitem", "actions_completion",
        "actions_effectivenessplan", "actions_implementation", "causes_cause",
    } <= tables  # fmt: skip
