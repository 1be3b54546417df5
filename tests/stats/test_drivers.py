"""Drivers are found, innocents acquitted, and what cannot be told apart is said to be so."""

import time
from pathlib import Path

import numpy as np
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from andon.stats.drivers import Driver, DriverRanking, rank_drivers_of_values
from andon.stats.drivers_interactions import (
    rank_interactions_of_counts,
    rank_interactions_of_values,
)
from andon.stats.drivers_of_counts import CountDriverRanking, rank_drivers_of_counts
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.factors import encode_factor
from andon.stats.multiplicity import correct_p_values
from andon.stats.variance_share import share_interval, variance_share

NIST = Path(scipy.__file__).parent / "stats" / "tests" / "data" / "nist_anova"


def factor(ranking: DriverRanking, name: str) -> Driver:
    return next(driver for driver in ranking.drivers if driver.factor == name)


def test_silver_weight_has_the_certified_f_and_share() -> None:
    # NIST StRD AtmWtAg: F = 1.59467335677930E+01, R-squared = 0.255..., certified between SS
    # 3.63834187500000E-09 and within SS 1.04951729166667E-08
    rows = np.loadtxt(NIST / "AtmWtAg.dat", skiprows=60)
    ranking = rank_drivers_of_values(rows[:, 1], {"instrument": rows[:, 0].astype(int)})
    driver = ranking.drivers[0]
    between, within = 3.63834187500000e-09, 1.04951729166667e-08
    assert driver.f == pytest.approx(1.59467335677930e01, rel=1e-7)
    assert driver.eta_squared == pytest.approx(between / (between + within), rel=1e-7)


@pytest.mark.parametrize(
    ("name", "certified"),
    [("SmLs01", 21), ("SmLs02", 201), ("SmLs04", 21), ("SmLs05", 201), ("SmLs07", 21)],
)
def test_simulated_sets_have_their_certified_f(name: str, certified: float) -> None:
    # NIST StRD, certified F; the values of 01-02 share no leading digits, 04-05 seven, 07 thirteen
    rows = np.loadtxt(NIST / f"{name}.dat", skiprows=60)
    ranking = rank_drivers_of_values(rows[:, 1], {"treatment": rows[:, 0].astype(int)})
    tolerance = 1e-2 if name == "SmLs07" else 1e-8
    assert ranking.drivers[0].f == pytest.approx(certified, rel=tolerance)


def test_share_interval_is_the_noncentral_f_turned_round() -> None:
    share = variance_share(38.0, 100.0, (3, 40))
    interval = share_interval(share, 0.9)
    for limit, probability in ((interval.low, 0.95), (interval.high, 0.05)):
        lam = limit / (1 - limit) * 44
        assert stats.ncf.cdf(share.f, 3, 40, lam) == pytest.approx(probability, abs=1e-8)


def test_share_interval_covers_the_true_share() -> None:
    random = np.random.default_rng(12)
    means = np.repeat([0.0, 0.5, 1.0], 15)
    truth = means.var() / (means.var() + 1)
    groups = np.repeat(["a", "b", "c"], 15)
    held = 0
    for _ in range(500):
        ranking = rank_drivers_of_values(means + random.normal(size=45), {"g": groups}, level=0.9)
        held += truth in ranking.drivers[0].interval
    assert 0.87 <= held / 500 <= 0.93


def test_gauge_drift_is_told_from_machine_and_weekday() -> None:
    random = np.random.default_rng(7)
    n = 240
    gauge, machine = random.choice(["MIC-07", "MIC-08"], n), random.choice(["L5", "L6"], n)
    values = 1.02 + 0.004 * (gauge == "MIC-07") + random.normal(0, 0.0009, n)
    ranking = rank_drivers_of_values(
        values, {"machine": machine, "gauge": gauge, "weekday": np.arange(n) % 5}
    )
    first = ranking.drivers[0]
    assert (first.factor, first.verdict) == ("gauge", "driver")
    assert first.level is not None and abs(first.level.effect) == pytest.approx(0.004, rel=0.1)
    assert first.eta_squared > 0.8
    assert {driver.verdict for driver in ranking.drivers[1:]} == {"innocent"}


