"""What no statistic may take in silence: missing labels, missing options, what is no row at all."""

import math
from typing import Any

import pytest
from catalogue_examples import WITHOUT, example

import andon.stats as q
from andon.stats import catalogue
from andon.stats.catalogue_kinds import without_none
from andon.stats.errors import InvalidOption, NotFinite, StatisticsError

X = [1.0, 2.0, 3.0, 2.5, 1.5, 2.2, 3.1, 0.9]
PARTS, OPERATORS = ["a", "a", "b", "b"] * 2, ["x"] * 4 + ["y"] * 4
NUMBERS = [
    (method.name, parameter.name)
    for method in catalogue.methods()
    for parameter in method.parameters
    if method.name not in WITHOUT and without_none(parameter.hint) is float
]


@pytest.mark.parametrize("missing", [None, math.nan, ""])
def test_a_missing_label_is_refused_with_its_place(missing: Any) -> None:
    holes = [*PARTS[:3], missing, *PARTS[4:]]
    for call in (
        lambda: q.gauge_crossed(X, holes, OPERATORS),
        lambda: q.gauge_nested(X, holes, OPERATORS),
        lambda: q.gauge_reml(X, holes, OPERATORS),
        lambda: q.attribute_agreement(PARTS, holes, OPERATORS),
        lambda: q.attribute_agreement(holes, PARTS, OPERATORS),
        lambda: q.cohen_kappa(PARTS, holes),
        lambda: q.standardized_chart(X, holes),
        lambda: q.individuals_chart(X, stages=holes),
    ):
        with pytest.raises(StatisticsError, match=r"position 3 .* is missing"):
            call()


def test_labels_that_are_lists_are_refused_and_numbers_among_texts_are_texts() -> None:
    with pytest.raises(StatisticsError, match="single labels; position 1"):
        q.cohen_kappa(["a", ["b"], "a"], ["a", "b", "a"])
    mixed: tuple[Any, Any] = (["1", 2, "1"], [1, "2", "2"])
    assert q.cohen_kappa(*mixed).categories == ("1", "2")


@pytest.mark.parametrize("bad", [1, 0.5, None, True, {"a": 1}])
def test_what_is_no_list_of_labels_is_refused_by_its_name(bad: Any) -> None:
    with pytest.raises(InvalidOption, match="groups must be a list of labels"):
        catalogue.run("analyze_groups", {"values": X, "groups": bad})
    with pytest.raises(StatisticsError):
        catalogue.run("compare_group_ranks", {"groups": bad})


def test_labels_may_be_written_with_commas() -> None:
    told = catalogue.run("analyze_groups", {"values": X}, {"groups": ", ".join(PARTS)})
    assert told.to_dict() == q.analyze_groups(X, PARTS).to_dict()


@pytest.mark.parametrize(("name", "option"), NUMBERS)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_option_that_is_no_number_is_refused_by_its_name(
    name: str, option: str, bad: float
) -> None:
    with pytest.raises(InvalidOption, match=option):
        catalogue.run(name, {}, example(name) | {option: bad})


@pytest.mark.parametrize("exclude", [[math.nan], [1.5], [[1, 2]], {}, [-1], ["a"], 99])
def test_positions_to_exclude_are_whole_numbers_within_the_row(exclude: Any) -> None:
    with pytest.raises(StatisticsError, match="exclude"):
        q.individuals_chart(X, exclude=exclude)


def test_sizes_and_values_say_what_they_must_be() -> None:
    with pytest.raises(StatisticsError, match="sizes must be numbers"):
        q.p_chart([1, 2], ["100", "a"])
    with pytest.raises(NotFinite):
        q.u_chart([1, 2], [math.nan, 3])
    with pytest.raises(StatisticsError, match="change the unit"):
        q.individuals_chart([1.0, 10**400])
    with pytest.raises(StatisticsError, match="subgroups"):
        q.mean_range_chart(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "option"), NUMBERS)
def test_the_functions_themselves_refuse_an_option_that_is_no_number(
    name: str, option: str
) -> None:
    given = catalogue.arguments_of(name, {}, example(name)) | {option: math.nan}
    with pytest.raises(StatisticsError):
        catalogue.describe(name).function(**given)


@pytest.mark.parametrize("sigmas", [0.0, -3.0, math.inf])
@pytest.mark.parametrize("name", sorted({name for name, option in NUMBERS if option == "sigmas"}))
def test_limits_lie_on_both_sides_of_the_centre(name: str, sigmas: float) -> None:
    given = catalogue.arguments_of(name, {}, example(name)) | {"sigmas": sigmas}
    with pytest.raises(InvalidOption, match="sigmas"):
        catalogue.describe(name).function(**given)


@pytest.mark.parametrize(
    ("name", "option", "most"),
    [
        ("plan_factorial", "replicates", 10**9),
        ("plan_factorial", "center_points", 10**9),
        ("plan_central_composite", "center_points", 10**9),
        ("plan_box_behnken", "center_points", 10**9),
        ("plan_curves", "points", 10**9),
        ("gauge_linearity", "points", 10**9),
        ("compare_cells_with_rest", "inspected", [1e12, 1e12, 1e61]),
        ("capability", "upper", 1e300),
        ("gauge_crossed", "process_sd", 1e300),
    ],
)
def test_what_would_never_end_or_fill_the_memory_is_refused(
    name: str, option: str, most: Any
) -> None:
    with pytest.raises(InvalidOption, match=option):
        catalogue.run(name, {}, example(name) | {option: most})


def test_no_verdict_is_given_on_a_gauge_without_figures() -> None:
    for figures in ((math.nan, None, 6), (20.0, math.nan, 6), (20.0, None, math.nan)):
        with pytest.raises(InvalidOption):
            q.judge_gauge(*figures)


@pytest.mark.parametrize("bad", [None, 1, [["a"], *PARTS[1:]], [{}, *PARTS[1:]]])
def test_a_factor_is_one_row_of_labels(bad: Any) -> None:
    with pytest.raises(StatisticsError, match="one row of labels"):
        q.rank_drivers_of_values(X, {"machine": bad})


def test_a_result_of_another_shape_is_refused() -> None:
    line = catalogue.run("fit_line", {"x": range(8), "y": X}).to_dict() | {"coefficients": []}
    with pytest.raises(StatisticsError, match="predict"):
        catalogue.run("predict", {}, {"regression": line, "at": {"x": [1.0]}})
