"""The attribute tables: anchors, corners, arrows, and agreement of the kinds of plan."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats.errors import InvalidOption
from andon.stats.sampling_curves import acceptance_probability, quality_at_probability
from andon.stats.sampling_plans import (
    AttributePlan,
    Stage,
    code_letter,
    find_plan,
    sampling_plan,
    tighter_aql,
)
from andon.stats.sampling_reduced import reduced_multiple_plan
from andon.stats.sampling_tables import AQLS, LETTERS, LEVELS


@pytest.mark.parametrize(
    ("lot_size", "aql", "severity", "letter", "stage"),
    [
        # MIL-STD-105E tables II-A, II-B, II-C.
        (5000, 0.65, "normal", "L", Stage(200, 3, 4)),
        (2000, 1.0, "normal", "K", Stage(125, 3, 4)),
        (1000, 0.65, "normal", "J", Stage(80, 1, 2)),
        (200, 2.5, "normal", "G", Stage(32, 2, 3)),
        (500, 0.10, "normal", "H", Stage(125, 0, 1)),
        (5000, 0.65, "tightened", "L", Stage(200, 2, 3)),
        (2000, 1.0, "tightened", "K", Stage(125, 2, 3)),
        (5000, 0.65, "reduced", "L", Stage(80, 1, 4)),
        (2000, 1.0, "reduced", "K", Stage(50, 1, 4)),
    ],
)
def test_anchor_plans(lot_size: int, aql: float, severity: str, letter: str, stage: Stage) -> None:
    plan = sampling_plan(lot_size, aql, severity=severity)
    assert plan.letter == letter
    assert plan.stages == (stage,)
    assert plan.has_gap is (severity == "reduced")


@pytest.mark.parametrize(
    ("letter", "aql", "severity", "size", "accept"),
    [
        ("R", 0.015, "normal", 800, 0),
        ("A", 10.0, "normal", 5, 1),
        ("R", 0.015, "tightened", 1250, 0),
        ("A", 10.0, "tightened", 8, 1),
        ("R", 0.025, "tightened", 3150, 1),
        ("R", 10.0, "normal", 125, 21),
        ("R", 10.0, "tightened", 125, 18),
    ],
)
def test_corners_of_the_master_tables(
    letter: str, aql: float, severity: str, size: int, accept: int
) -> None:
    plan = find_plan(letter, aql, severity=severity)
    assert plan.stages == (Stage(size, accept, accept + 1),)


def test_code_letters_at_the_ends_of_the_rows() -> None:
    # MIL-STD-105E table I.
    assert [code_letter(n) for n in (2, 8, 9, 150, 151, 500_000, 500_001)] == list("AABFGPQ")
    assert code_letter(500_001, "III") == "R"
    assert code_letter(35_000, "S-4") == "H"


def test_a_double_plan_of_the_table() -> None:
    double = sampling_plan(2000, 1.0, kind="double")
    assert double.stages == (Stage(80, 1, 4), Stage(80, 4, 5))  # table III-A, K


@pytest.mark.parametrize(
    ("letter", "size", "numbers"),
    [
        # Code of Federal Regulations, title 46, 160.066-12: the multiple plans of AQL 6.5.
        ("G", 8, [(None, 4), (1, 5), (2, 6), (3, 7), (5, 8), (7, 9), (9, 10)]),
        ("H", 13, [(0, 4), (1, 6), (3, 8), (5, 10), (7, 11), (10, 12), (13, 14)]),
        ("J", 20, [(0, 5), (3, 8), (6, 10), (8, 13), (11, 15), (14, 17), (18, 19)]),
        ("K", 32, [(1, 7), (4, 10), (8, 13), (12, 17), (17, 20), (21, 23), (25, 26)]),
        ("L", 50, [(2, 9), (7, 14), (13, 19), (19, 25), (25, 29), (31, 33), (37, 38)]),
    ],
)
def test_multiple_plans_printed_in_federal_regulations(
    letter: str, size: int, numbers: list[tuple[int | None, int]]
) -> None:
    stages = find_plan(letter, 6.5, kind="multiple").stages
    # There the first acceptance of H and J is left open; 160.021-4 prints 0 for the same plans.
    assert [(stage.accept, stage.reject) for stage in stages] == numbers
    assert {stage.size for stage in stages} == {size}


def test_a_plan_with_acceptance_number_zero_is_always_single() -> None:
    plan = sampling_plan(500, 0.10, kind="multiple")
    assert plan.kind_used == "single"
    assert plan.options["kind"] == "multiple"


@pytest.mark.parametrize("severity", ["normal", "tightened", "reduced"])
@pytest.mark.parametrize("kind", ["double", "multiple"])
def test_staged_plans_have_the_curve_of_their_single_plan(kind: str, severity: str) -> None:
    if (kind, severity) == ("multiple", "reduced"):
        with pytest.raises(InvalidOption, match="single or double"):
            find_plan("L", 1.0, kind=kind, severity=severity)
        return
    for aql in AQLS[7:15]:
        single = find_plan("M", aql, severity=severity)
        staged = find_plan("M", aql, severity=severity, kind=kind)
        if staged.kind_used == "single":
            continue
        for probability in (0.95, 0.50, 0.10):
            one = quality_at_probability(single.stages, probability, distribution="poisson")
            many = quality_at_probability(staged.stages, probability, distribution="poisson")
            # The standard's own plans differ by up to a quarter at Pa 0.95 and Ac 2.
            assert many == pytest.approx(one, rel=0.27 if probability > 0.9 else 0.12), aql


@given(st.sampled_from(LETTERS), st.sampled_from(AQLS[1:]))
def test_tightened_inspection_accepts_no_more_than_normal_inspection(
    letter: str, aql: float
) -> None:
    quality = np.array([aql / 100, aql / 40])
    normal = acceptance_probability(find_plan(letter, aql).stages, quality)
    tightened = acceptance_probability(find_plan(letter, aql, severity="tightened").stages, quality)
    assert (tightened <= normal + 1e-9).all()


@given(
    st.integers(2, 2_000_000),
    st.sampled_from(AQLS),
    st.sampled_from(LEVELS),
    st.sampled_from([("single", "normal"), ("double", "reduced"), ("multiple", "tightened")]),
)
def test_every_lot_has_a_plan(lot_size: int, aql: float, level: str, form: tuple[str, str]) -> None:
    plan = sampling_plan(lot_size, aql, level=level, kind=form[0], severity=form[1])
    assert plan.is_full_inspection is (plan.stages[0].size >= lot_size)
    assert all(stage.reject > (stage.accept or 0) for stage in plan.stages)
    assert AttributePlan.from_dict(plan.to_dict()) == plan


def test_wrong_arguments_name_what_is_allowed() -> None:
    with pytest.raises(InvalidOption, match=r"0\.65"):
        sampling_plan(100, 0.7)
    with pytest.raises(InvalidOption, match="at least 2"):
        sampling_plan(1, 0.65)
    with pytest.raises(InvalidOption, match="S-4"):
        sampling_plan(100, 0.65, level="IV")
    assert tighter_aql(1.0) == 0.65


@pytest.mark.parametrize("aql", AQLS[7:15])
def test_computed_reduced_multiple_plan_has_the_curve_of_its_single_plan(aql: float) -> None:
    plan = reduced_multiple_plan(20_000, aql)
    single = sampling_plan(20_000, aql, severity="reduced")
    assert plan.kind_used == "multiple"
    assert "computed, not tabulated" in plan.convention
    for probability in (0.95, 0.50, 0.10):
        one = quality_at_probability(single.stages, probability, distribution="poisson")
        many = quality_at_probability(plan.stages, probability, distribution="poisson")
        assert many == pytest.approx(one, rel=0.2)


def test_computed_reduced_multiple_plan_stays_single_without_a_gap() -> None:
    assert reduced_multiple_plan(500, 0.10).stages == (Stage(50, 0, 1),)
