"""Small pictures: drawn anew from photos, refused for anything that only claims to be one."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from record_acts import page

from andon.identify.nonconformities.models import Nonconformity
from andon.records import thumbnails
from andon.records.attachments import attach
from andon.records.models import Attachment

SECRET = b"GPS 49.0069 8.4037"


def photo(width: int = 1200, height: int = 800, *, orientation: int = 1) -> bytes:
    """Return a photo as a phone takes it, with what it says about its place."""
    marks = Image.Exif()
    marks[0x0112], marks[0x010E] = orientation, SECRET.decode()
    buffer = BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "JPEG", exif=marks)
    return buffer.getvalue()


@pytest.fixture
def attached(record: Nonconformity, engineer: Any, data_folder: Path) -> Any:
    """Return a maker of attachments."""

    def make(content: bytes, kind: str = "image/jpeg") -> Attachment:
        return attach(record, SimpleUploadedFile("photo.jpg", content, kind), actor=engineer)

    return make


def test_a_photo_is_shown_small_upright_and_without_its_place(attached: Any, desk: Client) -> None:
    answer = desk.get(f"/files/{attached(photo(orientation=6)).pk}/picture/")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert SECRET not in answer.content
    with Image.open(BytesIO(answer.content)) as small:
        assert small.size == (320, 480)  # turned upright


def test_the_page_shows_pictures_of_photos_only(
    attached: Any, desk: Client, record: Nonconformity
) -> None:
    shown, plain = attached(photo()), attached(b"<svg onload=alert(1)>", "image/svg+xml")
    told = page(desk, record)
    assert f"/files/{shown.pk}/picture/" in told
    assert f"/files/{plain.pk}/picture/" not in told
    assert f"/files/{plain.pk}/" in told


@pytest.mark.parametrize("content", [b"not a picture", b"\xff\xd8\xff\xe0 cut", b"GIF89a"])
def test_a_file_that_only_claims_to_be_a_picture_is_refused(
    attached: Any, desk: Client, content: bytes
) -> None:
    assert desk.get(f"/files/{attached(content).pk}/picture/").status_code == 422


def test_a_picture_that_claims_too_many_points_is_refused(
    attached: Any, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "MOST_PIXELS", 1000)
    answer = desk.get(f"/files/{attached(photo()).pk}/picture/")
    assert answer.status_code == 422
    assert "too large" in answer.content.decode()


def test_a_photo_from_the_phone_and_files_are_attached_at_once(
    desk: Client, record: Nonconformity, data_folder: Path
) -> None:
    sent = {
        "file": [SimpleUploadedFile(name, b"text", "text/plain") for name in ("a.txt", "b.txt")],
        "photo": SimpleUploadedFile("c.jpg", photo(40, 40), "image/jpeg"),
    }
    assert desk.post(f"{record.get_absolute_url()}files/", sent).status_code == 302
    assert [one.name for one in record.attachments.all()] == ["a.txt", "b.txt", "c.jpg"]
