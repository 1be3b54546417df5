"""Passkeys in a real browser: added with the authenticator that Chromium brings, and used."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from browser.installation import Installation
from small_factory import PASSWORD

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def origin(installation: Installation, page: Page) -> Iterator[str]:
    """A served installation by the name under which browsers allow passkeys without TLS."""
    installation.serve(at=datetime.now(UTC))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.set_default_timeout(10_000)
    yield installation.origin.replace("127.0.0.1", "localhost")


def test_a_passkey_opens_the_account_alone_and_as_second_factor(
    origin: str, page: Page, complaints: list[str]
) -> None:
    by_password(page, origin)
    page.goto(f"{origin}/profile/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("this computer")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("details.account")).to_contain_text("engineer")
    leave(page)
    by_password(page, origin)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("details.account")).to_contain_text("engineer")
    assert complaints == []


def by_password(page: Page, origin: str) -> None:
    """Send name and password."""
    page.goto(f"{origin}/login/")
    page.get_by_label("User name").fill("engineer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def leave(page: Page) -> None:
    """Log out."""
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
