"""Raising, containing, reviewing, disposing and deciding, as people do it."""

from decimal import Decimal
from typing import Any

import pytest
from nonconformity_walk import PASSWORD, PLACES, Walk

from andon.identify.nonconformities import services
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.queries import (
    cost_of_record,
    reasons_for_action,
    seen_before,
)
from andon.identify.nonconformities.services.raising import Facts
from andon.organization.products.models import Lot
from andon.records.errors import Refused
from andon.records.models import Attachment, Link
from andon.records.services import Signing, advance, is_void


def lot_states() -> list[str]:
    """Return the status of every lot in order."""
    return list(Lot.objects.order_by("pk").values_list("status", flat=True))


def attach_approval(walk: Walk, record: Nonconformity) -> None:
    """Put a file on the record, as the customer's approval."""
    Attachment.objects.create(
        record=record, name="approval.pdf", content_type="application/pdf", size=1,
        sha256="0" * 64, uploaded_by=walk.engineer, uploaded_at=record.created_at,
    )  # fmt: skip


def test_four_facts_are_enough_to_report(walk: Walk, account_with: Any) -> None:
    operator = account_with("OP")
    record = services.raise_nonconformity(
        Facts(defect="Burr", lots={walk.plant.lots[0]: Decimal(120)}, location="bench 2"),
        actor=operator,
    )
    assert (record.state, record.title) == ("reported", "Burr: PD-L3-250311-E")
    assert (record.quantity_suspect, record.machine) == (120, walk.plant.machine)
    assert list(record.is_is_not.values_list("aspect", "is_so")) == [
        ("what", "Burr"), ("where", "L3 Lathe 3"), ("when", "2025-03-13"), ("extent", "120 pieces"),
    ]  # fmt: skip


def test_what_raised_it_is_linked(walk: Walk) -> None:
    source = walk.reported()
    record = services.raise_nonconformity(
        Facts(title="Follow-up", defect="x", machine=walk.plant.machine),
        actor=walk.engineer,
        source=source,
    )
    assert record.links_in.get().kind == Link.Kind.RAISED
    assert record.state == "draft"


def test_several_lots_sum_up(walk: Walk) -> None:
    record = walk.reported(lots=dict.fromkeys(walk.plant.lots))
    assert record.quantity_suspect == 2000


def test_containment_blocks_the_lots_and_closing_releases_them(walk: Walk) -> None:
    walk.contained()
    assert lot_states() == ["blocked", "free"]
    walk.closed()
    assert lot_states() == ["blocked", "free"], "the first record still holds the lot"


def test_a_lot_is_free_when_the_last_record_that_holds_it_ends(walk: Walk) -> None:
    walk.closed()
    assert lot_states() == ["free", "free"]


def test_a_lot_named_after_containment_is_blocked_at_once(walk: Walk) -> None:
    record = walk.contained(quantity=Decimal(1500))
    services.suspect_lot(record, lot=walk.plant.lots[1], quantity=None, actor=walk.engineer)
    assert lot_states() == ["blocked", "blocked"]


def test_cancelling_releases_the_lots_by_the_managers_signature(walk: Walk) -> None:
    record = walk.contained()
    meaning = str(record.WORKFLOW.transition("cancel").meaning)
    with pytest.raises(Refused, match="reason"):
        advance(record, "cancel", actor=walk.manager, signing=Signing(PASSWORD, meaning))
    assert lot_states() == ["blocked", "free"]
    walk.sign(record, "cancel", actor=walk.manager)
    assert lot_states() == ["free", "free"]


def test_the_review_keeps_which_earlier_cases_were_shown(walk: Walk) -> None:
    first = walk.closed()
    record = walk.under_review()
    assert [case.record.pk for case in seen_before(record)] == [first.pk]
    assert record.seen_before == f"{first.number}: scrap 1,000"


def test_costs_follow_standard_cost_and_rates(walk: Walk) -> None:
    record = walk.under_review()
    costs = [
        walk.line(record, kind, quantity).cost
        for kind, quantity in (("scrap", 256), ("rework", 100), ("sort", 90), ("use as is", 10))
    ]
    assert costs == [Decimal(text) for text in ("15.36", "9.00", "2.80", "0.00")]


