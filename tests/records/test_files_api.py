"""The files of a record through the interface: attached once, told by their hash, checked."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.records.accounts import create_token
from andon.records.attachments import path_of
from andon.records.models import Attachment

PHOTO = b"a photo of the burr"


@pytest.fixture
def caller(engineer: Any, data_folder: Path) -> Client:
    """A script that calls with the quality engineer's token."""
    secret = create_token(engineer, name="script", actor=engineer)
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


def sent(caller: Client, place: str, content: bytes = PHOTO, **headers: str) -> Any:
    """Attach a file, as a form sends it."""
    file = SimpleUploadedFile("../burr.jpg", content, content_type="image/jpeg")
    return caller.post(place, {"file": file}, headers=headers)


def test_a_file_is_attached_listed_and_given_out(caller: Client, record: Any) -> None:
    place = f"/api/v1/nc/{record.number}/files"
    told = sent(caller, place).json()
    assert (told["name"], told["size"]) == ("burr.jpg", len(PHOTO))
    assert told["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert caller.get(place).json() == [told]
    answer = caller.get(f"{place}/{told['id']}")
    assert b"".join(answer) == PHOTO
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_repeated_file_is_attached_once(caller: Client, record: Any) -> None:
    place = f"/api/v1/nc/{record.number}/files"
    first, second = (sent(caller, place, **{"idempotency-key": "photo-1"}) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    other = sent(caller, place, b"another", **{"idempotency-key": "photo-1"})
    assert other.status_code == 409
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"file": "no file"}])
def test_what_is_no_file_is_told(caller: Client, record: Any, body: dict[str, str]) -> None:
    answer = caller.post(f"/api/v1/nc/{record.number}/files", body)
    assert answer.status_code == 422
    assert "file" in answer.json()["errors"][0]["field"]


def test_an_empty_file_and_a_changed_one_are_refused(caller: Client, record: Any) -> None:
    place = f"/api/v1/nc/{record.number}/files"
    assert sent(caller, place, b"").status_code == 422
    told = sent(caller, place).json()
    path_of(told["sha256"]).write_bytes(b"another")
    assert caller.get(f"{place}/{told['id']}").status_code == 409
    assert caller.get(f"/api/v1/nc/{record.number}/files/99999").status_code == 404
