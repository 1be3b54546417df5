"""A real Chromium that is given the product's own answers."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Page, Route

from browser_at_hand import browser as path_of_browser

# A trustworthy origin, as browsers call it; nothing listens there, every request is answered here.
ORIGIN = "http://localhost:9"
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
def opened(page: Page, client: Client, engineer: Any) -> Callable[[str], Page]:
    """Open a page of the product in the browser, signed in as quality engineer.

    The product answers in the test's own thread and transaction; the browser is given the answer
    with its headers, and static files as they lie in the packages.
    """
    client.force_login(engineer)
    page.route("**/static/**", give_file)

    def open_page(path: str) -> Page:
        told = client.get(path)
        page.route(
            f"{ORIGIN}{path}",
            lambda route: route.fulfill(headers=dict(told.headers), body=told.content),
        )
        page.goto(path)
        return page

    return open_page


def give_file(route: Route) -> None:
    """Answer a request for a static file."""
    found = finders.find(urlsplit(route.request.url).path.removeprefix("/static/"))
    route.fulfill(path=found) if found else route.fulfill(status=404)
