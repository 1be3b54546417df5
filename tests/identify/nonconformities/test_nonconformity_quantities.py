"""Quantities balance: told by the services in words, and held by the database against all."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from nonconformity_walk import Walk

from andon.identify.nonconformities import services
from andon.identify.nonconformities.models import (
    ContainmentAnswer,
    DispositionLine,
    Execution,
    Nonconformity,
    SuspectLot,
)
from andon.identify.nonconformities.quantities import balance_of
from andon.identify.nonconformities.queries import cost_of_record, left_in
from andon.records import clock
from andon.records.errors import Refused, Stale
from andon.records.models import Record
from andon.records.services import advance
from andon.records.trail.install import install, missing


def raw_line(record: Nonconformity, walk: Walk, **values: object) -> None:
    """Write a line past the services, as a script with the ORM would."""
    with transaction.atomic():
        DispositionLine.objects.create(
            **{
                "nonconformity": record, "kind": "scrap", "quantity": Decimal(1), "reason": "raw",
                "decided_by": walk.engineer, "decided_at": clock.now(),
            }
            | values
        )  # fmt: skip


def raw_execution(line: DispositionLine, walk: Walk, **values: object) -> None:
    """Write an execution past the services."""
    with transaction.atomic():
        Execution.objects.create(
            line=line, nonconformity_id=line.nonconformity_id, executed_by=walk.engineer,
            executed_at=clock.now(), **values,
        )  # fmt: skip


def test_suspect_is_disposed_plus_open(walk: Walk) -> None:
    record = walk.under_review()
    walk.line(record, "use as is", 600)
    walk.line(record, "sort", 300)
    balance = balance_of(record)
    assert (balance.suspect, balance.disposed, balance.open) == (1000, 900, 100)


def test_nobody_disposes_of_more_than_is_open(walk: Walk) -> None:
    record = walk.under_review()
    walk.line(record, "sort", 900)
    with pytest.raises(Refused, match="More is disposed of"):
        walk.line(record, "sort", 101)
    with pytest.raises(IntegrityError, match="More is disposed of"):
        raw_line(record, walk, quantity=Decimal(101))


def test_the_suspect_quantity_cannot_fall_below_what_is_disposed_of(walk: Walk) -> None:
    record = walk.under_review()
    walk.line(record, "sort", 900)
    SuspectLot.objects.update(quantity=None)
    with pytest.raises(IntegrityError, match="More is disposed of"), transaction.atomic():
        Nonconformity.objects.filter(pk=record.pk).update(quantity_suspect=899)


def test_a_record_with_an_open_quantity_is_closed_by_no_door(walk: Walk) -> None:
    record = walk.under_review()
    walk.line(record, "scrap", 999, lot=walk.plant.lots[0])
    record = walk.sign(record)
    for line in record.dispositions.all():
        services.record_execution(line, actor=walk.engineer)
    record = services.execute(record, actor=walk.engineer)
    services.decide_action(record, is_needed=False, reason="single", actor=walk.engineer)
    with pytest.raises(Refused, match="1 pieces are still open"):
        advance(record, "close", actor=walk.engineer)
    with pytest.raises(IntegrityError, match="no quantity is open"), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(state="closed")


def test_what_sorting_finds_bad_is_open_again(walk: Walk) -> None:
    record = walk.under_review()
    line = walk.line(record, "sort", 1000)
    record = walk.sign(record)
    services.record_execution(
        line, actor=walk.engineer, accepted=Decimal(971), rejected=Decimal(29)
    )
    record = services.execute(record, actor=walk.engineer)
    assert balance_of(record).open == 29
    record = advance(record, "review_again", actor=walk.engineer, reason="29 found bad")
    again = walk.line(record, "scrap", 29, lot=walk.plant.lots[0])
    record = walk.sign(record)
    services.record_execution(again, actor=walk.engineer)
    assert balance_of(record).open == 0


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("sort", {"accepted": 90, "rejected": 9}),
        ("rework", {"accepted": 90, "rejected": 9, "lost": 2}),
        ("scrap", {"accepted": 90, "rejected": 10}),
        ("sort", {"accepted": 90, "lost": 10}),
        ("sort", {"accepted": 110, "rejected": -10}),
    ],
)
def test_what_became_of_a_line_sums_up_to_it(walk: Walk, kind: str, values: dict[str, int]) -> None:
    record = walk.under_review()
    line = walk.line(record, kind, 100)
    walk.sign(record)
    numbers = {name: Decimal(value) for name, value in values.items()}
    with pytest.raises(Refused):
        services.record_execution(
            line, actor=walk.engineer, instruction="WI-7", reinspection="OK", **numbers
        )
    with pytest.raises(IntegrityError):
        raw_execution(line, walk, **numbers)


def test_scrap_never_exceeds_the_lot_over_all_its_nonconformities(walk: Walk) -> None:
    lot = walk.plant.lots[0]
    first, second = walk.under_review(), walk.under_review()
    walk.line(first, "scrap", 700, lot=lot)
    assert left_in(lot) == 300
    with pytest.raises(Refused, match="holds 300"):
        walk.line(second, "scrap", 301, lot=lot)
    with pytest.raises(IntegrityError, match="More is taken out"):
        raw_line(second, walk, lot=lot, quantity=Decimal(301))
    walk.line(second, "return to supplier", 300, lot=lot)


def test_lines_are_never_changed_only_taken_back(walk: Walk) -> None:
    record = walk.under_review()
    line = walk.line(record, "scrap", 400, lot=walk.plant.lots[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        DispositionLine.objects.filter(pk=line.pk).update(quantity=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        line.delete()
    counter = services.take_back(line, actor=walk.engineer, reason="counted again")
    assert (counter.quantity, counter.cost) == (-400, Decimal("-24.00"))
    assert (balance_of(record).open, cost_of_record(record)) == (1000, 0)
    with pytest.raises(Refused, match="taken back"):
        services.take_back(line, actor=walk.engineer, reason="again")


def test_a_counter_entry_takes_back_exactly_one_line(walk: Walk) -> None:
    record = walk.under_review()
    line = walk.line(record, "scrap", 400)
    for wrong in ({"quantity": Decimal(-399)}, {"quantity": Decimal(-400), "kind": "sort"}):
        with pytest.raises(IntegrityError):
            raw_line(record, walk, **{"kind": "scrap", "counter_entry_of": line} | wrong)
    with pytest.raises(IntegrityError):
        raw_line(record, walk, quantity=Decimal(-5))


def test_lines_are_written_during_the_review_only(walk: Walk) -> None:
    record = walk.under_review()
    walk.line(record, "scrap", 10)
    record = walk.sign(record)
    with pytest.raises(Refused, match="Dispositioned"):
        walk.line(record, "scrap", 1)
    with pytest.raises(IntegrityError, match="during the review"):
        raw_line(record, walk)


def test_pieces_are_whole(walk: Walk) -> None:
    record = walk.under_review()
    with pytest.raises(Refused, match="whole"):
        services.add_disposition(
            record, kind="scrap", quantity=Decimal("0.5"), reason="half", actor=walk.engineer
        )
    with pytest.raises(IntegrityError, match="whole"):
        raw_line(record, walk, quantity=Decimal("0.5"))
    with pytest.raises(IntegrityError, match="whole"), transaction.atomic():
        ContainmentAnswer.objects.filter(nonconformity=record).update(quantity=Decimal("0.5"))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "0", "-1", "1e30"])
def test_a_quantity_that_is_no_quantity_is_refused_with_its_field(walk: Walk, text: str) -> None:
    with pytest.raises(Refused) as refused:
        services.add_disposition(
            walk.under_review(), kind="scrap", quantity=Decimal(text), reason="odd",
            actor=walk.engineer,
        )  # fmt: skip
    assert refused.value.refusals[0].field == "quantity"


def test_a_weight_needs_the_weight_of_a_piece(walk: Walk) -> None:
    record = walk.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Nonconformity.objects.filter(pk=record.pk).update(unit="kg")
    Nonconformity.objects.filter(pk=record.pk).update(
        unit="kg", piece_weight=Decimal("0.25"), quantity_suspect=Decimal("1.5")
    )


def test_a_part_that_is_split_off_leaves_the_balance(walk: Walk) -> None:
    record = walk.under_review()
    part = services.split(record, quantity=Decimal(400), title="Late shift", actor=walk.engineer)
    assert (part.quantity_suspect, balance_of(record).open) == (400, 600)
    with pytest.raises(Refused, match="split off"):
        services.split(record, quantity=Decimal(601), title="More", actor=walk.engineer)
    with pytest.raises(IntegrityError, match="More is disposed of"), transaction.atomic():
        Nonconformity.objects.filter(pk=part.pk).update(quantity_suspect=1001)


def test_lots_never_hold_more_than_is_suspect(walk: Walk) -> None:
    record = walk.reported()
    with pytest.raises(Refused, match="raise the suspect quantity"):
        services.suspect_lot(
            record, lot=walk.plant.lots[1], quantity=Decimal(1), actor=walk.engineer
        )
    with pytest.raises(IntegrityError, match="lots hold more"), transaction.atomic():
        SuspectLot.objects.create(nonconformity=record, lot=walk.plant.lots[1], quantity=Decimal(1))


def test_two_people_do_not_overwrite_each_other(walk: Walk) -> None:
    record = walk.under_review()
    walk.line(record, "scrap", 10)
    with pytest.raises(Stale):
        walk.line(record, "scrap", 20, version=record.version)


def test_the_rules_come_back_with_the_trail(walk: Walk) -> None:
    with connection.cursor() as cursor:
        place = ' ON "nonconformities_dispositionline"' if connection.vendor == "postgresql" else ""
        name = "andon_rule_nc_line_balance" + ("" if place else "_INSERT")
        cursor.execute(f'DROP TRIGGER "{name}"{place}')
    assert "nonconformities_dispositionline" in missing()
    install()
    assert missing() == []
