"""Accounts: create, give roles, deactivate; Andon's own account; tokens of devices."""

import hashlib
import secrets
from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta
from functools import lru_cache

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.errors import Refused
from andon.records.models.account import Account, ApiToken, RoleAssignment, Site
from andon.records.permissions import require, roles_by_permission
from andon.records.roles import Role
from andon.records.sign_in.sessions import end_sessions
from andon.records.trail.context import acting
from andon.records.trail.versions import version_of

_TABLES_OF_TOKENS = ("records_apitoken", "records_account", "records_roleassignment")
_SELDOM = timedelta(minutes=1)
MOST_NAME = 100


def ensure_system_account() -> Account:
    """Create, once, the account under which Andon itself acts; nobody can log in with it."""
    account = Account.objects.filter(username="andon").first()
    if account is None:
        with acting(Account(username="andon")):
            account = Account.objects.create_user("andon", name="Andon")
            RoleAssignment.objects.create(account=account, role=Role.SYSTEM)
    return account


def system_account() -> Account:
    """Return the account under which Andon itself acts."""
    return Account.objects.get(username="andon")


def has_anyone_a_password() -> bool:
    """Tell whether anybody can sign in with a password."""
    people = Account.objects.filter(is_active=True).exclude(username="andon")
    return any(person.has_usable_password() for person in people.only("password"))


def create_account(
    *,
    username: str,
    name: str,
    password: str,
    roles: Iterable[str],
    actor: Account,
    site: Site | None = None,
) -> Account:
    """Create the account of a person; the password is checked first."""
    require(actor, "records.accounts")
    _check_password(password)
    _refuse_known(username)
    with acting(actor):
        account = Account(username=username, name=name, site=site)
        account.set_password(password)
        account.save(force_insert=True)
        for role in roles:
            RoleAssignment.objects.create(account=account, role=Role(role))
    return account


def deactivate(account: Account, *, actor: Account) -> None:
    """End an account's access; it is kept, because what it did is kept."""
    require(actor, "records.accounts")
    with acting(actor):
        account.is_active = False
        account.save(update_fields=["is_active"])
        account.tokens.filter(revoked_at=None).update(revoked_at=clock.now())
        end_sessions(account)


def create_token(
    account: Account,
    *,
    name: str,
    actor: Account,
    scopes: Iterable[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """Create a token and return its secret, which is shown this once and stored only as a hash."""
    if actor.pk != account.pk:
        require(actor, "records.accounts")
    _refuse_unknown_scopes(scopes)
    if expires_at is not None and expires_at <= clock.now():
        raise Refused.because(_("A token ends in the future."), "expires_on")
    secret = "andon_" + secrets.token_urlsafe(32)
    with acting(actor):
        ApiToken.objects.create(
            account=account,
            name=name,
            digest=token_digest(secret),
            scopes=list(scopes),
            expires_at=expires_at,
            created_at=clock.now(),
        )
    return secret


def revoke_token(account: Account, *, key: int, actor: Account) -> None:
    """End a token of an account; one that is not the account's is left alone."""
    if actor.pk != account.pk:
        require(actor, "records.accounts")
    with acting(actor):
        account.tokens.filter(pk=key, revoked_at=None).update(revoked_at=clock.now())


def account_of_token(secret: str) -> tuple[Account, ApiToken] | None:
    """Return the account of a valid token, or None when unknown, expired, revoked or inactive."""
    token = _token(token_digest(secret), version_of(_TABLES_OF_TOKENS))
    if token is None or not token.is_live() or not token.account.is_active:
        return None
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > _SELDOM:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    # A copy: what a request narrows its account to must not reach the next request.
    return copy(token.account), token


@lru_cache(maxsize=256)
def _token(digest: str, _version: str) -> ApiToken | None:
    """Return a token with its account and roles, read once per change of any of them."""
    token = ApiToken.objects.select_related("account").filter(digest=digest).first()
    if token is not None:
        token.account.roles()
    return token


def token_digest(secret: str) -> str:
    """Return the hash under which a token's secret is stored (256 random bits need no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused.because(" ".join(error.messages), "password") from error


def _refuse_known(username: str) -> None:
    """Refuse a user name that was ever given, in whatever letters: names are not reused."""
    if Account.objects.filter(username__iexact=username).exists():
        message = _("The user name %(name)s was given already; names are never given again.")
        raise Refused.because(message % {"name": username}, "username")


def _refuse_unknown_scopes(scopes: Iterable[str]) -> None:
    unknown = sorted(set(scopes) - set(roles_by_permission()))
    if unknown:
        message = _("There is no permission %(name)s.") % {"name": unknown[0]}
        raise Refused.because(message, "scopes")
