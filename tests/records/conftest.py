"""Records to look at: nonconformities in their first state, which every reader of Andon knows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records.services import create


@pytest.fixture
def report(engineer: Any) -> Callable[..., Nonconformity]:
    """Return a maker of nonconformities reported by the quality engineer."""

    def make(title: str = "Burr on the plunger tip", **values: Any) -> Nonconformity:
        actor = values.pop("actor", engineer)
        return create(Nonconformity(title=title, **values), actor=actor)

    return make


@pytest.fixture
def record(report: Callable[..., Nonconformity]) -> Nonconformity:
    """One nonconformity, in draft."""
    return report(defect="burr")


@pytest.fixture
def desk(client: Client, engineer: Any) -> Client:
    """A browser in which the quality engineer is signed in."""
    client.force_login(engineer)
    return client


@pytest.fixture
def office(manager: Any) -> Client:
    """A browser in which the quality manager is signed in."""
    browser = Client()
    browser.force_login(manager)
    return browser