def test_two_names_for_one_thing_are_not_separable() -> None:
    random = np.random.default_rng(3)
    machine = random.choice(["L1", "L2", "L3"], 90)
    operator = [{"L1": "anna", "L2": "ben", "L3": "carl"}[m] for m in machine]
    values = (machine == "L2") * 2.0 + random.normal(size=90)
    ranking = rank_drivers_of_values(values, {"machine": machine, "operator": operator})
    assert [d.verdict for d in ranking.drivers] == ["not separable", "not separable"]
    assert {d.factor: d.related for d in ranking.drivers} == {
        "machine": "operator",
        "operator": "machine",
    }
    assert "run a trial" in ranking.drivers[0].words


def test_a_lot_that_adds_nothing_to_its_supplier_is_innocent() -> None:
    random = np.random.default_rng(4)
    lot = random.integers(0, 12, 600)
    supplier = np.where(lot < 6, "S-A", "S-B")
    values = (supplier == "S-B") * 1.0 + random.normal(size=600)
    ranking = rank_drivers_of_values(values, {"lot": lot, "supplier": supplier})
    assert factor(ranking, "supplier").verdict == "driver"
    assert (factor(ranking, "lot").verdict, factor(ranking, "lot").related) == (
        "innocent",
        "supplier",
    )


def test_one_bad_lot_acquits_its_supplier() -> None:
    random = np.random.default_rng(5)
    lot = random.integers(0, 12, 600)
    supplier = np.where(lot < 6, "S-A", "S-B")
    values = (lot == 7) * 3.0 + random.normal(size=600)
    ranking = rank_drivers_of_values(values, {"lot": lot, "supplier": supplier})
    assert factor(ranking, "lot").verdict == "driver"
    assert factor(ranking, "lot").level is not None and factor(ranking, "lot").level.level == "7"  # type: ignore[union-attr]
    assert factor(ranking, "supplier").verdict == "innocent"


def test_two_causes_that_vary_apart_are_both_drivers() -> None:
    random = np.random.default_rng(6)
    shift, gauge = random.choice(list("ELN"), 400), random.choice(["A", "B"], 400)
    values = (shift == "N") * 1.0 + (gauge == "B") * 1.5 + random.normal(size=400)
    ranking = rank_drivers_of_values(values, {"shift": shift, "gauge": gauge})
    assert [d.verdict for d in ranking.drivers] == ["driver", "driver"]


def test_a_shadow_of_the_driver_is_innocent() -> None:
    random = np.random.default_rng(8)
    machine = random.choice(["L1", "L2"], 800)
    operator = np.where(random.random(800) < 0.9, machine, random.choice(["L1", "L2"], 800))
    values = (machine == "L2") * 2.0 + random.normal(size=800)
    ranking = rank_drivers_of_values(values, {"operator": operator, "machine": machine})
    shadow = factor(ranking, "operator")
    assert (shadow.verdict, shadow.related) == ("innocent", "machine")


def test_healthy_data_accuse_nobody() -> None:
    random = np.random.default_rng(9)
    accused = 0
    for _ in range(300):
        factors = {f"f{k}": random.integers(0, k + 2, 60) for k in range(6)}
        ranking = rank_drivers_of_values(random.normal(size=60), factors, minimum_share=0.0)
        accused += any(d.verdict != "innocent" for d in ranking.drivers)
    assert accused / 300 <= 0.075  # 5 % familywise, and three standard errors of 300 runs


def test_missing_levels_leave_rows_out_for_that_factor_alone() -> None:
    values = [1.0, 1.2, 3.0, 3.1, 9.0]
    ranking = rank_drivers_of_values(
        values, {"lot": ["a", "a", "b", "b", None], "line": ["x", "y", "x", "y", "x"]}
    )
    alone = rank_drivers_of_values(values[:4], {"lot": ["a", "a", "b", "b"]}).drivers[0]
    lot = factor(ranking, "lot")
    assert lot.missing == 1 and factor(ranking, "line").missing == 0
    assert lot.eta_squared == pytest.approx(alone.eta_squared)


