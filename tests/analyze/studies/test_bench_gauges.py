"""Measurement system studies from plan to verdict, with the golden values of the probe factory."""

from typing import Any

import numpy as np
import pytest

from analyze.studies.bench_at_hand import (
    SEED,
    force_tester,
    gauge_study,
    planned,
    running,
    spring_force,
)
from andon.analyze.studies.fitness import fitness_of, refusal_of
from andon.analyze.studies.models import Reading, Study
from andon.analyze.studies.services import (
    enter_reading,
    enter_readings,
    import_readings,
    plan_study,
)
from andon.analyze.studies.sheet import sheet_of
from andon.demo.generator_studies import draw_gauge_study
from andon.records.errors import Forbidden, Refused
from andon.records.services import Signing, advance, create
from small_factory import PASSWORD


def judged(study: Study, actor: Any) -> Study:
    return advance(study, "judge", actor=actor)


@pytest.mark.parametrize(
    ("code", "verdict", "shares", "classes"),
    [("SF-01", "good", (8.9, 5.3), 15), ("SF-02", "not usable", (42.5, 26.6), 3)],
)
def test_the_force_testers_have_their_golden_values(
    engineer: Any, code: str, verdict: str, shares: tuple[float, float], classes: int
) -> None:
    study = judged(gauge_study(engineer, code), engineer)
    result, (study_share, tolerance_share) = study.evidence.get().result, shares
    assert (study.verdict, study.state) == (verdict, "judged")
    assert result["percent_study"] == pytest.approx(study_share, abs=0.05)
    assert result["percent_tolerance"] == pytest.approx(tolerance_share, abs=0.05)
    assert result["categories"] == classes
    assert f"{study_share} %" in study.words


def test_the_sheet_holds_every_cell_once_in_random_order(engineer: Any) -> None:
    runs = sheet_of(running(engineer, "crossed", {"parts": 10, "trials": 3, "seed": 7}))
    cells = [(run.part, run.operator, run.trial) for run in runs]
    assert len(set(cells)) == len(cells) == 90
    assert [run.number for run in runs] == list(range(1, 91))
    assert [run.part for run in runs[:10]] != sorted(run.part for run in runs[:10])
    assert {run.trial for run in runs[:30]} == {1}


def test_the_same_seed_draws_the_same_sheet_and_another_one_another(engineer: Any) -> None:
    def drawn(seed: int) -> list[Any]:
        return list(sheet_of(running(engineer, "crossed", {"seed": seed})))

    assert drawn(7) == drawn(7) != drawn(8)


def test_a_seed_is_drawn_by_lot_when_none_is_planned(engineer: Any) -> None:
    one, other = (running(engineer, "crossed", {}) for _each in range(2))
    assert one.seed != other.seed
    assert one.plan["parts"] == 10, "usual values are frozen with the plan"


def test_plan_is_frozen_when_the_sheet_is_drawn(engineer: Any) -> None:
    study = running(engineer, "crossed", {})
    with pytest.raises(Refused, match="frozen"):
        plan_study(study, values={"parts": 5}, actor=engineer)


