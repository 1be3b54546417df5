"""Every statistic is in the catalogue, as its signature says, and runs from texts and lists."""

import importlib
import inspect
import json
import math
import pkgutil
import subprocess
import sys
from typing import Any, get_type_hints

import numpy as np
import pytest

import andon.stats
from andon.stats import catalogue
from andon.stats.errors import InvalidOption, NotFinite, StatisticsError
from andon.stats.places import MODULES
from andon.stats.results import Result


def test_every_public_function_that_returns_a_result_is_a_method_or_has_its_reason() -> None:
    told = {method.name for method in catalogue.methods()} | set(catalogue.absent())
    missing = []
    for entry in pkgutil.iter_modules(andon.stats.__path__):
        module = importlib.import_module(f"andon.stats.{entry.name}")
        for name in getattr(module, "__all__", ()):
            function = getattr(module, name)
            if inspect.isfunction(function) and entry.name != "catalogue":
                returned = get_type_hints(function).get("return")
                if isinstance(returned, type) and issubclass(returned, Result):
                    missing += [] if name in told else [name]
    assert missing == []
    assert set(catalogue.absent()) <= {
        *("build_chart", "build_pair", "evaluate_rules", "extreme_finding", "make_plan"),
        *("shift_finding", "study_from_mean_squares"),
    }


def test_a_new_statistic_appears_by_being_written(tmp_path: Any) -> None:
    # a copy of the package with one module more, in a process of its own
    code = (
        "import andon.stats, importlib, sys, pathlib\n"
        "from andon.stats import catalogue\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        f"andon.stats.__path__.append({str(tmp_path)!r})\n"
        f"catalogue.__file__ = {str(tmp_path / 'catalogue.py')!r}\n"
        "print([m.name for m in catalogue.methods()], catalogue.run('fresh', {'x': [1, 2]}).twice)"
    )
    (tmp_path / "fresh_module.py").write_text(
        "from dataclasses import dataclass\n"
        "from numpy.typing import ArrayLike\n"
        "from andon.stats.arrays import as_values\n"
        "from andon.stats.results import Result\n"
        "__all__ = ['fresh']\n"
        "@dataclass(frozen=True, slots=True, kw_only=True)\n"
        "class Fresh(Result):\n    twice: float\n"
        "def fresh(x: ArrayLike, *, factor: float = 2.0) -> Fresh:\n"
        "    '''Return the sum, doubled.'''\n"
        "    return Fresh(twice=float(as_values(x).sum()) * factor)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['fresh'] 6.0"


def test_the_description_carries_types_defaults_choices_and_words() -> None:
    told = {
        each["name"]: each for each in catalogue.describe("compare_means").to_dict()["parameters"]
    }
    assert told["first"]["kind"] == "column" and told["first"]["is_required"]
    assert told["alternative"]["choices"] == ["two-sided", "greater", "less"]
    assert told["level"]["default"] == 0.95 and told["level"]["type"] == "number"
    for method in catalogue.methods():
        json.dumps(method.to_dict(), allow_nan=False)
        assert method.summary.endswith((".", ":")) or method.summary, method.name


@pytest.mark.parametrize(
    ("method", "options", "word"),
    [
        ("individuals_chart", {"sigmas": "three"}, "sigmas"),
        ("individuals_chart", {"rules": "lots"}, "rules"),
        ("individuals_chart", {"rules": "nelson:x"}, "rules"),
        ("individuals_chart", {"rules": [{"number": 1}]}, "rules"),
        ("individuals_chart", {"span": "2.5"}, "span"),
        ("individuals_chart", {"span": True}, "span"),
        ("individuals_chart", {"span": "inf"}, "span"),
        ("individuals_chart", {"baseline": "centre"}, "baseline"),
        ("individuals_chart", {"baseline": "center=1"}, "center"),
        ("individuals_chart", {"baseline": "{"}, "baseline"),
        ("individuals_chart", {"colour": "red"}, "colour"),
        ("compare_mean_to", {"target": "1", "alternative": "more"}, "alternative"),
        ("compare_mean_to", {}, "target"),
        ("ewma_chart", {"time_varying": "perhaps"}, "time_varying"),
    ],
)
def test_a_wrong_option_is_refused_by_its_name(method: str, options: Any, word: str) -> None:
    with pytest.raises(StatisticsError, match=word):
        catalogue.run(method, {"values": [1.0, 2.0, 3.0, 2.0, 1.5]}, options)


def test_an_unknown_method_is_refused_with_similar_ones() -> None:
    with pytest.raises(InvalidOption, match="individuals_chart"):
        catalogue.describe("individual_chart")


@pytest.mark.parametrize("bad", [math.nan, math.inf, None])
def test_what_is_not_finite_is_refused_by_the_function_itself(bad: Any) -> None:
    with pytest.raises(NotFinite):
        catalogue.run("individuals_chart", {"values": [1.0, 2.0, bad, 3.0]})


def test_texts_give_what_python_gives() -> None:
    x = np.random.default_rng(3).normal(10, 1, 60)
    by_python = andon.stats.individuals_chart(
        x, sigmas=2.5, rules=andon.stats.choose_rules("nelson", [1, 2]),
        baseline=andon.stats.Baseline(centre=10.0, sigma=1.0),
    )  # fmt: skip
    by_text = catalogue.run(
        "individuals-chart",
        {"values": x.tolist()},
        {"sigmas": "2.5", "rules": "nelson:1,2", "baseline": "centre=10,sigma=1"},
    )
    assert by_text.to_dict() == by_python.to_dict()


def test_a_result_feeds_the_next_method() -> None:
    design = catalogue.run("plan_factorial", {}, {"factors": "heat,time"}).to_dict()
    sheet = catalogue.run(
        "write_run_sheet", {}, {"design": design, "lows": "1,2", "highs": "3,4", "seed": "1"}
    )
    assert sheet.to_dict()["factors"] == ["heat", "time"]


def test_places_and_names_agree_and_every_name_loads() -> None:
    placed = [name for names in MODULES.values() for name in names]
    assert sorted(placed) == sorted(set(placed)) == sorted(andon.stats.__all__)
    assert set(placed) <= set(dir(andon.stats))
    for name in placed:
        assert getattr(andon.stats, name) is not None
    with pytest.raises(AttributeError):
        andon.stats.nothing_of_this_name  # noqa: B018


def test_a_method_keeps_its_name_when_its_module_is_loaded_first() -> None:
    code = (
        "import andon.stats.capability_attribute, andon.stats.gauge_reml\n"
        "import andon.stats.capability\n"
        "print(callable(andon.stats.capability), callable(andon.stats.gauge_reml))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True True"


def test_loading_one_module_does_not_load_scipy() -> None:
    code = "import sys, andon.stats.findings; print('scipy.stats' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
