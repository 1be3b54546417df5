"""Regression against the certified values of NIST StRD; bands that hold as often as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.regression import Regression, fit_line, fit_regression, predict

# NIST StRD, Longley 1967: employment; deflator, product, unemployed, forces, population, year.
LONGLEY = np.array(
    [
        [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
        [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
        [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
        [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
        [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
        [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
        [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
        [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
        [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
        [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
        [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
        [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
        [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
        [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
        [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
        [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
    ]
)
# NIST StRD, Pontius: deflection of a load cell at 150,000 to 3,000,000 lb, twice.
PONTIUS = [
    *(0.11019, 0.21956, 0.32949, 0.43899, 0.54803, 0.65694, 0.76562, 0.87487, 0.98292, 1.09146),
    *(1.20001, 1.30822, 1.41599, 1.52399, 1.63194, 1.73947, 1.84646, 1.95392, 2.06128, 2.16844),
    *(0.11052, 0.22018, 0.32939, 0.43886, 0.54798, 0.65739, 0.76596, 0.87474, 0.98300, 1.09150),
    *(1.20004, 1.30818, 1.41613, 1.52408, 1.63159, 1.73965, 1.84696, 1.95445, 2.06177, 2.16829),
]


def norris() -> tuple[np.ndarray, np.ndarray]:
    # NIST StRD, Norris: calibration of ozone monitors (y, x)
    rows = [
        *((0.1, 0.2), (338.8, 337.4), (118.1, 118.2), (888.0, 884.6), (9.2, 10.1), (228.1, 226.5)),
        *((668.5, 666.3), (998.5, 996.3), (449.1, 448.6), (778.9, 777.0), (559.2, 558.2)),
        *((0.3, 0.4), (0.1, 0.6), (778.1, 775.5), (668.8, 666.9), (339.3, 338.0), (448.9, 447.5)),
        *((10.8, 11.6), (557.7, 556.0), (228.3, 228.1), (998.0, 995.8), (888.8, 887.6)),
        *((119.6, 120.2), (0.3, 0.3), (0.6, 0.3), (557.6, 556.8), (339.3, 339.1), (888.0, 887.2)),
        *((998.5, 999.0), (778.9, 779.0), (10.2, 11.1), (117.6, 118.3), (228.9, 229.2)),
        *((668.4, 669.1), (449.2, 448.9), (0.2, 0.5)),
    ]
    table = np.array(rows)
    return table[:, 1], table[:, 0]


def values(fit: Regression) -> list[float]:
    return [c.estimate for c in fit.coefficients]


def errors(fit: Regression) -> list[float]:
    return [c.error for c in fit.coefficients]


def test_norris_has_its_certified_line() -> None:
    fit = fit_line(*norris())
    assert values(fit) == pytest.approx([-0.262323073774029, 1.00211681802045], rel=1e-12)
    assert errors(fit) == pytest.approx([0.232818234301152, 0.429796848199937e-03], rel=1e-11)
    assert fit.sigma == pytest.approx(0.884796396144373, rel=1e-12)
    assert fit.r_squared == pytest.approx(0.999993745883712, rel=1e-13)
    assert fit.f == pytest.approx(5436385.54079785, rel=1e-10)


def test_longley_has_its_certified_coefficients() -> None:
    names = ["deflator", "product", "unemployed", "forces", "population", "year"]
    columns = {name: LONGLEY[:, k] for k, name in enumerate(names, start=1)}
    fit = fit_regression(LONGLEY[:, 0], columns)
    certified = [
        -3482258.63459582,
        15.0618722713733,
        -0.358191792925910e-01,
        -2.02022980381683,
        -1.03322686717359,
        -0.511041056535807e-01,
        1829.15146461355,
    ]
    assert values(fit) == pytest.approx(certified, rel=1e-8)
    assert errors(fit)[0] == pytest.approx(890420.383607373, rel=1e-8)
    assert fit.sigma == pytest.approx(304.854073561965, rel=1e-9)
    assert fit.r_squared == pytest.approx(0.995479004577296, rel=1e-11)
    assert fit.f == pytest.approx(330.285339234588, rel=1e-8)
    assert max(c.inflation for c in fit.coefficients[1:]) > 700


def test_pontius_has_its_certified_parabola() -> None:
    load = np.tile(np.arange(1, 21) * 150_000.0, 2)
    fit = fit_line(load, PONTIUS, degree=2)
    certified = [0.673565789473684e-03, 0.732059160401003e-06, -0.316081871345029e-14]
    assert values(fit) == pytest.approx(certified, rel=1e-9)
    assert fit.sigma == pytest.approx(0.205177424076185e-03, rel=1e-9)


def test_wampler1_has_six_ones() -> None:
    # NIST StRD Wampler1: y = 1 + x + ... + x^5 at 0..20, all coefficients exactly 1
    x = np.arange(21.0)
    fit = fit_line(x, sum(x**k for k in range(6)), degree=5)
    assert values(fit) == pytest.approx([1.0] * 6, rel=1e-7)


def test_no_intercept_has_its_certified_slope() -> None:
    # NIST StRD NoInt1: x 60..70, y 130..140; slope and error certified
    fit = fit_regression(np.arange(130.0, 141.0), {"x": np.arange(60.0, 71.0)}, intercept=False)
    assert values(fit) == pytest.approx([2.07438016528926], rel=1e-12)
    assert errors(fit) == pytest.approx([0.165289256198347e-01], rel=1e-12)
    assert fit.r_squared == pytest.approx(0.999365492298663, rel=1e-12)


def test_bands_hold_as_often_as_they_say() -> None:
    random = np.random.default_rng(1)
    x = np.linspace(0, 10, 12)
    mean, new = [], []
    for _ in range(800):
        fit = fit_line(x, 2 + 3 * x + random.normal(size=12))
        bands = predict(fit, [7.0])
        mean.append(bands.confidence_low[0] <= 23 <= bands.confidence_high[0])
        new.append(bands.prediction_low[0] <= 23 + random.normal() <= bands.prediction_high[0])
    assert 0.93 <= np.mean(mean) <= 0.97
    assert 0.93 <= np.mean(new) <= 0.97


def test_bands_of_several_predictors_pass_through_the_fit() -> None:
    fit = fit_regression([1.0, 2.0, 4.0, 3.5, 6.0], {"a": [0, 1, 2, 1, 3], "b": [1, 0, 1, 3, 2]})
    bands = predict(fit, {"a": [0, 1, 2, 1, 3], "b": [1, 0, 1, 3, 2]})
    assert bands.fitted == pytest.approx(fit.fitted)
    assert (bands.prediction_high > bands.confidence_high).all()


@given(st.floats(0.01, 100), st.floats(-100, 100))
def test_a_change_of_unit_changes_the_slope_alone(unit: float, origin: float) -> None:
    x, y = norris()
    plain, moved = fit_line(x, y), fit_line(origin + unit * x, y)
    assert values(moved)[1] == pytest.approx(values(plain)[1] / unit, rel=1e-6)
    assert moved.sigma == pytest.approx(plain.sigma, rel=1e-6)


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(StatisticsError, match="depend on each other"):
        fit_regression([1.0, 2.0, 3.0, 5.0], {"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]})
    with pytest.raises(NoVariation):
        fit_line([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])
    with pytest.raises(TooFewValues):
        fit_line([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(StatisticsError, match="values are needed for"):
        predict(fit_regression([1.0, 3.0, 2.0], {"a": [0, 1, 0.5]}), {"b": [1.0]})
