"""Proving again who one is, before signing: by password, or by passkey."""

import json
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from andon.records import login_limit
from andon.records.models import Account


def reauthenticate(request: HttpRequest, *, password: str = "", credential: str = "") -> bool:
    """Tell whether the signed-in account proves itself again; a failure counts to the limit.

    `credential` is what the browser's authenticator answered to `passkey_challenge`, as JSON.
    """
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return False
    username = account.username.casefold()
    address = str(request.META.get("REMOTE_ADDR", ""))
    if login_limit.is_limited(username, address):
        return False
    proved = _by_passkey(account, credential) if credential else account.check_password(password)
    if not proved:
        login_limit.note_failure(username, address)
    return proved


def passkey_challenge(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the browser hands to an authenticator; None when the account has no passkey."""
    account = request.user
    if not isinstance(account, Account) or not webauthn.get_credentials(account):
        return None
    options: dict[str, Any] = webauthn.begin_authentication(account)
    return options


def _by_passkey(account: Account, credential: str) -> bool:
    try:
        given = json.loads(credential)
        webauthn.parse_authentication_response(given)
        webauthn.complete_authentication(account, given)
    except (ValueError, TypeError, KeyError, ValidationError):
        return False
    return True
