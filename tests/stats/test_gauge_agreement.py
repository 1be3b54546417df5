"""Kappas and attribute agreement against published examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from andon.stats.errors import InvalidOption, NoVariation, StatisticsError
from andon.stats.gauge_agreement import AttributeAgreement, attribute_agreement
from andon.stats.gauge_kappa import cohen_kappa, fleiss_kappa, kappa_of_table

# Fleiss' worked example as printed in the public encyclopaedia article on his kappa: ten subjects,
# fourteen raters, five categories; kappa 0.210, mean agreement 0.378, by chance 0.213.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


def ratings_of(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two columns of ratings that give this cross table."""
    pairs = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return [i for i, _ in pairs], [j for _, j in pairs]


def test_fleiss_levin_paik_example_of_two_raters() -> None:
    # Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions, table 18.1:
    # kappa 0.68, standard error 0.087, under independence 0.076, interval 0.51 to 0.85.
    result = kappa_of_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert result.agreement == pytest.approx(0.89)
    assert result.expected == pytest.approx(0.66)
    assert result.kappa == pytest.approx(0.68, abs=5e-3)
    assert result.standard_error == pytest.approx(0.087, abs=1e-3)
    assert result.null_error == pytest.approx(0.076, abs=1e-3)
    assert (result.interval.low, result.interval.high) == pytest.approx((0.51, 0.85), abs=6e-3)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        ([[44, 6], [3, 97]], 0.86),  # appraisers A and B
        ([[42, 5], [9, 94]], 0.79),  # appraisers B and C
        ([[43, 7], [8, 92]], 0.78),  # appraisers A and C
        ([[45, 5], [3, 97]], 0.88),  # appraiser A and reference
        ([[45, 2], [3, 100]], 0.92),  # appraiser B and reference
        ([[42, 9], [6, 93]], 0.77),  # appraiser C and reference
    ],
)
def test_aiag_cross_tables(table: list[list[int]], published: float) -> None:
    # AIAG MSA 4th ed., chapter III C, cross-tabulation method.
    assert kappa_of_table(table).kappa == pytest.approx(published, abs=5e-3)
    first, second = ratings_of(table)
    assert cohen_kappa(first, second).kappa == kappa_of_table(table).kappa


def test_fleiss_example_of_many_raters() -> None:
    result = fleiss_kappa(FLEISS)
    assert result.kappa == pytest.approx(0.210, abs=5e-4)
    assert result.agreement == pytest.approx(0.378, abs=5e-4)
    assert result.expected == pytest.approx(0.213, abs=5e-4)
    assert result.interval.low < 0.21 < result.interval.high


def test_fleiss_kappa_is_the_weighted_mean_of_its_categories() -> None:
    result, share = fleiss_kappa(FLEISS), np.array(FLEISS).mean(axis=0) / 14
    odds = share * (1 - share)
    assert (odds @ np.array(result.by_category)) / odds.sum() == pytest.approx(result.kappa)


def test_kappa_intervals_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(17)
    p = np.array([[0.45, 0.10], [0.05, 0.40]])
    truth = kappa_of_table(p * 1e6).kappa
    tables = rng.multinomial(150, p.ravel(), 1000).reshape(-1, 2, 2)
    hits = sum(truth in kappa_of_table(table, level=0.9).interval for table in tables)
    assert 0.87 < hits / 1000 < 0.93


def study_of(
    table: NDArray[np.int64], truth: list[int], rejected: str | None = None
) -> AttributeAgreement:
    """A study from ratings appraisers x parts x trials."""
    appraiser, part, _ = (axis.ravel() for axis in np.indices(table.shape))
    references = np.array(truth)[part]
    return attribute_agreement(table.ravel(), part, appraiser, references, rejected=rejected)


def test_rates_count_misses_alarms_and_parts_always_judged_right() -> None:
    truth = [0, 0, 1, 1]
    table = np.array([[[0, 0], [0, 0], [1, 1], [1, 1]], [[0, 1], [0, 0], [1, 0], [1, 1]]])
    study = study_of(table, truth, rejected="0")
    exact, loose = study.appraisers
    assert exact.is_good
    assert (exact.effectiveness or exact.repeated).share == 1
    assert loose.effectiveness is not None
    assert loose.miss is not None
    assert loose.false_alarm is not None
    assert (loose.effectiveness.events, loose.effectiveness.opportunities) == (2, 4)
    assert (loose.miss.events, loose.miss.opportunities) == (1, 4)
    assert (loose.false_alarm.events, loose.false_alarm.opportunities) == (1, 4)
    assert not study.is_good
    assert study.all_right is not None
    assert study.all_right.share == 0.5


def test_aiag_effectiveness_intervals_are_exact() -> None:
    # AIAG MSA 4th ed., chapter III C: 42, 45, 40 of 50 parts; 84 % (71 to 93), 90 % (78 to 97),
    # 80 % (66 to 90).
    for right, low, high in ((42, 0.71, 0.93), (45, 0.78, 0.97), (40, 0.66, 0.90)):
        rows = np.zeros((2, 50, 2), dtype=np.int64)
        truth = [0] * 25 + [1] * 25
        rows[:] = np.array(truth)[:, None]
        rows[0, : 50 - right, 1] = 1 - rows[0, : 50 - right, 1]
        rate = study_of(rows, truth).appraisers[0].effectiveness
        assert rate is not None
        assert rate.share == right / 50
        assert (rate.interval.low, rate.interval.high) == pytest.approx((low, high), abs=6e-3)


@given(st.permutations(list(range(24))))
def test_agreement_ignores_the_order_of_appraisers_and_parts(order: list[int]) -> None:
    rng = np.random.default_rng(1)
    part, appraiser = np.repeat(np.arange(8), 3), np.tile(np.arange(3), 8)
    ratings = rng.integers(0, 3, 24)
    plain = attribute_agreement(ratings, part, appraiser)
    mixed = attribute_agreement(ratings[order], part[order], appraiser[order])
    assert mixed == plain


def test_studies_that_cannot_be_judged_are_refused() -> None:
    with pytest.raises(NoVariation):
        attribute_agreement(["ok"] * 4, [1, 1, 2, 2], ["a", "b"] * 2)
    with pytest.raises(StatisticsError, match="equally often"):
        attribute_agreement(["ok", "nok", "ok"], [1, 1, 2], ["a", "b", "a"])
    with pytest.raises(InvalidOption, match="rejected"):
        attribute_agreement(["ok", "nok"] * 2, [1, 1, 2, 2], ["a", "b"] * 2, rejected="scrap")
    with pytest.raises(StatisticsError, match="one reference"):
        attribute_agreement(["ok", "nok"] * 2, [1, 1, 2, 2], ["a", "b"] * 2, ["ok", "nok"] * 2)
    with pytest.raises(StatisticsError, match="same subjects"):
        cohen_kappa([1, 2], [1, 2, 3])
    with pytest.raises(StatisticsError, match="equally often"):
        fleiss_kappa([[1, 2], [2, 2]])
