"""An instrument that a study finds unfit is a problem until a study finds it fit."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from analyze.studies.bench_at_hand import force_tester, gauge_study, running, spring_force
from andon.analyze.monitoring.models import Finding
from andon.analyze.problems.models import Problem
from andon.analyze.problems.queries import open_problems, told_problems
from andon.analyze.studies.models import Study
from andon.analyze.studies.services import enter_readings
from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.services import Signing, advance
from small_factory import PASSWORD


def judged(study: Study, actor: Any) -> Study:
    return advance(study, "judge", actor=actor)


def bias_study(actor: Any, *readings: str) -> Study:
    """A study of bias against 1 N, with its readings entered."""
    plan = {"reference": 1.0, "trials": len(readings)}
    study = running(actor, "bias", plan, instrument=force_tester("SF-02"))
    enter_readings(study, readings=dict(enumerate(readings, 1)), actor=actor)
    return study


@pytest.fixture
def desk(client: Client, engineer: Any) -> Client:
    """A browser in which the quality engineer is signed in."""
    client.force_login(engineer)
    return client


FAR = ("1.200", "1.201", "1.199", "1.200", "1.202")
NEAR = ("1.001", "0.999", "1.000", "1.002", "0.998")


def test_an_unfit_force_tester_needs_somebody(engineer: Any) -> None:
    study = judged(gauge_study(engineer, "SF-02"), engineer)
    problem = open_problems().get()
    today = clock.today()
    assert problem.title == "Spring force cannot be measured with SF-02: it depends on who measures"
    assert (problem.state, problem.found_on, problem.began_on) == ("new", today, today)
    assert (problem.factor, problem.level) == ("instrument", "SF-02")
    assert problem.effect == pytest.approx(0.425**2, abs=0.001)
    assert (problem.characteristic, problem.owner) == (spring_force(), study.owner)
    assert told_problems()[0]["streams"] == ["SF/SF-02"]
    assert problem.links_in.get().source_id == study.pk
    # What was measured is not thereby nonconforming: nothing is held.
    assert Nonconformity.objects.count() == 0


def test_its_story_tells_the_verdict_and_leads_to_the_study(desk: Client, engineer: Any) -> None:
    study = judged(gauge_study(engineer, "SF-02"), engineer)
    page = desk.get(open_problems().get().get_absolute_url()).text
    assert "42.5 %" in page
    assert f"by {study.number}." in page
    assert study.get_absolute_url() in page
    assert "Start 8D" in page
    assert "Spring force cannot be measured with SF-02" in desk.get("/").text


def test_a_fit_force_tester_is_no_problem(engineer: Any) -> None:
    judged(gauge_study(engineer, "SF-01"), engineer)
    assert not Finding.objects.exists()


def test_studies_of_one_instrument_are_one_problem_and_of_another_another(engineer: Any) -> None:
    for code in ("SF-02", "SF-02"):
        judged(gauge_study(engineer, code), engineer)
    judged(bias_study(engineer, *FAR), engineer)
    assert Problem.objects.get().standing().count() == 3
    other = running(engineer, "bias", {"reference": 1.0, "trials": 5},
                    instrument=force_tester("SF-03"))  # fmt: skip
    enter_readings(other, readings=dict(enumerate(FAR, 1)), actor=engineer)
    judged(other, engineer)
    assert sorted(problem.level for problem in Problem.objects.all()) == ["SF-02", "SF-03"]


def test_only_a_study_of_the_same_question_heals_it(engineer: Any) -> None:
    judged(bias_study(engineer, *FAR), engineer)
    judged(gauge_study(engineer, "SF-01"), engineer)
    assert open_problems().count() == 1
    fit = judged(bias_study(engineer, *NEAR), engineer)
    assert fit.verdict == "good"
    problem = Problem.objects.get()
    assert (problem.state, list(open_problems())) == ("solved", [])
    note = problem.links_in.get(source=fit.pk).note
    assert note == f"{fit.number} found it fit."


def test_what_fails_again_soon_opens_it_again_and_much_later_a_new_one(engineer: Any) -> None:
    for readings in (FAR, NEAR, FAR, NEAR):
        judged(bias_study(engineer, *readings), engineer)
    assert [problem.state for problem in Problem.objects.all()] == ["solved"]
    with clock.fixed(clock.now() + timedelta(days=60)):
        judged(bias_study(engineer, *FAR), engineer)
    states = Problem.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["solved", "new"]


def test_a_dismissed_one_opens_again_when_it_is_found_unfit_again(engineer: Any) -> None:
    judged(bias_study(engineer, *FAR), engineer)
    advance(Problem.objects.get(), "dismiss", actor=engineer, reason="the reference was dirty")
    judged(bias_study(engineer, *FAR), engineer)
    assert Problem.objects.get().state == "reopened"


def test_a_permitted_use_is_watched(engineer: Any, manager: Any) -> None:
    study = judged(gauge_study(engineer, "SF-02"), engineer)
    meaning = str(Study.WORKFLOW.transition("permit").meaning)
    advance(study, "permit", actor=manager, reason="only for sorting",
            signing=Signing(PASSWORD, meaning))  # fmt: skip
    assert Problem.objects.get().state == "watched"


def test_raters_who_do_not_agree_are_a_problem_without_an_instrument(engineer: Any) -> None:
    plan = {"parts": 4, "trials": 2, "operators": ["A", "B"], "seed": 1}
    study = running(engineer, "agreement", plan, instrument=None)
    ratings = {run: ("good", "bad")[run % 2] for run in range(1, 17)}
    enter_readings(study, readings=ratings, actor=engineer)
    assert judged(study, engineer).verdict == "not usable"
    problem = Problem.objects.get()
    assert (problem.title, problem.factor) == ("Spring force is not rated alike", "")
    assert problem.stream_codes() == ["SF"]
