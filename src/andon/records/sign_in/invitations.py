"""Invitations: a link by which somebody chooses a password, once and within days."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from andon.records.errors import Refused
from andon.records.models import Account, RoleAssignment
from andon.records.permissions import require
from andon.records.roles import Role
from andon.records.security_events import Kind, note
from andon.records.sign_in.sessions import end_sessions
from andon.records.trail.context import acting


def invite(account: Account, *, actor: Account) -> str:
    """Return the path of the link by which somebody chooses a password for an account.

    An earlier password stays good until the link is used; then it and all sessions end.
    """
    require(actor, "records.accounts")
    if not account.is_active or Role.SYSTEM in account.roles():
        raise Refused.because(_("This account may not log in."), "username")
    note(Kind.INVITED, username=actor.username, about=account.username)
    key = urlsafe_base64_encode(str(account.pk).encode())
    return reverse("invitation", args=[key, default_token_generator.make_token(account)])


def account_of(key: str, token: str) -> Account | None:
    """Return the account of an invitation that is still good."""
    try:
        pk = int(urlsafe_base64_decode(key).decode())
    except (ValueError, OverflowError):
        return None
    account = Account.objects.filter(pk=pk, is_active=True).first() if pk < 2**63 else None
    is_good = account is not None and default_token_generator.check_token(account, token)
    return account if is_good else None


def accept(account: Account, *, password: str) -> None:
    """Set the password that was chosen; the link and the account's sessions end with it."""
    set_password(account, password=password, actor=account)


def open_account(username: str, *, password: str, roles: Iterable[str], actor: Account) -> bool:
    """Give a password to an account that was loaded without one; False when there is none such."""
    account = Account.objects.filter(username__iexact=username, is_active=True).first()
    if account is None or (account.password and account.has_usable_password()):
        return False
    with acting(actor):
        set_password(account, password=password, actor=actor)
        for role in roles:
            RoleAssignment.objects.get_or_create(account=account, role=Role(role))
    return True


def set_password(account: Account, *, password: str, actor: Account) -> None:
    """Check and set a password, keep that it was changed, and end the account's sessions."""
    if actor.pk != account.pk:
        require(actor, "records.accounts")
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused.because(" ".join(error.messages), "password") from error
    with acting(actor):
        account.set_password(password)
        account.save(update_fields=["password"])
        note(Kind.PASSWORD_CHANGED, username=actor.username, about=account.username)
    end_sessions(account)
