"""Files are kept by their hash, checked at each download, and never trusted for their name."""

import resource
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.records.attachments import attach, checked_path, path_of
from andon.records.errors import Conflict, Forbidden, Refused
from andon.records.lost import is_full

pytestmark = pytest.mark.usefixtures("data_folder")
NAMES = {
    "photo.jpg": "photo.jpg",
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "/abs/olute.txt": "olute.txt",
    "Prüfmaß 不合格.pdf": "Prüfmaß_不合格.pdf",
    "a\x00b\r\nSet-Cookie: x.txt": "abSet-Cookie_x.txt",
    '"><script>.html': "script.html",
    "x" * 300 + ".pdf": "x" * 251 + ".pdf",
}


def file(name: str = "photo.jpg", content: bytes = b"light") -> SimpleUploadedFile:
    """Return an uploaded file that came by this name."""
    made = SimpleUploadedFile("x", content, content_type="image/jpeg")
    made._name = name  # type: ignore[attr-defined]  # as a hostile client would send it
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_becomes_a_plain_one(record: Any, engineer: Any, name: str) -> None:
    assert attach(record, file(name), actor=engineer).name == NAMES[name]


@pytest.mark.parametrize("name", ["", ".", "..", "///", "\x00"])
def test_a_name_of_nothing_gets_one(record: Any, engineer: Any, name: str) -> None:
    assert attach(record, file(name), actor=engineer).name == "file"


def test_the_same_content_is_kept_once(record: Any, engineer: Any) -> None:
    one, other = (attach(record, file(name), actor=engineer) for name in ("a.jpg", "b.jpg"))
    assert one.sha256 == other.sha256
    assert checked_path(one) == checked_path(other)
    assert [p for p in path_of(one.sha256).parents[1].rglob("*") if p.is_file()] == [
        path_of(one.sha256)
    ]


def test_a_file_for_which_there_is_no_space_leaves_nothing(record: Any, engineer: Any) -> None:
    attach(record, file(), actor=engineer)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(OSError, match="File too large") as told:
            attach(record, file(content=bytes(100_000)), actor=engineer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert is_full(told.value)
    assert len([p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]) == 1


def test_a_file_is_downloaded_as_it_was_sent(desk: Client, record: Any, engineer: Any) -> None:
    kept = attach(record, file(content=b"<script>"), actor=engineer)
    answer = desk.get(f"/files/{kept.pk}/")
    assert b"".join(answer.streaming_content) == b"<script>"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("act", ["edit", "remove"])
def test_a_tampered_file_is_not_given_out(
    desk: Client, record: Any, engineer: Any, act: str
) -> None:
    kept = attach(record, file(), actor=engineer)
    place: Path = path_of(kept.sha256)
    place.write_bytes(b"other") if act == "edit" else place.unlink()
    with pytest.raises(Conflict):
        checked_path(kept)
    assert desk.get(f"/files/{kept.pk}/").status_code == 409


def test_a_file_sent_again_mends_a_tampered_one(record: Any, engineer: Any) -> None:
    kept = attach(record, file(), actor=engineer)
    path_of(kept.sha256).write_bytes(b"other")
    attach(record, file(), actor=engineer)
    assert checked_path(kept).read_bytes() == b"light"


def test_a_file_that_is_too_large_is_refused(
    desk: Client, record: Any, settings: Any, data_folder: Path
) -> None:
    settings.MAX_ATTACHMENT_BYTES = 100
    answer = desk.post(f"{record.get_absolute_url()}files/", {"file": file(content=b"x" * 101)})
    assert answer.status_code == 422
    assert record.attachments.count() == 0
    assert not any(path.is_file() for path in data_folder.rglob("*"))


def test_attaching_needs_the_permission(record: Any, account_with: Any) -> None:
    with pytest.raises(Forbidden):
        attach(record, file(), actor=account_with(username="nobody"))


def test_downloading_needs_the_view_of_the_record(
    record: Any, engineer: Any, account_with: Any
) -> None:
    kept = attach(record, file(), actor=engineer)
    browser = Client()
    browser.force_login(account_with(username="nobody"))
    assert browser.get(f"/files/{kept.pk}/").status_code == 403


def test_nothing_chosen_is_told(desk: Client, record: Any) -> None:
    assert desk.post(f"{record.get_absolute_url()}files/").status_code == 422


def test_an_empty_file_is_refused(record: Any, engineer: Any) -> None:
    with pytest.raises(Refused):
        attach(record, file(content=b""), actor=engineer)
