"""The tables of attribute sampling hold together: what is known of every cell, not of a few.

The tables III and IV of MIL-STD-105E were not compared cell by cell with a printed copy. These are
the rules their plans follow (MIL-STD-105E, ISO 2859-1 and the theory behind them: Dodge 1959,
Schilling and Neubauer, chapter 11); a mistyped number breaks at least one of them.
"""

from itertools import pairwise

import numpy as np
import pytest

from andon.stats.sampling_curves import acceptance_probability, quality_at_probability
from andon.stats.sampling_plans import AttributePlan, Stage, find_plan
from andon.stats.sampling_tables import (
    AQLS,
    DOUBLE,
    LETTERS,
    MULTIPLE,
    NORMAL_SINGLE,
    REDUCED_DOUBLE,
    REDUCED_SINGLE,
    SIZES,
    TIGHTENED_SINGLE,
    Line,
)

POINTS = (0.95, 0.50, 0.10)
SINGLE_NUMBERS = sorted({*NORMAL_SINGLE.values(), *TIGHTENED_SINGLE.values()})


def every_plan(severity: str, kind: str = "single") -> list[AttributePlan]:
    """The plans of all cells in which the table prints numbers, not an arrow."""
    plans = [find_plan(k, aql, severity=severity, kind=kind) for k in LETTERS for aql in AQLS]
    return [plan for plan in plans if plan.letter_used == plan.letter and plan.kind_used == kind]


def accepted(plan: AttributePlan, quality: float) -> float:
    distribution = "poisson" if quality < 0.1 else "binomial"
    return float(acceptance_probability(plan.stages, [quality], distribution=distribution)[0])


def test_sizes_and_aqls_grow_by_the_fifth_root_of_ten() -> None:
    # Both scales are those of preferred numbers, so that n times AQL is constant on a diagonal.
    for scale in (SIZES, AQLS):
        steps = [large / small for small, large in pairwise(scale)]
        assert all(1.42 < step < 1.70 for step in steps)
        assert np.exp(np.mean(np.log(steps))) == pytest.approx(10 ** (1 / 5), rel=0.02)


def test_the_producer_risk_at_the_aql_is_that_of_the_standard() -> None:
    # MIL-STD-105E, 4.13: about 88 % accepted at the AQL for the smallest numbers, 99 % for 21.
    least = {0: 0.87, 1: 0.90, 2: 0.94, 3: 0.95, 5: 0.97, 7: 0.975, 10: 0.98, 14: 0.978, 21: 0.985}
    for plan in every_plan("normal"):
        share = accepted(plan, plan.aql / 100)
        number = plan.stages[0].accept
        assert number is not None
        assert least[number] <= share <= 0.9975, (plan.letter, plan.aql, share)


def test_the_single_numbers_share_two_geometric_series() -> None:
    # n p at Pa 0.50 grows by the step of the sizes: Ac + 2/3 (median of a gamma distribution).
    for line in (NORMAL_SINGLE, TIGHTENED_SINGLE):
        medians = [number + 2 / 3 for _, number in sorted(line.items())]
        steps = [large / small for small, large in pairwise(medians)]
        assert all(1.3 < step < 1.75 for step in steps), steps


@pytest.mark.parametrize("severity", ["normal", "tightened", "reduced"])
def test_the_same_letter_accepts_more_at_a_larger_aql(severity: str) -> None:
    for letter in LETTERS:
        plans = [find_plan(letter, aql, severity=severity) for aql in AQLS]
        shares = [accepted(plan, 0.04) for plan in plans if plan.letter_used == letter]
        assert shares == sorted(shares)


@pytest.mark.parametrize("kind", ["single", "double"])
def test_reduced_inspection_accepts_more_than_normal_at_the_aql(kind: str) -> None:
    for letter in LETTERS:
        for aql in AQLS:
            normal = find_plan(letter, aql, kind=kind)
            reduced = find_plan(letter, aql, severity="reduced", kind=kind)
            share = accepted(reduced, aql / 100)
            # A result in the gap accepts the lot: the last acceptance is one below rejection.
            last = reduced.stages[-1]
            open_end = acceptance_probability(
                (*reduced.stages[:-1], type(last)(last.size, last.reject - 1, last.reject)),
                [aql / 100],
            )[0]
            assert max(share, open_end) >= accepted(normal, aql / 100) - 0.03, (letter, aql)


