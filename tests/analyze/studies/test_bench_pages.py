"""The bench on its pages: plan, blind entry, verdict, evidence, print; and over REST."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from analyze.studies.bench_at_hand import force_tester, gauge_study, planned, running, spring_force
from andon.analyze.studies.models import Evidence, Reading, Study
from andon.analyze.studies.services import enter_reading, enter_readings
from andon.analyze.studies.sheet import sheet_of
from andon.control.plans.master_data import load_master
from andon.control.plans.models import ControlPlan, PlanLine
from andon.identify.nonconformities.models import Nonconformity
from andon.records.pdf import content_of_pdf, pdf_of
from andon.records.services import Signing, advance, create
from small_factory import PASSWORD

JSON = "application/json"


@pytest.fixture
def desk(client: Client, engineer: Any) -> Client:
    """A browser in which the quality engineer is signed in."""
    client.force_login(engineer)
    return client


@pytest.fixture
def judged(engineer: Any) -> Study:
    """The judged study of the force tester that does not do."""
    return advance(gauge_study(engineer, "SF-02"), "judge", actor=engineer)


def test_a_study_is_planned_on_its_pages(desk: Client) -> None:
    spring_force(), force_tester()
    made = desk.post(
        "/st/new/",
        {
            "title": "GRR", "method": "crossed", "characteristic": spring_force().pk,
            "instrument": force_tester().pk, "purpose": "",
        },
    )  # fmt: skip
    study = Study.objects.get()
    assert (made.status_code, made["Location"]) == (302, study.get_absolute_url())
    form = f"{study.get_absolute_url()}lines/plan/"
    assert 'value="A, B, C"' in desk.get(form).text
    bad = desk.post(form, {"parts": "one", "operators": "A, B", "trials": "2", "version": 1})
    assert (bad.status_code, "is not a number" in bad.text) == (422, True)
    good = {
        "parts": "5", "operators": "A, B", "trials": "2", "computed_by": "anova",
        "version": Study.objects.get().version,
    }  # fmt: skip
    assert desk.post(form, good).status_code == 302
    assert desk.post(f"{study.get_absolute_url()}step/start/", {"version": 2}).status_code == 302
    assert len(sheet_of(Study.objects.get())) == 20


def test_entry_goes_from_run_to_run_without_part_or_earlier_reading(
    desk: Client, engineer: Any
) -> None:
    study = running(engineer, "crossed", {"parts": 3, "trials": 2, "seed": 5})
    page = f"{study.get_absolute_url()}enter/?operator=B"
    first = next(run for run in sheet_of(study) if run.operator == "B")
    assert f"<h1>Run {first.number}</h1>" in desk.get(page).text
    wrong = desk.post(page, {"run": first.number, "text": "1,0x"})
    assert (wrong.status_code, "Nothing was stored" in wrong.text) == (422, True)
    assert desk.post(page, {"run": first.number, "text": "0,98765"}).status_code == 302
    following = desk.get(page).text
    assert "0,98765" not in following
    assert f"<h1>Run {first.number}</h1>" not in following
    assert Reading.objects.get().value == 0.98765


@pytest.mark.parametrize("place", ["", "enter/", "sheet/", "pdf/"])
def test_nothing_tells_readings_while_it_runs(desk: Client, engineer: Any, place: str) -> None:
    study = running(engineer, "crossed", {"parts": 3, "trials": 2})
    enter_reading(study, run=1, text="0.98765", actor=engineer)
    if place == "pdf/":
        assert "0.98765" not in json.dumps(content_of_pdf(study))
    else:
        assert "0.98765" not in desk.get(f"{study.get_absolute_url()}{place}").text


def test_nothing_tells_the_seed_of_the_order_while_it_runs(
    client: Client, engineer: Any, account_with: Any
) -> None:
    plan = {"parts": 3, "trials": 2, "operators": ["A", "B"], "seed": 987654}
    study = running(engineer, "crossed", plan)
    enter_readings(study, readings={run: f"1.0{run:02d}" for run in range(1, 13)}, actor=engineer)
    page, place = study.get_absolute_url(), f"/api/v1/st/{study.number}"
    client.force_login(account_with("OP"))
    for address in (page, f"{page}pdf/", f"{place}/history", f"{place}/plan"):
        assert "987654" not in client.get(address).content.decode(errors="replace")
    client.force_login(engineer)
    assert client.get(f"{place}/plan").json()["seed"] == 987654
    advance(study, "judge", actor=engineer)
    assert "987654" in client.get(f"{place}/history").text
    assert "987654" in client.get(page).text


def test_only_the_leader_sees_the_key(client: Client, engineer: Any, account_with: Any) -> None:
    study = running(engineer, "crossed", {"parts": 3, "trials": 2})
    address = f"{study.get_absolute_url()}sheet/"
    client.force_login(account_with("OP"))
    assert '<th scope="col">Part</th>' not in client.get(address).text
    assert client.get(f"{address}?key=1").status_code == 403
    client.force_login(engineer)
    assert '<th scope="col">Part</th>' in client.get(f"{address}?key=1").text


def test_ratings_are_tapped(desk: Client, engineer: Any) -> None:
    study = running(engineer, "agreement", {"parts": 2, "trials": 2}, instrument=None)
    page = desk.get(f"{study.get_absolute_url()}enter/?operator=A").text
    assert 'value="good">good</button>' in page


def test_pasted_lines_are_told_with_their_place(desk: Client, engineer: Any) -> None:
    study = running(engineer, "bias", {"reference": 1.0, "trials": 5})
    form = f"{study.get_absolute_url()}lines/paste/"
    bad = desk.post(form, {"text": "1;1.0\n9;1.0"})
    assert (bad.status_code, "Run 9 is not on the sheet" in bad.text) == (422, True)
    assert desk.post(form, {"text": "1;1.0\n2;1.01"}).status_code == 302


def test_the_verdict_stands_first_then_pictures_then_tables(desk: Client, judged: Study) -> None:
    page = desk.get(judged.get_absolute_url()).text
    places = [
        page.index("SF-02 is not usable for Spring force</h1>"), page.index("verdict--problem"),
        page.index("data-chart"), page.index("Where the variation comes from"),
        page.index("Compute again"),
    ]  # fmt: skip
    assert places == sorted(places)
    assert page.count("data-chart") >= 5


@pytest.mark.parametrize("method", ["crossed", "experiment", "capability"])
def test_every_page_of_a_fresh_study_shows(desk: Client, engineer: Any, method: str) -> None:
    study = planned(engineer, method, {})
    for place in ("", "lines/plan/", "sheet/", "enter/", "change/"):
        assert desk.get(f"{study.get_absolute_url()}{place}").status_code == 200


def test_a_fraction_tells_its_aliases_before_the_first_run(desk: Client, engineer: Any) -> None:
    plan = {"factors": "A1; 1; 2\nB1; 1; 2\nC1; 1; 2", "generators": "C=AB"}
    study = planned(engineer, "experiment", plan, characteristic=None, instrument=None)
    page = desk.get(study.get_absolute_url()).text
    assert "resolution 3" in page
    assert "A = BC" in page


def test_evidence_is_computed_again_on_its_page(desk: Client, judged: Study) -> None:
    evidence = Evidence.objects.get()
    page = desk.get(f"/evidence/{evidence.pk}/?again=1")
    assert (page.status_code, "the same to the last digit" in page.text) == (200, True)


def test_print_holds_words_pictures_and_tables(judged: Study) -> None:
    sections = content_of_pdf(judged)["sections"]
    assert "not usable" in sections[0]["text"]
    assert "<svg" in sections[1]["svg"]
    assert sections[1]["tables"][0]["rows"][0][0] == "Repeatability"
    assert len(sections[2]["tables"][0]["rows"]) == 10
    assert pdf_of(judged).startswith(b"%PDF")


def test_any_record_offers_to_save_a_statistic(desk: Client, engineer: Any) -> None:
    record = create(Nonconformity(title="Force too low"), actor=engineer)
    assert f"/evidence/on/{record.number}/" in desk.get(record.get_absolute_url()).text
    assert desk.get(f"/evidence/on/{record.number}/").status_code == 200
    wrong = {
        "name": "Chart", "method": "individuals_chart", "characteristic": spring_force().code,
        "since": "2025-01-01", "until": "2025-02-01", "options": "sigmas",
    }  # fmt: skip
    told = desk.post(f"/evidence/on/{record.number}/", wrong)
    assert (told.status_code, "name=value" in told.text) == (422, True)
    told = desk.post(f"/evidence/on/{record.number}/", {**wrong, "options": ""})
    assert (told.status_code, "Nothing was measured" in told.text) == (422, True)


def test_evidence_is_computed_from_a_file_whose_digest_stays(desk: Client, engineer: Any) -> None:
    record = create(Nonconformity(title="Force too low"), actor=engineer)
    content = b"when;force\n1;1,00\n2;1,02\n3;0,97\n4;1,01\n"
    given = {"name": "Chart", "method": "individuals_chart", "decimal": ",",
             "columns": "values=force"}  # fmt: skip
    page = f"/evidence/on/{record.number}/"
    wrong = desk.post(page, given)
    assert (wrong.status_code, "or give a file" in wrong.text) == (422, True)
    wrong = desk.post(page, {**given, "file": SimpleUploadedFile("a.xlsx", content)})
    assert (wrong.status_code, "named .csv" in wrong.text) == (422, True)
    wrong = desk.post(page, {**given, "file": SimpleUploadedFile("a.csv", content),
                             "columns": "values=nothing"})  # fmt: skip
    assert (wrong.status_code, "nothing" in wrong.text) == (422, True)
    made = desk.post(page, {**given, "file": SimpleUploadedFile("force.csv", content)})
    assert made.status_code == 302
    evidence = Evidence.objects.get()
    digest = hashlib.sha256(content).hexdigest()
    assert evidence.inputs == {"values": [1.0, 1.02, 0.97, 1.01]}
    assert evidence.reference == {"file": "force.csv", "sha256": digest}
    again = desk.get(f"/evidence/{evidence.pk}/?again=1").text
    assert "the same to the last digit" in again
    assert digest in again
    assert "The file itself is not kept here" in again


def test_what_a_chart_shows_is_kept_on_a_record_of_choice(desk: Client, engineer: Any) -> None:
    record = create(Nonconformity(title="Force too low"), actor=engineer)
    shown = f"characteristic={spring_force().code}&since=2025-03-01&until=2025-03-31"
    assert 'value="2025-03-01"' in desk.get(f"/evidence/for/?{shown}").text
    assert desk.get(f"/evidence/for/?{shown}&record=NC-1").status_code == 404
    there = desk.get(f"/evidence/for/?{shown}&record={record.number.lower()}", follow=True)
    assert there.redirect_chain[0][0] == f"/evidence/on/{record.number}/?{shown}"
    assert '<option value="SF" selected>' in there.text
    assert 'value="2025-03-31"' in there.text


def test_rest_plans_reads_blindly_and_enters(desk: Client, engineer: Any) -> None:
    spring_force(), force_tester()
    body = {"title": "B", "method": "bias", "characteristic": "SF", "instrument": "SF-02"}
    number = desk.post("/api/v1/st/", body, content_type=JSON).json()["number"]
    place = f"/api/v1/st/{number}"
    plan = desk.put(f"{place}/plan", {"values": {"reference": 1.0, "trials": 5}}, content_type=JSON)
    assert plan.status_code == 200, plan.text
    assert plan.json()["trials"] == 5
    assert (
        desk.put(f"{place}/plan", {"values": {"trials": "x"}}, content_type=JSON).status_code == 422
    )
    desk.post(f"{place}/steps/start", {}, content_type=JSON)
    readings = {"readings": {str(run): f"1.00{run}" for run in range(1, 6)}}
    made = desk.post(f"{place}/readings", readings, content_type=JSON)
    assert (made.status_code, made.json()) == (201, {"entered": 5})
    blind = desk.get(f"{place}/runs").json()
    assert {(run["part"], run["reading"]) for run in blind} == {("", "")}
    table = "studies_reading"
    lines = [line for line in desk.get(f"{place}/history").json() if line["table"] == table]
    assert [(line["old"], line["new"]) for line in lines] == [({}, {})] * 5
    told = desk.post(f"{place}/steps/judge", {}, content_type=JSON)
    assert told.json()["state"] == "judged"
    assert desk.get(f"{place}/runs").json()[0]["reading"] == "1.001"
    lines = [line for line in desk.get(f"{place}/history").json() if line["table"] == table]
    assert lines[0]["new"]["text"] == "1.001"


def test_rest_keeps_evidence_and_computes_it_again(desk: Client, engineer: Any) -> None:
    record = create(Nonconformity(title="Force too low"), actor=engineer)
    body = {
        "title": "Chart", "method": "individuals_chart", "columns": {"values": [1, 2, 4, 3.5]},
        "options": {"sigmas": 2},
    }  # fmt: skip
    made = desk.post(f"/api/v1/evidence/on/{record.number}", body, content_type=JSON)
    assert made.status_code == 201, made.text
    key = made.json()["id"]
    assert [one["id"] for one in desk.get(f"/api/v1/evidence/on/{record.number}").json()] == [key]
    again = desk.get(f"/api/v1/evidence/{key}/again").json()
    assert (again["is_equal"], again["differences"]) == (True, [])
    wrong = {**body, "method": "nothing"}
    assert desk.post(
        f"/api/v1/evidence/on/{record.number}", wrong, content_type=JSON
    ).status_code == 422  # fmt: skip


MASTER = """
[[instrument]]
code = "SF-02"
name = "Force tester SF-02"
kind = "force-travel tester"
[[control_plan]]
code = "CP-F"
name = "Force"
[[plan_line]]
plan = "CP-F"
position = 1
characteristic = "SF"
instruments = ["SF-02"]
sample_size = 5
frequency = "per shift"
reaction = "Look."
"""


def test_a_control_plan_does_not_newly_name_an_unfit_instrument(
    tmp_path: Any, judged: Study, system: Any, manager: Any
) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(MASTER)
    refused = load_master(file, actor=system).refused
    assert [judged.number in why for _place, why in refused] == [True]
    assert not ControlPlan.objects.exists()
    signing = Signing(PASSWORD, "I permit this use knowing the verdict")
    advance(judged, "permit", actor=manager, reason="until July", signing=signing)
    assert load_master(file, actor=system).refused == []


def test_a_plan_that_names_it_already_stays_and_is_told(
    desk: Client, tmp_path: Any, system: Any, engineer: Any
) -> None:
    spring_force(), force_tester()
    file = tmp_path / "plan.toml"
    file.write_text(MASTER)
    assert load_master(file, actor=system).refused == []
    study = advance(gauge_study(engineer, "SF-02"), "judge", actor=engineer)
    later = MASTER.replace('name = "Force"', 'name = "Force"\nrevision = 2')
    file.write_text(later.replace("sample_size = 5", "sample_size = 6"))
    assert load_master(file, actor=system).refused == []
    assert PlanLine.objects.get().sample_size == 6
    assert "CP-F/1" in desk.get(study.get_absolute_url()).text
    page = desk.get("/characteristics/SF/").text
    assert study.number in page
    assert "not usable" in page


def test_the_demo_studies_both_testers_in_june(system: Any, account_with: Any) -> None:
    from andon.demo.logins import PASSWORD as OF_DEMO
    from andon.demo.year_studies import study_on

    spring_force(), force_tester("SF-01"), force_tester("SF-02")
    metrologist = account_with("MET", username="metrologist")
    metrologist.set_password(OF_DEMO)
    metrologist.save()
    account_with("OP", username="operator")
    for day in (23, 24, 25):
        study_on(date(2025, 6, day), 20250101)
    told = Study.objects.order_by("pk").values_list("instrument__code", "verdict", "state")
    assert list(told) == [("SF-01", "good", "closed"), ("SF-02", "not usable", "judged")]
    results = [one.result for one in Evidence.objects.order_by("pk")]
    assert [round(one["percent_study"], 1) for one in results] == [8.9, 42.5]
    assert [round(one["percent_tolerance"], 1) for one in results] == [5.3, 26.6]
    assert [one["categories"] for one in results] == [15, 3]
