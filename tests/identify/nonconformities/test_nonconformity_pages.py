"""The pages of a nonconformity: reported on a phone, contained, disposed of, executed, closed."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from nonconformity_walk import PLACES, Walk

from andon.identify.nonconformities.models import DispositionLine, Nonconformity
from small_factory import signed


@pytest.fixture
def desk(walk: Walk, client: Client) -> Client:
    """A browser in which the quality engineer is signed in."""
    client.force_login(walk.engineer)
    return client


def fresh(record: Nonconformity) -> Nonconformity:
    """Return the record as stored now."""
    return Nonconformity.objects.get(pk=record.pk)


def post(desk: Client, record: Nonconformity, place: str, **values: Any) -> Any:
    """Send a line's form as the page would."""
    data = {"version": fresh(record).version, **values}
    return desk.post(f"/nc/{record.number}/lines/{place}/", data)


def test_four_fields_and_a_photo_report_a_nonconformity(
    walk: Walk, desk: Client, data_folder: Path
) -> None:
    assert desk.get("/nc/new/").status_code == 200
    answer = desk.post("/nc/new/", {
        "defect": "plunger diameter", "lot": "pd-l3-250311-e", "quantity": "120",
        "location": "L3", "photo": SimpleUploadedFile("p.jpg", b"jpg", "image/jpeg"),
    })  # fmt: skip
    record = Nonconformity.objects.get()
    assert answer.headers["Location"] == f"/nc/{record.number}/"
    assert (record.state, record.characteristic) == ("reported", walk.plant.characteristic)
    assert record.attachments.get().name == "p.jpg"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"lot": "no-such-lot"}, "There is no lot"),
        ({"lot": "", "location": "somewhere"}, "Name the lot"),
        ({"quantity": "0.5"}, "Pieces are whole numbers"),
        ({"quantity": "-5"}, "greater than or equal to 0"),
        ({"quantity": "NaN"}, "Enter a number"),
        ({"defect": ""}, "required"),
    ],
)
def test_a_wrong_fact_is_told_beside_its_field(
    walk: Walk, desk: Client, values: dict[str, str], message: str
) -> None:
    facts = {"defect": "Burr", "lot": "PD-L3-250311-E", "quantity": "10", "location": "L3"}
    answer = desk.post("/nc/new/", facts | values)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Nonconformity.objects.exists()


def test_the_whole_way_by_pages(walk: Walk, desk: Client) -> None:
    record = walk.reported()
    held = dict.fromkeys(PLACES, 0) | {"stock": 1000, "is_labelled": "on"}
    assert post(desk, record, "containment", **held).status_code == 302
    desk.post(f"/nc/{record.number}/step/review/", {"description": "Drift", "severity": "major"})
    line = {"kind": "sort", "quantity": 1000, "reason": "100 % check"}
    assert post(desk, record, "disposition", **line).status_code == 302
    desk.post(f"/nc/{record.number}/step/dispose/", signed(desk, "disposition approved"))
    key = DispositionLine.objects.get().pk
    done = {"accepted": 1000, "rejected": 0, "lost": 0}
    assert post(desk, record, f"{key}/execution", **done).status_code == 302
    desk.post(f"/nc/{record.number}/step/execute/", {"reason": ""})
    post(desk, record, "decision", is_needed="no", reason="single case")
    desk.post(f"/nc/{record.number}/step/close/", {"reason": ""})
    assert fresh(record).state == "closed"


@pytest.mark.parametrize("state", [s.name for s in Nonconformity.WORKFLOW.states])
def test_the_page_of_every_state_opens(walk: Walk, desk: Client, state: str) -> None:
    answer = desk.get(f"/nc/{walk.at(state).number}/")
    assert answer.status_code == 200
    assert "Quantities" in answer.content.decode()


