"""Designs have their published properties; analyses their published effects and optima."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats.errors import InvalidOption, StatisticsError, TooFewValues
from andon.stats.experiment_aliases import find_aliases
from andon.stats.experiment_analysis import analyze_experiment
from andon.stats.experiment_designs import (
    plan_box_behnken,
    plan_central_composite,
    plan_factorial,
    plan_plackett_burman,
    write_run_sheet,
)
from andon.stats.experiment_optimum import find_optimum

# Montgomery, Design and Analysis of Experiments, example 6.2: filtration rate, 2^4, standard order.
FILTRATION = [45, 71, 48, 65, 68, 60, 80, 65, 43, 100, 45, 104, 75, 86, 70, 96]
# Montgomery, example 11.2: yield in a central composite of time and temperature.
YIELD = [76.5, 77.0, 78.0, 79.5, 79.9, 80.3, 80.0, 79.7, 79.8, 78.4, 75.6, 78.5, 77.0]
AXIS = 1.414
YIELD_RUNS: list[list[float]] = [
    *([-1, -1], [-1, 1], [1, -1], [1, 1]),
    *([0, 0], [0, 0], [0, 0], [0, 0], [0, 0]),
    *([AXIS, 0], [-AXIS, 0], [0, AXIS], [0, -AXIS]),
]


def effects(response: list[float], names: str, generators: list[str]) -> dict[str, float]:
    design = plan_factorial(list(names), generators=generators)
    found = analyze_experiment(response, design.runs, factors=list(names))
    return {effect.term.replace(" x ", ""): effect.effect for effect in found.effects}


def test_filtration_effects() -> None:
    # Montgomery table 6.12: A 21.625, B 3.125, C 9.875, D 14.625, AC -18.125, AD 16.625
    found = effects([float(v) for v in FILTRATION], "ABCD", [])
    published = {"A": 21.625, "B": 3.125, "C": 9.875, "D": 14.625, "AC": -18.125, "AD": 16.625}
    assert {term: found[term] for term in published} == pytest.approx(published)


def test_filtration_half_fraction() -> None:
    # Montgomery example 8.1: the half I = ABCD; A 19.00, C 14.00, D 16.50, AC -18.50, AD 19.00
    half = [45.0, 100.0, 45.0, 65.0, 75.0, 60.0, 80.0, 96.0]
    found = effects(half, "ABCD", ["D=ABC"])
    published = {"A": 19.0, "B": 1.5, "C": 14.0, "D": 16.5, "AB": -1.0, "AC": -18.5, "AD": 19.0}
    assert {term: found[term] for term in published} == pytest.approx(published)


def test_a_saturated_fraction_is_judged_by_lenth() -> None:
    design = plan_factorial(list("ABCD"))
    found = analyze_experiment(FILTRATION, design.runs, factors=list("ABCD"))
    assert found.df == 5 and found.effects[0].term == "A" and found.effects[0].p_value < 0.01
    half = plan_factorial(list("ABC"))
    saturated = analyze_experiment(
        [60.0, 72.0, 54.0, 68.0, 52.0, 83.0, 45.0, 80.0], half.runs[:, :3], factors=list("ABC")
    )
    assert saturated.df == 1
    small = analyze_experiment([1.0, 9.0, 2.0, 8.0], half.runs[:4, :2], factors=list("AB"))
    assert small.df == 0 and "Lenth" in small.convention


def test_yield_surface_and_its_optimum() -> None:
    # Montgomery example 11.2: 79.940 + 0.995 x1 + 0.515 x2 - 1.376 x1^2 - 1.001 x2^2
    # + 0.250 x1 x2; stationary (0.389, 0.306), 80.21; eigenvalues -0.9634 and -1.4143
    found = analyze_experiment(YIELD, YIELD_RUNS, factors=["time", "heat"], model="quadratic")
    coefficients = {effect.term: effect.coefficient for effect in found.effects}
    assert found.mean == pytest.approx(79.940, abs=5e-4)
    assert coefficients == pytest.approx(
        {
            "time": 0.995,
            "heat": 0.515,
            "time x time": -1.376,
            "heat x heat": -1.001,
            "time x heat": 0.250,
        },
        abs=6e-4,
    )
    optimum = find_optimum(found)
    assert optimum.nature == "maximum"
    assert optimum.stationary == pytest.approx([0.389, 0.306], abs=1e-3)
    assert optimum.stationary_value == pytest.approx(80.21, abs=5e-3)
    assert optimum.eigenvalues == pytest.approx([-1.4143, -0.9634], abs=1e-3)
    assert optimum.best == pytest.approx(optimum.stationary, abs=1e-5)


def test_lack_of_fit_of_the_yield() -> None:
    # Montgomery table 11.6: lack of fit F 1.78 with 3 and 4 df, p 0.2897; pure error 0.2120
    found = analyze_experiment(YIELD, YIELD_RUNS, factors=["time", "heat"], model="quadratic")
    rows = {row.source: row for row in found.rows}
    assert rows["pure error"].sum_of_squares == pytest.approx(0.2120, abs=1e-4)
    assert rows["lack of fit"].f == pytest.approx(1.78, abs=0.01)
    assert rows["lack of fit"].p_value == pytest.approx(0.2897, abs=2e-3)
    assert found.r_squared == pytest.approx(0.9827, abs=1e-4)
    assert found.predicted_r_squared == pytest.approx(0.9184, abs=2e-3)


def test_resolution_and_words_of_the_textbook_fractions() -> None:
    # Box, Hunter and Hunter 2005, table 6.22: minimum-aberration fractions
    assert find_aliases(5, ["E=ABCD"]).resolution == 5
    assert find_aliases(7, ["D=AB", "E=AC", "F=BC", "G=ABC"]).resolution == 3
    assert find_aliases(8, ["E=BCD", "F=ACD", "G=ABC", "H=ABD"]).resolution == 4
    found = find_aliases(6, ["E=ABC", "F=BCD"])
    assert found.words == ("ABCE", "ADEF", "BCDF")
    assert ("AB", "CE") in found.groups and ("A", "BCE", "DEF") in found.groups


def test_aliased_terms_are_left_out_and_named() -> None:
    design = plan_factorial(list("abcd"), generators=["D=ABC"])
    found = analyze_experiment(np.arange(8.0) ** 2, design.runs, factors=list("abcd"))
    assert dict(found.aliased) == {"b x c": ("a x d",), "b x d": ("a x c",), "c x d": ("a x b",)}


@pytest.mark.parametrize("count", [3, 7, 11, 15, 19, 23, 31])
def test_plackett_burman_columns_are_balanced_and_orthogonal(count: int) -> None:
    runs = plan_plackett_burman([f"x{k}" for k in range(count)]).runs
    assert (runs.sum(0) == 0).all()
    assert (runs.T @ runs == len(runs) * np.eye(count)).all()
    assert (runs[-1] == -1).all()


@pytest.mark.parametrize(("factors", "runs"), [(3, 15), (4, 27), (5, 43), (6, 51), (7, 59)])
def test_box_behnken_has_the_published_size_and_can_fit_a_surface(factors: int, runs: int) -> None:
    # Box and Behnken 1960, table 4, with 3 middle runs
    design = plan_box_behnken([f"x{k}" for k in range(factors)])
    assert len(design.runs) == runs
    y = np.random.default_rng(1).normal(size=runs)
    names = design.factors
    found = analyze_experiment(y, design.runs, factors=names, model="quadratic")
    assert len(found.effects) == factors + factors * (factors - 1) // 2 + factors
    assert np.abs(design.runs).sum(1).max() == (2 if factors < 6 else 3)


def test_rotatable_design_predicts_equally_well_at_equal_distance() -> None:
    design = plan_central_composite(["a", "b", "c"])
    quadratic = np.column_stack(
        [np.ones(len(design.runs)), design.runs, design.runs**2]
        + [design.runs[:, [i]] * design.runs[:, [j]] for i, j in ((0, 1), (0, 2), (1, 2))]
    )
    inverse = np.linalg.inv(quadratic.T @ quadratic)
    random = np.random.default_rng(2)
    points = random.normal(size=(6, 3))
    points /= np.linalg.norm(points, axis=1)[:, None]
    rows = np.column_stack(
        [np.ones(6), points, points**2]
        + [points[:, [i]] * points[:, [j]] for i, j in ((0, 1), (0, 2), (1, 2))]
    )
    spread = (rows @ inverse * rows).sum(1)
    assert np.ptp(spread) < 1e-9


@given(st.integers(0, 10_000))
def test_a_run_sheet_is_the_design_shuffled_and_repeatable(seed: int) -> None:
    design = plan_factorial(["a", "b", "c"], center_points=2)
    lows, highs = [10.0, 0.0, -1.0], [20.0, 1.0, 1.0]
    sheet = write_run_sheet(design, lows=lows, highs=highs, seed=seed)
    again = write_run_sheet(design, lows=lows, highs=highs, seed=seed)
    assert (sheet.settings == again.settings).all()
    assert sorted(sheet.standard_order.tolist()) == list(range(10))
    coded = (sheet.settings - [15.0, 0.5, 0.0]) / [5.0, 0.5, 1.0]
    assert np.allclose(coded, design.runs[sheet.standard_order])


def test_effect_intervals_cover_the_truth() -> None:
    random = np.random.default_rng(3)
    runs = plan_factorial(["a", "b"], replicates=3).runs
    held = []
    for _ in range(600):
        y = 10 + 1.5 * runs[:, 0] + random.normal(size=12)
        found = analyze_experiment(y, runs, factors=["a", "b"])
        held += [3.0 in effect.interval for effect in found.effects if effect.term == "a"]
    assert 0.93 <= np.mean(held) <= 0.97


def test_impossible_designs_are_refused_with_what_is_needed() -> None:
    with pytest.raises(InvalidOption, match="D = a product"):
        plan_factorial(list("abcd"), generators=["D=AX"])
    with pytest.raises(InvalidOption, match="resolution V"):
        plan_central_composite(list("abcd"), generators=["D=ABC"])
    with pytest.raises(TooFewValues):
        plan_box_behnken(["a", "b"])
    with pytest.raises(StatisticsError, match="squares"):
        design = plan_factorial(["a", "b"], replicates=2)
        find_optimum(analyze_experiment(np.arange(8.0), design.runs, factors=["a", "b"]))
