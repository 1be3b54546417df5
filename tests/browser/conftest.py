"""A real Chromium before a real server process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from browser.installation import Installation
from browser.visitor import Visitor
from browser_at_hand import browser as path_of_browser

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine; nothing is downloaded."""
    return {**browser_type_launch_args, "executable_path": path_of_browser(), "args": [*QUIET]}


@pytest.fixture
def installation(db: None, tmp_path: Path) -> Iterator[Installation]:
    """An installation with the small factory; its server ends with the test."""
    made = Installation(tmp_path)
    made.feed("build")
    yield made
    made.stop()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about: policy violations, script errors, missing files."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def visitor(page: Page, installation: Installation, complaints: list[str]) -> Visitor:
    """Somebody who has the product open."""
    page.set_default_timeout(10_000)
    return Visitor(page, installation.origin)