def test_the_balance_is_shown_with_what_is_open(walk: Walk, desk: Client) -> None:
    record = walk.under_review()
    walk.line(record, "scrap", 256, lot=walk.plant.lots[0])
    text = desk.get(f"/nc/{record.number}/").content.decode()
    assert "744 pieces are still open" in text
    assert "€ 15.36" in text


def test_a_line_can_be_taken_back_and_is_told(walk: Walk, desk: Client) -> None:
    record = walk.under_review()
    line = walk.line(record, "scrap", 10)
    assert post(desk, record, f"{line.pk}/take-back", reason="counted again").status_code == 302
    assert "1 line was taken back" in desk.get(f"/nc/{record.number}/").content.decode()


def test_is_and_is_not_are_written_row_by_row(walk: Walk, desk: Client) -> None:
    record = walk.reported()
    desk.get(f"/nc/{record.number}/lines/is-is-not/?aspect=where")
    post(desk, record, "is-is-not", aspect="where", is_so="L3", is_not="L1, L2, L4")
    assert record.is_is_not.get(aspect="where").is_not == "L1, L2, L4"


def test_quantities_stand_in_forms_as_people_write_them(walk: Walk, desk: Client) -> None:
    record = walk.under_review()
    line = desk.get(f"/nc/{record.number}/lines/disposition/").content.decode()
    assert 'name="quantity" value="1000"' in line
    change = desk.get(f"/nc/{record.number}/change/").content.decode()
    assert 'name="quantity_suspect" value="1000"' in change
    line = walk.line(record, "scrap", Decimal(1000))  # type: ignore[arg-type]
    assert str(line) == "scrap 1,000"


def test_more_than_is_open_is_told_beside_the_quantity(walk: Walk, desk: Client) -> None:
    record = walk.under_review()
    answer = post(desk, record, "disposition", kind="scrap", quantity=1001, reason="x")
    assert answer.status_code == 422
    assert "More is disposed of than is open." in answer.content.decode()


def test_somebody_elses_change_in_between_is_a_conflict(walk: Walk, desk: Client) -> None:
    record = walk.under_review()
    old = fresh(record).version
    walk.line(record, "scrap", Decimal(5))  # type: ignore[arg-type]
    answer = desk.post(
        f"/nc/{record.number}/lines/disposition/",
        {"version": old, "kind": "scrap", "quantity": 1, "reason": "x"},
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("quantity", "message"),
    [("0.5", "Pieces are whole numbers."), ("4", "The lots hold more than is suspect.")],
)
def test_a_suspect_quantity_that_cannot_be_is_refused_by_every_door(
    walk: Walk, desk: Client, quantity: str, message: str
) -> None:
    record = walk.under_review()
    version, place = fresh(record).version, f"/nc/{record.number}/"
    by_page = desk.post(f"{place}change/", {
        "title": record.title, "unit": "pieces", "quantity_suspect": quantity,
        "version": version, "reason": "counted again",
    })  # fmt: skip
    by_program = desk.patch(
        f"/api/v1{place[:-1]}?reason=counted+again", {"quantity_suspect": quantity},
        content_type="application/json", headers={"if-match": f'"{version}"'},
    )  # fmt: skip
    for answer in (by_page, by_program):
        assert answer.status_code == 422
        assert message in answer.content.decode()
    assert fresh(record).version == version


def test_pages_ask_for_their_permissions(walk: Walk, client: Client, account_with: Any) -> None:
    client.force_login(account_with("AUD"))
    record = walk.under_review()
    assert client.get("/nc/new/").status_code == 403
    assert client.get(f"/nc/{record.number}/").status_code == 200
    for name in ("lot", "containment", "disposition", "decision", "split", "is-is-not"):
        assert client.get(f"/nc/{record.number}/lines/{name}/").status_code == 403
    assert client.get(f"/nc/{record.number}/lines/nothing/").status_code == 404


def test_unsigned_people_are_sent_to_the_door(walk: Walk, client: Client) -> None:
    assert "/login/" in client.get("/nc/new/").headers["Location"]
