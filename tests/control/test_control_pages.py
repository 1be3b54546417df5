"""The pages and the interface of control: instruments, control plans, master data."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.control.instruments.models import Instrument
from andon.organization.processes.models import Process
from andon.records import clock
from andon.records.trail.context import acting

TODAY = datetime(2025, 6, 3, 8, tzinfo=UTC)


@pytest.fixture
def pages(line_of: Any, engineer: Any, system: Any, client: Client) -> Any:
    """A signed-in quality engineer on 3 June 2025 before four instruments and a plan."""
    due = {
        "MIC-07": date(2025, 6, 2), "MIC-08": date(2025, 6, 20), "XRF-01": date(2026, 1, 1),
    }  # fmt: skip
    with acting(system):
        for code, on in due.items():
            Instrument.objects.create(code=code, name=code, kind="gauge", due_on=on)
        Instrument.objects.create(code="SF-02", name="x", kind="tester", status="quarantined")
    line = line_of(rules=["nelson 1"], reaction="Check the insert life counter.")
    with acting(system):
        line.instruments.set(Instrument.objects.filter(code__startswith="MIC"))
    client.force_login(engineer)
    with clock.fixed(TODAY):
        yield client


def _text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return " ".join(response.content.decode().split())


def test_instruments_that_must_not_be_used_stand_first(pages: Client) -> None:
    text = _text(pages, "/instruments/")
    assert "2 instruments must not be used" in text
    codes = ["MIC-07", "SF-02", "MIC-08", "XRF-01"]
    assert sorted(codes, key=text.index) == codes
    for words in ("overdue since 2 Jun 2025", "due on 20 Jun 2025", "calibrated until 1 Jan 2026"):
        assert words in text


def test_an_instrument_says_whether_it_may_be_used(pages: Client) -> None:
    assert "MIC-07 is overdue for calibration since 2 June 2025." in _text(
        pages, "/instruments/MIC-07/"
    )
    assert "XRF-01 may be used" in _text(pages, "/instruments/XRF-01/")
    _text(pages, "/instruments/none/", 404)


def test_a_control_plan_shows_each_check_with_its_reaction(pages: Client) -> None:
    assert "One control plan" in _text(pages, "/control-plans/")
    text = _text(pages, "/control-plans/CP-1/")
    for words in ("revision 1", "5 pieces, every shift", "Xbar-R", "nelson 1", "MIC-08",
                  "Check the insert life counter.", "Finding: raise a nonconformity."):  # fmt: skip
        assert words in text
    _text(pages, "/control-plans/none/", 404)


def test_the_interface_tells_instruments_and_plans(pages: Client) -> None:
    told = pages.get("/api/v1/instruments/MIC-07").json()
    assert told["refusal"] == "MIC-07 is overdue for calibration since 2 June 2025."
    assert len(pages.get("/api/v1/instruments?limit=2").json()["items"]) == 2
    assert pages.get("/api/v1/control-plans").json()[0]["revision"] == 1
    assert pages.get("/api/v1/control-plans/CP-1").json()["product"] == ""
    line = pages.get("/api/v1/control-plans/CP-1/lines").json()[0]
    assert (line["chart"], line["instruments"]) == ("Xbar-R", ["MIC-07", "MIC-08"])
    assert (line["machine"], line["reaction"]) == ("", "Check the insert life counter.")
    assert pages.get("/api/v1/control-plans/none").status_code == 404


def _upload(client: Client, name: str, content: bytes) -> Any:
    return client.post("/master-data/", {"file": SimpleUploadedFile(name, content)})


def test_master_data_are_taken_changed_and_loaded_back(
    pages: Client, manager: Any, tmp_path: Path
) -> None:
    pages.force_login(manager)
    taken = pages.get("/master-data/export.toml").content.decode()
    answer = _upload(pages, "changed.toml", taken.replace('"Turning"', '"Turnery"').encode())
    assert "changed.toml is loaded: 0 created, 1 changed" in answer.content.decode()
    assert Process.objects.get().name == "Turnery"
    spreadsheet = pages.get("/master-data/export.xlsx")
    assert "master-data.xlsx" in spreadsheet["Content-Disposition"]
    assert (
        "0 created, 0 changed" in _upload(pages, "same.xlsx", spreadsheet.content).content.decode()
    )
    assert pages.get("/master-data/export.exe").status_code == 404


def test_a_refused_file_says_where_and_what_to_do(pages: Client, manager: Any) -> None:
    pages.force_login(manager)
    answer = _upload(pages, "wrong.toml", b'[[process]]\ncode = "a"\nposition = "first"\n')
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Nothing was loaded from wrong.toml: 2 places need you." in text
    assert "[[process]] 1, column position" in text
    large = _upload(pages, "large.toml", b"#" * (5 * 1024 * 1024 + 1))
    assert "at most 5 MB" in large.content.decode()


def test_an_engineer_may_take_but_not_load_master_data(pages: Client) -> None:
    assert _upload(pages, "x.toml", b"").status_code == 403
    assert pages.get("/master-data/export.toml").status_code == 200
    _text(pages, "/master-data/", 403)


def test_a_scanned_instrument_leads_to_its_page(pages: Client) -> None:
    assert pages.get("/search/", {"q": "MIC-07"})["Location"] == "/instruments/MIC-07/"
