"""Which addresses create something, and which of them no story has called."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve

COMPUTES = ("/api/v1/statistics/{method}",)
"""Operations that are sent a body and store nothing."""
OPENED_BY_ANDON = ("/api/v1/pr/", "/api/v1/pr/{number}/steps/{step}")
"""Nobody may create a problem, and its steps are taken by the same function as all others."""
READ = (
    "", "health/", "charts/<path:code>/data/", "analyze/", "search/", "inbox/", "trail/", "files/",
    "design/", "control-plans/", "instruments/", "products/", "lots/", "processes/", "machines/",
    "people/", "partners/", "measurements/", "characteristics/", "master-data/export",
    "evidence/<int:key>/", "evidence/for/", "st/<str:number>/sheet/", "ca/<str:number>/effect/",
    "accounts/access.",
    "<prefix:prefix>/<str:number>/pdf/", "<prefix:prefix>/<str:number>/verify/",
    "import/<uuid:key>/outcome/", "import/<uuid:key>/reported.csv",
)  # fmt: skip
"""Beginnings of addresses of pages that write nothing; the empty one is the start page."""
CREATING = (
    "nc/new/", "<prefix:prefix>/new/", "<prefix:prefix>/<str:number>/comments/",
    "<prefix:prefix>/<str:number>/files/", "<prefix:prefix>/<str:number>/links/",
    "<prefix:prefix>/<str:number>/trail-review/", "<prefix:prefix>/filters/",
    "ca/on/<str:number>/", "ca/<str:number>/lines/<str:name>/", "causes/of/<str:number>/new/",
    "profile/tokens/", "import/", "import/<uuid:key>/", "master-data/",
    "record/<str:characteristic>/<str:machine>/",
)  # fmt: skip
"""Pages whose form creates something in a way of its own."""
LIKE_AN_OPERATION = (
    "<prefix:prefix>/<str:number>/step/", "ca/<str:number>/items/", "causes/<int:key>/",
    "causes/steps/", "evidence/on/", "nc/<str:number>/lines/", "signals/", "st/<str:number>/",
    "charts/<path:code>/phase/", "record/<str:characteristic>/<str:machine>/acknowledge/",
    "ca/<str:number>/effect/check/", "pr/<str:number>/contain/",
)  # fmt: skip
"""Forms that call the service of an operation that is tried; the same gate lets them in once."""
CHANGING = (
    "<prefix:prefix>/<str:number>/change/", "<prefix:prefix>/<str:number>/assign/",
    "<prefix:prefix>/filters/<int:key>/drop/", "profile/tokens/<int:key>/revoke/",
    "charts/<path:code>/point/", "accounts/", "profile/", "login/", "logout/", "invitation/",
    "language/", "<prefix:prefix>/", "<prefix:prefix>/<str:number>/", "charts/", "record/",
    "charts/<path:code>/", "record/<str:characteristic>/<str:machine>/sent/",
)  # fmt: skip
"""Pages that show, or change what is there; sent again they leave the same."""


def uncovered(called: Iterable[tuple[str, str]]) -> list[str]:
    """Return the creating operations and pages that were not called, and pages nobody judged."""
    stated = _stated()
    tried = {_place(method, path, stated) for method, path in called}
    operations = {("POST", one) for one in _operations()}
    pages = {("POST", one) for one in CREATING}
    unknown = [f"not judged: {one}" for one in _pages(get_resolver()) if not _is_judged(one)]
    return sorted(f"{method} {one}" for method, one in (operations | pages) - tried) + unknown


def _place(method: str, path: str, stated: dict[str, str]) -> tuple[str, str]:
    """Return the address, with its placeholders, that a path is one of."""
    found = resolve(path.partition("?")[0])
    if not path.startswith("/api/"):
        return method, found.route
    return method, stated.get(found.route, found.route)


def _operations() -> Iterator[str]:
    """Yield what the interface's document says can be posted."""
    from andon.records.rest.api import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        if "post" in methods and path not in (*COMPUTES, *OPENED_BY_ANDON):
            yield path


def _stated() -> dict[str, str]:
    """Return the document's address for each route."""
    from andon.records.rest.api import api

    found = {}
    for path in api.get_openapi_schema()["paths"]:
        plain = re.sub(r"{\w+}", "1", path)
        found[resolve(plain).route] = path
    return found


def _pages(resolver: Any, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        place = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield place
        elif isinstance(entry, URLResolver) and not place.startswith("api/"):
            yield from _pages(entry, place)


def _is_judged(place: str) -> bool:
    if place.startswith("api/") or place in {*CREATING, *CHANGING, *READ}:
        return True
    beginnings = (*LIKE_AN_OPERATION, *filter(None, READ), "accounts/", "profile/", "login/")
    return place.startswith((*beginnings, "invitation/"))
