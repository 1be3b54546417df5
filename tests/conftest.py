"""Fixtures for every test: accounts by role, and a fixed moment."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from small_factory import NOON, PASSWORD

# Playwright's loop runs in this thread; Django must not mistake it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# A shared machine is slow at times: no test may fail for that, and a failure must come again.
hypothesis_settings.register_profile(
    "andon", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("andon")

# Looking for garbage among all that the program has loaded took a twentieth of the time.
gc.set_threshold(100_000, 20, 50)

LONG = (
    "test_walk_in_browser", "test_team_server", "test_acceptance", "test_backup", "test_new_record",
    "test_kills", "test_every_page_in_browser", "test_jobs", "test_move", "test_killed",
    "test_permission_matrix", "test_passkeys_in_browser", "test_year_findings", "test_together",
)  # fmt: skip
"""Modules of a few long tests, the longest first: begun last, one of them would run alone."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long modules begin first; every other stays in its order."""
    rank = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(LONG)))


@pytest.fixture
def account_with(db: Any) -> Callable[..., Any]:
    """Return a maker of accounts: `account_with("QE")` holds the role of quality engineer."""
    from andon.records.accounts import create_account, system_account

    def make(*roles: str, username: str = "") -> Any:
        name = username or "-".join(roles).lower()
        return create_account(
            username=name,
            name=name,
            password=PASSWORD,
            roles=roles,
            actor=system_account(),
        )

    return make


@pytest.fixture
def engineer(account_with: Callable[..., Any]) -> Any:
    """A quality engineer."""
    return account_with("QE", username="engineer")


@pytest.fixture
def manager(account_with: Callable[..., Any]) -> Any:
    """A quality manager."""
    return account_with("QM", username="manager")


@pytest.fixture
def system(db: Any) -> Any:
    """Andon's own account."""
    from andon.records.accounts import system_account

    return system_account()


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Hold the clock at noon of 13 March 2025."""
    from andon.records import clock

    with clock.fixed(NOON):
        yield NOON


@pytest.fixture(autouse=True)
def anchor_file(tmp_path: Path, settings: Any) -> Path:
    """An anchor file of each test's own: what one test anchored, no other test's trail holds."""
    settings.ANCHOR_FILE = str(tmp_path / "anchors" / "anchors.jsonl")
    return Path(settings.ANCHOR_FILE)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Counts of one test, such as requests of an account, are no other test's."""
    cache.clear()


@pytest.fixture
def data_folder(tmp_path: Path, settings: Any) -> Path:
    """A folder for attachments that ends with the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path
