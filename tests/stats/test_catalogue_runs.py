"""Every method of the catalogue runs on a fitting example, and its result is told and drawn."""

import json

import pytest
import vl_convert
from catalogue_examples import WITHOUT, example

from andon.analyze.studies.telling import as_text, tell
from andon.pictures.results import picture_of
from andon.stats import catalogue

NAMES = [method.name for method in catalogue.methods() if method.name not in WITHOUT]


def test_only_methods_that_take_a_structure_go_without_an_example() -> None:
    for name, reason in WITHOUT.items():
        required = [each for each in catalogue.describe(name).parameters if each.is_required]
        assert any(each.type[0].isupper() for each in required), reason


@pytest.mark.parametrize("name", NAMES)
def test_every_method_runs_on_a_fitting_example_and_is_told(name: str) -> None:
    result = catalogue.run(name, {}, json.loads(json.dumps(example(name))))
    json.dumps(result.to_dict(), allow_nan=False)
    assert name in as_text(tell(result)) or result.method in as_text(tell(result))


DRAWN = {
    "individuals_chart", "mean_range_chart", "p_chart", "laney_p_chart", "ewma_chart",
    "cusum_chart", "t2_chart", "mewma_chart", "capability", "quantile_capability",
    "judge_normality", "rank_causes", "analyze_experiment", "rank_drivers_of_values",
    "gauge_crossed", "plan_curves", "estimate_survival",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_one_that_can_be_rendered(name: str) -> None:
    given = example(name)
    picture = picture_of(catalogue.run(name, {}, given), given)
    assert picture is not None or name not in DRAWN
    if picture is not None:
        assert vl_convert.vegalite_to_svg(picture).startswith("<svg")
