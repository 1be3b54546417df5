"""Pareto, multi-vari, Kano, house of quality and yields against worked examples."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.kano import ANSWERS, evaluate_kano
from andon.stats.multi_vari import split_variation
from andon.stats.pareto import rank_causes
from andon.stats.quality_house import score_quality_house
from andon.stats.yields import measure_defects, measure_nonconforming, roll_yields, sigma_level

# Defects found in the demonstration factory's year, seed 20250101.
DEFECTS = {"BURR": 5156, "CRIMP": 2693, "STAIN": 2121, "BENT": 1275, "HIGHR": 811, "LEN": 444}


def test_the_vital_few_reach_four_fifths() -> None:
    found = rank_causes(list(DEFECTS), list(DEFECTS.values()))
    assert [bar.cause for bar in found.bars if bar.is_vital] == ["BURR", "CRIMP", "STAIN", "BENT"]
    assert found.bars[2].cumulative == pytest.approx(9970 / 12_500)
    assert found.bars[-1].cumulative == pytest.approx(1.0)
    assert found.first_p < 1e-6


def test_the_four_fifths_are_reached_by_the_bar_that_passes_them() -> None:
    found = rank_causes(["a", "b", "c"], [79, 11, 10])
    assert [bar.is_vital for bar in found.bars] == [True, True, False]


def test_others_come_last_whatever_their_height() -> None:
    found = rank_causes(["a", "others", "b", "c"], [5, 90, 3, 2], most=2)
    assert [bar.cause for bar in found.bars] == ["a", "b", "others"]
    assert found.bars[-1].count == 92 and not found.bars[-1].is_vital


def test_cost_turns_the_order_round() -> None:
    found = rank_causes(["scratch", "leak"], [100, 2], weights=[1, 500])
    assert [bar.cause for bar in found.bars] == ["leak", "scratch"]
    assert found.bars[0].count == 2


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=60))
def test_shares_add_up_and_fall(causes: list[str]) -> None:
    bars = rank_causes(causes).bars
    assert sum(bar.share for bar in bars) == pytest.approx(1)
    assert all(one.weight >= two.weight for one, two in pairwise(bars))
    assert all(bar.interval.low <= bar.share <= bar.interval.high for bar in bars)


def test_nested_components_of_a_worked_example() -> None:
    # Balanced by hand: 2 lots x 2 parts x 2 readings; mean squares give the components
    values = [1.0, 1.2, 2.0, 2.2, 5.0, 5.2, 7.0, 7.2]
    lot, part = list("aaaabbbb"), list("xxyyxxyy")
    found = split_variation(values, {"lot": lot, "part": part})
    between, parts, within = found.sources
    assert [s.df for s in found.sources] == [1, 2, 4]
    assert within.variance == pytest.approx(0.02)
    assert parts.variance == pytest.approx((2.5 * 2 / 2 - 0.02) / 2)
    assert between.variance == pytest.approx((40.5 - 2.5) / 4)
    assert sum(s.share for s in found.sources) == pytest.approx(1)


def test_unbalanced_components_are_unbiased() -> None:
    random = np.random.default_rng(1)
    sizes = [2, 5, 3, 4, 6, 2, 3, 5]
    day = np.repeat(np.arange(8), sizes)
    found = []
    for _ in range(800):
        effect = random.normal(0, 2, 8)[day] + random.normal(0, 1, day.size)
        table = split_variation(effect, {"day": day})
        found.append([source.mean_square for source in table.sources])
    n0 = (sum(sizes) - sum(s * s for s in sizes) / sum(sizes)) / 7
    between, within = np.mean(found, axis=0)
    assert within == pytest.approx(1, abs=0.05)
    assert (between - within) / n0 == pytest.approx(4, abs=0.35)
    # the same coefficient n0 (Searle 1971, 10.2) inside the function
    one = split_variation(effect, {"day": day})
    expected = (one.sources[0].mean_square - one.sources[1].mean_square) / n0
    assert one.sources[0].variance == pytest.approx(expected)


def test_levels_without_repeats_are_refused() -> None:
    with pytest.raises(TooFewValues, match="repeats for within"):
        split_variation([1.0, 2.0, 3.0], {"part": ["a", "b", "c"]})
    with pytest.raises(StatisticsError, match="label"):
        split_variation([1.0, 2.0, 3.0], {"part": ["a", None, "a"]})


def test_kano_table_is_the_published_one() -> None:
    # Berger et al. 1993: like/like and dislike/dislike questionable; 3 attractive,
    # 1 one-dimensional, 3 must-be, 9 indifferent, 7 reverse
    found = [evaluate_kano([a], [b]).category for a, b in product(ANSWERS, ANSWERS)]
    expected = {
        "attractive": 3,
        "one-dimensional": 1,
        "must-be": 3,
        "indifferent": 9,
        "reverse": 7,
        "questionable": 2,
    }
    assert {name: found.count(name) for name in set(found)} == expected


def test_kano_coefficients() -> None:
    # Berger et al. 1993: better (A + O) / (A + O + M + I), worse -(O + M) / (A + O + M + I)
    found = evaluate_kano(["like"] * 6 + ["neutral"] * 4, ["neutral"] * 4 + ["dislike"] * 6)
    assert found.counts == (4, 2, 4, 0, 0, 0)
    assert found.category == "must-be"  # of equals the one that matters most
    assert [found.better, found.worse] == pytest.approx([0.6, -0.6])
    assert found.strength == 0 and found.p_value == 1
    with pytest.raises(InvalidOption, match="one of like"):
        evaluate_kano(["great"], ["dislike"])


def test_house_of_quality_by_hand() -> None:
    house = score_quality_house(
        [[9, 3, 0], [1, 0, 0], [3, 9, 0]],
        needs=["light", "cheap", "strong"],
        characteristics=["mass", "wall", "colour"],
        weights=[5, 3, 2],
        improvement=[1.0, 2.0, 1.0],
        roof=[[0, -1, 0], [0, 0, 3], [0, 0, 0]],
    )
    # weights 5, 6, 2 of 13: mass 45 + 6 + 6 = 57, wall 15 + 18 = 33
    assert house.importance == pytest.approx([57 / 13, 33 / 13, 0])
    assert house.ranks == (1, 2, 3)
    assert house.unanswered_needs == ("cheap",)
    assert house.idle_characteristics == ("colour",)
    assert house.conflicts == (("mass", "wall"),)
    with pytest.raises(InvalidOption, match="0, 1, 3 or 9"):
        score_quality_house([[5]], needs=["a"], characteristics=["b"], weights=[1])


@pytest.mark.parametrize(
    ("dpmo", "level"), [(3.4, 6.0), (233, 5.0), (6210, 4.0), (66_807, 3.0), (308_538, 2.0)]
)
def test_sigma_levels_of_the_usual_table(dpmo: float, level: float) -> None:
    # Harry 1988, table of DPMO with a shift of 1.5
    assert sigma_level(dpmo / 1e6) == pytest.approx(level, abs=2e-3)
    assert sigma_level(dpmo / 1e6, shift=0.0) == pytest.approx(level - 1.5, abs=2e-3)


def test_nothing_found_is_not_zero_ppm() -> None:
    found = measure_nonconforming(0, 1000)
    assert found.interval.high == pytest.approx(2991, abs=1)  # about 3/n
    assert "below" in found.words
    some = measure_nonconforming(1, 1000)
    assert some.interval.low > 0 and some.words.startswith("1000 ppm")


def test_defects_per_million_opportunities() -> None:
    found = measure_defects(10, 500, opportunities=20)
    assert found.per_unit == pytest.approx(0.02)
    assert found.per_million == pytest.approx(1000)
    assert found.per_million_interval.low == pytest.approx(479.5, abs=0.1)  # Garwood 4.795
    assert found.sigma_level == pytest.approx(found.z + 1.5)


def test_rolled_yield_is_the_product() -> None:
    found = roll_yields([980, 931, 900], [1000, 980, 931])
    assert found.rolled == pytest.approx(0.9)
    assert found.normalized == pytest.approx(0.9 ** (1 / 3))
    assert found.worst_step == 1
    with pytest.raises(StatisticsError, match="every step"):
        roll_yields([5], [4])
    with pytest.raises(NoVariation):
        rank_causes(["a"], [0])
