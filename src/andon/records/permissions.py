"""Who may do what: permissions belong to roles, deny by default.

Each slice states its permissions beside its workflow, or in a `permissions` module as
`PERMISSIONS`: a mapping of permission to the roles that hold it.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from andon.records.errors import Forbidden
from andon.records.models.account import Account
from andon.records.registry import record_types
from andon.records.roles import ADM, AUD, EVERYONE, LEAD, MET, PE, QE, QM, SYS, TM


@cache
def roles_by_permission() -> dict[str, frozenset[str]]:
    """Return every permission the product knows, with the roles that hold it."""
    found: dict[str, frozenset[str]] = {}
    for stated in _statements():
        found.update({name: frozenset(roles) for name, roles in stated.items()})
    return found


def _statements() -> Iterator[Mapping[str, tuple[str, ...]]]:
    for model in record_types().values():
        yield model.WORKFLOW.permissions
    for config in apps.get_app_configs():
        name = f"{config.name}.permissions"
        if config.name.startswith("andon.") and find_spec(name) is not None:
            yield getattr(import_module(name), "PERMISSIONS", {})


def may(user: Any, permission: str) -> bool:
    """Tell whether an account holds a permission; unknown permissions are held by nobody."""
    if not isinstance(user, Account) or not user.is_active or user.is_narrowed_away(permission):
        return False
    holders = roles_by_permission().get(permission)
    # Andon's own account cannot log in; it takes the automatic steps of every workflow.
    return holders is not None and (SYS in user.roles() or not user.roles().isdisjoint(holders))


def require(user: Any, permission: str) -> None:
    """Raise `Forbidden` unless the account holds the permission."""
    if not may(user, permission):
        raise Forbidden(permission)


def permissions_of(user: Any) -> list[str]:
    """Return all that an account may do, for its profile and the access review."""
    with suppress(AttributeError):
        return sorted(name for name in roles_by_permission() if may(user, name))
    return []


PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "records.search": EVERYONE,
    "records.comment": EVERYONE,
    "records.attach": EVERYONE,
    "records.link": (QE, QM, PE, LEAD, MET),
    "records.retain": (QM, ADM),
    "records.verify": (QE, QM, AUD, TM, ADM),
    "records.accounts": (ADM,),
    "records.review_access": (ADM, QM, AUD),
}