@pytest.mark.parametrize(
    ("method", "plan", "field"),
    [
        ("crossed", {"parts": "1"}, "parts"), ("crossed", {"parts": "ten"}, "parts"),
        ("crossed", {"operators": "A"}, "operators"), ("crossed", {"color": 1}, "color"),
        ("linearity", {"references": "1; x"}, "references"),
        ("experiment", {"factors": "heat; 5; 3"}, "factors"),
        ("experiment", {"factors": "heat; 1"}, "factors"),
        ("capability", {"since": "yesterday"}, "since"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_read_is_told_by_its_field(
    engineer: Any, method: str, plan: dict[str, Any], field: str
) -> None:
    study = create(Study(title="x", method=method), actor=engineer)
    with pytest.raises(Refused) as error:
        plan_study(study, values=plan, actor=engineer)
    assert [refusal.field for refusal in error.value.refusals] == [field]


@pytest.mark.parametrize(
    ("method", "others", "fields"),
    [
        ("bias", {}, {"reference"}),
        ("type 1", {"instrument": None}, {"reference", "instrument"}),
        ("crossed", {"characteristic": None}, {"characteristic"}),
        ("capability", {}, {"since", "until"}),
        ("experiment", {}, {"factors"}),
    ],
)
def test_an_incomplete_plan_is_not_started(
    engineer: Any, method: str, others: dict[str, Any], fields: set[str]
) -> None:
    study = planned(engineer, method, {}, **others)
    with pytest.raises(Refused) as error:
        advance(study, "start", actor=engineer)
    assert {refusal.field for refusal in error.value.refusals} == fields


def test_a_study_with_missing_readings_is_not_judged(engineer: Any) -> None:
    study = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    enter_readings(study, readings={1: "1.001", 2: "0,999"}, actor=engineer)
    with pytest.raises(Refused, match=r"3 runs have no reading yet \(3, 4, 5\)"):
        judged(study, engineer)


def test_a_reading_is_changed_with_a_reason_and_both_stay(engineer: Any) -> None:
    study = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    enter_reading(study, run=1, text="1.1", actor=engineer)
    with pytest.raises(Refused, match="reason"):
        enter_reading(study, run=1, text="1.0", actor=engineer)
    enter_reading(study, run=1, text="1.0", actor=engineer, reason="typed wrongly")
    texts = Reading.objects.filter(study=study, run=1).values_list("text", flat=True)
    assert list(texts) == ["1.1", "1.0"]


@pytest.mark.parametrize(
    ("pasted", "place", "word"),
    [
        ("1;1.0\n7;1.0", "runs.7", "not on the sheet"),
        ("1;1.0\n2;abc", "runs.2", "not a number"),
        ("run;value\n1;1.0\nx;2", "lines.3", "run number"),
        ("1;1.0\n1;1.1", "lines.2", "twice"),
        ("1;1.0\n2;", "lines.2", "no reading"),
        ("", "text", "Paste"),
    ],
)
def test_bad_pasted_lines_are_told_with_their_place_and_nothing_is_stored(
    engineer: Any, pasted: str, place: str, word: str
) -> None:
    study = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    with pytest.raises(Refused, match=word) as error:
        import_readings(study, text=pasted, actor=engineer)
    assert error.value.refusals[0].field == place
    assert not Reading.objects.exists()


def test_pasted_lines_are_entered_by_run_number(engineer: Any) -> None:
    study = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    import_readings(study, text="run\treading\n3\t1,002\n1\t0.998\n", actor=engineer)
    values = Reading.objects.filter(study=study).values_list("run", "value")
    assert list(values) == [(1, 0.998), (3, 1.002)]


def test_an_operator_enters_but_neither_plans_nor_judges(engineer: Any, account_with: Any) -> None:
    operator = account_with("OP")
    study = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    enter_reading(study, run=1, text="1.0", actor=operator)
    with pytest.raises(Forbidden):
        judged(study, operator)
    with pytest.raises(Forbidden):
        enter_reading(study, run=2, text="1.0", actor=account_with("AUD"))


SHORT = {
    "type 1": ({"reference": 1.0, "trials": 10}, "good"),
    "bias": ({"reference": 1.0, "trials": 10}, "good"),
    "linearity": ({"references": [0.9, 1.0, 1.1], "trials": 4}, "good"),
    "stability": ({"sessions": 8, "trials": 3, "reference": 1.0}, "good"),
    "nested": ({"parts": 5, "trials": 2}, "good"),
}


@pytest.mark.parametrize("method", SHORT)
def test_a_true_and_quiet_instrument_is_good_by_every_method(engineer: Any, method: str) -> None:
    plan, verdict = SHORT[method]
    study = running(engineer, method, plan)
    noise = np.random.default_rng(4).normal(0, 0.0005, len(sheet_of(study)))
    readings = {}
    for run, error in zip(sheet_of(study), noise, strict=True):
        truth = 1.0
        if method == "linearity":
            truth = plan["references"][int(run.part) - 1]
        if method == "nested":
            truth += 0.03 * (int(run.part.split()[-1]) - 3)
        readings[run.number] = f"{truth + error:.5f}"
    enter_readings(study, readings=readings, actor=engineer)
    found = judged(study, engineer)
    assert (found.verdict, found.evidence.count()) == (verdict, 1)
    assert found.words


@pytest.mark.parametrize(("shift", "verdict"), [(0.005, "conditional"), (0.05, "not usable")])
def test_a_clear_bias_counts_by_its_share_of_the_tolerance(
    engineer: Any, shift: float, verdict: str
) -> None:
    study = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    texts = [f"{1 + shift + 0.0001 * place:.4f}" for place in range(5)]
    enter_readings(study, readings=dict(enumerate(texts, 1)), actor=engineer)
    found = judged(study, engineer)
    assert found.verdict == verdict
    assert "does not read true" in found.words


@pytest.mark.parametrize(
    ("moved", "verdict"), [({6: 0.01}, "conditional"), ({5: 0.01, 6: 0.01}, "not usable")]
)
def test_one_odd_session_is_a_reservation_two_are_a_verdict(
    engineer: Any, moved: dict[int, float], verdict: str
) -> None:
    study = running(engineer, "stability", {"sessions": 12, "trials": 3})
    readings = {}
    for run in sheet_of(study):
        shift = moved.get(int(run.part), 0.0)
        readings[run.number] = f"{1 + shift + 0.001 * ((run.trial + int(run.part)) % 3):.4f}"
    enter_readings(study, readings=readings, actor=engineer)
    assert judged(study, engineer).verdict == verdict


def rated(engineer: Any, wrong: int) -> Study:
    truth = ["good", "bad", "good", "good", "bad", "good", "good", "bad", "good", "bad"]
    plan = {"parts": 10, "trials": 2, "operators": ["A", "B"], "references": truth, "seed": 3}
    study = running(engineer, "agreement", plan, instrument=None)
    turned = {"good": "bad", "bad": "good"}
    readings = {run.number: truth[int(run.part) - 1] for run in sheet_of(study)}
    for run in sheet_of(study)[:wrong]:
        readings[run.number] = turned[readings[run.number]]
    enter_readings(study, readings=readings, actor=engineer)
    return judged(study, engineer)


def test_appraisers_are_judged_against_the_truth(engineer: Any) -> None:
    assert rated(engineer, wrong=0).verdict == "good"
    bad = rated(engineer, wrong=6)
    assert bad.verdict == "not usable"
    assert "effectiveness" in bad.words


def test_a_rating_must_be_one_of_the_words(engineer: Any) -> None:
    study = running(engineer, "agreement", {"parts": 2, "trials": 2}, instrument=None)
    with pytest.raises(Refused, match="good, bad"):
        enter_reading(study, run=1, text="fine", actor=engineer)


def test_an_unfit_instrument_is_refused_until_the_manager_permits_it(
    engineer: Any, manager: Any
) -> None:
    study = judged(gauge_study(engineer, "SF-02"), engineer)
    assert study.number in refusal_of(force_tester("SF-02"), spring_force())
    assert refusal_of(force_tester("SF-01"), spring_force()) == ""
    with pytest.raises(Forbidden):
        advance(study, "permit", actor=engineer, reason="no other one")
    signing = Signing(PASSWORD, "I permit this use knowing the verdict")
    advance(study, "permit", actor=manager, reason="until the fixture is there", signing=signing)
    assert refusal_of(force_tester("SF-02"), spring_force()) == ""


def test_a_good_study_of_another_kind_clears_nothing_one_of_the_same_kind_does(
    engineer: Any,
) -> None:
    bad = judged(gauge_study(engineer, "SF-02"), engineer)
    true = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    texts = {run: f"{1 + 0.001 * (-1) ** run:.3f}" for run in range(1, 6)}
    enter_readings(true, readings=texts, actor=engineer)
    judged(true, engineer)
    fitness = fitness_of(force_tester("SF-02"), spring_force())
    assert fitness is not None
    assert fitness.study.number == bad.number
    again = running(engineer, "crossed", {"seed": 1})
    drawn = draw_gauge_study(SEED, "SF-01")
    readings = {
        run.number: str(drawn[int(run.part) - 1, "ABC".index(run.operator), run.trial - 1])
        for run in sheet_of(again)
    }
    enter_readings(again, readings=readings, actor=engineer)
    judged(again, engineer)
    assert refusal_of(force_tester("SF-02"), spring_force()) == ""


def test_closing_is_signed(engineer: Any) -> None:
    study = judged(gauge_study(engineer, "SF-01"), engineer)
    with pytest.raises(Refused):
        advance(study, "close", actor=engineer)
    signing = Signing(PASSWORD, "I reviewed method, data and verdict")
    assert advance(study, "close", actor=engineer, signing=signing).closed_at is not None
