"""Every result has its picture or the reason why not; what a picture says stands beside it."""

import numpy as np
import pytest
import vl_convert

from andon.pictures.registry import picture_of
from andon.stats import (
    LIMITS_ONLY,
    NELSON,
    capability,
    individuals_chart,
    mean_range_chart,
    p_chart,
)

RNG = np.random.default_rng(4)


def test_a_chart_says_its_signals_in_symbol_and_word_and_its_table_holds_them() -> None:
    values = [10.0, 10.1, 9.9, 10.0, 10.1, 9.9, 10.0, 10.1, 13.0, 10.0]
    picture = picture_of(individuals_chart(values))
    assert picture is not None
    assert picture.verdict.startswith("■ ") and "individual value 9 (rule 1)" in picture.verdict
    location = picture.panels[0]
    assert location.headers[0] == "point" and location.rows[8][-1] == "1"
    calm = picture_of(individuals_chart(values[:8]))
    assert calm is not None and calm.verdict.startswith("● In control")


def test_a_chart_says_what_its_rules_cost_in_false_alarms() -> None:
    x = RNG.normal(10, 1, 40)
    for rules, words in ((LIMITS_ONLY, "rule 1: 2.7."), (NELSON, "together at most 24")):
        picture = picture_of(individuals_chart(x, rules=rules))
        assert picture is not None and words in picture.caption


def test_limits_that_vary_and_stages_are_drawn_point_by_point() -> None:
    sizes = RNG.integers(80, 160, 30)
    picture = picture_of(p_chart(RNG.binomial(sizes, 0.06), sizes, stages=[0] * 15 + [1] * 15))
    assert picture is not None
    assert len({row[4] for row in picture.panels[0].rows}) > 5
    assert "stage 2" in vl_convert.vegalite_to_svg(picture.spec)


@pytest.mark.parametrize("count", [2_000, 100_000])
def test_a_long_chart_stays_small_and_keeps_every_signal(count: int) -> None:
    x = RNG.normal(10, 1, count)
    x[count // 3] = 30.0
    picture = picture_of(mean_range_chart(x.reshape(-1, 2)))
    assert picture is not None
    flagged = [row[0] for row in picture.panels[0].rows if row[-1]]
    assert count // 6 + 1 in flagged
    assert len(picture.panels[0].rows) < 3_500


def test_capability_is_doubted_where_the_process_is_not_stable_or_not_normal() -> None:
    steady = RNG.normal(10, 0.1, 100)
    words = {
        "● Capable: Cpk": steady,
        "▲ Capable, with reservations": np.concatenate([steady[:50], steady[50:] + 0.8]),
        "■ Not capable": steady * 8 - 70,
    }
    for word, values in words.items():
        picture = picture_of(capability(values, lower=8.5, upper=12.5), {"values": values})
        assert picture is not None
        assert picture.verdict.startswith(word), picture.verdict
