"""Nested and operator-free gauge studies, by hand figures and against each other."""

import numpy as np
import pytest
from gauge_data import rows_of, thermal_impedance

from andon.stats.errors import StatisticsError
from andon.stats.gauge_crossed import gauge_crossed
from andon.stats.gauge_nested import gauge_automatic, gauge_nested

# Montgomery, Design and Analysis of Experiments, table 14.3: purity of batches nested in
# suppliers (coded), three readings of each batch; suppliers stand for operators here.
PURITY = [
    [[1, -1, 0], [-2, -3, -4], [-2, 0, 1], [1, 4, 0]],
    [[1, -2, -3], [0, 4, 2], [-1, 0, -2], [0, 3, 2]],
    [[2, 4, 0], [-2, 0, 2], [1, -1, 2], [3, 2, 1]],
]


def test_batches_within_suppliers_give_the_published_analysis_of_variance() -> None:
    table = np.array(PURITY, float)
    values, operators, parts = rows_of(table)
    study = gauge_nested(values, parts, operators)
    rows = {row.source: row for row in study.anova}
    # Montgomery, Design and Analysis of Experiments, table 14.4.
    assert rows["operator"].sum_of_squares == pytest.approx(15.06, abs=5e-3)
    assert rows["part within operator"].sum_of_squares == pytest.approx(69.92, abs=5e-3)
    assert rows["repeatability"].sum_of_squares == pytest.approx(63.33, abs=5e-3)
    assert rows["total"].sum_of_squares == pytest.approx(148.31, abs=5e-3)
    assert rows["operator"].f == pytest.approx(0.97, abs=5e-3)
    assert rows["part within operator"].f == pytest.approx(2.94, abs=6e-3)
    assert rows["part within operator"].p == pytest.approx(0.02, abs=5e-3)
    # The estimate of the operators is negative there and reported as zero.
    assert study.component("operator").variance == 0
    assert study.component("part").variance == pytest.approx(1.71, abs=1e-2)
    assert study.component("repeatability").variance == pytest.approx(2.64, abs=5e-3)


def test_part_labels_may_be_reused_by_operators() -> None:
    values, operators, parts = rows_of(np.array(PURITY, float))
    reused = gauge_nested(values, parts, operators)
    unique = gauge_nested(values, 10 * operators + parts, operators)
    assert reused == unique


def test_operators_with_different_numbers_of_parts_are_refused() -> None:
    values = [1.0, 1.1, 2.0, 2.1, 3.0, 3.1]
    with pytest.raises(StatisticsError, match="REML"):
        gauge_nested(values, [1, 1, 2, 2, 3, 3], [1, 1, 1, 1, 2, 2])


def test_gauge_without_operator_shows_repeatability_only() -> None:
    values, parts, _ = thermal_impedance()
    study = gauge_automatic(values, parts)
    assert study.component("reproducibility").variance == 0
    assert study.component("gauge").variance == study.component("repeatability").variance
    error = gauge_crossed(*thermal_impedance(), pooling_alpha=1).anova
    joined = sum(row.sum_of_squares for row in error[1:4])
    assert study.anova[1].sum_of_squares == pytest.approx(joined)