def test_a_factor_with_one_level_is_not_testable() -> None:
    ranking = rank_drivers_of_values([1.0, 2.0, 3.0], {"line": ["x"] * 3, "part": list("abc")})
    assert {d.verdict for d in ranking.drivers} == {"not testable"}


@settings(max_examples=40)
@given(st.permutations(range(12)), st.floats(0.01, 100), st.floats(-100, 100))
def test_order_unit_and_origin_change_nothing(order: list[int], unit: float, origin: float) -> None:
    values = np.array([1.0, 1.3, 0.8, 2.0, 2.4, 2.1, 1.1, 0.9, 1.4, 2.2, 1.9, 2.6])
    group = np.array(list("aaabbbaaabbb"))
    plain = rank_drivers_of_values(values, {"g": group}).drivers[0]
    moved = rank_drivers_of_values(origin + unit * values[order], {"g": group[order]}).drivers[0]
    assert moved.f == pytest.approx(plain.f, rel=1e-6)
    assert moved.level is not None and plain.level is not None
    assert moved.level.effect == pytest.approx(unit * plain.level.effect, rel=1e-6)


def test_ten_factors_over_a_million_values_take_a_moment() -> None:
    random = np.random.default_rng(0)
    n = 1_000_000
    sizes = [2, 3, 4, 5, 8, 10, 20, 50, 200, 1000]
    factors = {f"f{k}": encode_factor(random.integers(0, k, n)) for k in sizes}
    values = random.normal(size=n)
    started = time.perf_counter()
    rank_drivers_of_values(values, factors)
    assert time.perf_counter() - started < 3


def test_ranking_survives_the_way_to_data_and_back() -> None:
    ranking = rank_drivers_of_values([1.0, 1.1, 2.0, 2.1], {"g": list("aabb")})
    assert DriverRanking.from_dict(ranking.to_dict()) == ranking


def test_wrong_inputs_are_refused_with_what_is_needed() -> None:
    with pytest.raises(StatisticsError, match="2 entries for 3 rows"):
        rank_drivers_of_values([1.0, 2.0, 3.0], {"g": ["a", "b"]})
    with pytest.raises(NoVariation):
        rank_drivers_of_values([1.0, 1.0, 1.0], {"g": list("aab")})
    with pytest.raises(TooFewValues, match="factors"):
        rank_drivers_of_values([1.0, 2.0, 3.0], {})
    with pytest.raises(NoVariation, match="counts"):
        rank_drivers_of_counts([0, 0], [5, 5], {"g": ["a", "b"]})


def night_shift_on_cell_two(seed: int) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    random = np.random.default_rng(seed)
    cell, shift = np.repeat(["A1", "A2", "A3"], 90), np.tile(np.repeat(list("ELN"), 30), 3)
    inspected = random.integers(380, 421, 270)
    rate = np.where((cell == "A2") & (shift == "N"), 0.015, 0.003)
    weekday = np.tile(np.arange(5), 54)
    return (
        random.binomial(inspected, rate),
        inspected,
        {"cell": cell, "shift": shift, "weekday": weekday},
    )


@pytest.mark.parametrize("model", ["poisson", "binomial"])
def test_cell_and_shift_drive_the_crimp_rate_and_weekday_does_not(model: str) -> None:
    counts, inspected, factors = night_shift_on_cell_two(1)
    ranking = rank_drivers_of_counts(
        counts, inspected, factors, model="poisson" if model == "poisson" else "binomial"
    )
    found = {d.factor: d for d in ranking.drivers}
    assert found["cell"].verdict == found["shift"].verdict == "driver"
    assert found["weekday"].verdict == "innocent"
    assert found["cell"].level is not None and found["cell"].level.level == "A2"
    assert found["cell"].level.ratio > 1.5


def test_the_combination_is_named() -> None:
    counts, inspected, factors = night_shift_on_cell_two(2)
    first = rank_interactions_of_counts(counts, inspected, factors).interactions[0]
    assert first.factors == ("cell", "shift") and first.cell == ("A2", "N")
    assert first.is_acting and first.cell_effect == pytest.approx(5, rel=0.3)


