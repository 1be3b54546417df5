"""The switching rules, lot by lot, and the seeded springs of one supplier."""

import hashlib
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from andon.stats.errors import InvalidOption
from andon.stats.sampling_plans import sampling_plan
from andon.stats.sampling_switching import (
    LotResult,
    Severity,
    SwitchingState,
    accept_supplier_action,
    judge_lot,
    next_state,
)

ACCEPTED = LotResult(is_accepted=True, acceptance_number=3)
REFUSED = LotResult(is_accepted=False, acceptance_number=3)


def after(state: SwitchingState, *lots: LotResult) -> SwitchingState:
    for lot in lots:
        state = next_state(state, lot)
    return state


def test_two_refused_of_five_tighten() -> None:
    state = after(SwitchingState(), REFUSED, ACCEPTED, ACCEPTED, ACCEPTED)
    assert state.severity is Severity.NORMAL
    assert after(state, REFUSED).severity is Severity.TIGHTENED


def test_two_refused_of_six_do_not_tighten() -> None:
    state = after(SwitchingState(), REFUSED, *[ACCEPTED] * 4, REFUSED)
    assert state.severity is Severity.NORMAL


def test_five_accepted_in_a_row_return_to_normal() -> None:
    tightened = SwitchingState(Severity.TIGHTENED)
    assert after(tightened, *[ACCEPTED] * 4).severity is Severity.TIGHTENED
    assert after(tightened, *[ACCEPTED] * 4, REFUSED, *[ACCEPTED] * 4).severity is (
        Severity.TIGHTENED
    )
    assert after(tightened, REFUSED, *[ACCEPTED] * 5) == SwitchingState()


def test_five_refused_on_tightened_discontinue_until_the_supplier_acts() -> None:
    mixed = [REFUSED, ACCEPTED] * 4
    state = after(SwitchingState(Severity.TIGHTENED), *mixed)
    assert state.severity is Severity.TIGHTENED
    state = after(state, REFUSED)
    assert state.severity is Severity.DISCONTINUED
    assert after(state, *[ACCEPTED] * 9) == state
    assert accept_supplier_action(state) == SwitchingState(Severity.TIGHTENED)
    with pytest.raises(InvalidOption):
        accept_supplier_action(SwitchingState())


def test_score_of_thirty_reduces() -> None:
    assert after(SwitchingState(), *[ACCEPTED] * 9).score == 27
    assert after(SwitchingState(), *[ACCEPTED] * 10).severity is Severity.REDUCED
    zero = LotResult(is_accepted=True, acceptance_number=0)
    assert after(SwitchingState(), *[zero] * 14).score == 28
    assert after(SwitchingState(), *[zero] * 15).severity is Severity.REDUCED


def test_a_lot_that_fails_the_tighter_look_resets_the_score() -> None:
    close = LotResult(is_accepted=True, acceptance_number=3, would_pass_tighter=False)
    assert after(SwitchingState(), *[ACCEPTED] * 5, close).score == 0


def test_reduction_waits_for_approval_and_steady_production() -> None:
    waiting = LotResult(is_accepted=True, acceptance_number=3, is_reduction_approved=False)
    state = after(SwitchingState(), *[waiting] * 12)
    assert state.severity is Severity.NORMAL
    assert after(state, ACCEPTED).severity is Severity.REDUCED


@pytest.mark.parametrize(
    "lot",
    [
        REFUSED,
        LotResult(is_accepted=True, is_between_numbers=True),
        LotResult(is_accepted=True, is_production_steady=False),
    ],
)
def test_reduced_inspection_ends(lot: LotResult) -> None:
    assert next_state(SwitchingState(Severity.REDUCED), lot) == SwitchingState()


@given(st.lists(st.booleans(), max_size=40))
def test_lots_submitted_again_never_count(results: list[bool]) -> None:
    lots = [LotResult(is_accepted=accepted, is_original=False) for accepted in results]
    assert after(SwitchingState(), *lots) == SwitchingState()


@given(st.lists(st.booleans(), max_size=80))
def test_the_score_stays_below_thirty_and_refused_lots_never_reduce(results: list[bool]) -> None:
    state = SwitchingState()
    for accepted in results:
        before, state = state, next_state(state, ACCEPTED if accepted else REFUSED)
        assert state.score < 30
        if not accepted:
            assert state.severity is not Severity.REDUCED
        if before.severity is Severity.NORMAL:
            assert state.severity is not Severity.DISCONTINUED


def test_judgement_of_a_lot_looks_at_the_next_tighter_limit() -> None:
    plan = sampling_plan(5000, 0.65)
    assert judge_lot(plan, 5000, 2).would_pass_tighter
    assert not judge_lot(plan, 5000, 3).would_pass_tighter
    assert not judge_lot(plan, 5000, 4).is_accepted
    reduced = sampling_plan(5000, 0.65, severity="reduced")
    assert judge_lot(reduced, 5000, 3).is_between_numbers
    assert not judge_lot(reduced, 5000, 4).is_accepted


def closed_days() -> set[date]:
    shut = {date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 1)}
    for first, last in ((date(2025, 8, 11), 12), (date(2025, 12, 22), 10)):
        shut |= {first + timedelta(days=n) for n in range(last)}
    return shut


def delivery_days() -> list[date]:
    """Tuesdays and Thursdays on which the demonstration plant works."""
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    shut = closed_days()
    return [day for day in days if day.weekday() in (1, 3) and day not in shut]


def severity_changes(supplier: str, seed: int = 20250101) -> list[tuple[date, str]]:
    """Follow the seeded lots of springs; the reduced plan is 80/1 without a gap."""
    days = delivery_days()
    key = hashlib.sha256(f"{seed}/INC/{supplier}".encode()).digest()[:16]
    raw = np.random.PCG64(int.from_bytes(key, "big")).random_raw(len(days))
    uniforms = ((raw >> np.uint64(11)) + 0.5) * 2.0**-53
    state, changes = SwitchingState(), []
    for day, u in zip(days, uniforms, strict=True):
        if state.severity is Severity.DISCONTINUED:
            break
        plan = sampling_plan(5000, 0.65, severity=state.severity.value)
        p = 0.04 if supplier == "S-B" and day >= date(2025, 10, 1) else 0.001
        found = int(stats.binom.ppf(u, plan.stages[0].size, p))
        lot = judge_lot(plan, 5000, found)
        if state.severity is Severity.REDUCED:
            lot = LotResult(is_accepted=found <= 1, acceptance_number=1)
        before, state = state.severity, next_state(state, lot)
        if state.severity is not before:
            changes.append((day, state.severity.value))
    return changes


def test_seeded_supplier_is_tightened_and_then_discontinued() -> None:
    autumn = [change for change in severity_changes("S-B") if change[0] >= date(2025, 10, 1)]
    assert [severity for _, severity in autumn] == ["normal", "tightened", "discontinued"]
    assert [day.isoformat() for day, _ in autumn] == ["2025-10-02", "2025-10-09", "2025-10-30"]


def test_seeded_good_supplier_earns_reduced_inspection_in_winter() -> None:
    changes = severity_changes("S-A")
    assert changes[0] == (date(2025, 2, 4), "reduced")  # so the lot of 6 February is the first
    assert all(severity in {"reduced", "normal"} for _, severity in changes)
