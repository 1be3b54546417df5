"""Wherever an instrument is shown or chosen, it says what its studies found it fit for."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from analyze.studies.bench_at_hand import force_tester, gauge_study, spring_force
from andon.control.plans.models import ControlPlan, PlanLine
from andon.organization.processes.models import Machine
from andon.records import clock
from andon.records.services import Signing, advance
from andon.records.trail.context import acting
from small_factory import PASSWORD

REACTION = "Measure 5 more on the other force tester."


@pytest.fixture
def desk(client: Client, engineer: Any) -> Client:
    """A quality engineer after the studies of both force testers."""
    for code in ("SF-01", "SF-02"):
        advance(gauge_study(engineer, code), "judge", actor=engineer)
    client.force_login(engineer)
    return client


@pytest.fixture
def station(system: Any, desk: Client) -> str:
    """The address of the cell where both testers may be used."""
    with acting(system):
        characteristic = spring_force()
        machine = Machine.objects.create(
            code="A3", name="Cell 3", process=characteristic.process, position=1
        )
        line = PlanLine.objects.create(
            plan=ControlPlan.objects.create(code="CP-1", name="Probe"), position=1,
            characteristic=characteristic, sample_size=1, frequency="per shift", reaction=REACTION,
        )  # fmt: skip
        line.instruments.set([force_tester("SF-01"), force_tester("SF-02")])
    return f"/record/SF/{machine.code}/"


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_an_unfit_instrument_says_so_with_study_day_and_figures(desk: Client) -> None:
    text = text_of(desk, "/instruments/SF-02/")
    today = clock.today()
    assert "<h1>SF-02 is not fit for Spring force</h1>" in text
    for words in ("SF-02 for Spring force: not usable", "takes 42.5 % of the variation",
                  "26.6 % of the tolerance", "measure again with another instrument",
                  f"{today.day} {today:%b %Y}", '<td class="number">3</td>'):  # fmt: skip
        assert words in text
    assert 'status--problem"><span class="status-symbol" aria-hidden="true">■' in text


def test_a_fit_instrument_says_what_it_is_fit_for(desk: Client) -> None:
    text = text_of(desk, "/instruments/SF-01/")
    assert "SF-01 may be used" in text
    assert 'status--ok"><span class="status-symbol" aria-hidden="true">●</span>good' in text
    assert '<td class="number">8.9</td><td class="number">5.3</td>' in text
    assert "not usable for Spring force" in text_of(desk, "/instruments/")


def test_the_interface_tells_it_too(desk: Client, station: str) -> None:
    (told,) = desk.get("/api/v1/instruments/SF-02").json()["fitness"]
    assert (told["characteristic"], told["kind"], told["words"]) == ("SF", "problem", "not usable")
    assert (round(told["percent_tolerance"], 1), told["categories"]) == (26.6, 3)
    assert told["reaction"] == REACTION
    (good,) = desk.get("/api/v1/instruments/SF-01").json()["fitness"]
    assert (good["kind"], good["reaction"]) == ("ok", "")


def test_the_floor_is_warned_with_the_reaction_of_the_plan(desk: Client, station: str) -> None:
    text = text_of(desk, station)
    assert "SF-02 for Spring force: not usable" in text
    assert REACTION in text
    assert "■ not usable</option>" in text
    # The form offers the fit one, whatever the order of their names.
    assert '<option value="SF-01" selected>' in text


def test_a_permitted_use_is_told_with_its_verdict(desk: Client, manager: Any) -> None:
    study = force_tester("SF-02").studies.get()
    meaning = str(study.WORKFLOW.transition("permit").meaning)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        advance(study, "permit", actor=manager, reason="only for sorting",
                signing=Signing(PASSWORD, meaning))  # fmt: skip
    assert "not usable, use permitted" in text_of(desk, "/instruments/SF-02/")
