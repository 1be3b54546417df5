"""Average run lengths against published tables and against simulation."""

import numpy as np
import pytest

from andon.stats.errors import InvalidOption
from andon.stats.mewma_limits import mewma_limit, mewma_run_length
from andon.stats.rule_run_length import rules_run_length
from andon.stats.rules import NELSON, WESTERN_ELECTRIC, evaluate_rules
from andon.stats.run_lengths import cusum_run_length, ewma_run_length, shewhart_run_length

# Lucas and Saccucci 1990, Technometrics 32(1); Montgomery, table 9.10.
EWMA = {
    (0.40, 3.054): {0.0: 500, 0.25: 224, 0.5: 71.2, 1.0: 14.3, 2.0: 3.5},
    (0.25, 2.998): {0.0: 500, 0.25: 170, 0.5: 48.2, 1.0: 11.1, 2.0: 3.6},
    (0.20, 2.962): {0.0: 500, 0.25: 150, 0.5: 41.8, 1.0: 10.5, 2.0: 3.7},
    (0.10, 2.814): {0.0: 500, 0.25: 106, 0.5: 31.3, 1.0: 10.3, 2.0: 4.4},
    (0.05, 2.615): {0.0: 500, 0.25: 84.1, 0.5: 28.8, 1.0: 11.4, 2.0: 5.2},
}
# Lucas 1976; Montgomery, table 9.3 (k = 0.5).
CUSUM = {
    4.0: {0.0: 168, 0.25: 74.2, 0.5: 26.6, 0.75: 13.3, 1.0: 8.38, 1.5: 4.75, 2.0: 3.34, 3.0: 2.19},
    5.0: {0.0: 465, 0.25: 139, 0.5: 38.0, 0.75: 17.0, 1.0: 10.4, 1.5: 5.75, 2.0: 4.01, 3.0: 2.57},
}


@pytest.mark.parametrize(("design", "published"), EWMA.items())
def test_ewma_equals_lucas_and_saccucci(
    design: tuple[float, float], published: dict[float, float]
) -> None:
    for shift, length in published.items():
        ours = ewma_run_length(shift, weight=design[0], sigmas=design[1])
        assert ours == pytest.approx(length, rel=0.005, abs=0.051)


@pytest.mark.parametrize(("h", "published"), CUSUM.items())
def test_cusum_equals_lucas(h: float, published: dict[float, float]) -> None:
    for shift, length in published.items():
        assert cusum_run_length(shift, h=h) == pytest.approx(length, rel=0.004, abs=0.006)


def test_headstart_equals_lucas_and_crosier() -> None:
    # Lucas and Crosier 1982: k = 0.5, h = 4, headstart 2: 149 in control, 5.29 at 1.
    assert cusum_run_length(0.0, h=4.0, headstart=0.5) == pytest.approx(149, rel=0.005)
    assert cusum_run_length(1.0, h=4.0, headstart=0.5) == pytest.approx(5.29, rel=0.01)


def test_zone_rules_equal_champ_and_woodall() -> None:
    # Champ and Woodall 1987, table 1: rules 1; 1+2; 1+3; 1+4; all four; shifts 0 and 1.
    one, two, three, four = WESTERN_ELECTRIC
    for rules, published in (
        ((one,), 370.40),
        ((one, two), 225.44),
        ((one, three), 166.05),
        ((one, four), 152.73),
        (WESTERN_ELECTRIC, 91.75),
    ):
        assert rules_run_length(rules) == pytest.approx(published, abs=0.006)
    assert rules_run_length((one,), 1.0) == pytest.approx(43.89, abs=0.006)
    assert rules_run_length(WESTERN_ELECTRIC, 1.0) == pytest.approx(9.22, abs=0.006)


def test_nelson_zone_rules_equal_simulation() -> None:
    rules = (*NELSON[:2], *NELSON[4:])
    x = np.random.default_rng(5).normal(0.5, 1.0, (4000, 250))
    first = [
        int(np.argmax(evaluate_rules(row, centre=0.0, spread=1.0, rules=rules) > 0)) + 1
        for row in x
    ]
    error = np.std(first) / np.sqrt(len(first))
    assert abs(np.mean(first) - rules_run_length(rules, 0.5)) < 4 * error


def test_rules_on_order_have_no_zone_chain() -> None:
    with pytest.raises(InvalidOption, match="zones"):
        rules_run_length(NELSON)


def test_shewhart_equals_montgomery() -> None:
    # Montgomery, section 5.3: 370 in control; a shift of 1.5 sigma in means of 5 ...
    assert shewhart_run_length() == pytest.approx(370.398, abs=1e-3)
    assert shewhart_run_length(1.0) == pytest.approx(43.89, abs=5e-3)
    assert shewhart_run_length(1.0, size=4) == shewhart_run_length(2.0)


@pytest.mark.parametrize(("p", "limit"), [(2, 8.64), (4, 12.73), (10, 22.67)])
def test_mewma_limits_equal_prabhu_and_runger(p: int, limit: float) -> None:
    # Prabhu and Runger 1997, Journal of Quality Technology 29(1): weight 0.1, run length 200.
    assert mewma_limit(p, 0.1, 200.0) == pytest.approx(limit, abs=0.035)
    assert mewma_run_length(p, 0.1, limit) == pytest.approx(200, rel=0.015)


def test_designs_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InvalidOption):
        ewma_run_length(weight=1.5)
    with pytest.raises(InvalidOption):
        cusum_run_length(h=-1.0)
    with pytest.raises(InvalidOption):
        shewhart_run_length(sigmas=0.0)
