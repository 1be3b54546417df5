"""Pasted cells and files: records = stored + reported; mappings are remembered, keys bound."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.history.log import scan
from small_factory import build_small_factory

PASTED = (
    "characteristic\tmachine\tvalue\tlot\tmeasured_at\tbar\n"
    "PD\tL3\t0.7401\tPD-L3-1\t2025-03-13 07:15\tB-1\n"
    "PD\tL3\tabc\tPD-L3-1\t2025-03-13 07:16\tB-1\n"
    "PD\tL9\t0.7402\tPD-L3-1\t2025-03-13 07:17\tB-1\n"
)
FOREIGN = "Maß;Ort\n0,7401;L3\n0,7402;L3\n"

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path, engineer: Any, client: Client) -> Client:
    """A signed-in quality engineer with an empty data folder."""
    build_small_factory()
    settings.DATA_DIR = tmp_path
    client.force_login(engineer)
    return client


def text_of(response: Any) -> str:
    """Return a page's text on one line."""
    return " ".join(response.content.decode().split())


def stored() -> list[dict[str, Any]]:
    """Return every stored row."""
    return scan().collect().to_dicts()


def given(office: Client, text: str) -> str:
    """Paste a text and return the address of its columns."""
    answer = office.post("/import/", {"text": text})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_paste_is_tried_before_anything_is_stored(office: Client) -> None:
    text = text_of(office.get(given(office, PASTED)))
    assert "1 of 3 records can be taken in" in text
    assert "value: “abc” is not a number." in text
    assert "machine: There is no machine “L9”; load it first." in text
    assert stored() == []


def test_every_record_is_stored_or_reported(
    office: Client, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    address = given(office, PASTED)
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(address, {"take": "yes"}, follow=True)
    assert "1 of 3 records are stored" in text_of(answer)
    assert [(row["text"], row["factors"]) for row in stored()] == [("0.7401", '{"bar": "B-1"}')]
    lines = office.get(f"{address}reported.csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in lines] == [
        ["record", "column"], ["2", "value"], ["3", "machine"]
    ]  # fmt: skip
    assert list(tmp_path.rglob("*.table.json")) == []


def test_taking_in_twice_changes_nothing(office: Client) -> None:
    address = given(office, PASTED)
    office.post(address, {"take": "yes"})
    again = office.post(address, {"take": "yes"})
    assert again["Location"] == f"{address}outcome/"
    text = text_of(office.get(given(office, PASTED)))
    assert "<dt>of these stored before</dt><dd>1</dd>" in text
    assert len(stored()) == 1


def test_a_mapping_is_chosen_once_and_remembered(office: Client) -> None:
    address = given(office, FOREIGN)
    assert "The columns need you" in text_of(office.get(address))
    chosen = {"column-0": "value", "column-1": "machine", "constant-characteristic": "PD"}
    assert "All 2 records can be taken in" in text_of(office.post(address, chosen))
    assert stored() == []
    office.post(address, {**chosen, "take": "yes"})
    assert [row["value"] for row in stored()] == [0.7401, 0.7402]
    text = text_of(office.get(given(office, FOREIGN)))
    assert "the one you used last" in text
    assert 'value="value" selected' in text
    assert 'name="constant-characteristic" value="PD"' in text


def test_a_file_is_read_and_an_unreadable_one_refused(office: Client) -> None:
    file = SimpleUploadedFile("day.csv", PASTED.replace("\t", ",").encode())
    assert "day.csv" in text_of(office.post("/import/", {"file": file}, follow=True))
    for content in (b"", b"PK\x03\x04broken", b"a,b\x00\n1,2\n"):
        bad = SimpleUploadedFile("bad.xlsx", content)
        assert office.post("/import/", {"file": bad}).status_code == 422
    assert office.post("/import/", {"text": " "}).status_code == 422


def test_doubled_columns_are_told(office: Client) -> None:
    address = given(office, FOREIGN)
    constants = {"constant-characteristic": "PD", "constant-machine": "L3"}
    doubled = {"column-0": "value", "column-1": "value"}
    answer = office.post(address, {**doubled, **constants, "take": "yes"})
    assert answer.status_code == 422
    assert "occurs twice" in text_of(answer)
    assert stored() == []


def test_hostile_cells_stay_text_on_the_page_and_in_the_download(office: Client) -> None:
    hostile = "<script>alert(1)</script>"
    text = f"characteristic,machine,value,{hostile}\n{hostile},L3,=1+1,x\n"
    address = given(office, text)
    page = office.get(address)
    assert b"<script>alert" not in page.content
    mapped = {"column-0": "characteristic", "column-1": "machine", "column-2": "value"}
    office.post(address, {**mapped, "take": "yes"})
    assert b"<script>alert" not in office.get(f"{address}outcome/").content


def test_a_key_opens_only_the_upload_of_its_own_account(
    office: Client, account_with: Any, client: Client
) -> None:
    address = given(office, PASTED)
    client.force_login(account_with("INS"))
    for path in (address, f"{address}outcome/", f"{address}reported.csv"):
        assert client.get(path).status_code == 404
    assert client.post(address, {"take": "yes"}).status_code == 404
    assert stored() == []


def test_a_discarded_upload_is_deleted(office: Client, tmp_path: Path) -> None:
    address = given(office, PASTED)
    office.post(address, {"forget": "yes"})
    assert list(tmp_path.rglob("*.json")) == []


def test_operators_do_not_import(account_with: Any, client: Client, db: None) -> None:
    client.force_login(account_with("OP"))
    assert client.get("/import/").status_code == 403
    assert client.post("/import/", {"text": PASTED}).status_code == 403
