"""Every page in a real browser, over hostile text: no violation, no error, no dialog."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Error, Page

from browser.installation import Installation
from browser.visitor import Visitor
from trust.matrix_cells import filled, stated

pytestmark = pytest.mark.browser
APART = ("/logout/", "/health/", "/files/", "/language/", "/login/", "/invitation/")
FILES = ("/pdf/", ".csv", "<str:suffix>", "/data/")
VIOLATION = """document.addEventListener('securitypolicyviolation', (event) =>
  console.error('violation of ' + event.violatedDirective + ' ' + event.sourceFile))"""


@pytest.fixture
def hostile(db: None, tmp_path: Path) -> Iterator[tuple[Installation, dict[str, Any]]]:
    """An installation with every kind of object and text that tries to be something else."""
    made = Installation(tmp_path)
    objects = json.loads(made.feed("hostile").splitlines()[-1])
    made.serve(at=datetime.now(UTC))
    yield made, objects
    made.stop()


def addresses(objects: dict[str, Any]) -> Iterator[str]:
    """Yield every page that can be read, and the records with hostile text."""
    for (kind, address), wanted in stated().items():
        is_page = kind == "PAGE" and wanted["author"] == "yes"
        if is_page and not address.startswith(APART) and not address.endswith(FILES):
            yield filled(address, objects)
    for number in objects["hostile"][::3]:
        yield f"/nc/{number}/"


def shown(page: Page, address: str) -> bool:
    """Open an address; tell whether it showed a page: some take only what a form sends."""
    try:
        answer = page.goto(address, wait_until="load")
    except Error as error:
        assert "ERR_HTTP_RESPONSE_CODE_FAILURE" in str(error), address
        page.wait_for_url("chrome-error://**")
        page.goto("about:blank")
        return False
    return answer is not None and answer.status < 400


def test_no_page_breaks_the_policy_errs_or_runs_what_was_typed(
    hostile: tuple[Installation, dict[str, Any]], page: Page, complaints: list[str]
) -> None:
    installation, objects = hostile
    visitor, dialogs, seen = Visitor(page, installation.origin), [], 0
    page.add_init_script(VIOLATION)

    def closed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", closed)
    visitor.sign_in("author")
    told: list[tuple[str, str]] = []
    for address in addresses(objects):
        is_shown = shown(page, f"{installation.origin}{address}")
        seen += is_shown
        told += [(address, said) for said in complaints if is_shown]
        complaints.clear()
    assert seen > 80
    assert told == []
    assert dialogs == []
