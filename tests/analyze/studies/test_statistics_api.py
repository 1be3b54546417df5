"""The statistics over REST: listed, described, computed, and refused as problem documents."""

import json
import math
from typing import Any

import pytest
from django.test import Client

from andon.analyze.studies import api as doors
from andon.stats import catalogue
from stats.catalogue_examples import example


@pytest.fixture
def signed_in(client: Client, engineer: Any) -> Client:
    client.force_login(engineer)
    return client


def post(client: Client, method: str, body: Any) -> Any:
    return client.post(
        f"/api/v1/statistics/{method}", json.dumps(body), content_type="application/json"
    )


def test_methods_are_listed_and_described(signed_in: Client) -> None:
    listed = signed_in.get("/api/v1/statistics").json()
    assert [each["name"] for each in listed] == [each.name for each in catalogue.methods()]
    told = signed_in.get("/api/v1/statistics/p_chart").json()
    assert told == json.loads(json.dumps(catalogue.describe("p_chart").to_dict()))
    assert signed_in.get("/api/v1/statistics/nothing").status_code == 404


@pytest.mark.parametrize(
    "name", ["gauge_crossed", "rank_drivers_of_values", "plan_curves", "compare_means", "t2_chart"]
)
def test_rest_gives_the_figures_of_the_function(signed_in: Client, name: str) -> None:
    given = example(name)
    inputs = {each.name for each in catalogue.describe(name).inputs}
    body = {
        "columns": {key: value for key, value in given.items() if key in inputs},
        "options": {key: value for key, value in given.items() if key not in inputs},
    }
    answer = post(signed_in, name, body)
    assert answer.status_code == 200, answer.content
    assert answer.json() == json.loads(json.dumps(catalogue.run(name, {}, given).to_dict()))


def test_a_picture_comes_as_specification_or_drawn_with_words_and_tables(signed_in: Client) -> None:
    body = json.dumps({"columns": {"values": example("individuals_chart")["values"]}})
    for form, key in (("spec", "spec"), ("svg", "svg")):
        url = f"/api/v1/statistics/individuals_chart?picture={form}"
        told = signed_in.post(url, body, content_type="application/json").json()
        assert told["result"]["method"] == "individuals_chart"
        assert told["picture"]["verdict"][0] in "●■"
        assert told["picture"]["tables"][0]["headers"][0] == "point"
        assert key in told["picture"]
    assert told["picture"]["svg"].startswith("<svg")
    texts = json.dumps({"options": {"values": "9,10,11,10.5"}})
    answer = signed_in.post(url, texts, content_type="application/json")
    assert answer.json()["picture"]["svg"].startswith("<svg")
    none = signed_in.post(
        "/api/v1/statistics/d2?picture=svg",
        '{"options": {"n": 5}}',
        content_type="application/json",
    )
    assert none.json()["picture"] is None
    bad = signed_in.post(f"{url}x", body, content_type="application/json")
    assert bad.status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"columns": {"values": [1, None, 3]}}, 422, "finite"),
        ({"columns": {"values": [1, math.nan, 3]}}, 400, "parse"),
        ({"columns": {"values": ["a", "b"]}}, 422, "numbers"),
        ({"columns": {"values": [[1, 2], [3]]}}, 422, "numbers"),
        ({"columns": {"values": 3}}, 422, ""),
        ({"columns": {}}, 422, "values"),
        ({"columns": {"values": [1, 2]}, "options": {"sigmas": "x"}}, 422, "sigmas"),
        ({"columns": {"values": [1, 2]}, "options": {"span": 1e30}}, 422, "span"),
        ({"columns": {"values": [1, 2]}, "options": {"nothing": 1}}, 422, "nothing"),
        ({"columns": {"values": [1, 2]}, "more": 1}, 422, "more"),
        ({"columns": {"values": [{}, []]}}, 422, "numbers"),
    ],
)
def test_what_cannot_be_computed_is_a_problem_document(
    signed_in: Client, body: Any, status: int, word: str
) -> None:
    answer = post(signed_in, "individuals_chart", body)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert word in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("analyze_groups", {"columns": {"values": [1, 2, 3]}, "options": {"groups": 5}}),
        ("analyze_groups", {"columns": {"values": [1, 2, 3], "groups": [["a"], "b", "a"]}}),
        ("gauge_crossed", {"columns": {"values": [1, 2], "parts": [1, None], "operators": [1, 2]}}),
        ("plan_factorial", {"options": {"factors": "a,b", "center_points": 10**9}}),
        ("compare_cells_with_rest", {"columns": {"counts": [1, 2], "inspected": [1e60, 1e60]}}),
        ("plan_curves", {"options": {"stages": 5}}),
    ],
)
def test_what_is_of_another_shape_is_a_problem_document_too(
    signed_in: Client, method: str, body: Any
) -> None:
    answer = post(signed_in, method, body)
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")


def test_too_many_values_are_refused(signed_in: Client) -> None:
    body = {"columns": {"values": [1] * (doors.MOST + 1)}}
    assert post(signed_in, "individuals_chart", body).status_code == 413


def test_a_curve_without_end_is_refused(signed_in: Client) -> None:
    stages = [{"size": 50, "accept": 1, "reject": 2}]
    body = {"options": {"stages": stages, "points": 10**8}}
    answer = post(signed_in, "plan_curves", body)
    assert answer.status_code == 422 and "points" in answer.content.decode()
    body["options"]["points"] = "100000000"
    assert post(signed_in, "plan_curves", body).status_code == 422


def test_strangers_compute_nothing(client: Client) -> None:
    assert post(client, "individuals_chart", {"columns": {"values": [1, 2]}}).status_code == 401
