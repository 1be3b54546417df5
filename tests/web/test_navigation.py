"""Navigation shows what works today, to the person who may."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.test import RequestFactory

from andon.web import navigation

STATED = """
from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem("Design", "design", "palette", "", "top", position=20),
    NavigationItem("First", "set_language", "globe", "", "top", position=10),
    NavigationItem("Not built yet", "no_such_address", "globe", ""),
    NavigationItem("For nobody", "design", "globe", "secret.view", "identify"),
)


def navigation_items():
    return [NavigationItem("Raise one", "design", "plus", "", "new")]
"""


@pytest.fixture
def slice_with_items(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    """An installed slice that states items, and an answer to every permission."""
    package = tmp_path / "probe_slice"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "navigation.py").write_text(STATED)
    monkeypatch.syspath_prepend(tmp_path)
    installed = [SimpleNamespace(name="probe_slice"), SimpleNamespace(name="django_htmx")]
    monkeypatch.setattr(apps, "get_app_configs", lambda: installed)
    settings.ANDON_MAY = f"{__name__}.may"


def may(_user: Any, permission: str) -> bool:
    return permission != "secret.view"


def shown(path: str, *, is_authenticated: bool = True) -> dict[str, Any]:
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(is_authenticated=is_authenticated)  # type: ignore[assignment]
    return navigation.navigation(request)


@pytest.mark.usefixtures("slice_with_items")
def test_items_stand_in_their_order_and_only_where_an_address_exists() -> None:
    groups = shown("/")["navigation"]
    assert [group.name for group in groups] == ["top"]
    assert [item.label for item in groups[0].items] == ["First", "Design"]


@pytest.mark.usefixtures("slice_with_items")
def test_the_item_of_the_page_is_active() -> None:
    items = shown("/design/")["navigation"][0].items
    assert [item.active for item in items] == [False, True]


@pytest.mark.usefixtures("slice_with_items")
def test_the_menu_new_has_its_own_items() -> None:
    assert [item.label for item in shown("/")["creatable"]] == ["Raise one"]


@pytest.mark.usefixtures("slice_with_items")
def test_who_is_not_signed_in_sees_nothing() -> None:
    context = shown("/", is_authenticated=False)
    assert not context["navigation"]
    assert not context["creatable"]


def test_the_most_specific_address_is_the_active_one() -> None:
    urls = ["/", "/charts/", "/charts/pd/"]
    assert navigation._active_url("/charts/pd/l3/", urls) == "/charts/pd/"
    assert navigation._active_url("/charts/", urls) == "/charts/"
    assert navigation._active_url("/elsewhere/", urls) == ""
    assert navigation._active_url("/", urls) == "/"
