"""Every answer carries the strict policy."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from andon.web.security import CONTENT_SECURITY_POLICY, SecurityHeaders


def test_the_policy_allows_nothing_inline_and_no_other_host() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_a_page_is_not_stored_but_a_file_keeps_its_own_age() -> None:
    page = SecurityHeaders(lambda _request: HttpResponse())(RequestFactory().get("/"))
    assert page.headers["Cache-Control"] == "no-store"
    aged = HttpResponse(headers={"Cache-Control": "max-age=3600"})
    file = SecurityHeaders(lambda _request: aged)(RequestFactory().get("/static/x.css"))
    assert file.headers["Cache-Control"] == "max-age=3600"


@pytest.mark.parametrize("path", ["/design/", "/no/such/page/", "/api/v1/openapi.json"])
def test_pages_errors_and_the_interface_carry_the_headers(
    path: str, client: Client, engineer: Any
) -> None:
    client.force_login(engineer)
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
