"""Expected false alarms against simulation and known values."""

import numpy as np
import pytest

from andon.stats.rule_rates import false_alarms_per_thousand
from andon.stats.rules import AIAG, NELSON, WESTERN_ELECTRIC, Rule, evaluate_rules


@pytest.mark.parametrize("rule", [*NELSON, *WESTERN_ELECTRIC[1:], AIAG[1], AIAG[7]])
def test_rate_equals_simulation(rule: Rule) -> None:
    x = np.random.default_rng(20261122).normal(size=2_000_000)
    fired = evaluate_rules(x, centre=0.0, spread=1.0, rules=(rule,)) != 0
    blocks = fired.reshape(200, -1).mean(axis=1) * 1000
    error = blocks.std(ddof=1) / np.sqrt(200)
    assert abs(blocks.mean() - false_alarms_per_thousand(rule)) < 4.5 * error


def test_rates_known_in_closed_form() -> None:
    # Nelson 1984: 3.9 (9 in a row), 2.8 (6 rising or falling), 4.6 (14 alternating) in 1,000.
    rates = [false_alarms_per_thousand(rule) for rule in NELSON]
    assert rates[1] == pytest.approx(1000 * 2 * 0.5**9)
    assert rates[2] == pytest.approx(1000 * 2 / 720)
    # 199,360,981 permutations of 14 rise first (OEIS A000111).
    assert rates[3] == pytest.approx(1000 * 2 * 199_360_981 / 87_178_291_200)