@pytest.mark.parametrize("number", SINGLE_NUMBERS)
@pytest.mark.parametrize(("table", "samples", "part"), [(DOUBLE, 2, 1 / 1.6), (MULTIPLE, 7, 1 / 4)])
def test_a_staged_plan_is_made_like_its_single_plan(
    table: dict[int, Line], samples: int, part: float, number: int
) -> None:
    stages = table[number]
    assert len(stages) == samples
    reject = [stage[1] for stage in stages]
    accept = [-1 if stage[0] is None else stage[0] for stage in stages]
    assert accept == sorted(accept)
    assert reject == sorted(reject)
    assert all(r >= a + 2 for a, r in zip(accept[:-1], reject[:-1], strict=True))
    assert reject[-1] == accept[-1] + 1
    # All samples together expect as many per unit as the single plan: (Ac + 2/3) / n at Pa 0.50.
    density = (accept[-1] + 2 / 3) / (samples * part) / (number + 2 / 3)
    assert density == pytest.approx(1.0, abs=0.25), density


@pytest.mark.parametrize("severity", ["normal", "tightened"])
@pytest.mark.parametrize("kind", ["double", "multiple"])
def test_a_staged_plan_has_the_curve_of_its_single_plan_in_every_cell(
    kind: str, severity: str
) -> None:
    seen = set()
    for plan in every_plan(severity, kind):
        single = find_plan(plan.letter, plan.aql, severity=severity)
        if single.stages[0].accept in seen or single.stages[0].size < 100:
            continue
        seen.add(single.stages[0].accept)
        for probability, slack in ((0.95, 0.27), (0.50, 0.12), (0.10, 0.12)):
            one = quality_at_probability(single.stages, probability, distribution="poisson")
            many = quality_at_probability(plan.stages, probability, distribution="poisson")
            assert many == pytest.approx(one, rel=slack), (plan.letter, plan.aql, probability)
    assert len(seen) >= 7


def noticed(table: dict[int, Line], number: int, changed: Line, part: float) -> bool:
    """Whether a plan with one changed number leaves the rules or the curve of its neighbours."""
    size = 1000 * part
    marks = {}
    for name, line in (("printed", table[number]), ("changed", changed)):
        if any((a or 0) < 0 for a, _ in line):
            return True
        stages = [Stage(round(size), a, r) for a, r in line]
        marks[name] = [quality_at_probability(stages, p, distribution="poisson") for p in POINTS]
    single = [Stage(1000, number, number + 1)]
    wanted = [quality_at_probability(single, p, distribution="poisson") for p in POINTS]
    apart = {
        name: max(abs(np.log(found) - np.log(wanted)) * [0.4, 1.0, 1.0])
        for name, found in marks.items()
    }
    return bool(apart["changed"] > max(apart["printed"], 0.03))


@pytest.mark.parametrize("number", [number for number in SINGLE_NUMBERS if number <= 10])
def test_a_mistyped_last_number_of_a_double_plan_would_be_noticed(number: int) -> None:
    first, (accept, reject) = DOUBLE[number]
    assert accept is not None
    for step in (-2, 2):
        changed = (first, (accept + step, reject + step))
        assert noticed(DOUBLE, number, changed, 1 / 1.6), (number, step)


def test_reduced_plans_leave_a_gap_of_the_size_of_the_standard() -> None:
    # MIL-STD-105E tables II-C and III-C: between Ac and Re the lot passes and reduction ends.
    gaps = [stages[0][1] - (stages[0][0] or 0) for _, stages in sorted(REDUCED_SINGLE.items())]
    assert gaps == [2, 2, 3, 3, 3, 3, 3, 3]
    for line, stages in REDUCED_DOUBLE.items():
        first, last = stages
        assert first[0] is not None
        assert last[0] is not None
        assert first[1] <= last[1]
        # Twice 0.4 / 1.6 of the normal sample against 0.4 of it: 1.25 times the single sample.
        single = REDUCED_SINGLE[line][0]
        assert 0.5 <= (last[1] + 2 / 3) / 1.25 / (single[1] + 2 / 3) <= 1.25
