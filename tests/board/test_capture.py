"""The floor's form judges, stores once however often it is sent, refuses beside the field."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from andon.analyze.monitoring.models import Signal
from andon.control.instruments.models import Instrument
from andon.control.plans.models import PlanLine
from andon.history.log import scan
from andon.identify.measurements.services import record
from andon.organization.products.models import Characteristic, Lot
from small_factory import build_small_factory

KEY = "7d4f6c9e-8f6b-4d0e-9f53-0a6a5a5b1c11"
ADDRESS = "/record/PD/L3/"
GOOD = ("0.7401", "0.7399", "0.7402", "0.7398", "0.7400")

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(autouse=True)
def _factory(db: None) -> None:
    build_small_factory(baseline_until=date(2025, 3, 11))
    lines = PlanLine.objects.filter(characteristic__code="PD")
    lines.get().instruments.set(Instrument.objects.filter(code="MIC-01"))


@pytest.fixture
def floor(account_with: Callable[..., Any], client: Client) -> Client:
    """A signed-in operator."""
    client.force_login(account_with("OP"))
    return client


@pytest.fixture
def with_limits(engineer: Any, noon: Any) -> None:
    """Phase I and a day after it, so that means have a control band."""
    rows = []
    for place in range(34):
        at = noon - timedelta(days=12) + timedelta(hours=8 * place)
        for piece in range(5):
            value = 0.74 + 0.0004 * ((place * 7 + piece * 3) % 5 - 2)
            rows.append(
                {
                    "characteristic": "PD", "machine": "L3", "value": f"{value:.4f}",
                    "measured_at": at.isoformat(), "lot": f"PD-L3-{place}", "instrument": "MIC-01",
                }
            )  # fmt: skip
    record(rows, actor=engineer)


def form(*values: str, **others: str) -> dict[str, str]:
    """Return what the form of the plunger diameter sends."""
    typed = {f"value-{place}": text for place, text in enumerate(values, start=1)}
    shared = {"key": KEY, "measured_at": "2025-03-13T11:58:00+00:00", "lot": "PD-L3-250313-E"}
    return {**typed, **shared, "instrument": "MIC-01", **others}


def stored() -> list[dict[str, Any]]:
    """Return every stored row."""
    return scan().collect().to_dicts()


def text_of(response: Any) -> str:
    """Return a page's text on one line."""
    return " ".join(response.content.decode().split())


def verdict_of(text: str) -> str:
    """Return the part of a page that says what was stored and how it stands."""
    return text.partition('<section class="verdict')[2].partition("</ol>")[0]


def test_the_form_has_a_box_for_each_piece_of_the_plan(floor: Client) -> None:
    text = text_of(floor.get(ADDRESS))
    assert text.count('name="value-') == 5
    for words in ("every shift, 5 pieces", "MIC-01", "calibrated until 2 Jun 2099", "0.730"):
        assert words in text


def test_a_sample_is_stored_with_lot_instrument_and_operator(floor: Client) -> None:
    answer = floor.post(ADDRESS, form(*GOOD), follow=True)
    assert "5 results are stored" in text_of(answer)
    rows = stored()
    assert [row["text"] for row in rows] == list(GOOD)
    assert {(row["lot"], row["instrument"], row["operator"], row["shift"]) for row in rows} == {
        ("PD-L3-250313-E", "MIC-01", "op", "E")
    }
    assert Lot.objects.filter(code="PD-L3-250313-E", machine__code="L3").exists()


def test_the_same_form_sent_again_doubles_nothing_and_is_answered_the_same(floor: Client) -> None:
    first = text_of(floor.post(ADDRESS, form(*GOOD), follow=True))
    again = text_of(floor.post(ADDRESS, form(*GOOD), follow=True))
    assert len(stored()) == 5
    assert verdict_of(again) == verdict_of(first) != ""


def test_the_same_key_with_other_values_is_a_conflict(floor: Client) -> None:
    floor.post(ADDRESS, form(*GOOD))
    other = floor.post(ADDRESS, form(*GOOD[:4], "0.7411"))
    assert other.status_code == 409
    assert len(stored()) == 5


def test_what_is_malformed_is_told_beside_its_box_and_nothing_is_stored(floor: Client) -> None:
    answer = floor.post(ADDRESS, form("0.7401", "abc", "nan", "", "0.7400"))
    assert answer.status_code == 422
    text = text_of(answer)
    for place in (2, 3, 4):
        assert f'id="error-{place}"' in text
    assert 'id="error-1"' not in text
    assert "Nothing was stored." in text
    assert 'value="0.7401"' in text
    assert KEY in text
    assert stored() == []


