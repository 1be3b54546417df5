"""A real Chromium whose requests the product answers within the test's own transaction."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, Route

from browser_at_hand import browser as path_of_browser

# Playwright's loop runs in this thread; Django must not mistake it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
ORIGIN = "http://andon.test"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine; nothing is downloaded."""
    more = ("--disable-component-update",)
    return {
        **browser_type_launch_args,
        "executable_path": path_of_browser(),
        "args": [*QUIET, *more],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Every page lives at one made-up origin."""
    size = {"width": 1440, "height": 1000}
    return {**browser_context_args, "base_url": ORIGIN, "viewport": size}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about: policy violations, script errors."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def product(page: Page, engineer: Any, settings: Any) -> Iterator[Page]:
    """A page whose requests go to the product, signed in as quality engineer."""
    settings.ALLOWED_HOSTS = ["andon.test"]
    client = Client(headers={"host": "andon.test"})
    client.force_login(engineer)
    page.route("**/*", lambda route: answer(route, client))
    yield page
    page.unroute_all(behavior="wait")


def answer(route: Route, client: Client) -> None:
    """Answer one request of the browser, headers and all."""
    asked = urlsplit(route.request.url)
    address = f"{asked.path}?{asked.query}" if asked.query else asked.path
    body = route.request.post_data_buffer or b""
    kind = route.request.headers.get("content-type", "application/octet-stream")
    told = client.generic(route.request.method, address, body, content_type=kind)
    content = told.getvalue() if told.streaming else told.content
    route.fulfill(status=told.status_code, headers=dict(told.headers), body=content)
