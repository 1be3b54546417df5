"""How a page declares what it needs; the gate refuses a page that declares nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def needs(permission: str) -> Callable[[View], View]:
    """Declare the permission a page asks for."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def signed_in(view: View) -> View:
    """Declare that every signed-in account may see a page; it checks objects itself."""
    view.permission = ""  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Declare that a page is open to everybody: log-in, health, static texts."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