def test_chi_square_of_equal_rates_is_pearsons() -> None:
    # Agresti 2013, table 3.2 style check against an independent implementation
    counts, inspected = np.array([12.0, 7.0, 25.0]), np.array([400.0, 380.0, 500.0])
    ranking = rank_drivers_of_counts(
        counts, inspected, {"g": ["a", "b", "c"]}, model="binomial", dispersion="none"
    )
    table = np.array([counts, inspected - counts])
    reference = stats.chi2_contingency(table, correction=False)
    assert ranking.drivers[0].chi_square == pytest.approx(float(reference.statistic), rel=1e-12)


def test_lots_that_scatter_do_not_accuse_the_shift() -> None:
    random = np.random.default_rng(14)
    accused = 0
    for _ in range(200):
        rates = 0.004 * random.gamma(2, 1 / 2, 120)  # lots differ by themselves
        counts = random.poisson(rates * 1000)
        ranking = rank_drivers_of_counts(
            counts, np.full(120, 1000), {"shift": np.arange(120) % 3}, minimum_ratio=1.01
        )
        accused += ranking.drivers[0].verdict == "driver"
    assert accused / 200 <= 0.09


def test_aliased_factors_of_counts_are_not_separable() -> None:
    counts, inspected = [30, 4, 28, 6], [2000] * 4
    factors = {"cell": ["A2", "A1", "A2", "A1"], "crew": ["x", "y", "x", "y"]}
    ranking = rank_drivers_of_counts(counts, inspected, factors)
    assert {d.verdict for d in ranking.drivers} == {"not separable"}
    assert CountDriverRanking.from_dict(ranking.to_dict()) == ranking


def test_a_level_without_events_has_an_upper_limit() -> None:
    ranking = rank_drivers_of_counts([0, 30], [1000, 1000], {"g": ["a", "b"]}, dispersion="none")
    empty = next(x for x in ranking.drivers[0].levels if x.level == "a")
    assert empty.ratio == 0 and 0 < empty.interval.high < 0.2


def test_balanced_interaction_has_the_textbook_f() -> None:
    # Montgomery, Design and Analysis of Experiments, table 5.1 (battery life by material and
    # temperature): interaction F 3.56 with 4 and 27 df, p 0.0186
    first, second, values = battery_life()
    ranking = rank_interactions_of_values(values, {"material": first, "temperature": second})
    interaction = ranking.interactions[0]
    assert interaction.df == (4, 27)
    assert interaction.statistic == pytest.approx(3.56, abs=0.005)
    assert interaction.p_value == pytest.approx(0.0186, abs=5e-5)


def battery_life() -> tuple[list[str], list[str], list[float]]:
    cells = {
        ("1", "15"): (130, 155, 74, 180),
        ("1", "70"): (34, 40, 80, 75),
        ("1", "125"): (20, 70, 82, 58),
        ("2", "15"): (150, 188, 159, 126),
        ("2", "70"): (136, 122, 106, 115),
        ("2", "125"): (25, 70, 58, 45),
        ("3", "15"): (138, 110, 168, 160),
        ("3", "70"): (174, 120, 150, 139),
        ("3", "125"): (96, 104, 82, 60),
    }
    rows = [(m, t, float(v)) for (m, t), values in cells.items() for v in values]
    return [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]


def test_corrected_p_values_have_the_published_figures() -> None:
    # Benjamini and Hochberg 1995, section 3.2: 15 p values; four rejected at 0.05 by the false
    # discovery rate, three by Bonferroni
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert correct_p_values(p, correction="benjamini-hochberg").rejected.sum() == 4
    assert correct_p_values(p, correction="bonferroni").rejected.sum() == 3
    assert correct_p_values(p, correction="holm").rejected.sum() == 3


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_corrections_keep_the_order_and_their_own(p: list[float]) -> None:
    given_p = np.array(p)
    holm = correct_p_values(given_p).p_values
    mild = correct_p_values(given_p, correction="benjamini-hochberg").p_values
    strict = correct_p_values(given_p, correction="bonferroni").p_values
    assert (given_p <= mild + 1e-15).all() and (mild <= holm + 1e-12).all()
    assert (holm <= strict + 1e-15).all()
    assert (np.diff(holm[np.argsort(given_p, kind="stable")]) >= 0).all()
