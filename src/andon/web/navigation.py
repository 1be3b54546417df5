"""Navigation: what works today, asked from each installed slice, for the person who looks.

A slice states `NAVIGATION`, a tuple of `NavigationItem`, in its optional `navigation` module;
where the items are computed it states a function `navigation_items` instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, str | Promise] = {
    "top": "",
    "identify": _("Identify"),
    "analyze": _("Analyze"),
    "control": _("Control"),
    "improve": _("Improve"),
}
"""The loop, in the order of its steps. A further group, "new", fills the menu of that name."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the sidebar, or of the menu "New" when its group is "new"."""

    label: str | Promise
    url_name: str
    icon: str
    permission: str
    """Empty: every signed-in account sees it."""
    group: str = "top"
    arguments: tuple[str, ...] = ()
    """Positional arguments of the address."""
    position: int = 50
    """Smaller stands higher within its group."""
    key: str = ""
    """The letter that opens it after `g`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as the template shows it: with its address."""

    label: str | Promise
    url: str
    icon: str
    key: str
    active: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its entries; the first group has no heading."""

    name: str
    label: str | Promise
    items: tuple[Entry, ...]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation` (groups) and `creatable` (the entries of "New").

    Both are worked out when a template asks, so that an error page needs no database.
    """
    return {
        "navigation": SimpleLazyObject(lambda: _groups(request)),
        "creatable": SimpleLazyObject(lambda: _group("new", _shown(request), "").items),
    }


def _groups(request: HttpRequest) -> tuple[Group, ...]:
    shown = _shown(request)
    active = _active_url(request.path, [url for item, url in shown if item.group != "new"])
    groups = (_group(name, shown, active) for name in GROUPS)
    return tuple(group for group in groups if group.items)


def _shown(request: HttpRequest) -> list[tuple[NavigationItem, str]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [(item, url) for item, url in _reachable() if _may(user, item.permission)]


def _group(name: str, shown: list[tuple[NavigationItem, str]], active: str) -> Group:
    items = sorted((pair for pair in shown if pair[0].group == name), key=lambda p: p[0].position)
    entries = (Entry(item.label, url, item.icon, item.key, url == active) for item, url in items)
    return Group(name, GROUPS.get(name, ""), tuple(entries))


def _reachable() -> Iterator[tuple[NavigationItem, str]]:
    for item in _stated_items():
        try:
            yield item, reverse(item.url_name, args=item.arguments)
        except NoReverseMatch:
            continue


def _stated_items() -> Iterator[NavigationItem]:
    for config in apps.get_app_configs():
        name = f"{config.name}.navigation"
        if config.name == "andon.web" or find_spec(name) is None:
            continue
        module = import_module(name)
        yield from getattr(module, "NAVIGATION", ())
        yield from getattr(module, "navigation_items", tuple)()


def _may(user: Any, permission: str) -> bool:
    ask: Callable[[Any, str], bool] = import_string(settings.ANDON_MAY)
    return not permission or ask(user, permission)


def _active_url(path: str, urls: list[str]) -> str:
    """Return the most specific address the page stands below."""
    above = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(above, key=len, default="")
