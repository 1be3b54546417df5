"""The design system in a real browser: nothing is refused, everything can be reached and read."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
DRAWN = "[data-chart][data-drawn=yes]"


@pytest.fixture(autouse=True, scope="module")
def _vega() -> None:
    """The charts need the generated script."""
    call_command("build_static", verbosity=0)


@pytest.fixture
def living(opened: Callable[[str], Page]) -> Page:
    """The living page, its chart drawn."""
    page = opened("/design/")
    page.wait_for_selector(DRAWN)
    return page


def test_the_policy_refuses_nothing_that_the_page_needs(
    complaints: list[str], living: Page
) -> None:
    living.hover(".chart-picture .mark-symbol path >> nth=5", force=True)
    expect(living.locator("#vg-tooltip-element.visible")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_accessible(living: Page, theme: str) -> None:
    living.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    violations = Axe().run(living).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in violations] == []


@pytest.mark.parametrize("width", [1440, 1099, 768, 639, 390, 320])
def test_no_width_makes_the_page_scroll_sideways(living: Page, width: int) -> None:
    living.set_viewport_size({"width": width, "height": 900})
    assert living.evaluate("document.documentElement.scrollWidth") <= width


def test_a_click_on_a_point_tells_its_datum(living: Page) -> None:
    living.evaluate("addEventListener('andon:point', event => { window.told = event.detail })")
    living.locator(".chart-picture .mark-symbol path").last.click(force=True)
    told: dict[str, Any] = living.evaluate("window.told")
    assert told["chart"] == "living-chart"
    assert told["datum"]["subgroup"] == 38


def test_the_data_behind_a_chart_are_a_table(living: Page) -> None:
    living.click("text=Data table")
    expect(living.locator(".chart-data-table tbody tr")).to_have_count(38)
    expect(living.locator(".chart-data-table thead")).to_contain_text("Beyond a limit")


def test_a_chart_fetches_its_data_as_columns(living: Page) -> None:
    columns = {
        "subgroup": [1, 2, 3],
        "mean": [0.74, None, 0.745],
        "is_beyond": [False] * 2 + [True],
    }
    living.route("**/points/", lambda route: route.fulfill(json={"points": columns}))
    living.click("text=Data table")
    living.evaluate(
        """async () => {
        const figure = document.getElementById("living-chart");
        figure.dataset.url = "/points/";
        const charts = await import("/static/web/js/charts.js");
        await charts.refresh(figure);
        }"""
    )
    rows = living.locator(".chart-data-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("–")


def test_a_chart_that_cannot_get_its_data_says_so(living: Page) -> None:
    living.route("**/points/", lambda route: route.fulfill(status=500))
    living.evaluate(
        """async () => {
        const figure = document.getElementById("living-chart");
        figure.dataset.url = "/points/";
        await (await import("/static/web/js/charts.js")).refresh(figure);
        }"""
    )
    expect(living.locator("#living-chart .chart-picture")).to_contain_text("could not be drawn")


def test_a_chart_is_drawn_in_the_theme_of_now(living: Page) -> None:
    line = living.locator(".chart-picture .mark-line path").first
    light = line.get_attribute("stroke")
    living.click(".account summary")
    living.click("[data-theme-choice=dark]")
    expect(line).not_to_have_attribute("stroke", light or "")


def test_a_chosen_theme_is_remembered(living: Page) -> None:
    living.click(".account summary")
    living.click("[data-theme-choice=dark]")
    living.reload()
    expect(living.locator("html")).to_have_attribute("data-theme", "dark")


def test_shortcuts_work_outside_fields_and_not_within(living: Page) -> None:
    field = living.locator("#filter-text")
    field.press("?")
    expect(field).to_have_value("?")
    expect(living.locator("#shortcuts")).not_to_be_visible()
    field.blur()
    living.keyboard.press("?")
    expect(living.locator("#shortcuts")).to_be_visible()
    living.keyboard.press("Escape")
    living.keyboard.press("j")
    assert living.evaluate("document.activeElement.matches('.tile')")


def test_shortcuts_can_be_turned_off(living: Page) -> None:
    living.keyboard.press("?")
    living.uncheck("[data-keys-switch]")
    living.keyboard.press("Escape")
    living.keyboard.press("?")
    expect(living.locator("#shortcuts")).not_to_be_visible()


def test_the_focus_returns_to_what_opened_a_dialog(living: Page) -> None:
    opener = living.locator("[data-dialog-open=sample-signature]")
    opener.click()
    expect(living.locator("#sample-signature")).to_be_visible()
    living.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_menu_closes_on_escape(living: Page) -> None:
    living.click(".account summary")
    expect(living.locator(".account .menu-panel")).to_be_visible()
    living.keyboard.press("Escape")
    expect(living.locator(".account .menu-panel")).not_to_be_visible()


def test_a_toast_shows_text_and_can_be_dismissed(living: Page) -> None:
    living.evaluate(
        """document.dispatchEvent(new CustomEvent("andon:toast",
        {detail: {text: "<b>Held</b>", kind: "problem"}}))"""
    )
    toast = living.locator("#toasts .toast")
    expect(toast.locator("p")).to_have_text("<b>Held</b>")
    toast.locator("button").click()
    expect(toast).to_have_count(0)


def test_floor_targets_are_large_enough_for_fingers(living: Page) -> None:
    for button in living.locator(".floor button, .floor a.button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_print_shows_the_record_without_navigation(living: Page) -> None:
    living.emulate_media(media="print")
    expect(living.locator(".side")).not_to_be_visible()
    expect(living.locator(".top")).not_to_be_visible()
    expect(living.locator("h1")).to_be_visible()