def test_what_rework_loses_costs_too(walk: Walk) -> None:
    record = walk.under_review()
    line = walk.line(record, "rework", 100)
    walk.sign(record)
    services.record_execution(
        line, actor=walk.engineer, accepted=Decimal(80), rejected=Decimal(10), lost=Decimal(10),
        instruction="WI-7", reinspection="80 of 90 good",
    )  # fmt: skip
    assert cost_of_record(record) == Decimal("9.60")


def test_the_signature_stays_valid_while_its_lines_are_executed(walk: Walk) -> None:
    record = walk.executed()
    signature = record.signatures.get(transition="dispose")
    assert not is_void(signature, record)


def test_parts_that_stay_nonconforming_need_a_concession_and_the_board(
    walk: Walk, account_with: Any
) -> None:
    record = walk.under_review()
    with pytest.raises(Refused, match="concession"):
        walk.line(record, "repair", 10)
    walk.line(record, "repair", 10, concession_number="C-17")
    with pytest.raises(Refused) as refused:
        walk.sign(record)
    told = str(refused.value)
    assert "Attach the approval" in told
    assert "process engineer" in told
    attach_approval(walk, record)
    for role, step in (("PE", "agree_process"), ("LEAD", "agree_production")):
        walk.sign(record, step, actor=account_with(role))
    assert walk.sign(record).state == "dispositioned"


def test_an_agreement_holds_only_for_the_content_that_was_signed(
    walk: Walk, account_with: Any
) -> None:
    record = walk.under_review()
    walk.line(record, "repair", 10, concession_number="C-17")
    attach_approval(walk, record)
    walk.sign(record, "agree_process", actor=account_with("PE"))
    walk.sign(record, "agree_production", actor=account_with("LEAD"))
    walk.line(record, "scrap", 1)
    with pytest.raises(Refused, match="process engineer has not signed this content"):
        walk.sign(record)


def test_signing_for_the_process_does_not_restart_the_timer(walk: Walk, account_with: Any) -> None:
    record = walk.under_review()
    walk.line(record, "scrap", 1)
    due = record.due_at
    assert walk.sign(record, "agree_process", actor=account_with("PE")).due_at == due


def test_use_as_is_on_a_special_characteristic_is_the_managers(
    walk: Walk, account_with: Any
) -> None:
    record = walk.under_review()
    walk.line(record, "use as is", 1000, is_outside_specification=True, concession_number="C-1")
    attach_approval(walk, record)
    for role, step in (("PE", "agree_process"), ("LEAD", "agree_production")):
        walk.sign(record, step, actor=account_with(role))
    with pytest.raises(Refused, match="quality manager"):
        walk.sign(record)
    assert walk.sign(record, "dispose_special", actor=walk.manager).state == "dispositioned"


def test_the_rule_proposes_to_act_on_repetition_cost_severity_and_customers(walk: Walk) -> None:
    for _number in range(2):
        assert reasons_for_action(walk.reported()) == []
    record = walk.under_review(is_customer_affected=True)
    walk.line(record, "scrap", 1000, lot=walk.plant.lots[0])
    told = " ".join(reasons_for_action(record))
    assert "number 3 of the same kind" in told
    assert "customer" in told
    assert "EUR" not in told


def test_a_decision_needs_a_reason_and_keeps_what_the_rule_proposed(walk: Walk) -> None:
    record = walk.under_review(is_customer_affected=True)
    with pytest.raises(Refused, match="reason"):
        services.decide_action(record, is_needed=False, reason=" ", actor=walk.engineer)
    decision = services.decide_action(
        record, is_needed=True, reason="customer", actor=walk.engineer
    )
    assert "A customer is affected." in decision.proposal


def test_a_place_nobody_knows_is_refused_by_name(walk: Walk) -> None:
    with pytest.raises(Refused, match=PLACES[0]):
        services.answer_place(
            walk.reported(), place="moon", quantity=Decimal(1), actor=walk.engineer
        )


def test_dispose_signs_by_the_step_whose_meaning_is_given(walk: Walk) -> None:
    record = walk.under_review()
    walk.line(record, "scrap", 1000)
    signing = Signing(PASSWORD, str(record.WORKFLOW.transition("dispose").meaning))
    assert services.dispose(record, actor=walk.engineer, signing=signing).state == "dispositioned"
