"""Errors wear the same look, say what to do, and need no database."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, permission_denied, server_error


@pytest.mark.parametrize("code", [400, 403, 404, 500, 503])
def test_each_error_has_a_title_and_a_way_out(code: int) -> None:
    html = render_to_string(f"web/errors/{code}.html")
    assert f'<p class="error-code">{code}</p>' in html
    assert "<h1>" in html
    assert 'href="/"' in html


def test_django_finds_our_pages_by_their_numbers() -> None:
    request = RequestFactory().get("/")
    assert b"went wrong on our side" in server_error(request).content
    assert b"could not be read" in bad_request(request, ValueError()).content
    assert b"may not see this" in permission_denied(request, ValueError()).content


def test_a_missing_page_is_told_in_our_words(client: Client, engineer: Any) -> None:
    client.force_login(engineer)
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert b"There is nothing at this address" in response.content


def test_a_refusal_tells_its_reasons_as_text() -> None:
    refusals = [{"message": "<b>38 pieces</b> are open"}]
    html = render_to_string(
        "web/errors/refused.html", {"error": {"refusals": refusals}, "status": 422}
    )
    assert "&lt;b&gt;38 pieces&lt;/b&gt; are open" in html
