"""Who calls: a bearer token of a device, or the session of a page (then with CSRF token)."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from andon.records.accounts import account_of_token
from andon.records.models.account import Account
from andon.records.models.record import Record
from andon.records.permissions import require

Operation = TypeVar("Operation", bound=Callable[..., Any])


class TokenAuth(HttpBearer):
    """`Authorization: Bearer andon_...`: unknown, expired and revoked tokens get 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Account | None:
        """Return the token's account, narrowed to the token's scopes."""
        found = account_of_token(token)
        if found is None:
            return None
        account, api_token = found
        account.narrow(api_token.scopes)
        return account


class PageAuth(SessionAuth):
    """The signed-in session; unsafe methods need the CSRF token."""

    def authenticate(self, request: HttpRequest, _key: str | None) -> Account | None:
        """Return the signed-in account."""
        user = request.user
        return user if isinstance(user, Account) and user.is_active else None


def account_of(request: HttpRequest) -> Account:
    """Return the calling account: identity comes from here only, never from the body."""
    return cast("Account", request.auth)  # type: ignore[attr-defined]


def needs(permission: str) -> Callable[[Operation], Operation]:
    """Declare and check the permission an operation asks for."""

    def declare(operation: Operation) -> Operation:
        @wraps(operation)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            require(account_of(request), permission)
            return operation(request, *args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return cast("Operation", checked)

    return declare


def ask_before_reading(api: NinjaAPI) -> None:
    """Let every operation ask who calls, what for and on which record before it reads the body."""
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                permission = getattr(operation.view_func, "permission", "")
                operation.auth_callbacks = [
                    partial(_permitted, who, permission) for who in operation.auth_callbacks
                ]


def _permitted(who: Callable[[HttpRequest], Any], permission: str, request: HttpRequest) -> Any:
    account = who(request)
    if not account:
        return None
    request.auth = account  # type: ignore[attr-defined]
    require(account, permission)
    match = request.resolver_match
    number = str(match.kwargs.get("number", "")) if match else ""
    if number and not Record.objects.filter(number=number.upper()).exists():
        raise Http404(number)
    return account
