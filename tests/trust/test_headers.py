"""Every address answers with the strict headers, and no page holds what they would stop."""

import re
import subprocess
import sys
from collections.abc import Callable
from http.cookies import Morsel
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from andon.identify.nonconformities.models import Nonconformity
from andon.records.accounts import create_token
from andon.records.services import create
from andon.web.security import CONTENT_SECURITY_POLICY
from site_at_hand import build_site
from small_factory import PASSWORD
from trust.matrix_cells import filled, stated

pytestmark = pytest.mark.once
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=[\"']|\son[a-z]+=[\"']"
    r"|javascript:|hx-on|hx-vals=[\"']js:",
    re.IGNORECASE,
)
AGED = {"/files/<int:key>/picture/"}
"""A small picture is never another one: the reader's own browser may keep it for a day."""


@pytest.fixture
def visited(
    account_with: Callable[..., Any], noon: Any, data_folder: Path, settings: Any
) -> list[tuple[str, Any]]:
    """Every address as somebody who may open it, and some that do not exist."""
    settings.DATA_DIR = data_folder
    people, objects = build_site(account_with)
    browser = Client(raise_request_exception=False)
    browser.force_login(people["author"])
    addresses = [row for row in stated() if row[0] in ("PAGE", "GET") and row[1] != "/logout/"]
    found = [(row[1], browser.get(filled(row[1], objects))) for row in addresses]
    odd = ["/no/such/page/", "/api/v1/nothing", "/api/v1/openapi.json", "/nc/?page=\0"]
    return [*found, *((path, browser.get(path)) for path in odd)]


def test_every_answer_carries_the_headers_and_no_page_breaks_them(visited: Any) -> None:
    assert len(visited) > 130
    for address, answer in visited:
        assert answer.status_code < 500, address
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (address, name)
        if address not in AGED:
            assert "no-store" in answer.headers["Cache-Control"], address
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert INLINE.search(answer.content.decode()) is None, address


def test_files_are_given_out_as_downloads_without_their_type(visited: Any) -> None:
    told = dict(visited)
    file = told["/files/<int:key>/"]
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Type"] == "application/octet-stream"


def cookies_of(settings: Any, engineer: Any, *, is_behind_tls: bool) -> dict[str, Morsel[str]]:
    """Return the cookies that signing in sets."""
    browser = Client()
    if is_behind_tls:
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    browser.get("/login/")
    browser.post("/login/", {"username": "engineer", "password": PASSWORD})
    return dict(browser.cookies.items())


def test_cookies_are_kept_from_scripts_and_other_sites(engineer: Any, settings: Any) -> None:
    for name, cookie in cookies_of(settings, engineer, is_behind_tls=False).items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
    for name, cookie in cookies_of(settings, engineer, is_behind_tls=True).items():
        assert cookie["secure"], name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name


def test_behind_tls_browsers_are_told_to_stay_there(engineer: Any, settings: Any) -> None:
    assert "Strict-Transport-Security" not in Client().get("/login/").headers
    settings.HAS_TLS = True
    told = Client().get("/login/").headers["Strict-Transport-Security"]
    assert int(told.partition("=")[2].partition(";")[0]) >= 31_536_000


def test_behind_tls_the_names_of_the_cookies_are_bound_to_the_host() -> None:
    code = (
        "from andon import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env={"ANDON_TLS": "true", "ANDON_DATA_DIR": "/nowhere"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["__Host-session", "__Host-csrf", "True"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil", ""])
def test_a_host_that_is_not_ours_is_refused(host: str, engineer: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    answer = Client(raise_request_exception=False).get("/login/", headers={"host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_a_form_from_elsewhere_is_refused(engineer: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(engineer)
    assert browser.post("/nc/new/", {"title": "x"}).status_code == 403
    answer = browser.post("/api/v1/nc/", "{}", content_type="application/json")
    assert answer.status_code == 403


def test_a_caller_that_is_too_fast_is_told_when_to_come_back(engineer: Any, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    secret = create_token(engineer, name="x", actor=engineer)
    headers = {"Authorization": f"Bearer {secret}"}
    # A minute may begin between two of them, not between each two.
    answers = [Client().get("/api/v1/me", headers=headers) for _ in range(3)]
    late = next(answer for answer in answers[1:] if answer.status_code != 200)
    assert answers[0].status_code == 200
    assert late.status_code == 429
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert late.headers["Content-Type"] == "application/problem+json"


def test_a_body_or_file_that_is_too_large_is_refused(engineer: Any, settings: Any) -> None:
    record = create(Nonconformity(title="Burr"), actor=engineer)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.MAX_ATTACHMENT_BYTES = 2000
    browser = Client(raise_request_exception=False)
    browser.force_login(engineer)
    sent = '{"title": "' + "x" * 2000 + '"}'
    answer = browser.post("/api/v1/nc/", sent, content_type="application/json")
    assert answer.status_code in (400, 413)
    assert browser.post("/nc/new/", {"title": "x" * 2000}).status_code in (400, 413)
    file = SimpleUploadedFile("big.bin", b"x" * 3000)
    assert browser.post(f"{record.get_absolute_url()}files/", {"file": file}).status_code == 422


def test_there_is_no_second_door(db: None) -> None:
    routes = [str(entry.pattern) for entry in get_resolver().url_patterns]
    assert [route for route in routes if "admin" in route or "debug" in route] == []
