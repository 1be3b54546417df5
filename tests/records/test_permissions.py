"""Deny by default: every page and every operation declares who may use it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from andon.records.permissions import may, roles_by_permission
from andon.records.registry import kind_of, record_types
from andon.records.rest.api import api

FILLED = {
    "prefix": "nc", "number": "NC-2025-0001", "step": "report", "key": 1, "code": "X", "name": "x",
    "kind": "x", "stream": "x", "position": 1, "line": 1, "pk": 1,
}  # fmt: skip


def routes(resolver: Any = None, before: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of the product with its route, but the interface's."""
    for entry in (resolver or get_resolver()).url_patterns:
        place = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from () if place.startswith("/api/") else routes(entry, place)
        else:
            yield place, entry


def operations() -> Iterator[tuple[str, str, Any]]:
    """Yield path, method and function of every operation of the interface."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield f"/{bound.prefix}/{path}", method, operation.view_func


def unwrapped(view: Any) -> Any:
    """Return the function that a page's partial holds."""
    return getattr(view, "func", view)


def test_every_page_declares_who_may_see_it(db: None) -> None:
    undeclared = [
        place
        for place, route in routes()
        if not hasattr(unwrapped(route.callback), "permission")
        and not getattr(unwrapped(route.callback), "is_public", False)
    ]
    assert undeclared == []


def test_every_declared_permission_is_held_by_somebody(db: None) -> None:
    declared = {getattr(unwrapped(route.callback), "permission", "") for _place, route in routes()}
    declared |= {function.permission for _path, _method, function in operations()}
    assert declared - {""} <= set(roles_by_permission())


def test_every_operation_declares_its_permission(db: None) -> None:
    found = list(operations())
    assert len(found) > 20
    assert [f"{m} {path}" for path, m, function in found if not function.permission] == []


def test_anonymous_people_are_sent_to_sign_in(db: None) -> None:
    closed = [
        (place, route)
        for place, route in routes()
        if not getattr(unwrapped(route.callback), "is_public", False)
    ]
    client = Client()
    seen = 0
    for _place, route in closed:
        address = address_of(route)
        if address:
            answer = client.get(address)
            assert (answer.status_code, answer["Location"][:7]) == (302, "/login/"), address
            seen += 1
    assert seen > 15


def address_of(route: URLPattern) -> str:
    """Return an address that a named route answers, or nothing when it asks for the unknown."""
    from django.urls import NoReverseMatch, reverse

    wanted = {name: FILLED.get(name, 1) for name in route.pattern.converters}
    try:
        return reverse(route.name or "", kwargs=wanted)
    except NoReverseMatch:
        return ""


def test_anonymous_callers_get_401_everywhere(db: None) -> None:
    document = Client().get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        address = re.sub(r"{(\w+)}", lambda found: str(FILLED.get(found[1], 1)), path)
        for method in methods:
            answer = Client().generic(method.upper(), address, "{}", "application/json")
            assert answer.status_code == 401, (method, path)
            assert answer["Content-Type"] == "application/problem+json"


def test_an_account_without_a_role_gets_403_everywhere(
    account_with: Callable[..., Any], record: Any
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(account_with(username="nobody"))
    for model in record_types().values():
        prefix = model.WORKFLOW.prefix.lower()
        for page in ("", "new/"):
            assert client.get(f"/{prefix}/{page}").status_code == 403, (prefix, page)
        assert client.get(f"/api/v1/{prefix}/").status_code == 403
    for page in ("", "change/", "step/report/", "step/cancel/"):
        assert client.get(f"{record.get_absolute_url()}{page}").status_code == 403, page
    for act in ("comments", "links"):
        assert client.post(f"{record.get_absolute_url()}{act}/").status_code in (400, 403), act


@pytest.mark.parametrize("role", ["OP", "AUD", "TM", "INS"])
def test_a_role_without_the_step_gets_403(
    account_with: Callable[..., Any], record: Any, role: str
) -> None:
    client = Client()
    client.force_login(account_with(role, username="other"))
    assert client.post(f"{record.get_absolute_url()}step/cancel/").status_code == 403
    assert client.post(f"{record.get_absolute_url()}change/").status_code == 403


def test_nobody_holds_what_is_not_stated(engineer: Any, system: Any) -> None:
    assert not may(engineer, "records.everything")
    assert not may(system, "records.everything")
    assert not may(None, "records.search")


def test_a_deactivated_account_may_nothing(engineer: Any) -> None:
    engineer.is_active = False
    assert [name for name in roles_by_permission() if may(engineer, name)] == []


def test_every_record_type_states_view_create_and_change() -> None:
    for model in record_types().values():
        wanted = {f"{kind_of(model)}.{verb}" for verb in ("view", "create", "change")}
        assert wanted <= set(model.WORKFLOW.permissions)


def test_every_page_of_a_record_keeps_the_navigation(desk: Client, record: Any) -> None:
    for page in ("", "change/", "step/report/"):
        text = desk.get(record.get_absolute_url() + page).text
        assert 'href="/ca/"' in text, page
