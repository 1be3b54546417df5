"""What the tests of records do over and over."""

from typing import Any

from django.db import connection
from django.test import Client

from andon.records.models import Record
from andon.records.services import Signing, advance
from andon.records.trail import install

PASSWORD = "correct horse battery"


def page(browser: Client, record: Record, place: str = "") -> str:
    """Return the text of a record's page."""
    answer = browser.get(f"{record.get_absolute_url()}{place}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def cancelled(record: Any, manager: Any) -> Any:
    """Return the record after the quality manager cancelled it."""
    return advance(
        record, "cancel", actor=manager, reason="double",
        signing=Signing(PASSWORD, "cancelled, lots released"),
    )  # fmt: skip


def behind_the_back(statement: str, *given: Any) -> None:
    """Run SQL while the trail is not looking, and put its triggers back."""
    install.remove()
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
    install.install()
