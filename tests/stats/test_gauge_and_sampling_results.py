"""Every result of measurement systems and sampling goes through JSON and back without loss."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from gauge_data import aiag

from andon.stats.gauge_agreement import attribute_agreement
from andon.stats.gauge_bias import gauge_bias
from andon.stats.gauge_crossed import gauge_crossed
from andon.stats.gauge_kappa import fleiss_kappa
from andon.stats.gauge_linearity import gauge_linearity
from andon.stats.gauge_range import gauge_average_range, gauge_range
from andon.stats.gauge_reml import gauge_reml
from andon.stats.gauge_stability import gauge_stability
from andon.stats.gauge_type1 import gauge_type1
from andon.stats.gauge_uncertainty import expanded_uncertainty
from andon.stats.results import Result
from andon.stats.sampling_curves import plan_curves
from andon.stats.sampling_design import single_plan, zero_acceptance_plan
from andon.stats.sampling_judgement import judge_by_variables
from andon.stats.sampling_plans import sampling_plan
from andon.stats.sampling_reduced import reduced_multiple_plan
from andon.stats.sampling_variables import variables_plan

VARIABLES = variables_plan(producer_quality=0.01, consumer_quality=0.2)
RESULTS: list[Callable[[], Result]] = [
    lambda: gauge_crossed(*aiag(), tolerance=8.0),
    lambda: gauge_reml(*aiag()),
    lambda: gauge_average_range(*aiag()),
    lambda: gauge_range([1, 2, 5, 5], [1, 1, 2, 2], [1, 2, 1, 2]),
    lambda: gauge_type1([1.0, 1.1, 0.9], reference=1.0, tolerance=3.0),
    lambda: gauge_bias([1.0, 1.1, 0.9], reference=1.0),
    lambda: gauge_linearity([1.1, 0.9, 2.1, 2.0, 3.0, 3.2], [1, 1, 2, 2, 3, 3]),
    lambda: gauge_stability([[6.0, 6.1], [6.1, 5.9], [5.9, 6.0], [6.0, 6.1]]),
    lambda: fleiss_kappa([[3, 0], [0, 3], [2, 1]]),
    lambda: attribute_agreement(list("abababaa"), [1, 2] * 4, [1] * 4 + [2] * 4, ["a", "b"] * 4),
    lambda: expanded_uncertainty([3.0, 4.0]),
    lambda: sampling_plan(5000, 0.65, kind="multiple"),
    lambda: reduced_multiple_plan(5000, 0.65),
    lambda: plan_curves(sampling_plan(5000, 0.65).stages, lot_size=5000),
    lambda: single_plan(producer_quality=0.01, consumer_quality=0.1),
    lambda: zero_acceptance_plan(limiting_quality=0.1, lot_size=200),
    lambda: VARIABLES,
    lambda: judge_by_variables(
        np.linspace(9, 11, VARIABLES.sample_size), VARIABLES, lower=5.0, upper=15.0
    ),
]


@pytest.mark.parametrize("make", RESULTS)
def test_result_names_its_conventions_and_returns_from_json(make: Callable[[], Result]) -> None:
    result = make()
    assert result.method
    assert result.convention
    assert result.source
    text = json.dumps(result.to_dict(), allow_nan=False, sort_keys=True)
    copy = type(result).from_dict(json.loads(text))
    assert json.dumps(copy.to_dict(), allow_nan=False, sort_keys=True) == text