def test_hostile_text_comes_back_as_text(floor: Client) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = floor.post(ADDRESS, form(hostile, *GOOD[1:], lot=hostile))
    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content
    assert b"<script>alert" not in floor.get("/record/", {"q": hostile}).content
    assert b"<script>alert" not in floor.get(ADDRESS, {"lot": hostile}).content


def test_an_overdue_instrument_is_a_conflict_beside_the_instrument(floor: Client) -> None:
    answer = floor.post(ADDRESS, form(*GOOD, instrument="MIC-09"))
    assert answer.status_code == 409
    assert "MIC-09 is overdue for calibration since 1 March 2025." in text_of(answer)
    assert stored() == []


def test_a_value_outside_specification_is_stored_and_said(floor: Client) -> None:
    text = text_of(floor.post(ADDRESS, form(*GOOD[:4], "0.7512"), follow=True))
    assert "A value is outside specification" in text
    assert "value--problem" in text
    assert [row["is_out_of_specification"] for row in stored()][-1] is True


@pytest.mark.usefixtures("with_limits")
def test_a_signal_shows_the_reaction_plan_and_one_button_acknowledges_it(floor: Client) -> None:
    high = [f"{float(text) + 0.006:.4f}" for text in GOOD]
    text = text_of(floor.post(ADDRESS, form(*high), follow=True))
    assert "above the control band" in text
    assert "Reaction plan: Check the insert life counter." in text
    assert "outside the control band" in text
    floor.post(f"{ADDRESS}acknowledge/")
    signals = Signal.objects.filter(stream__code="PD/L3", subgroup="2025-03-13 E")
    assert {signal.reaction for signal in signals} == {"Check the insert life counter."}
    assert "Reaction plan:" not in text_of(floor.get(ADDRESS))


@pytest.mark.usefixtures("with_limits")
def test_the_last_samples_are_drawn_with_their_limits(floor: Client) -> None:
    text = text_of(floor.get(ADDRESS))
    assert 'id="last-samples"' in text
    assert "UCL 0.74" in text
    assert text.count('class="result ') == 5


def test_defects_are_counted_by_code_in_one_sending(floor: Client) -> None:
    burr = Characteristic.objects.create(
        code="BURR", name="Burr", process_id=Characteristic.objects.get(code="CRIMP").process_id,
        unit="pieces", kind="attribute",
    )  # fmt: skip
    plan = PlanLine.objects.get(characteristic__code="CRIMP").plan_id
    PlanLine.objects.create(
        plan_id=plan, position=9, characteristic=burr, frequency="per shift", reaction="Sort."
    )
    sent = form("3", "", inspected="200", instrument="")
    text = text_of(floor.post("/record/CRIMP/A2/", sent, follow=True))
    assert "200 pieces inspected" in text
    rows = {row["characteristic"]: (row["value"], row["inspected"]) for row in stored()}
    assert rows == {"CRIMP": (3.0, 200), "BURR": (0.0, 200)}
    more = form("300", "", inspected="200", instrument="", key="")
    assert floor.post("/record/CRIMP/A2/", more).status_code == 422


def test_a_scanned_lot_leads_to_the_samples_of_its_machine(floor: Client) -> None:
    floor.post(ADDRESS, form(*GOOD))
    found = floor.get("/record/", {"q": "pd-l3-250313-e"})
    assert found["Location"] == "/record/PD/L3/?lot=PD-L3-250313-E"
    assert 'value="PD-L3-250313-E"' in text_of(floor.get(found["Location"]))


def test_samples_are_due_until_they_are_taken(floor: Client) -> None:
    assert "6 samples are due" in text_of(floor.get("/record/"))
    floor.post(ADDRESS, form(*GOOD))
    text = text_of(floor.get("/record/"))
    assert "5 samples are due" in text
    assert "done at 12:58" in text
    assert "Nothing is called “zzz”." in text_of(floor.get("/record/", {"q": "zzz"}))


def test_only_those_who_measure_may_record(account_with: Any, client: Client) -> None:
    client.force_login(account_with("AUD"))
    for address in ("/record/", ADDRESS, f"{ADDRESS}sent/"):
        assert client.get(address).status_code == 403
    assert client.post(ADDRESS, form(*GOOD)).status_code == 403
    assert stored() == []


def test_an_unknown_place_is_not_found(floor: Client) -> None:
    assert floor.get("/record/XX/L3/").status_code == 404
    assert floor.get("/record/PD/L99/").status_code == 404
