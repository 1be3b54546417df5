"""Switching between normal, tightened and reduced inspection: a pure function of state and lot.

Source: ISO 2859-1:1999 clause 9 (switching score for reduced inspection); MIL-STD-105E 4.7.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from andon.stats.errors import InvalidOption
from andon.stats.sampling_plans import AttributePlan, sampling_plan, tighter_aql

__all__ = ["LotResult", "Severity", "SwitchingRules", "SwitchingState", "accept_supplier_action",
           "judge_lot", "next_state"]  # fmt: skip


class Severity(StrEnum):
    """How sharply the next lot is inspected."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, slots=True)
class SwitchingRules:
    """Numbers of the rules; the defaults are those of ISO 2859-1."""

    refused: int = 2
    among: int = 5
    accepted_in_a_row: int = 5
    refused_on_tightened: int = 5
    score_for_reduced: int = 30


@dataclass(frozen=True, slots=True)
class SwitchingState:
    """What the next decision needs: severity and the counts of its rules."""

    severity: Severity = Severity.NORMAL
    score: int = 0
    recent: tuple[bool, ...] = ()
    accepted_in_a_row: int = 0
    refused_on_tightened: int = 0


@dataclass(frozen=True, slots=True)
class LotResult:
    """The outcome of one lot.

    Attributes:
        is_accepted: the lot was accepted.
        acceptance_number: of the (single) plan, or the last one of a staged plan.
        would_pass_tighter: accepted also at the next tighter AQL; for a double plan: accepted by
            the first sample, for a multiple plan: by the third.
        is_between_numbers: accepted between acceptance and rejection number of a reduced plan.
        is_original: not a lot submitted again; those never count.
        is_production_steady, is_reduction_approved: conditions of reduced inspection.
    """

    is_accepted: bool
    acceptance_number: int = 0
    would_pass_tighter: bool = True
    is_between_numbers: bool = False
    is_original: bool = True
    is_production_steady: bool = True
    is_reduction_approved: bool = True


def next_state(
    state: SwitchingState, lot: LotResult, rules: SwitchingRules | None = None
) -> SwitchingState:
    """Return the state after a lot.

    Normal to tightened: 2 of 5 or fewer consecutive lots refused. Normal to reduced: score of at
    least 30, steady production, approved. Reduced to normal: one lot refused or between the
    numbers, or production not steady. Tightened to normal: 5 accepted in a row. Tightened to
    discontinued: 5 refused since tightened inspection began.

    >>> refused = LotResult(is_accepted=False)
    >>> next_state(next_state(SwitchingState(), refused), refused).severity
    <Severity.TIGHTENED: 'tightened'>
    """
    if not lot.is_original or state.severity is Severity.DISCONTINUED:
        return state
    step = {
        Severity.NORMAL: _after_normal,
        Severity.TIGHTENED: _after_tightened,
        Severity.REDUCED: _after_reduced,
    }[state.severity]
    return step(state, lot, rules or SwitchingRules())


def accept_supplier_action(state: SwitchingState) -> SwitchingState:
    """Return tightened inspection once the supplier's corrective action is verified.

    Raises:
        InvalidOption: inspection was not discontinued.

    >>> accept_supplier_action(SwitchingState(Severity.DISCONTINUED)).severity.value
    'tightened'
    """
    if state.severity is not Severity.DISCONTINUED:
        raise InvalidOption("state", state.severity.value, "discontinued")
    return SwitchingState(Severity.TIGHTENED)


def judge_lot(plan: AttributePlan, lot_size: int, nonconforming: int) -> LotResult:
    """Return the result of a lot under a single plan, with the look at the next tighter AQL.

    >>> judge_lot(sampling_plan(5000, 0.65), 5000, 3)
    LotResult(is_accepted=True, acceptance_number=3, would_pass_tighter=False, \
is_between_numbers=False, is_original=True, is_production_steady=True, is_reduction_approved=True)
    """
    if len(plan.stages) != 1:
        raise InvalidOption("plan", plan.kind_used, "single")
    if nonconforming < 0:
        raise InvalidOption("nonconforming", nonconforming, "zero or more")
    stage, tighter = plan.stages[0], tighter_aql(plan.aql)
    accept = stage.accept or 0
    is_accepted = nonconforming < stage.reject
    return LotResult(
        is_accepted=is_accepted,
        acceptance_number=accept,
        would_pass_tighter=is_accepted
        and (tighter is None or nonconforming <= _tighter_number(plan, lot_size, tighter)),
        is_between_numbers=is_accepted and nonconforming > accept,
    )


def _tighter_number(plan: AttributePlan, lot_size: int, aql: float) -> int:
    level = str(plan.options.get("level", "II"))
    stage = sampling_plan(lot_size, aql, level=level, severity=plan.severity).stages[0]
    return stage.accept or 0


def _after_normal(state: SwitchingState, lot: LotResult, rules: SwitchingRules) -> SwitchingState:
    recent = (*state.recent, lot.is_accepted)[-rules.among :]
    if recent.count(False) >= rules.refused:
        return SwitchingState(Severity.TIGHTENED)
    score = state.score + _gain(lot) if lot.is_accepted and _gain(lot) else 0
    if score >= rules.score_for_reduced and lot.is_production_steady and lot.is_reduction_approved:
        return SwitchingState(Severity.REDUCED)
    return replace(state, recent=recent, score=score)


def _gain(lot: LotResult) -> int:
    """Points of an accepted lot: 3 if it passes the tighter look, 2 where Ac is 0 or 1."""
    if lot.acceptance_number <= 1:
        return 2
    return 3 if lot.would_pass_tighter else 0


def _after_tightened(
    state: SwitchingState, lot: LotResult, rules: SwitchingRules
) -> SwitchingState:
    in_a_row = state.accepted_in_a_row + 1 if lot.is_accepted else 0
    refused = state.refused_on_tightened + (not lot.is_accepted)
    if in_a_row >= rules.accepted_in_a_row:
        return SwitchingState(Severity.NORMAL)
    if refused >= rules.refused_on_tightened:
        return SwitchingState(Severity.DISCONTINUED)
    return replace(state, accepted_in_a_row=in_a_row, refused_on_tightened=refused)


def _after_reduced(state: SwitchingState, lot: LotResult, rules: SwitchingRules) -> SwitchingState:
    if lot.is_accepted and not lot.is_between_numbers and lot.is_production_steady:
        return state
    return SwitchingState(Severity.NORMAL)
