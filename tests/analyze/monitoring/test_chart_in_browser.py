"""The chart's page in a real browser: drawn under the strict policy, reached by pointer and key."""

from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from chart_story import weeks_of_l3
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, Route, expect
from tests.web.conftest import (  # noqa: F401 - fixtures
    ORIGIN,
    browser_context_args,
    browser_type_launch_args,
    complaints,
    give_file,
)

from andon.analyze.monitoring.models import Annotation
from andon.records import clock
from small_factory import build_small_factory

pytestmark = pytest.mark.browser
_TOO_WIDE = """width => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > width + 1)
    .filter(one => !one.closest(".chart-picture, .table-scroll, .chart-data-table"))
    .map(one => `${one.tagName} ${one.className}`)"""
"""What reaches beyond the window, but for what scrolls within itself."""


@pytest.fixture(autouse=True, scope="module")
def _vega() -> None:
    """The charts need the generated script."""
    call_command("build_static", verbosity=0)


@pytest.fixture
def chart(page: Page, client: Client, engineer: Any) -> Iterator[Page]:
    """The chart of L3, drawn; every request is answered within the test's own transaction."""
    build_small_factory()
    client.force_login(engineer)
    with clock.fixed(datetime(2025, 3, 13, 12, tzinfo=UTC)):
        weeks_of_l3(engineer)
        here = copy_context()
        page.route(f"{ORIGIN}/**", lambda route: here.copy().run(_answer, route, client))
        page.route("**/static/**", give_file)
        page.goto("/charts/PD/L3/")
        page.wait_for_selector("[data-chart][data-drawn=yes]")
        yield page
        page.unroute_all(behavior="wait")


def _answer(route: Route, client: Client) -> None:
    """Answer one request of the browser, headers and all."""
    asked = urlsplit(route.request.url)
    address = f"{asked.path}?{asked.query}" if asked.query else asked.path
    body, sent = route.request.post_data_buffer or b"", route.request.headers
    kind = sent.get("content-type", "application/octet-stream")
    marks = {name: sent[name] for name in ("hx-request", "x-csrftoken") if name in sent}
    told = client.generic(
        route.request.method,
        address,
        body,
        content_type=kind,
        headers={"host": "localhost", **marks},
    )
    route.fulfill(status=told.status_code, headers=dict(told.headers), body=told.content)


def _touched(page: Page) -> Any:
    """Return the unseen marks of the first panel that take the pointer."""
    return page.locator('.chart-picture path[opacity="0.001"]')


def test_the_page_is_drawn_without_a_complaint_and_accessible(
    chart: Page,
    complaints: list[str],  # noqa: F811
) -> None:
    assert [text for text in complaints if "Content Security Policy" in text] == []
    assert complaints == []
    found = Axe().run(chart).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_no_width_makes_the_page_or_the_picture_scroll_sideways(chart: Page, width: int) -> None:
    chart.set_viewport_size({"width": width, "height": 900})
    chart.reload()
    chart.wait_for_selector("[data-chart][data-drawn=yes]")
    wide = chart.evaluate(_TOO_WIDE, width)
    assert (chart.evaluate("document.documentElement.scrollWidth"), wide) == (width, [])
    if width > 600:
        picture = chart.locator(".chart-picture")
        assert picture.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_point_tells_its_lot_and_a_click_opens_what_can_be_done(chart: Page) -> None:
    last = _touched(chart).nth(35)
    last.hover(force=True)
    expect(chart.locator("#vg-tooltip-element")).to_contain_text("PD-L3-250224")
    last.click(force=True)
    drawer = chart.locator("#point-drawer")
    expect(drawer).to_be_visible()
    drawer.locator("#note-text").fill("new bar lot")
    drawer.get_by_role("button", name="Add note").click()
    expect(chart.locator("#toasts")).to_contain_text("Your note is on the chart.")
    assert Annotation.objects.get().text == "new bar lot"


def test_the_table_of_points_does_the_same_by_keyboard(chart: Page) -> None:
    chart.locator("[data-point]").first.focus()
    chart.keyboard.press("Enter")
    expect(chart.locator("#point-drawer")).to_be_visible()
    chart.keyboard.press("Escape")
    expect(chart.locator("#point-drawer")).not_to_be_visible()


def test_the_data_table_shows_what_the_picture_shows(chart: Page) -> None:
    chart.click("text=Data table")
    expect(chart.locator(".chart-data-table tbody tr")).to_have_count(36)
    expect(chart.locator(".chart-data-table thead").first).to_contain_text("Instrument")
