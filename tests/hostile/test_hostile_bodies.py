"""Hostile JSON, attachments and master data: refused in words with the place, nothing stored."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from andon.control.plans.master_data import load_master
from andon.history.log import scan
from andon.identify.nonconformities.models import Nonconformity
from andon.organization.processes.models import Machine
from andon.records.attachments import MOST_NAME
from andon.records.models import Attachment
from andon.records.services import create
from hostile.tables_at_hand import cells, raw_book
from small_factory import build_small_factory, measured

ONE = json.dumps(measured())


def submitted(row: str) -> bytes:
    """Return a submission of one good record and this one."""
    return f'{{"rows": [{ONE}, {row}]}}'.encode()


def changed(**others: Any) -> bytes:
    """Return a submission whose second record is changed."""
    return submitted(json.dumps({**measured(), **others}))


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "half": b'{"rows": [',
    "list": b"[]",
    "null": b"null",
    "text": b'"rows"',
    "no rows": b'{"rows": []}',
    "rows of rows": b'{"rows": [[]]}',
    "NUL in a text": changed(lot="a\0b"),
    "NUL raw": submitted(ONE.replace("L3", "L\x003")),
    "NaN": submitted(ONE.replace('"0.7388"', "NaN")),
    "infinity": submitted(ONE.replace('"0.7388"', "-Infinity")),
    "1e999": submitted(ONE.replace('"0.7388"', "1e999")),
    "5000 digits": submitted(ONE.replace('"0.7388"', "7" * 5000)),
    "300 digits": submitted(ONE.replace('"0.7388"', "7" * 400)),
    "truth": changed(value=True),
    "null value": changed(value=None),
    "list as value": changed(value=[0.7]),
    "nesting": b"[" * 20_000 + b"]" * 20_000,
    "nested factor": submitted(ONE[:-1] + ', "x": ' + '{"a":' * 5000 + "1" + "}" * 5001),
    "names twice": submitted(ONE[:-1] + ', "value": "0.9"}'),
    "rows twice": b'{"rows": [' + ONE.encode() + b'], "rows": [' + ONE.encode() + b"]}",
    "half a pair": submitted(ONE.replace('"0.7388"', '"\\ud800"')),
    "no UTF-8": submitted(ONE).replace(b"L3", b"L\xff"),
    "mass assignment": f'{{"rows": [{ONE}], "is_admin": true}}'.encode(),
    "homoglyph": changed(machine="L３"),
    "long text": changed(lot="x" * 301),
    "unknown unit": changed(unit="inch"),
    "year 1": changed(measured_at="0001-01-01"),
    "year 9999": changed(measured_at="9999-12-31T23:59:59-10:00"),
    "10001 rows": b'{"rows": [' + b"{}," * 10_000 + b"{}]}",
}

TOML: dict[str, bytes] = {
    "half": b"[[machine]]\ncode = ",
    "no UTF-8": b"[[machines]]\ncode = '\xff'",
    "5000 digits": b"x = " + b"7" * 5000,
    "nesting": b"x = " + b"[" * 20_000,
    "unknown sheet": b"[[moons]]\ncode = 'M'",
    "no tables": b"machines = 7",
    "key twice": b"[[machines]]\ncode = 'A'\ncode = 'B'",
    "wrong type": b"[[machines]]\ncode = ['A']\nname = 7\nprocess = {}",
    "NUL": b"[[machines]]\ncode = \"A\\u0000\"\nname = 'A'\nprocess = 'TURN'",
    "not a number": b"[[characteristics]]\ncode='Z'\nname='Z'\nprocess='TURN'\ntarget=nan",
}

BOOKS: dict[str, Callable[[], bytes]] = {
    "document type": lambda: raw_book(cells(("code",), ("A",)), before="<!DOCTYPE a>"),
    "header twice": lambda: raw_book(cells(("code", "code"), ("A", "B"))),
    "unknown sheet": lambda: raw_book(cells(("code",), ("A",))),
    "no workbook": lambda: b"code\nA\n",
    "far cell": lambda: raw_book('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
}


@pytest.fixture(autouse=True)
def _factory(db: None, noon: Any, data_folder: Path) -> None:
    build_small_factory()


@pytest.fixture
def desk(engineer: Any) -> Client:
    """A signed-in browser that tells errors of the server as answers."""
    client = Client(raise_request_exception=False)
    client.force_login(engineer)
    return client


def test_a_hostile_body_is_refused_and_nothing_of_it_is_stored(desk: Client) -> None:
    for name, body in BODIES.items():
        answer = desk.post("/api/v1/measurements", body, content_type="application/json")
        assert answer.status_code in (400, 422), (name, answer.content[:300])
        assert answer["Content-Type"] == "application/problem+json", name
        assert answer.json()["status"] == answer.status_code, name
    assert scan().collect().is_empty()


def test_hostile_master_data_are_refused_with_their_place(system: Any, tmp_path: Path) -> None:
    files = {f"{name}.toml": content for name, content in TOML.items()}
    files |= {f"{name}.xlsx": build() for name, build in BOOKS.items()}
    for name, content in files.items():
        file = tmp_path / name
        file.write_bytes(content)
        told = load_master(file, actor=system)
        assert told.refused, name
        assert all(place and message for place, message in told.refused), name
    assert Machine.objects.count() == 4


def _pixels() -> bytes:
    """Return a picture of a few kilobytes whose pixels would fill the memory."""
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
FILES: dict[str, tuple[str, bytes, str]] = {
    "pixel bomb": ("bomb.png", _pixels(), "image/png"),
    "SVG": ("x.svg", SVG, "image/svg+xml"),
    "SVG as PNG": ("x.png", SVG, "image/png"),
    "page": ("x.html", b"<script>alert(1)</script>", "text/html"),
    "path": ("../../etc/passwd", b"x", "text/plain"),
    "path of Windows": ("..\\..\\boot.ini", b"x", "text/plain"),
    "dots": ("...", b"x", "text/plain"),
    "right to left": ("gpj.\u202eexe.png", b"x", "image/png"),
    "long name": ("x" * 400 + ".png", b"x", "image/png"),
    "line break": ("a\r\nSet-Cookie: x=1.txt", b"x", "text/plain"),
    "type of two lines": ("a.txt", b"x", "text/html\r\nX: 1"),
}


def test_a_hostile_attachment_is_kept_as_a_harmless_download(desk: Client, engineer: Any) -> None:
    record = Nonconformity(title="Scratched")
    create(record, actor=engineer)
    address = record.get_absolute_url()
    for name, (given, content, kind) in FILES.items():
        answer = desk.post(f"{address}files/", {"file": SimpleUploadedFile(given, content, kind)})
        assert answer.status_code in (302, 422), name
    assert desk.get(address).status_code == 200
    assert Attachment.objects.count() >= len(FILES) - 1
    for kept in Attachment.objects.all():
        assert 0 < len(kept.name) <= MOST_NAME
        assert not set(kept.name) & set("/\\\r\n\u202e\0")
        assert desk.get(f"/files/{kept.pk}/picture/").status_code < 500
        answer = desk.get(f"/files/{kept.pk}/")
        assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
        assert answer["Content-Disposition"].startswith("attachment")
