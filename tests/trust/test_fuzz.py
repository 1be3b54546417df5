"""Every operation of the interface is called with what its document allows: it keeps its word."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from site_at_hand import build_site
from trust.calling import Caller


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let the application keep the test's connection, which it would close between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def caller(
    account_with: Callable[..., Any],
    noon: Any,
    data_folder: Path,
    settings: Any,
    one_connection: None,
) -> Caller:
    """The administrator of a small site, who may do most."""
    settings.DATA_DIR = data_folder
    people, objects = build_site(account_with)
    return Caller(people["author"], objects)


def test_no_bad_body_is_an_error_of_the_server_at_any_operation(caller: Caller) -> None:
    assert caller.send_bad_bodies() == []
    assert caller.calls >= 500


@pytest.mark.usefixtures("db")
def test_every_operation_answers_as_the_document_states(caller: Caller) -> None:
    assert caller.call_all(2) == []
    assert caller.operations >= 100
